"""Back-up and restore drills: yesterday's engine under today's register, no engine at all, yesterday's register.

Each case stands at another point when the back-up is taken and when it is restored. Afterwards the auditor finds what
it would have found without: nothing lost, nothing done twice, no legal instant moved.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypedDict

import httpx
import psycopg
import pytest

from local.clockwork import Clockwork
from local.engine import NAMESPACE
from local.processes import ROOT
from local.world import World
from models.engine import connect
from models.keys import MasterKey
from models.store.keys import StoredKeys
from models.store.register import Register
from models.wire import authorization_id
from tests.alerting import firing, samples
from tests.builders import a_completion_request, a_draft, a_grant, a_refusal, employer, staff
from tests.system.auditor import Promise
from tests.system.conftest import audited
from tests.system.people import Person, event_types, file_one, sirets, until

pytestmark = pytest.mark.slow


class Told(TypedDict):
    """What `tacite reconcile --json` answers."""

    compared: int
    items: list[dict[str, str]]
    told: int
    ended: int


OURS = ("doors", "relay", "worker")


class Town:
    """An employer, an agent, and one establishment for each case; cases are known by what becomes of them."""

    def __init__(self, world: World, register: Register, boss: Person, agent: Person) -> None:
        self.world = world
        self.boss = boss
        self.agent = agent
        self.promises: dict[str, Promise] = {}
        self.places: dict[str, str] = {}
        """Establishment by reference."""
        self._register = register
        self._places = iter(sirets(register, boss.who))

    def file(self, *names: str) -> None:
        """File a request for each name."""
        for name in names:
            place = next(self._places)
            self.promises[name] = file_one(self.boss, place)
            self.places[self.promises[name].reference] = place

    def process(self, name: str) -> str:
        """Its process in the engine."""
        return authorization_id(self.promises[name].reference)

    def view(self, name: str) -> dict[str, object]:
        """The case as its employer reads it."""
        read: dict[str, object] = self.boss.get(f"/requests/{self.promises[name].reference}").json()
        return read

    def until(self, event: str, *names: str) -> None:
        """Wait until something has happened in each case."""
        for name in names:
            until(lambda: event in event_types(self.view(name)), f"{event} of {name}")  # noqa: B023

    def decide(self, name: str, body: Callable[..., dict[str, object]], number: int = 1) -> None:
        """Decide on a case."""
        reference = self.promises[name].reference
        path, stated = f"/requests/{reference}/decision", body(id=f"D-{reference}-{number}")
        until(lambda: self.agent.post(path, stated).status_code == 200, f"the decision on {name}")

    def ask_for_pieces(self, name: str) -> None:
        """Ask for a piece: the clock stops."""
        path = f"/requests/{self.promises[name].reference}/completion-requests"
        asked = a_completion_request(id=f"C-{self.promises[name].reference}")
        until(lambda: self.agent.post(path, asked).json()["state"] == "notified", "the request for pieces")

    def supply_pieces(self, name: str) -> None:
        """Supply it: the clock starts anew."""
        path = f"/requests/{self.promises[name].reference}/completion"
        pieces = {"pieces": [{"code": "circumstances", "text": "La crue."}]}
        assert self.boss.post(path, pieces).json()["receipt"]

    async def come_to_silence(self, name: str) -> None:
        """Let a case pass its instant."""
        keys = StoredKeys(self._register, MasterKey(self.world.master_key))
        client = await connect(self.world.engine.address, NAMESPACE, keys)
        promise = self.promises[name]
        until_at = promise.tacit_acceptance_at + timedelta(minutes=1)
        await Clockwork(self._register, client).advance_to(promise.reference, until_at)

    def is_tacit_at_its_instant(self, name: str) -> None:
        """Silence was established, as of the instant that the receipt states."""
        view = self.view(name)
        assert view["outcome"] == "tacit"
        assert datetime.fromisoformat(str(view["effect_at"])) == self.promises[name].tacit_acceptance_at

    def tacite(self, *arguments: str) -> tuple[int, Told]:
        """Run a command of an operator; returns its exit code and its answer."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("TACITE_")}
        told = subprocess.run(
            [sys.executable, "tacite.py", *arguments, "--json"],
            cwd=ROOT,
            env=inherited | self.world.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert told.stdout, told.stderr
        return told.returncode, json.loads(told.stdout)

    def kill(self, *others: str) -> None:
        """End our programs at once, then other parts, as a disaster does."""
        for part in (*OURS, *others):
            getattr(self.world, part).kill()

    def start(self, *others: str) -> None:
        """Start other parts, then our programs."""
        for part in (*others, *reversed(OURS)):
            getattr(self.world, part).start()


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
def town(world: World, register: Register) -> Iterator[Town]:
    boss, agent = employer(register, establishments=12), staff(register)
    with Person(world, boss) as employing, Person(world, agent) as deciding:
        yield Town(world, register, employing, deciding)


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
    town.ask_for_pieces("completed")
    town.supply_pieces("completed")
    town.ask_for_pieces("pending")
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
    until(lambda: town.tacite("reconcile")[0] == 0, "nothing that differs")
    assert town.boss.get(f"/drafts/{drafted}").json()["status"] == "draft"
    town.decide("silent", a_grant)
    town.supply_pieces("pending")
    audited(world, session, promises, but=f"authorization:{closed} ")
    done = {name: town.view(name)["status"] for name in town.promises}
    assert done == {
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
    town.ask_for_pieces("pending")
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
    until(lambda: world.relay.said("reconciled"), "a relay that has compared")
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
