"""The SFTP server that plays the paying agency: deposits arrive in `depot/`, answers leave from `retrait/`.

`python -m local.agency FOLDER PORT [HOST]`, on the loopback unless a HOST is given. A client sees FOLDER/files as
its root. Keys are made at the first start: a client pins `host_key.pub` and signs in with `client_key`, and envelopes
nominal files to `certificate.pem`.
Faults, while these files are in FOLDER: `refuse` closes every connection, `cut` breaks it in the middle of
a put. It answers claims by itself, as `local.agency_answers` says.
"""

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import asyncssh
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import CertificateBuilder, Name, NameAttribute, random_serial_number
from cryptography.x509.oid import NameOID

from local.agency_answers import AnswerDesk

DEPOSITS = "depot"
ANSWERS = "retrait"
CERTIFICATE = "certificate.pem"
ENVELOPE_KEY = "envelope_key.pem"
LOOPBACK = "127.0.0.1"
ANSWER_INTERVAL = 0.2
"""Seconds between two looks at the deposits."""
_PUBLIC_EXPONENT = 65_537
_KEY_BITS = 3_072


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
    if not (folder / CERTIFICATE).exists():
        _make_certificate(folder)


def _make_certificate(folder: Path) -> None:
    """Make the key to which nominal files are enveloped, and its certificate."""
    key = generate_private_key(_PUBLIC_EXPONENT, _KEY_BITS)
    name = Name([NameAttribute(NameOID.COMMON_NAME, "Agence de paiement (simulée)")])
    today = datetime.now(UTC) - timedelta(days=1)
    builder = CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    dated = builder.not_valid_before(today).not_valid_after(today + timedelta(days=3650))
    made = dated.serial_number(random_serial_number()).sign(key, SHA256())
    (folder / ENVELOPE_KEY).touch(mode=0o600)
    clear = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / ENVELOPE_KEY).write_bytes(clear)
    (folder / CERTIFICATE).write_bytes(made.public_bytes(Encoding.PEM))


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
    async with asyncio.TaskGroup() as serving:
        serving.create_task(server.serve_forever())
        serving.create_task(_answer(AnswerDesk(folder)))


async def _answer(desk: AnswerDesk) -> None:
    """Answer deposits as they come, for ever."""
    while True:
        await asyncio.to_thread(desk.answer_all)
        await asyncio.sleep(ANSWER_INTERVAL)


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
