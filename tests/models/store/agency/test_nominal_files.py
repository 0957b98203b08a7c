"""The nominal file of a claim is made once, for claims that wait, and marked once it is put."""

from models.labels import HoldReason
from models.store.agency import nominal_files
from models.store.cases import holds
from models.store.database import Database
from tests.models.store.agency.builders import a_queued_claim


def test_the_bytes_made_first_are_kept(database: Database) -> None:
    claim = a_queued_claim(database)
    with database.begin() as connection:
        assert nominal_files.list_missing(connection, 10) == [claim.id]
        for content in (b"first", b"second"):
            nominal_files.keep(connection, claim.id, content)
        assert nominal_files.content(connection, claim.id) == b"first"
        assert nominal_files.list_missing(connection, 10) == []


def test_none_is_made_for_a_claim_whose_case_is_held(database: Database) -> None:
    claim = a_queued_claim(database)
    with database.begin() as connection:
        assert holds.hold(connection, claim.reference, HoldReason.EVIDENCE, claims=True)
        assert nominal_files.list_missing(connection, 10) == []
