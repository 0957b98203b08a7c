"""The program that judges files, as it ships, and one whose examinations are hostile; on sockets of their own."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from local.programs import Examining
from models.examination.client import Examiner


class Listening(Examining):
    """The program on a socket in its folder, ready when it says so."""

    def __init__(self, folder: Path, module: str = "examining") -> None:
        self.address = f"unix:{folder}/{secrets.token_hex(4)}"
        super().__init__("Examen", module, folder, settings=lambda: {"TACITE_EXAMINING": self.address})

    def ready(self) -> bool:
        """Whether its log says so."""
        return self.logged("examining_ready")

    @property
    def client(self) -> Examiner:
        """A client of it."""
        return Examiner(self.address)

    def children(self) -> list[psutil.Process]:
        """The processes that judge."""
        return psutil.Process(self.pid).children(recursive=True)


@pytest.fixture(scope="session")
def examining(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listening]:
    with Listening(tmp_path_factory.mktemp("examining")) as running:
        yield running


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listening]:
    with Listening(tmp_path_factory.mktemp("hostile"), "tests.examining.hostile") as running:
        yield running
