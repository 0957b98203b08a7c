"""A town of cases for drills: one establishment each, known by what becomes of them, led from outside."""

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import TypedDict

from local.engine import NAMESPACE
from local.processes import ROOT
from local.time_travel import Clockwork
from local.world import World
from models.engine.client import connect
from models.engine.keys import MasterKey
from models.engine.names import authorization_id
from models.store.database import Database
from models.store.journal.keys import StoredKeys
from tests.builders import a_completion_request
from tests.system.auditor import Promise
from tests.system.people import Person, event_types, file_one, until


class Told(TypedDict):
    """What `tacite reconcile --json` answers."""

    compared: int
    items: list[dict[str, str]]
    told: int
    ended: int


OURS = ("doors", "relay", "worker")


@asynccontextmanager
async def clockwork(world: World) -> AsyncIterator[Clockwork]:
    """The clocks of a running world."""
    with Database(world.postgres.dsn, size=8) as database:
        keys = StoredKeys(database, MasterKey(world.master_key))
        yield Clockwork(database, await connect(world.engine.address, NAMESPACE, keys))


class Town:
    """An employer, an agent, and one establishment for each case; cases are known by what becomes of them."""

    def __init__(self, world: World, boss: Person, agent: Person, places: Iterable[str]) -> None:
        self.world = world
        self.boss = boss
        self.agent = agent
        self.promises: dict[str, Promise] = {}
        self.places: dict[str, str] = {}
        """Establishment by reference."""
        self._places = iter(places)

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

    def request_pieces(self, name: str) -> None:
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
        promise = self.promises[name]
        async with clockwork(self.world) as clock:
            await clock.advance_to(promise.reference, promise.tacit_acceptance_at + timedelta(minutes=1))

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
