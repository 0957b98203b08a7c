"""Links of a claim lead to its version and part, and to nothing else."""

from models.store.claims import records
from models.store.database import Database
from starter.services.claim_schemas import links
from tests.models.store.claims.builders import a_person, authorize, claim


def test_links_name_a_part_only_where_there_are_several(database: Database) -> None:
    reference = authorize(database)
    found = [claim(database, reference, a_person(part), part=part) for part in (1, 2)]
    with database.begin() as connection:
        first, second = (links(records.get(connection, each.id)) for each in found)
    month = f"/api/v1/requests/{reference}/claims/2026-12"
    assert (first["self"], first["lines"]) == (month, f"{month}/lines?version=1")
    assert (second["self"], second["lines"]) == (f"{month}?part=2", f"{month}/lines?part=2&version=1")
    assert second["cancellation"] == f"{month}/cancellation?part=2"
