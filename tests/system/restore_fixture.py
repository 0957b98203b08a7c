"""Cases for restore drills: one establishment each, named after their expected fate, driven through the API."""

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
from local.time_travel import TimeTravel
from local.world import World
from models.engine.client import connect
from models.engine.keys import MasterKey
from models.engine.names import authorization_id
from models.store.database import Database
from models.store.journal.keys import StoredKeys
from tests.builders import a_completion_request
from tests.system.auditor import Promise
from tests.system.people import Person, event_types, file_one, until


class ReconcileAnswer(TypedDict):
    """Answer of `tacite reconcile --json`."""

    compared: int
    items: list[dict[str, str]]
    told: int
    ended: int


OUR_PROGRAMS = ("doors", "relay", "worker")


@asynccontextmanager
async def clockwork(world: World) -> AsyncIterator[TimeTravel]:
    """The time travel of a running world."""
    with Database(world.postgres.dsn, size=8) as database:
        keys = StoredKeys(database, MasterKey(world.master_key))
        yield TimeTravel(database, await connect(world.engine.address, NAMESPACE, keys))


class TrackedCases:
    """An employer, an agent, and one establishment per case; cases are named after their expected fate."""

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
        """Workflow id of a case."""
        return authorization_id(self.promises[name].reference)

    def view(self, name: str) -> dict[str, object]:
        """The case as its employer sees it."""
        read: dict[str, object] = self.boss.get(f"/requests/{self.promises[name].reference}").json()
        return read

    def until(self, event: str, *names: str) -> None:
        """Wait until an event has occurred in each case."""
        for name in names:
            until(lambda: event in event_types(self.view(name)), f"{event} of {name}")  # noqa: B023

    def decide(self, name: str, body: Callable[..., dict[str, object]], number: int = 1) -> None:
        """Decide on a case."""
        reference = self.promises[name].reference
        path, stated = f"/requests/{reference}/decision", body(id=f"D-{reference}-{number}")
        until(lambda: self.agent.post(path, stated).status_code == 200, f"the decision on {name}")

    def request_pieces(self, name: str) -> None:
        """Request a piece, which stops the clock."""
        path = f"/requests/{self.promises[name].reference}/completion-requests"
        asked = a_completion_request(id=f"C-{self.promises[name].reference}")
        until(lambda: self.agent.post(path, asked).json()["state"] == "notified", "the request for pieces")

    def supply_pieces(self, name: str) -> None:
        """Supply it, which restarts the clock."""
        path = f"/requests/{self.promises[name].reference}/completion"
        pieces = {"pieces": [{"code": "circumstances", "text": "La crue."}]}
        assert self.boss.post(path, pieces).json()["receipt"]

    async def come_to_silence(self, name: str) -> None:
        """Advance a case past its instant."""
        promise = self.promises[name]
        async with clockwork(self.world) as clock:
            await clock.advance_to(promise.reference, promise.tacit_acceptance_at + timedelta(minutes=1))

    def is_tacit_at_its_instant(self, name: str) -> None:
        """Check that silence was established as of the instant stated in the receipt."""
        view = self.view(name)
        assert view["outcome"] == "tacit"
        assert datetime.fromisoformat(str(view["effect_at"])) == self.promises[name].tacit_acceptance_at

    def tacite(self, *arguments: str) -> tuple[int, ReconcileAnswer]:
        """Run an operator's command; returns its exit code and its answer."""
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
        """Kill our programs, then other parts, as a disaster would."""
        for part in (*OUR_PROGRAMS, *others):
            getattr(self.world, part).kill()

    def start(self, *others: str) -> None:
        """Start other parts, then our programs."""
        for part in (*others, *reversed(OUR_PROGRAMS)):
            getattr(self.world, part).start()
