"""What a claim waits for, and what an agent looks at before the visa, as the register has it now."""

from typing import Final

from sqlalchemy import Connection, text

from models.agency_answers import SETTLED
from models.claim_labels import ClaimSignal, ClaimState
from models.engine.names import claim_process
from models.messages.claim import ClaimStanding
from models.store.cases import authority_holds, opinions, requests
from models.store.claims import case_signals, elsewhere, entitlements, late_claims, nominal_files, records, steps, visas
from models.store.claims.records import ClaimRecord
from models.store.people import notices

_BEFORE_VISA: Final = (ClaimState.ADMITTED, ClaimState.HELD, ClaimState.UNDER_REVIEW)
_ENDS_TOLD: Final = {ClaimState.ACCEPTED: "claim_accepted", ClaimState.REJECTED: "claim_rejected"}
"""Ends that the agency gives → the kind of notice; the employer causes the others, or gets a document."""


def find_holds(connection: Connection, reference: str) -> tuple[ClaimSignal, ...]:
    """Return what the claims of a case wait for: a proof of authority, their bank account, a missing opinion."""
    holds = {
        ClaimSignal.AUTHORITY: not authority_holds.was_filed_with_authority(connection, reference),
        ClaimSignal.BANK_ACCOUNT: not entitlements.has_own_account(connection, reference),
        ClaimSignal.OPINION: opinions.is_missing(connection, reference),
    }
    return tuple(signal for signal, waits in holds.items() if waits)


def look(connection: Connection, claim_id: str) -> ClaimStanding:
    """Hold or release a claim that nobody has agreed to or refused, write its notices, and return where it stands.

    Raises `Unknown`.
    """
    claim = records.get(connection, claim_id)
    if claim.state in _BEFORE_VISA and not steps.is_refused(connection, claim_id):
        claim = _held_or_released(connection, claim)
    _tell(connection, claim)
    # Asked of the register: the result of a look that wrote a notice may be lost, and the next one writes none.
    unsent = notices.list_unsent(connection, claim_process(claim.subject))
    return stand(connection, claim_id, told=bool(unsent))


def stand(connection: Connection, claim_id: str, *, told: bool = False) -> ClaimStanding:
    """Return where a claim stands, changing nothing."""
    claim = records.get(connection, claim_id)
    refused = claim.state in _BEFORE_VISA and steps.is_refused(connection, claim_id)
    to_envelop = claim.state is ClaimState.AGREED and nominal_files.find_digest(connection, claim_id) is None
    return ClaimStanding(state=claim.state, signals=claim.signals, refused=refused, told=told, to_envelop=to_envelop)


def control(connection: Connection, claim_id: str) -> None:
    """Put an admitted claim under review, with its signals for the agent; once. Raises `Unknown`.

    Claims of other establishments for the same people have the signal of it too, whichever is controlled last, at most
    `elsewhere.MAX_TOLD` of them: whoever agrees or signs under an instruction asks for it anew. The entitlements and
    claims of all are held, in order.
    """
    is_elsewhere = elsewhere.is_claimed(connection, claim_id)
    others = elsewhere.list_to_tell(connection, claim_id) if is_elsewhere else []
    records.hold_all(connection, [claim_id, *others])
    claim = records.get(connection, claim_id)
    found = {
        ClaimSignal.OTHER_ESTABLISHMENT: is_elsewhere,
        ClaimSignal.REGULARISATION: claim.regularisation,
        ClaimSignal.REFUSED_BEFORE: _was_refused(connection, claim),
    }
    own = [each for each in case_signals.with_case(connection, claim) if not each.holds]
    signals = dict.fromkeys([*own, *(signal for signal, is_so in found.items() if is_so)])
    if steps.take(connection, claim_id, ClaimState.UNDER_REVIEW, signals=[*signals], wakes=False):
        for each in others:
            _signal(connection, each, ClaimSignal.OTHER_ESTABLISHMENT)


def _signal(connection: Connection, claim_id: str, found: ClaimSignal) -> None:
    """Add a signal to another claim; one that an instruction agreed to and nobody signed is under review again."""
    if steps.signal(connection, claim_id, found):
        given = visas.find_standing(connection, claim_id)
        if given is not None and given.instruction_id is not None:
            visas.lapse(connection, claim_id)


def _held_or_released(connection: Connection, claim: ClaimRecord) -> ClaimRecord:
    holds = find_holds(connection, claim.reference)
    standing = tuple(each for each in claim.signals if each.holds)
    if holds == standing if claim.state is ClaimState.HELD else not holds:
        return claim
    signals = [*holds, *(each for each in claim.signals if not each.holds)]
    to = ClaimState.HELD if holds else ClaimState.ADMITTED
    steps.take(connection, claim.id, to, signals=signals, wakes=False)
    return records.get(connection, claim.id)


def _tell(connection: Connection, claim: ClaimRecord) -> None:
    """Write the notices of what the claim waits for, each once, or of its end."""
    process = claim_process(claim.subject)
    recipient = claim.account_id or requests.get(connection, claim.reference).account_id
    if claim.state is ClaimState.HELD:
        for each in (signal for signal in claim.signals if signal.holds):
            notices.announce(connection, process, "claim_held", f"held-{each}", recipient, sense=each)
    if kind := _ENDS_TOLD.get(claim.state):
        said = _rejection(connection, claim) if claim.state is ClaimState.REJECTED else {}
        notices.announce(connection, process, kind, kind, recipient, **said)


def _rejection(connection: Connection, claim: ClaimRecord) -> dict[str, str]:
    """Return what the notice of a rejection says: its code, whether it names people, until when to correct."""
    senses, said = [], {}
    if answer := connection.execute(_ANSWER, {"claim": claim.id}).first():
        senses = ["settled" if answer.code == SETTLED else "answered"]
        said = {"answer": str(answer.code)} | ({"of_people": "yes"} if answer.of_people else {})
    if until := late_claims.find_put_right(connection, claim):
        senses, said = [*senses, until.sense], said | {"on": until.on.isoformat()}
    return said | ({"sense": "_".join(senses)} if senses else {})


def _was_refused(connection: Connection, claim: ClaimRecord) -> bool:
    """Whether an agent refused hours of that month, in any part or version: also if nobody signed the refusal."""
    row = {"reference": claim.reference, "month": claim.month}
    return connection.execute(_REFUSED_MONTH, row).first() is not None


_ANSWER = text(
    "SELECT code, lines <> '[]' AS of_people FROM agency_answer WHERE claim_id = :claim AND binding"
    " ORDER BY answered_at DESC LIMIT 1"
)
_REFUSED_MONTH = text(
    "SELECT FROM claim c WHERE c.reference = :reference AND c.month = :month AND (c.state = 'refused'"
    " OR EXISTS (SELECT FROM visa v WHERE v.claim_id = c.id AND v.outcome = 'refused')) LIMIT 1"
)
