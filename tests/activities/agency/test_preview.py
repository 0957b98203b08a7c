"""What the next file would hold is shown without anything being written."""

from sqlalchemy import text

from activities.agency.preview import preview
from models.store.agency import channel_states
from models.store.agency.channels import CLAIMS
from models.store.database import Database
from tests.activities.agency.agencies import settings_of
from tests.models.store.agency.builders import OPERATOR, a_queued_claim


def test_the_next_file_is_shown_and_nothing_is_written(database: Database) -> None:
    a_queued_claim(database)
    settings = settings_of(database)
    _, _, claims = preview(database, settings)
    assert claims.next
    assert (claims.waiting, claims.next.rows) == (1, 1)
    assert claims.next.bytes > 500
    with database.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM deposit")).scalar_one() == 0
        channel_states.freeze(connection, CLAIMS, "Migration annoncée.", None, OPERATOR)
    _, _, claims = preview(database, settings)
    assert (claims.frozen, claims.reason) == (True, "Migration annoncée.")
