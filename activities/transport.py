"""A folder of files outside, by SFTP or of this machine, for deposits and copies of anchors: whole or not at all.

A file is written under a name of its own (`….tmp`), then renamed. A name that exists already with the
same bytes was written before: success. With other bytes, an operator must look.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Final, Protocol, cast
from urllib.parse import unquote, urlsplit

import asyncssh

from models.settings import Settings

CONNECT_TIMEOUT: Final = 10
"""Seconds."""
PUT_TIMEOUT: Final = 60
"""Seconds for a file of 2 MiB at most; less than the timeout of the act."""
PARTIAL_SUFFIX: Final = ".tmp"
SFTP_PORT: Final = 22


class AnotherFileStands(Exception):
    """The folder holds other bytes under the same name: it is never written over."""


class Transport(Protocol):
    """Where files go."""

    async def put(self, name: str, content: bytes) -> None:
        """Write a file; raises AnotherFileStands, `asyncssh.Error`, or OSError."""

    async def put_all(self, files: Sequence[tuple[str, bytes]]) -> None:
        """Write several files, one after the other, likewise."""


class TooLarge(Exception):
    """A file outside has more bytes than are read."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


class Inbox(Protocol):
    """Where files come from: a folder that a partner fills."""

    async def list(self) -> Sequence[str]:
        """Return the names of its files; raises `asyncssh.Error` or OSError."""

    async def read(self, name: str, most_bytes: int) -> bytes | None:
        """Return the bytes of a file, None if it is gone; raises `TooLarge`."""

    async def remove(self, name: str) -> None:
        """Delete a file; one that is gone already is no error."""


class FolderTransport:
    """A folder of this machine, for trials and for partners that fetch."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, name: str, content: bytes) -> None:
        """Write, force to the disk, rename."""
        await asyncio.to_thread(self._put, name, content)

    async def put_all(self, files: Sequence[tuple[str, bytes]]) -> None:
        """Write each of some files."""
        for name, content in files:
            await self.put(name, content)

    def _put(self, name: str, content: bytes) -> None:
        final, partial = self._folder / name, self._folder / (name + PARTIAL_SUFFIX)
        if final.exists():
            if final.read_bytes() != content:
                raise AnotherFileStands(name)
            return
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(final)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


class FolderInbox:
    """A folder of this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def list(self) -> Sequence[str]:
        """Return the names of its files; none while the folder is not made."""
        found = await asyncio.to_thread(lambda: [*self._folder.iterdir()] if self._folder.is_dir() else [])
        return [each.name for each in found]

    async def read(self, name: str, most_bytes: int) -> bytes | None:
        """Return the bytes of a file."""
        file = self._folder / name
        if not file.is_file():
            return None
        if (size := file.stat().st_size) > most_bytes:
            raise TooLarge(size)
        return await asyncio.to_thread(file.read_bytes)

    async def remove(self, name: str) -> None:
        """Delete a file."""
        (self._folder / name).unlink(missing_ok=True)


class SftpTransport:
    """An SFTP server: its host key is pinned, ours is one file; no agent, no configuration, no trust on first
    use.
    """

    def __init__(self, address: str, key: Path, host_key: Path) -> None:
        url = urlsplit(address)
        self._host, self._port = url.hostname or "", url.port or SFTP_PORT
        self._user = unquote(url.username or "")
        self._folder = PurePosixPath(unquote(url.path))
        self._key = key
        self._host_key = host_key

    async def put(self, name: str, content: bytes) -> None:
        """Write under a temporary name, rename; an interrupted file is overwritten by the next attempt."""
        await self.put_all([(name, content)])

    async def put_all(self, files: Sequence[tuple[str, bytes]]) -> None:
        """Write some files over one connection, in their order."""
        async with self._session() as client:
            for name, content in files:
                if not await self._is_there(client, name, content):
                    await self._write(client, name, content)

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[asyncssh.SFTPClient]:
        async with (
            asyncio.timeout(PUT_TIMEOUT),
            asyncssh.connect(self._host, self._port, options=self._options()) as connection,
            connection.start_sftp_client() as client,
        ):
            yield client

    async def list(self) -> Sequence[str]:
        """Return the names of the files in the folder."""
        async with self._session() as client:
            return [str(name) for name in await client.listdir(self._folder) if name not in (".", "..")]

    async def read(self, name: str, most_bytes: int) -> bytes | None:
        """Return the bytes of a file, whatever size the server states."""
        async with self._session() as client:
            try:
                async with client.open(self._folder / name, "rb") as file:
                    content = cast(bytes, await file.read(most_bytes + 1))
                    size = (await file.stat()).size or len(content)
            except asyncssh.SFTPNoSuchFile:
                return None
        if len(content) > most_bytes:
            raise TooLarge(size)
        return content

    async def remove(self, name: str) -> None:
        """Delete a file."""
        async with self._session() as client:
            with suppress(asyncssh.SFTPNoSuchFile):
                await client.remove(self._folder / name)

    async def _is_there(self, client: asyncssh.SFTPClient, name: str, content: bytes) -> bool:
        """Whether this very file was put before. A server that hides its folder says nothing: put it again."""
        with suppress(asyncssh.SFTPNoSuchFile, asyncssh.SFTPPermissionDenied):
            async with client.open(self._folder / name, "rb") as file:
                if cast(bytes, await file.read()) != content:
                    raise AnotherFileStands(name)
                return True
        return False

    async def _write(self, client: asyncssh.SFTPClient, name: str, content: bytes) -> None:
        partial, final = self._folder / (name + PARTIAL_SUFFIX), self._folder / name
        async with client.open(partial, "wb") as file:
            await file.write(content)
        try:
            await client.posix_rename(partial, final)
        except asyncssh.SFTPOpUnsupported:
            await client.rename(partial, final)

    def _options(self) -> asyncssh.SSHClientConnectionOptions:
        return asyncssh.SSHClientConnectionOptions(
            username=self._user,
            client_keys=[str(self._key)],
            known_hosts=([asyncssh.read_public_key(self._host_key)], [], []),
            agent_path=None,
            config=None,
            preferred_auth="publickey",
            connect_timeout=CONNECT_TIMEOUT,
            login_timeout=CONNECT_TIMEOUT,
        )


def agency_transport(settings: Settings) -> Transport:
    """Return the transport of deposits; raises ValueError for another scheme."""
    return _transport("TACITE_AGENCY", settings.agency, settings.agency_key, settings.agency_host_key)


def answers_inbox(settings: Settings) -> Inbox:
    """Return the folder of the agency’s answers, beside that of deposits; raises ValueError for another scheme."""
    beside = settings.agency.rstrip("/").rpartition("/")[0] + "/" + settings.agency_answers
    url = urlsplit(beside)
    if url.scheme == "file":
        return FolderInbox(Path(unquote(url.path)))
    if url.scheme == "sftp" and settings.agency_key and settings.agency_host_key:
        return SftpTransport(beside, settings.agency_key, settings.agency_host_key)
    raise ValueError("TACITE_AGENCY is sftp://user@host:port/folder or file:///folder")


def anchors_transport(settings: Settings) -> Transport | None:
    """Return the transport of copies of anchors, or None when they go nowhere; raises ValueError likewise."""
    if not settings.anchors:
        return None
    return _transport("TACITE_ANCHORS", settings.anchors, settings.anchors_key, settings.anchors_host_key)


def _transport(name: str, address: str, key: Path | None, host_key: Path | None) -> Transport:
    url = urlsplit(address)
    if url.scheme == "file":
        return FolderTransport(Path(unquote(url.path)))
    if url.scheme == "sftp" and key and host_key:
        return SftpTransport(address, key, host_key)
    raise ValueError(f"{name} is sftp://user@host:port/folder or file:///folder")
