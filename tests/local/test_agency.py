"""The SFTP server that simulates the agency: who can connect, what arrives, and how it fails."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import asyncssh
import pytest

from local.agency import ANSWER_INTERVAL
from local.ports import free_port
from local.programs import Agency


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agency]:
    server = Agency(tmp_path_factory.mktemp("agency"), free_port())
    server.start()
    yield server
    server.stop()


@asynccontextmanager
async def session(agency: Agency, key: asyncssh.SSHKey | None = None) -> AsyncIterator[asyncssh.SFTPClient]:
    port = int(agency.address.rpartition(":")[2].partition("/")[0])
    host = asyncssh.read_public_key(agency.host_key)
    keys = [key or asyncssh.read_private_key(agency.client_key)]
    async with (
        asyncssh.connect(
            "127.0.0.1", port, username="tacite", client_keys=keys, known_hosts=([host], [], []), config=None
        ) as connection,
        connection.start_sftp_client() as client,
    ):
        yield client


async def put(agency: Agency, name: str, content: bytes) -> None:
    async with session(agency) as client:
        async with client.open(f"/depot/{name}.part", "wb") as file:
            await file.write(content)
        await client.posix_rename(f"/depot/{name}.part", f"/depot/{name}")


def deposits(agency: Agency) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in agency.deposits.iterdir()}


async def test_a_file_arrives_by_put_and_rename(agency: Agency) -> None:
    await put(agency, "whole.xml", b"x" * 100_000)
    assert deposits(agency)["whole.xml"] == 100_000


async def test_a_client_sees_the_two_folders_and_no_key(agency: Agency) -> None:
    async with session(agency) as client:
        assert sorted(await client.listdir("/")) == [".", "..", "depot", "retrait"]
        assert not await client.exists("/../client_key")


async def test_a_stranger_stays_outside(agency: Agency) -> None:
    with pytest.raises(asyncssh.PermissionDenied):
        async with session(agency, asyncssh.generate_private_key("ssh-ed25519")):
            pass


async def test_a_put_cut_in_the_middle_leaves_half_a_file_that_the_next_one_replaces(agency: Agency) -> None:
    with agency.fault("cut"), pytest.raises((asyncssh.Error, OSError)):
        await put(agency, "cut.xml", b"x" * 10_000)
    assert deposits(agency)["cut.xml.part"] == 5_000
    assert "cut.xml" not in deposits(agency)
    await put(agency, "cut.xml", b"x" * 10_000)
    assert deposits(agency)["cut.xml"] == 10_000


async def test_connections_are_refused_on_demand(agency: Agency) -> None:
    with agency.fault("refuse"), pytest.raises((asyncssh.Error, OSError)):
        await put(agency, "refused.xml", b"x")
    assert "refused.xml" not in deposits(agency)


async def test_keys_and_files_outlive_a_kill(agency: Agency) -> None:
    await put(agency, "kept.xml", b"x")
    agency.kill()
    agency.start()
    await put(agency, "after.xml", b"x")
    assert {"kept.xml", "after.xml"} <= set(deposits(agency))
    assert agency.client_key.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content", [b"another", b"[]", b"{}", b"\xff"])
async def test_what_is_no_deposit_is_not_answered_and_ends_nothing(agency: Agency, content: bytes) -> None:
    await put(agency, "odd.json", content)
    await asyncio.sleep(5 * ANSWER_INTERVAL)
    async with session(agency) as client:
        assert [each for each in await client.listdir("/retrait") if each.startswith("odd")] == []
        await client.remove("/depot/odd.json")
