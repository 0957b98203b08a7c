"""What the relay delivers to the engine about enrolments."""

from datetime import timedelta

from models.engine.names import enrolment_id
from models.engine.processes import EXPECTED
from models.mailed_codes import activation_code, canonical
from models.store.database import Database
from models.store.operations import expected_processes
from models.store.people import activations, enrolments
from tests.cases import ask_to_enrol, master_key
from tests.starter.relay.relaying import FakeEngine, relaying, until, waiting


async def test_an_enrolment_is_started_and_told_and_an_ended_one_is_left_alone(
    database: Database, fake_engine: FakeEngine
) -> None:
    made = ask_to_enrol(database)
    with database.begin() as connection:
        activations.issue(connection, made.id, master_key())
        activations.resend(connection, made.siret, made.email, timedelta())
    process = made.process
    async with relaying(database, fake_engine):
        await until(lambda: waiting(database) == 0)
        assert set(fake_engine.received) == {
            (process, "start"),
            (process, "resend"),
        }
        fake_engine.ended.add(process)
        fake_engine.received.clear()
        with database.begin() as connection:
            activations.issue(connection, made.id, master_key())
            code = canonical(activation_code(master_key(), made.id, 2))
            assert activations.activate(connection, code, None)
        await until(lambda: waiting(database) == 0)
    assert fake_engine.received == []


def test_an_open_enrolment_is_one_that_the_engine_must_be_doing(database: Database) -> None:
    made = ask_to_enrol(database)
    process = made.process
    with database.begin() as connection:
        (found,) = (each for each in expected_processes.list_open(connection, EXPECTED) if each.process == process)
        assert (found.status, found.started, found.late) == ("enrolling", False, False)
        assert expected_processes.find_lives(connection, EXPECTED, [process, enrolment_id("0")]) == {process: "open"}
        enrolments.advance(connection, made.id, timedelta(minutes=57))
        (late,) = (each for each in expected_processes.list_open(connection, EXPECTED) if each.process == process)
        assert late.late
        activations.issue(connection, made.id, master_key())
        activations.activate(connection, canonical(activation_code(master_key(), made.id, 1)), None)
        assert expected_processes.find_lives(connection, EXPECTED, [process]) == {process: "over"}
        assert process not in {each.process for each in expected_processes.list_open(connection, EXPECTED)}
