"""Claims under review, for tests of what agents do with them."""

from typing import Final

from models.claim_labels import ClaimSignal
from models.store.claims.records import ClaimRecord
from models.store.database import Database
from tests.models.store.claims import builders, reviewed

EMPLOYEES: Final = 40
"""Claims of one authorization, of a person each: fewer than the employees that it is for."""


def waiting(database: Database, count: int, *signals: ClaimSignal) -> list[ClaimRecord]:
    """Claims that wait for a visa: parts of one month, of another person each, of as many authorizations as needed."""
    made = list[ClaimRecord]()
    while len(made) < count:
        reference = builders.authorize(database, bank_account=builders.an_account())
        parts = range(1, min(EMPLOYEES, count - len(made)) + 1)
        made += [builders.claim(database, reference, builders.a_person(each), part=each) for each in parts]
    for claim in made:
        reviewed.control(database, claim, *signals)
    return made
