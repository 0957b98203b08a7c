"""What may be put right is the last version received in time, until another one of its month and part stands."""

from models.claim_labels import ClaimState
from models.store.cases import rejected_claims
from models.store.claims.records import ClaimRecord
from models.store.database import Database
from tests.models.clocks import SECOND
from tests.models.store.claims.test_late_claims import OVER, correct, end, ended


def test_what_is_to_be_put_right_is_listed_until_another_version_stands(database: Database) -> None:
    made = ended(database, ClaimState.REJECTED)
    with database.begin() as connection:
        (listed,) = rejected_claims.list_to_put_right(connection, made.reference)
        assert (listed.id, listed.month, listed.part) == (made.id, made.month, 1)
    second = correct(database, made)
    assert isinstance(second, ClaimRecord)
    with database.begin() as connection:
        assert rejected_claims.list_to_put_right(connection, made.reference) == []
    end(database, second, ClaimState.VOID, OVER - SECOND)
    with database.begin() as connection:
        assert rejected_claims.list_to_put_right(connection, made.reference) == [listed]
