"""Signals of the case of a claim at which no signatory has looked: no standing instruction agrees to such a claim.

A signatory looks when they grant the authorization, or let it be handed over: what the controls find later is open.
"""

from typing import Final

from sqlalchemy import Connection, text

from models.claim_labels import ClaimSignal
from models.store.cases.controls import SHARED_ACCOUNT
from models.store.claims.records import ClaimRecord

SHARED_SINCE: Final = "Une autre entreprise a donné depuis le même compte bancaire."
"""What the controls of the other one tell of itself alone; here of the one that gave it first."""


def list_open(connection: Connection, reference: str) -> list[str]:
    """Return the French sentences of the open signals of an authorization; its bank account is compared anew."""
    row = {"reference": reference, "shared": f"{SHARED_ACCOUNT}%"}
    found = list(connection.execute(_OPEN, row).scalars())
    if connection.execute(_SHARED_SINCE, row).first() is not None:
        found.append(SHARED_SINCE)
    return found


def with_case(connection: Connection, claim: ClaimRecord) -> list[ClaimSignal]:
    """Return the signals of a claim as they are now, with that of its case if the case has an open one."""
    found: list[ClaimSignal] = [each for each in claim.signals if each is not ClaimSignal.CASE]
    if list_open(connection, claim.reference):
        found.append(ClaimSignal.CASE)
    return found


_OPEN: Final = text(
    "SELECT s.sentence FROM request r CROSS JOIN jsonb_array_elements_text(r.signals) WITH ORDINALITY s (sentence, nth)"
    " WHERE r.reference = :reference AND NOT r.seen_signals ? s.sentence ORDER BY s.nth"
)
_SHARED_SINCE: Final = text(
    "SELECT FROM request r JOIN nominal own ON own.reference = r.reference"
    " JOIN nominal n ON n.iban_mark = own.iban_mark JOIN request o ON o.reference = n.reference"
    " WHERE r.reference = :reference AND left(o.siret, 9) <> left(r.siret, 9)"
    " AND NOT EXISTS (SELECT FROM jsonb_array_elements_text(r.signals) s (sentence) WHERE s.sentence LIKE :shared)"
    " LIMIT 1"
)
