"""What goes with a file to its claim, whatever of it is listed."""

import pytest
from sqlalchemy import text

from models.claim_files import check
from models.claim_labels import ClaimSignal
from models.store.claims.uploads import ending
from models.store.database import Database
from tests.models.store.claims.builders import authorize
from tests.uploads import A_LINE, a_file, read, receive, rows


def test_warnings_that_are_not_listed_are_counted_too(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "MAX_LISTED", 1)
    part = A_LINE | {"semaine": "2026-W51", "taux_horaire": "400"}
    upload_id = receive(database, authorize(database), a_file(A_LINE | {"taux_horaire": "400"}, part))
    found = read(database, upload_id)
    assert (found.warnings, found.warned) == (2, {"wage": "2", "wage_lines": "2 3"})
    with database.begin() as connection:
        [told] = ending.take_for_submission(connection, found.id, found.account_id).warned
    assert (told.signal, told.total, told.lines) == (ClaimSignal.WAGE, 2, (2, 3))
    assert rows(database, "SELECT warned FROM upload") == [(None,)]


def test_of_a_file_read_before_they_were_kept_those_that_are_listed_are_told(database: Database) -> None:
    found = read(database, receive(database, authorize(database), a_file(A_LINE | {"taux_horaire": "400"})))
    with database.begin() as connection:
        connection.execute(text("UPDATE upload SET warned = NULL"))
        [told] = ending.take_for_submission(connection, found.id, found.account_id).warned
    assert (told.total, told.lines) == (1, (2,))
