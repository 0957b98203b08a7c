"""Signals of the case of a claim at which no signatory has looked: no standing instruction agrees to such a claim.

A signatory looks when they grant the authorization or an amendment, let it be handed over, or agree to a claim of it
themselves: what the controls find later is open.
"""

from collections.abc import Collection, Iterable
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, text

from models.claim_labels import ClaimSignal
from models.labels import AUTHORIZING
from models.store.cases.controls import SHARED_ACCOUNT, SHARED_SINCE
from models.store.claims import elsewhere
from models.store.claims.records import ClaimRecord


def list_open(connection: Connection, reference: str) -> list[str]:
    """Return the French sentences of the open signals of an authorization, and of its amendments that were accepted.

    Its bank account is compared anew.
    """
    return list_open_of(connection, [reference])[reference]


def list_open_of(connection: Connection, references: Collection[str]) -> dict[str, list[str]]:
    """Return the same of several authorizations, each with its own, empty lists too."""
    row = {"references": list(references)}
    found: dict[str, list[str]] = {each: [] for each in references}
    for statement in (_OPEN, _SHARED_SINCE):
        for each in connection.execute(statement, row):
            found[each.reference].append(each.sentence)
    return found


def digest(signals: Iterable[ClaimSignal], case_signals: Iterable[str]) -> str:
    """Return what tells the signals of a claim, its case’s among them, from others: 16 characters, no secret.

    Whoever agrees to a claim gives it back: a signal that came since they read the claim was not before their eyes.
    """
    own = sorted(each for each in signals if each is not ClaimSignal.CASE)
    return sha256("\n".join([*own, "", *sorted(case_signals)]).encode()).hexdigest()[:16]


def with_case(connection: Connection, claim: ClaimRecord) -> list[ClaimSignal]:
    """Return the signals of a claim as they are now, those of its case and of other establishments asked anew."""
    found: list[ClaimSignal] = [each for each in claim.signals if each is not ClaimSignal.CASE]
    if ClaimSignal.OTHER_ESTABLISHMENT not in found and elsewhere.is_claimed(connection, claim.id):
        found.append(ClaimSignal.OTHER_ESTABLISHMENT)
    if list_open(connection, claim.reference):
        found.append(ClaimSignal.CASE)
    return found


_ACCEPTED: Final = ", ".join(f"'{each}'" for each in AUTHORIZING)
_OPEN_SIGNALS: Final = (
    "SELECT coalesce(r.amends, r.reference) AS reference, s.sentence FROM request r"  # noqa: S608  our own text
    " CROSS JOIN jsonb_array_elements_text(r.signals) WITH ORDINALITY s (sentence, nth)"
    f" WHERE (r.amends IS NULL AND r.reference {{0}} OR r.amends {{0}} AND r.outcome IN ({_ACCEPTED}))"
    " AND NOT r.seen_signals ? s.sentence"
)
_SHARED_SIGNALS: Final = (
    f"SELECT DISTINCT r.reference, '{SHARED_SINCE}' AS sentence FROM request r"  # noqa: S608  our own text
    " JOIN nominal own ON own.reference = r.reference"
    " JOIN nominal n ON n.iban_mark = own.iban_mark JOIN request o ON o.reference = n.reference"
    f" WHERE r.reference {{0}} AND left(o.siret, 9) <> left(r.siret, 9) AND NOT r.seen_signals ? '{SHARED_SINCE}'"
    " AND NOT EXISTS (SELECT FROM jsonb_array_elements_text(r.signals) s (sentence)"
    f" WHERE s.sentence LIKE '{SHARED_ACCOUNT}%')"
)
_OPEN: Final = text(f"{_OPEN_SIGNALS.format('= ANY(:references)')} ORDER BY r.reference, s.nth")
_SHARED_SINCE: Final = text(_SHARED_SIGNALS.format("= ANY(:references)"))
SIGNALLED: Final = (
    f"{{0}}.signals - '{ClaimSignal.CASE}' <> '[]' OR EXISTS ({_OPEN_SIGNALS.format('= {0}.reference')})"
    f" OR EXISTS ({_SHARED_SIGNALS.format('= {0}.reference')})"
)
"""Condition of a claim with a signal, its own or an open one of its case; the alias of the claim is to be put."""
