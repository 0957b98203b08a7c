"""The nominal file of a claim: the bytes made first are kept, and dropped once nobody puts them any more."""

from models.store.agency import claim_rows, files
from models.store.agency.channels import CLAIMS
from models.store.claims import nominal_files
from models.store.database import Database
from tests.models.store.agency.builders import a_queued_claim


def test_the_bytes_made_first_are_kept(database: Database) -> None:
    claim = a_queued_claim(database)
    with database.begin() as connection:
        first = nominal_files.content(connection, claim.id)
        nominal_files.keep(connection, claim.id, b"second")
        assert nominal_files.content(connection, claim.id) == first


def test_one_that_is_dropped_once_its_file_was_answered_is_not_put_again(database: Database) -> None:
    claim = a_queued_claim(database)
    with database.begin() as connection:
        rows = claim_rows.list_ready(connection, 1)
        deposit = files.reserve(connection, CLAIMS, lambda _: "TACITE_DI_20261201091530.json", b"{}", rows)
        assert [each.claim_id for each in nominal_files.list_unput(connection, deposit.id)] == [claim.id]
        nominal_files.drop(connection, claim.id)
        assert nominal_files.content(connection, claim.id) == b""
        assert nominal_files.list_unput(connection, deposit.id) == []
