"""Case keys in the register: written in the filing transaction, cached briefly, destroyed when a case is closed."""

import asyncio
from time import monotonic

from sqlalchemy import Connection, select, text, update
from sqlalchemy.dialects.postgresql import insert

from models.engine.keys import KeyDestroyed, MasterKey
from models.engine.names import authorization_id
from models.errors import Conflict
from models.store.database import Database
from models.store.schema.cases import request
from models.store.schema.journal import case_key

CACHED_SECONDS = 60.0


def create(connection: Connection, workflow_id: str, master: MasterKey) -> None:
    """Create the data key of a process unless it has one."""
    row = {"workflow_id": workflow_id, "wrapped": master.new(workflow_id)}
    connection.execute(_CREATE, row)


_CREATE = insert(case_key).on_conflict_do_nothing()


def get(connection: Connection, workflow_id: str, master: MasterKey) -> bytes:
    """Return the data key of a process, created on first use; raises `KeyDestroyed` when it was erased."""
    query = select(case_key.c.wrapped).where(case_key.c.workflow_id == workflow_id)
    row = connection.execute(query).first()
    if row is None:
        create(connection, workflow_id, master)
        row = connection.execute(query).one()
    if row.wrapped is None:
        raise KeyDestroyed(workflow_id)
    return master.unwrap(row.wrapped, workflow_id)


def destroy(connection: Connection, reference: str) -> None:
    """Erase a closed case's history by destroying its key; raises `Conflict` while the case is open."""
    closed = connection.execute(
        select(request.c.closed_at).where(request.c.reference == reference).with_for_update()
    ).scalar_one()
    if closed is None:
        raise Conflict("case-open", "Le dossier n’est pas clos : son historique ne peut pas être effacé.")
    connection.execute(
        update(case_key)
        .where(case_key.c.workflow_id == authorization_id(reference), case_key.c.wrapped.is_not(None))
        .values(wrapped=None, destroyed_at=text("clock_timestamp()"))
    )


class StoredKeys:
    """The codec's key source: reads the register in a thread and caches each key for a minute."""

    def __init__(self, database: Database, master: MasterKey) -> None:
        self._database = database
        self._master = master
        self._cache: dict[str, tuple[float, bytes]] = {}

    async def key(self, workflow_id: str) -> bytes:
        """Return the data key of a process; created on first use when no filing created it."""
        return await self._key(workflow_id, made=True)

    async def known_key(self, workflow_id: str) -> bytes:
        """Return the data key of a process that has one; what it encrypted is erased when it has none any more."""
        return await self._key(workflow_id, made=False)

    async def _key(self, workflow_id: str, *, made: bool) -> bytes:
        cached = self._cache.get(workflow_id)
        if cached and cached[0] > monotonic():
            return cached[1]
        key = await asyncio.to_thread(self._read, workflow_id, made=made)
        self._forget_old()
        self._cache[workflow_id] = (monotonic() + CACHED_SECONDS, key)
        return key

    def _read(self, workflow_id: str, *, made: bool) -> bytes:
        with self._database.begin() as connection:
            query = select(case_key.c.wrapped).where(case_key.c.workflow_id == workflow_id)
            row = connection.execute(query).first()
            if row is None and made:
                create(connection, workflow_id, self._master)
                row = connection.execute(query).one()
        if row is None or row.wrapped is None:
            raise KeyDestroyed(workflow_id)
        return self._master.unwrap(row.wrapped, workflow_id)

    def _forget_old(self) -> None:
        now = monotonic()
        self._cache = {name: cached for name, cached in self._cache.items() if cached[0] > now}
