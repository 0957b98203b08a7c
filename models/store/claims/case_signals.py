"""Signals of the case of a claim at which no signatory has looked: no standing instruction agrees to such a claim.

A signatory looks when they grant the authorization or an amendment, let it be handed over, or agree to a claim of it
themselves: what the controls find later is open.
"""

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
    row = {"reference": reference, "shared": f"{SHARED_ACCOUNT}%", "since": SHARED_SINCE, "accepted": list(AUTHORIZING)}
    found = list(connection.execute(_OPEN, row).scalars())
    if connection.execute(_SHARED_SINCE, row).first() is not None:
        found.append(SHARED_SINCE)
    return found


def with_case(connection: Connection, claim: ClaimRecord) -> list[ClaimSignal]:
    """Return the signals of a claim as they are now, those of its case and of other establishments asked anew."""
    found: list[ClaimSignal] = [each for each in claim.signals if each is not ClaimSignal.CASE]
    if ClaimSignal.OTHER_ESTABLISHMENT not in found and elsewhere.is_claimed(connection, claim.id):
        found.append(ClaimSignal.OTHER_ESTABLISHMENT)
    if list_open(connection, claim.reference):
        found.append(ClaimSignal.CASE)
    return found


_OPEN: Final = text(
    "SELECT s.sentence FROM request r CROSS JOIN jsonb_array_elements_text(r.signals) WITH ORDINALITY s (sentence, nth)"
    " WHERE (r.reference = :reference OR r.amends = :reference AND r.outcome = ANY(:accepted))"
    " AND NOT r.seen_signals ? s.sentence ORDER BY r.reference, s.nth"
)
_SHARED_SINCE: Final = text(
    "SELECT FROM request r JOIN nominal own ON own.reference = r.reference"
    " JOIN nominal n ON n.iban_mark = own.iban_mark JOIN request o ON o.reference = n.reference"
    " WHERE r.reference = :reference AND left(o.siret, 9) <> left(r.siret, 9) AND NOT r.seen_signals ? :since"
    " AND NOT EXISTS (SELECT FROM jsonb_array_elements_text(r.signals) s (sentence) WHERE s.sentence LIKE :shared)"
    " LIMIT 1"
)
