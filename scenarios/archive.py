"""What a demonstration leaves in its folder: archived documents, their signed extract, anchors, deposits."""

import asyncio
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final, Protocol

from models.messages.verification import ArchivedDocument

CONCURRENT_ARCHIVINGS: Final = 2
"""Documents archived at once: the processor is the bottleneck."""
FOLDERS: Final = ("documents", "deposits", "trust", "enrolments")
"""Folders that a demonstration leaves; they are emptied first."""


class Archiver(Protocol):
    """Makes documents outlive the world: holds its seal, speaks to its authorities."""

    def archive(self, pdf: bytes) -> bytes:
        """The document at level B-LTA."""

    def extract(self, documents: Sequence[ArchivedDocument]) -> bytes:
        """The signed list of documents."""


OpenArchiver = Callable[[Mapping[str, str]], Archiver]
"""Makes the archiver of a world from its variables `TACITE_…`: the code that signs is passed in, not imported."""


class Archive:
    """The folder of one demonstration."""

    def __init__(self, out: Path, archiver: Archiver) -> None:
        self._out = out
        self._archiver = archiver
        self._documents: list[ArchivedDocument] = []
        self._slots = asyncio.Semaphore(CONCURRENT_ARCHIVINGS)

    async def add(self, signed: bytes, kind: str, number: str, file: str, reference: str = "") -> None:
        """Archive a document, write it to `file` of the folder, list it in the extract."""
        async with self._slots:
            archived = await asyncio.to_thread(self._archiver.archive, signed)
        (self._out / file).write_bytes(archived)
        self._documents.append(
            ArchivedDocument(
                reference=reference or number,
                kind=kind,
                number=number,
                sha256=sha256(signed).hexdigest(),
                archived_sha256=sha256(archived).hexdigest(),
                file=file,
            )
        )

    def close(self, trust: Iterable[Path], deposits: Iterable[Path]) -> tuple[str, ...]:
        """Copy anchors, published signers and deposits, write the signed extract; returns the paths of the deposits."""
        for file in trust:
            shutil.copy(file, self._out / "trust")
        (self._out / "register.json").write_bytes(self._archiver.extract(self._documents))
        files = sorted(deposits)
        for file in files:
            shutil.copy(file, self._out / "deposits")
        return tuple(f"deposits/{file.name}" for file in files)


def empty(out: Path) -> None:
    """Remove what an earlier demonstration left in this folder, and nothing else."""
    for name in FOLDERS:
        shutil.rmtree(out / name, ignore_errors=True)
        (out / name).mkdir(parents=True)
    (out / "register.json").unlink(missing_ok=True)
