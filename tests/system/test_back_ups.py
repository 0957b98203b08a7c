"""Back-up and restore drills: yesterday's engine under today's register, no engine at all, yesterday's register.

Each case is at a different stage when the back-up is taken and when it is restored. Afterwards the auditor finds the
same as without the disaster: nothing lost, nothing done twice, no legal instant moved.
"""

from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from local.world import World
from models.store.database import Database
from tests.alerting import firing, samples
from tests.builders import a_draft, a_grant, a_refusal, employer, staff
from tests.system.conftest import assert_audited
from tests.system.people import Person, event_types, file_one, sirets, until
from tests.system.restore_fixture import ReconcileAnswer, TrackedCases

pytestmark = pytest.mark.slow


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """One world per drill, because an audit reads the whole stores."""
    with World(tmp_path / "world", headless=True, measured=True) as running:
        yield running


@pytest.fixture
def session(world: World) -> Iterator[psycopg.Connection]:
    with psycopg.connect(world.postgres.dsn, autocommit=True) as opened:
        yield opened


@pytest.fixture
def cases(world: World, database: Database) -> Iterator[TrackedCases]:
    boss, agent = employer(database, establishments=12), staff(database)
    with Person(world, boss) as employing, Person(world, agent) as deciding:
        yield TrackedCases(world, employing, deciding, sirets(database, boss))


async def test_an_engine_restored_or_lost_goes_on_from_the_register(
    cases: TrackedCases, world: World, session: psycopg.Connection, tmp_path: Path
) -> None:
    cases.file("silent", "granted", "refused", "completed", "pending", "due", "late")
    drafted = cases.boss.post("/drafts", a_draft(siret=cases.boss.who.siret)).json()["id"]
    cases.until("receipt_issued", *cases.promises)
    world.engine.back_up(tmp_path / "engine.db")
    cases.file("filed")
    cases.decide("granted", a_grant)
    cases.decide("refused", a_refusal)
    cases.request_pieces("completed")
    cases.supply_pieces("completed")
    cases.request_pieces("pending")
    await cases.come_to_silence("due")
    cases.until("handed_to_asp", "granted", "due")
    promises = list(cases.promises.values())
    assert_audited(world, session, promises)
    for backup in (tmp_path / "engine.db", None):
        cases.kill("engine")
        world.engine.restore(backup)
        if backup:  # its instant comes while the engine is down
            passed = "UPDATE request SET clock_offset = interval '16 days' WHERE reference = %s"
            session.execute(passed, [cases.promises["late"].reference])
        cases.start("engine")
        closed = cases.promises["refused"].reference if backup is None else "-"
        assert_audited(world, session, promises, but=f"authorization:{closed} (has 0 processes|is shown as None)")
        cases.is_tacit_at_its_instant("due")
        cases.is_tacit_at_its_instant("late")
    it_ends_as_it_would_have(cases, drafted)
    assert_audited(world, session, promises, but=f"authorization:{closed} ")


def it_ends_as_it_would_have(cases: TrackedCases, drafted: str) -> None:
    """Nothing differs any more, nothing was done twice, and every case continues."""
    until(lambda: cases.tacite("reconcile")[0] == 0, "nothing that differs")
    assert cases.boss.get(f"/drafts/{drafted}").json()["status"] == "draft"
    cases.decide("silent", a_grant)
    cases.supply_pieces("pending")
    assert {name: cases.view(name)["status"] for name in cases.promises} == {
        "silent": "authorized",
        "granted": "authorized",
        "refused": "refused",
        "completed": "under_review",
        "pending": "under_review",
        "due": "tacitly_authorized",
        "late": "tacitly_authorized",
        "filed": "under_review",
    }
    for sent in ("attestation_issued", "handed_to_asp"):
        assert event_types(cases.view("due")).count(sent) == 1


async def test_a_register_restored_begins_again_what_it_knows_and_ends_what_it_does_not(
    cases: TrackedCases, world: World, tmp_path: Path
) -> None:
    cases.file("silent", "granted_before", "granted", "refused", "pending", "due")
    cases.until("receipt_issued", *cases.promises)
    cases.decide("granted_before", a_grant)
    cases.until("handed_to_asp", "granted_before")
    world.relay.kill()
    cases.file("waiting")
    world.postgres.back_up(tmp_path / "register")
    world.relay.start()
    cases.file("lost", "lost_and_refused")
    for name in ("refused", "lost_and_refused"):
        cases.decide(name, a_refusal)
    cases.decide("granted", a_grant)
    cases.request_pieces("pending")
    await cases.come_to_silence("due")
    cases.until("handed_to_asp", "granted", "due")
    cases.kill("postgres")
    world.postgres.restore(tmp_path / "register")
    world.postgres.start()
    code, told = cases.tacite("reconcile")
    assert (code, differing(told, "unknown")) == (1, {cases.process("lost"): None})
    a_relay_alone_tells_and_ends_nothing(world, tmp_path)
    code, told = cases.tacite("reconcile", "--restored", "register")
    assert (code, told["ended"]) == (0, 1)
    assert differing(told, "unknown") == {
        cases.process("lost"): None,
        cases.process("lost_and_refused"): "refused",
    }
    assert differing(told, "lost_outcome") == {
        cases.process("granted"): "granted",
        cases.process("refused"): "refused",
        cases.process("due"): "tacit",
    }
    cases.start()
    await it_goes_on(cases, world)


def a_relay_alone_tells_and_ends_nothing(world: World, folder: Path) -> None:
    """A process that the register does not know is reported, and left alone."""
    world.relay.start()
    until(lambda: world.relay.logged("reconciled"), "a relay that has compared")
    seen = httpx.get(f"http://{world.measures['relay']}/metrics").text
    assert samples(seen)["tacite_processes_unknown{}"] == 1
    assert firing(folder, seen, seen) == {"ProcessusInconnus"}
    world.relay.kill()


async def it_goes_on(cases: TrackedCases, world: World) -> None:
    """Lost work is done again with the same instants; what the register knew is unchanged."""
    lost = [cases.promises.pop(name) for name in ("lost", "lost_and_refused")]
    given = {promise.reference for promise in (*cases.promises.values(), *lost)}
    for promise in lost:
        assert cases.boss.get(f"/requests/{promise.reference}").status_code == 404
        again = file_one(cases.boss, cases.places[promise.reference])
        assert again.reference not in given
        cases.promises[f"again {promise.reference}"] = again
    cases.until("receipt_issued", *cases.promises)
    cases.decide("granted", a_grant, 2)
    cases.decide("refused", a_refusal, 2)
    await cases.come_to_silence("due")
    cases.until("handed_to_asp", "granted", "due")
    told_again = r"has [23] processes, the last of status [12]|\d+ notices were sent and \d+ arrived"
    sent_again = r"is at the agency only|row \w+ is sent 2 times"
    ended = "|".join(f"{promise.reference} is the process of no case" for promise in lost)
    reserved = "is an establishment whose requests are not counted rightly"
    but = "|".join((told_again, sent_again, ended, reserved))
    with psycopg.connect(world.postgres.dsn, autocommit=True) as session:
        assert_audited(world, session, list(cases.promises.values()), but=but)
    cases.is_tacit_at_its_instant("due")
    assert event_types(cases.view("granted_before")).count("handed_to_asp") == 1
    assert cases.tacite("reconcile")[0] == 0


def differing(told: ReconcileAnswer, state: str) -> dict[str, str | None]:
    """Return the processes in a state, with the lost outcome."""
    return {each["process"]: each["outcome"] for each in told["items"] if each["state"] == state}
