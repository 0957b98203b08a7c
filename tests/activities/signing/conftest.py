"""Throw-away authorities for these tests: created once, served by their own process."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from activities.documents.render import render
from activities.signing.keys import load_signer
from activities.signing.sign import archive, sign
from activities.signing.timestamp import FailoverTimeStamper
from local.authorities import prepare, timestamp_urls
from tests.activities.documents.examples import AT, every_document

SECONDS_TO_START = 20


@pytest.fixture(scope="session")
def authority_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of running authorities."""
    folder = tmp_path_factory.mktemp("authorities")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    prepare(folder, f"http://127.0.0.1:{port}")
    command = [sys.executable, "-m", "local.authorities", "serve", str(folder), str(port)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        _wait_for(port)
        yield folder
        process.terminate()


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a server that accepts every connection and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture(scope="session")
def timestamps(authority_folder: Path) -> FailoverTimeStamper:
    """Both time-stamp authorities, first choice first."""
    return FailoverTimeStamper(
        timestamp_urls((authority_folder / "base_url").read_text("utf-8")), authority_folder / "trust"
    )


@pytest.fixture(scope="session")
def began() -> datetime:
    """The second in which the first document of the session was about to be signed."""
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(scope="session")
def sealed(authority_folder: Path, timestamps: FailoverTimeStamper, began: datetime) -> bytes:
    """A receipt at level B-T, under the seal."""
    seal = load_signer(authority_folder / "seal")
    return sign(render(every_document()["receipt"], AT), seal, timestamps, reason="Récépissé de dépôt")


@pytest.fixture(scope="session")
def archived(authority_folder: Path, timestamps: FailoverTimeStamper, sealed: bytes) -> bytes:
    """The same receipt at level B-LTA."""
    return archive(sealed, authority_folder / "trust", timestamps)


def _wait_for(port: int) -> None:
    limit = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < limit:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("the authorities did not start")
