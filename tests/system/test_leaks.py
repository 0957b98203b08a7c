"""Texts entered by people stay in the register, in protected documents and in the agency's files: nowhere else.

Sentinels are entered through every endpoint, while parts break; then every file of the world is searched.
Budget: 45 s on two cores.
"""

import asyncio
import json
from base64 import b64encode, encodebytes, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from quopri import encodestring
from urllib.parse import quote

import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from pydantic import ValidationError
from temporalio.client import Client, WorkflowHandle

from local.engine import NAMESPACE
from local.world import World
from models.engine.client import connect
from models.engine.keys import MasterKey
from models.engine.names import authorization_id
from models.errors import Conflict
from models.store.database import Database
from models.store.journal import keys
from models.store.journal.keys import StoredKeys
from tests.system.leak_actors import LeakActors
from tests.system.people import event_types, until
from tests.system.sentinels import Sentinels
from workflows.authorization import AuthorizationWorkflow

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def planted(world: World) -> Iterator[LeakActors]:
    """People write through every endpoint, while mail, time-stamps and agency break in turn."""
    with Database(world.postgres.dsn, size=4) as database, ExitStack() as stack:
        actors = LeakActors(world, database, stack)
        actors.file()
        actors.file_on_paper()
        with (
            world.mail.fault("refuse"),
            world.agency.fault("refuse"),
            world.authorities.fault("refuse-first"),
        ):
            actors.complete_and_grant()
            with world.authorities.fault("refuse-second"):
                actors.open_a_draft()
                actors.supply_an_opinion()
                parts = {"mail", "timestamp", "agency"}
                until(lambda: parts <= {each["part"] for each in actors.incidents()}, "three broken parts")
            actors.refuse()
            world.postgres.kill()
            world.postgres.start()
        actors.resume()
        actors.desist()
        actors.send_what_is_wrong()
        asyncio.run(actors.let_silence_come())
        actors.wait()
        yield actors


@pytest.fixture
async def client(world: World, planted: LeakActors) -> Client:
    stored = StoredKeys(planted.database, MasterKey(world.master_key))
    return await connect(world.engine.address, NAMESPACE, stored)


def test_a_sentinel_is_seen_in_whatever_writing_and_nothing_else_is() -> None:
    sentinels = Sentinels()
    text, iban = sentinels.text("text"), sentinels.iban("iban")
    for before in range(7):
        for encoding in ("utf-8", "utf-16-le", "utf-16-be", "latin-1"):
            raw = b"\xff" * before + text.encode(encoding) + b"\xfe"
            for written in (raw, raw.hex().encode(), b64encode(raw), urlsafe_b64encode(raw), raw.upper()):
                assert sentinels.seen(b"..." + written + b"...") == {"text"}, (before, encoding, written)
    assert sentinels.seen(encodebytes(b"a" * 50 + text.encode())) == {"text"}
    assert sentinels.seen(encodestring(b"a" * 70 + text.encode()).replace(b"\n", b"\r\n")) == {"text"}
    assert sentinels.seen(json.dumps(text).encode() + quote(iban).encode()) == {"text", "iban"}
    assert sentinels.seen(" ".join(iban[at : at + 4] for at in range(0, 27, 4)).encode()) == {"iban"}
    assert sentinels.seen(Path(__file__).read_bytes()) == set()


def test_the_register_holds_what_was_taken_and_nothing_of_what_was_refused(world: World, planted: LeakActors) -> None:
    """Control: the sentinels searched for elsewhere can be found."""
    wrong = {name for name in planted.sentinels if name.startswith(("wrong ", "late "))} - {"late file"}
    names_of_files = {name for name in planted.sentinels if name.endswith("file name")}
    assert len(set(planted.sentinels) - wrong - names_of_files) >= 20
    assert planted.sentinels.seen(dump(world.postgres.dsn)) == set(planted.sentinels) - wrong - names_of_files


def test_no_file_of_engine_logs_or_mails_holds_anything(world: World, planted: LeakActors) -> None:
    held = planted.sentinels.in_files(searched(world))
    addressed = {str(mail): names for mail in world.mail.folder.glob("*.eml") if (names := to(planted, mail))}
    assert addressed
    assert held == addressed


def searched(world: World) -> Iterator[Path]:
    """Every file of the world except the two stores where such texts belong."""
    kept = (world.postgres.data, world.agency.deposits)
    files = [file for file in world.folder.rglob("*") if file.is_file()]
    left = [file for file in files if not any(file.is_relative_to(folder) for folder in kept)]
    names = {file.name for file in left}
    assert {"engine.db", "engine.db-wal", "postgres.log", "worker.log", "relay.log", "starter.log"} <= names
    return iter(left)


def to(planted: LeakActors, mail: Path) -> set[str]:
    """A mail contains the address of its recipient, and nothing else."""
    head = mail.read_bytes().partition(b"\r\n\r\n")[0]
    line = next(line for line in head.splitlines() if line.lower().startswith(b"to:"))
    return planted.sentinels.seen(line)


def test_no_problem_repeats_anything(planted: LeakActors) -> None:
    assert len(planted.problems) >= 14
    assert planted.sentinels.seen("\n".join(planted.problems).encode()) == set()


async def test_no_payload_holds_anything_even_read_with_its_key(planted: LeakActors, client: Client) -> None:
    read = b""
    async for process in client.list_workflows():
        sealed = await sealed_of(client, process.id)
        read += b"".join(planted.decode(sealed))
    for reference in planted.case.values():
        assert reference.encode() in read
    assert planted.sentinels.seen(read) == set()


def payloads(found: object) -> Iterator[dict[str, dict[str, str]]]:
    """Every payload of a history."""
    if isinstance(found, dict) and {"metadata", "data"} <= found.keys():
        yield found
    elif isinstance(found, dict | list):
        for each in found.values() if isinstance(found, dict) else found:
            yield from payloads(each)


def dump(dsn: str) -> bytes:
    """The whole register as text."""
    with psycopg.connect(dsn) as session:
        tables = session.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        return b"".join(_table(session, str(name)) for (name,) in tables)


def _table(session: psycopg.Connection, name: str) -> bytes:
    with session.cursor().copy(SQL("COPY {} TO STDOUT").format(Identifier(name))) as rows:
        return b"".join(bytes(row) for row in rows)


async def test_erasing_a_closed_case_leaves_nothing_to_read_and_everything_else_at_work(
    world: World, planted: LeakActors, client: Client
) -> None:
    """Keys are cached for a minute at most: the HTTP server is restarted instead of waiting."""
    closed, living = planted.case["desisted"], planted.case["granted"]
    sealed = {case: await sealed_of(client, authorization_id(case)) for case in (closed, living)}
    assert closed.encode() in b"".join(planted.decode(sealed[closed]))
    with planted.database.begin() as connection, pytest.raises(Conflict):
        keys.destroy(connection, living)
    with planted.database.begin() as connection:
        keys.destroy(connection, closed)
    await asyncio.to_thread(world.doors.restart)
    assert set(planted.decode(sealed[closed])) == {'"effacé"'.encode()}
    assert living.encode() in b"".join(planted.decode(sealed[living]))
    fresh = await connect(world.engine.address, NAMESPACE, StoredKeys(planted.database, MasterKey(world.master_key)))
    assert await fresh.get_workflow_handle(authorization_id(closed)).result() == "effacé"
    typed: WorkflowHandle[AuthorizationWorkflow, object] = fresh.get_workflow_handle_for(
        AuthorizationWorkflow.run, authorization_id(closed)
    )
    with pytest.raises(ValidationError, match="effacé"):
        await typed.result()
    assert await fresh.get_workflow_handle(authorization_id(living)).query("wakes_at")
    assert planted.boss.get(f"/requests/{closed}").json()["status"] == "desisted"
    answer = planted.boss.post("/requests", planted.body("desisted"))
    case = f"/requests/{answer.json()['reference']}"
    until(lambda: "receipt_issued" in event_types(planted.boss.get(case).json()), "a receipt")


async def sealed_of(client: Client, process: str) -> list[object]:
    """The payloads of a process, as the engine stores them."""
    history = await client.get_workflow_handle(process).fetch_history()
    return [each for each in payloads(history.to_json_dict()) if "tacite-key" in each["metadata"]]
