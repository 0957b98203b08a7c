"""The agency's deposit folder, by SFTP or as a folder of this machine: one file, whole or not at all.

A file is written under a name of its own (`….tmp`), then renamed. A name that exists already with the
same bytes was written before: success. With other bytes, an operator must look.
"""

import asyncio
import os
from contextlib import suppress
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
    """The agency's folder holds other bytes under the same name."""


class Transport(Protocol):
    """Where deposits go."""

    async def put(self, name: str, content: bytes) -> None:
        """Write a file; raises AnotherFileStands, `asyncssh.Error`, or OSError."""


class FolderTransport:
    """A folder of this machine, for trials and for agencies that fetch."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, name: str, content: bytes) -> None:
        """Write, force to the disk, rename."""
        await asyncio.to_thread(self._put, name, content)

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


class SftpTransport:
    """The agency's SFTP server: its host key is pinned, ours is one file; no agent, no configuration, no trust
    on first use.
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
        async with (
            asyncio.timeout(PUT_TIMEOUT),
            asyncssh.connect(self._host, self._port, options=self._options()) as connection,
            connection.start_sftp_client() as client,
        ):
            if not await self._is_there(client, name, content):
                await self._write(client, name, content)

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


def transport(settings: Settings) -> Transport:
    """Return the transport of the configured address; raises ValueError for another scheme."""
    url = urlsplit(settings.agency)
    if url.scheme == "file":
        return FolderTransport(Path(unquote(url.path)))
    if url.scheme == "sftp" and settings.agency_key and settings.agency_host_key:
        return SftpTransport(settings.agency, settings.agency_key, settings.agency_host_key)
    raise ValueError("TACITE_AGENCY is sftp://user@host:port/folder or file:///folder")
