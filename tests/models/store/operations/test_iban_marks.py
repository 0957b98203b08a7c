"""Bank accounts of earlier versions get their marks, some at a time, and are found as before meanwhile."""

from sqlalchemy import text

from activities.register import StoredRegisterActs
from models.engine.names import CHAIN
from models.messages.acts import Process
from models.store.cases import controls, requests
from models.store.database import Database
from models.store.journal import facts
from models.store.operations import iban_marks
from tests.cases import file_a_case, master_key

UNMARKED = "SELECT count(*) FROM nominal WHERE iban_mark IS NULL"


def others(database: Database, reference: str) -> int:
    with database.begin() as connection:
        return controls.get_facts(connection, requests.get(connection, reference)).others_with_account


def test_rows_of_before_are_marked_some_at_a_time_and_found_throughout(database: Database) -> None:
    references = [file_a_case(database) for _ in range(5)]
    with database.begin() as connection:
        made = connection.execute(text("SELECT reference, iban_mark FROM nominal ORDER BY reference")).all()
        connection.execute(text("UPDATE nominal SET iban_mark = NULL"))
    found = [others(database, references[-1])]
    for left in (3, 1, 0, 0):
        with database.begin() as connection:
            iban_marks.mark_some(connection, master_key(), 2)
            assert connection.execute(text(UNMARKED)).scalar() == left
        found.append(others(database, references[-1]))
    assert found == [4] * 5
    with database.begin() as connection:
        assert connection.execute(text("SELECT reference, iban_mark FROM nominal ORDER BY reference")).all() == made
        assert facts.find_changed(connection, references) == []


def test_the_night_marks_them_and_a_row_in_use_waits_for_the_next(database: Database) -> None:
    used, _ = file_a_case(database), file_a_case(database)
    with database.begin() as connection:
        connection.execute(text("UPDATE nominal SET iban_mark = NULL"))
    acts = StoredRegisterActs(database, master=master_key())
    with database.begin() as connection:
        connection.execute(text("SELECT FROM nominal WHERE reference = :r FOR UPDATE"), {"r": used})
        acts.forget_old(Process(id=CHAIN))
        assert connection.execute(text(UNMARKED)).scalar() == 1
    acts.forget_old(Process(id=CHAIN))
    with database.begin() as connection:
        assert connection.execute(text(UNMARKED)).scalar() == 0
