"""Grammar of the access log: its types of events, and who causes those that may change what gives power.

Each of these states the account, token, delegation, instruction, quota raised or its end, membership or
authority that it names as it is then.
Whoever writes in the database could append one to make a change of theirs look intact: one that nobody of that role can
have caused, or that is not of its day, is told with its place. One that imitates a true one names somebody who can deny
it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from law.calendar import local
from law.directory import PARIS
from models.identifiers import SIRET_LENGTH
from models.store.journal.accesses import PREFIX, subject

PROGRAM: Final = "program"
"""The system, without an account."""
COMMAND: Final = "command"
"""The command line of an operator, without an account."""
HEADS: Final = ("head", COMMAND)
PEOPLE: Final = ("employer", "agent", "head", "operator", "auditor")

CAUSES: Final[Mapping[str, tuple[str, ...]]] = {
    "account_opened": (PROGRAM, *HEADS),
    "account_changed": HEADS,
    "account_closed": HEADS,
    "account_readdressed": (PROGRAM,),
    "account_renamed": ("employer",),
    "account_stated": (PROGRAM,),
    "authority_changed": (PROGRAM,),
    "authority_proven": (PROGRAM, "employer", "agent", "head"),
    "authority_revoked": (PROGRAM, "operator", COMMAND),
    "delegation_given": HEADS,
    "delegation_revoked": HEADS,
    "delegation_stated": (PROGRAM,),
    "instruction_given": ("agent", "head"),
    "instruction_revoked": ("agent", "head"),
    "letter_ordered": ("operator", COMMAND),
    "letter_printed": (PROGRAM,),
    "letter_stated": (PROGRAM,),
    "mandate_given": ("employer",),
    "mandate_stated": (PROGRAM,),
    "members_changed": (PROGRAM,),
    "powers_stated": (PROGRAM,),
    "quota_exceeded_by_decision": ("agent", "head"),
    "quota_exception_ended": ("agent", "head"),
    "sign_in_changed": (PROGRAM,),
    "token_issued": (*PEOPLE, COMMAND),
    "token_revoked": (PROGRAM, *PEOPLE, COMMAND),
    "token_stated": (PROGRAM,),
}
"""Types of events that may change what gives power → who causes them."""
BESIDE: Final = frozenset(
    {
        "access_refused",
        "address_change_asked",
        "address_changed",
        "agency_frozen",
        "agency_resumed",
        "cases_reassigned",
        "confirmation_refused",
        "exceptional_act_approved",
        "exceptional_act_asked",
        "exceptional_act_refused",
        "guesses_slowed",
        "invitation_accepted",
        "leave_cancelled",
        "leave_written",
        "letter_dropped",
        "mandate_revoked",
        "member_invited",
        "member_removed",
        "member_role_changed",
        "nominal_data_read",
        "one_time_codes_dropped",
        "one_time_codes_set",
        "passkey_added",
        "passkey_dropped",
        "password_changed",
        "password_code_sent",
        "proof_refused",
        "recovery_code_used",
        "recovery_codes_made",
        "sign_in_refused",
        "signed_in",
        "signed_out",
        "tools_allowed",
        "tools_revoked",
    }
)
"""The other types: whatever appends one of them changes no power by it."""
STATING: Final = "_stated"
"""How types end that only state what stands, once: they never make a change look intact."""


def find_fault(chain: str, kind: str, at: datetime, actor: tuple[str, str | None]) -> str | None:
    """Say in French why an event cannot be in the chain `access:<day>`, or in that of an establishment; None if it can.

    `actor` is the role and the account of the event.
    """
    if not chain.startswith(PREFIX):
        misplaced = kind in CAUSES and len(chain) == SIRET_LENGTH
        return f"« {kind} » n’est le type d’aucun événement d’un établissement" if misplaced else None
    if kind not in CAUSES and kind not in BESIDE:
        return f"« {kind} » n’est le type d’aucun événement du journal des accès"
    if subject(local(at, PARIS).date()) != chain:
        return f"l’événement « {kind} » n’est pas de ce jour"
    if kind in CAUSES and _cause(*actor) not in CAUSES[kind]:
        return f"l’événement « {kind} » ne peut avoir cet auteur"
    return None


def _cause(role: str, account_id: str | None) -> str:
    if account_id is None:
        return {"system": PROGRAM, "operator": COMMAND}.get(role, "")
    return role if role != "system" else ""
