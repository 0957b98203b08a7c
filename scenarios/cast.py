"""The people of the demonstration, what they act through, and the outage that some of them live through."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from temporalio.client import Client

from local import people
from local.caller import Caller
from local.engine import NAMESPACE
from local.time_travel import TimeTravel
from local.world import World
from models.engine.client import connect
from models.engine.keys import MasterKey
from models.store.database import Database
from models.store.journal.keys import StoredKeys
from models.store.people.accounts import Establishment


class Outage(AbstractAsyncContextManager[None]):
    """An outage of every time-stamp authority, from when all parties have entered until all of them leave."""

    def __init__(self, folder: Path, parties: int) -> None:
        self._faults = [folder / f"refuse-{name}" for name in ("first", "second")]
        self._together = asyncio.Barrier(parties)

    async def __aenter__(self) -> None:
        """Wait for every party, then break the authorities."""
        await self._together.wait()
        for fault in self._faults:
            fault.touch()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for everybody, then mend."""
        if error is None:
            await self._together.wait()
        for fault in self._faults:
            fault.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays, and who moves the clock."""

    employer: Caller
    agent: Caller
    operator: Caller
    clock: TimeTravel
    engine: Client
    outage: Outage
    agency: Path
    """Folder in which the agency takes orders."""

    @classmethod
    async def assemble(
        cls,
        world: World,
        database: Database,
        establishments: Sequence[Establishment],
        *,
        issuer: str = "",
        parties: int = 1,
    ) -> "Cast":
        """Open everybody's account and connect to the engine; raises `Refused` and `NoMail`.

        The employer enrols for every establishment. `parties` cases live through the outage together; with an
        `issuer`, agents may also sign in there.
        """
        site, mailbox = world.site, world.mail.folder
        tokens = await people.open_all(database, site, mailbox, establishments, issuer)
        keys = StoredKeys(database, MasterKey(world.master_key))
        engine = await connect(world.engine.address, NAMESPACE, keys)
        return cls(
            employer=Caller(site, tokens.employer),
            agent=Caller(site, tokens.agent),
            operator=Caller(site, tokens.operator),
            clock=TimeTravel(database, engine),
            engine=engine,
            outage=Outage(world.authorities.folder, parties),
            agency=world.agency.folder,
        )
