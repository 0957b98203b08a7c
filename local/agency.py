"""The SFTP server that plays the paying agency: deposits arrive in `depot/`, answers leave from `retrait/`.

`python -m local.agency FOLDER PORT [HOST]`, on the loopback unless a HOST is given. A client sees FOLDER/files as
its root. Keys are made at the first start: a client pins `host_key.pub` and signs in with `client_key`.
Faults, while these files are in FOLDER: `refuse` closes every connection, `cut` breaks it in the middle of
a put.
"""

import asyncio
import sys
from pathlib import Path
from typing import cast

import asyncssh

DEPOSITS = "depot"
ANSWERS = "retrait"
LOOPBACK = "127.0.0.1"


class Server(asyncssh.SSHServer):
    """Accept whoever holds the client key; nobody while `refuse` exists."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Hang up at once while the fault is on."""
        if (self.folder / "refuse").exists():
            conn.abort()


class Files(asyncssh.SFTPServer):
    """The files under `FOLDER/files`; a put is cut halfway while `cut` exists."""

    def __init__(self, chan: asyncssh.SSHServerChannel[bytes], folder: Path) -> None:
        super().__init__(chan, chroot=str(folder / "files").encode())
        self.fault = folder / "cut"

    def write(self, file_obj: object, offset: int, data: bytes) -> int:
        """Write, or write half and break the connection."""
        if not self.fault.exists():
            return cast(int, super().write(file_obj, offset, data))
        super().write(file_obj, offset, data[: len(data) // 2])
        self.channel.get_connection().abort()
        raise asyncssh.SFTPConnectionLost("coupure demandée")


def prepare(folder: Path) -> None:
    """Make the folders and the missing keys."""
    for name in (DEPOSITS, ANSWERS):
        (folder / "files" / name).mkdir(parents=True, exist_ok=True)
    for name in ("host_key", "client_key"):
        if not (folder / name).exists():
            key = asyncssh.generate_private_key("ssh-ed25519", comment=f"tacite {name}")
            key.write_public_key(str(folder / f"{name}.pub"))
            (folder / name).touch(mode=0o600)
            key.write_private_key(str(folder / name))


async def serve(folder: Path, port: int, host: str = LOOPBACK) -> None:
    """Answer until the process ends."""
    prepare(folder)
    server = await asyncssh.listen(
        host,
        port,
        server_factory=lambda: Server(folder),
        server_host_keys=[str(folder / "host_key")],
        authorized_client_keys=str(folder / "client_key.pub"),
        sftp_factory=lambda channel: Files(channel, folder),
    )
    await server.serve_forever()


def main(arguments: list[str]) -> int:
    """`FOLDER PORT [HOST]`; 2 on wrong use."""
    match arguments:
        case [folder, port, *host] if port.isdecimal() and len(host) < 2:
            asyncio.run(serve(Path(folder), int(port), *host))
            return 0
        case _:
            print("usage: python -m local.agency FOLDER PORT [HOST]", file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
