"""The processes that the engine must run follow from the state of cases in the register."""

from datetime import timedelta

from sqlalchemy import text

from models.engine.processes import EXPECTED, OWED
from models.store.agency import channels, rows
from models.store.cases import documents, expected_runs, requests
from models.store.cases.documents import Sealed
from models.store.database import Database
from models.store.operations import expected_processes
from models.store.people import series
from tests.cases import GROUNDS, an_agent, file_a_case, register_a_decision, request_pieces


def test_an_open_case_is_expected_and_a_closed_one_is_not(database: Database) -> None:
    open_one, closed, overdue = (file_a_case(database) for _ in range(3))
    with database.begin() as connection:
        requests.close(connection, closed, requests.received_now(connection))
        requests.advance(connection, overdue, timedelta(days=20))
        connection.execute(text("UPDATE outbox SET done_at = now() WHERE workflow_id = :p"), _process(overdue))
        found = {each.process: each for each in expected_processes.list_open(connection, EXPECTED)}
    assert found.keys() == {f"authorization:{open_one}", f"authorization:{overdue}"}
    waiting, late = found[f"authorization:{open_one}"], found[f"authorization:{overdue}"]
    assert (waiting.status, waiting.outcome, waiting.started, waiting.late) == (
        "under_review",
        None,
        False,
        False,
    )
    assert (late.started, late.late) == (True, True)


def _process(reference: str) -> dict[str, str]:
    return {"p": f"authorization:{reference}"}


def test_what_is_registered_and_not_done_is_owed_in_its_order(database: Database) -> None:
    agent, reference = an_agent(database), file_a_case(database)
    asked = request_pieces(database, reference, agent)
    decided = register_a_decision(database, reference, agent, outcome="refusal", grounds=GROUNDS)
    with database.begin() as connection:
        owed = [(each.kind, each.subject, each.undone) for each in expected_processes.list_owed(connection, OWED)]
    assert owed == [("decide", decided, True), ("request_completion", asked, True), ("complete", "1", True)]


def test_a_reference_that_was_lost_is_never_given_again(database: Database) -> None:
    reference = file_a_case(database)
    with database.begin() as connection:
        expected_runs.reserve_references(connection, [f"{reference[:7]}07", f"{reference[:7]}05", "034ZZZZ09"])
        case = requests.get(connection, reference)
        assert series.next_reference(connection, case.siret, case.account_id) == f"{reference[:7]}08"
        expected_runs.reserve_references(connection, [f"{reference[:7]}02"])
        assert series.next_reference(connection, case.siret, case.account_id) == f"{reference[:7]}09"


def test_processes_are_of_an_open_case_of_one_that_is_over_or_of_nothing(database: Database) -> None:
    open_one, closed = file_a_case(database), file_a_case(database)
    with database.begin() as connection:
        requests.close(connection, closed, requests.received_now(connection))
        asked = [f"authorization:{each}" for each in (open_one, closed, "034ZZZZ09")]
        found = expected_processes.find_lives(
            connection, EXPECTED, [*asked, "draft:0190a0a0-0000-7000-8000-000000000000"]
        )
    assert found == {f"authorization:{open_one}": "open", f"authorization:{closed}": "over"}


def test_a_channel_is_told_while_something_waits_in_it(database: Database) -> None:
    reference = file_a_case(database)
    with database.begin() as connection:
        assert channels.list_waiting(connection) == []
        at = requests.received_now(connection)
        sealed = Sealed(
            reference=reference, kind="attestation", number="1", sha256="0" * 64, bytes=b"PDF", signed_at=at
        )
        documents.publish(connection, reference, documents.store(connection, sealed).subject, at)
        values = {"at": at, "r": reference}
        connection.execute(
            text("UPDATE request SET (outcome, effect_at) = ('tacit', :at) WHERE reference = :r"), values
        )
        rows.hand_over(connection, reference)
        assert channels.list_waiting(connection) == [channels.AUTHORIZATIONS]
