"""Back-up and restore drills: yesterday's engine under today's register, no engine at all, yesterday's register.

Each case stands at another point when the back-up is taken and when it is restored. Afterwards the auditor finds what
it would have found without: nothing lost, nothing done twice, no legal instant moved.
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
from tests.system.conftest import audited
from tests.system.people import Person, event_types, file_one, sirets, until
from tests.system.restore_fixture import Told, Town

pytestmark = pytest.mark.slow


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """One for each drill: an audit reads the stores whole."""
    with World(tmp_path / "world", headless=True, measured=True) as running:
        yield running


@pytest.fixture
def session(world: World) -> Iterator[psycopg.Connection]:
    with psycopg.connect(world.postgres.dsn, autocommit=True) as opened:
        yield opened


@pytest.fixture
def town(world: World, database: Database) -> Iterator[Town]:
    boss, agent = employer(database, establishments=12), staff(database)
    with Person(world, boss) as employing, Person(world, agent) as deciding:
        yield Town(world, employing, deciding, sirets(database, boss))


async def test_an_engine_restored_or_lost_goes_on_from_the_register(
    town: Town, world: World, session: psycopg.Connection, tmp_path: Path
) -> None:
    town.file("silent", "granted", "refused", "completed", "pending", "due", "late")
    drafted = town.boss.post("/drafts", a_draft(siret=town.boss.who.siret)).json()["id"]
    town.until("receipt_issued", *town.promises)
    world.engine.back_up(tmp_path / "engine.db")
    town.file("filed")
    town.decide("granted", a_grant)
    town.decide("refused", a_refusal)
    town.request_pieces("completed")
    town.supply_pieces("completed")
    town.request_pieces("pending")
    await town.come_to_silence("due")
    town.until("handed_to_asp", "granted", "due")
    promises = list(town.promises.values())
    audited(world, session, promises)
    for backup in (tmp_path / "engine.db", None):
        town.kill("engine")
        world.engine.restore(backup)
        if backup:  # its instant comes while there is no engine
            passed = "UPDATE request SET clock_offset = interval '16 days' WHERE reference = %s"
            session.execute(passed, [town.promises["late"].reference])
        town.start("engine")
        closed = town.promises["refused"].reference if backup is None else "-"
        audited(world, session, promises, but=f"authorization:{closed} (has 0 processes|is shown as None)")
        town.is_tacit_at_its_instant("due")
        town.is_tacit_at_its_instant("late")
    it_ends_as_it_would_have(town, drafted)
    audited(world, session, promises, but=f"authorization:{closed} ")


def it_ends_as_it_would_have(town: Town, drafted: str) -> None:
    """Nothing differs any more, nothing was done twice, and every case goes on."""
    until(lambda: town.tacite("reconcile")[0] == 0, "nothing that differs")
    assert town.boss.get(f"/drafts/{drafted}").json()["status"] == "draft"
    town.decide("silent", a_grant)
    town.supply_pieces("pending")
    assert {name: town.view(name)["status"] for name in town.promises} == {
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
        assert event_types(town.view("due")).count(sent) == 1


async def test_a_register_restored_begins_again_what_it_knows_and_ends_what_it_does_not(
    town: Town, world: World, tmp_path: Path
) -> None:
    town.file("silent", "granted_before", "granted", "refused", "pending", "due")
    town.until("receipt_issued", *town.promises)
    town.decide("granted_before", a_grant)
    town.until("handed_to_asp", "granted_before")
    world.relay.kill()
    town.file("waiting")
    world.postgres.back_up(tmp_path / "register")
    world.relay.start()
    town.file("lost", "lost_and_refused")
    for name in ("refused", "lost_and_refused"):
        town.decide(name, a_refusal)
    town.decide("granted", a_grant)
    town.request_pieces("pending")
    await town.come_to_silence("due")
    town.until("handed_to_asp", "granted", "due")
    town.kill("postgres")
    world.postgres.restore(tmp_path / "register")
    world.postgres.start()
    code, told = town.tacite("reconcile")
    assert (code, differing(told, "unknown")) == (1, {town.process("lost"): None})
    a_relay_alone_tells_and_ends_nothing(world, tmp_path)
    code, told = town.tacite("reconcile", "--restored", "register")
    assert (code, told["ended"]) == (0, 1)
    assert differing(told, "unknown") == {
        town.process("lost"): None,
        town.process("lost_and_refused"): "refused",
    }
    assert differing(told, "lost_outcome") == {
        town.process("granted"): "granted",
        town.process("refused"): "refused",
        town.process("due"): "tacit",
    }
    town.start()
    await it_goes_on(town, world)


def a_relay_alone_tells_and_ends_nothing(world: World, folder: Path) -> None:
    """Somebody started it first: what the register does not know is told of, and left alone."""
    world.relay.start()
    until(lambda: world.relay.logged("reconciled"), "a relay that has compared")
    seen = httpx.get(f"http://{world.measures['relay']}/metrics").text
    assert samples(seen)["tacite_processes_unknown{}"] == 1
    assert firing(folder, seen, seen) == {"ProcessusInconnus"}
    world.relay.kill()


async def it_goes_on(town: Town, world: World) -> None:
    """What was lost is done again under the same instants; what the register knew is as it was."""
    lost = [town.promises.pop(name) for name in ("lost", "lost_and_refused")]
    given = {promise.reference for promise in (*town.promises.values(), *lost)}
    for promise in lost:
        assert town.boss.get(f"/requests/{promise.reference}").status_code == 404
        again = file_one(town.boss, town.places[promise.reference])
        assert again.reference not in given
        town.promises[f"again {promise.reference}"] = again
    town.until("receipt_issued", *town.promises)
    town.decide("granted", a_grant, 2)
    town.decide("refused", a_refusal, 2)
    await town.come_to_silence("due")
    town.until("handed_to_asp", "granted", "due")
    told_again = r"has [23] processes, the last of status [12]|\d+ notices were sent and \d+ arrived"
    sent_again = r"is at the agency only|row \w+ is sent 2 times"
    ended = "|".join(f"{promise.reference} is the process of no case" for promise in lost)
    reserved = "is an establishment whose requests are not counted rightly"
    but = "|".join((told_again, sent_again, ended, reserved))
    with psycopg.connect(world.postgres.dsn, autocommit=True) as session:
        audited(world, session, list(town.promises.values()), but=but)
    town.is_tacit_at_its_instant("due")
    assert event_types(town.view("granted_before")).count("handed_to_asp") == 1
    assert town.tacite("reconcile")[0] == 0


def differing(told: Told, state: str) -> dict[str, str | None]:
    """Processes in a state, with the outcome that was lost."""
    return {each["process"]: each["outcome"] for each in told["items"] if each["state"] == state}
