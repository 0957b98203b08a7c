"""Verification of documents: the verdict, and the documents archived outside the register."""

from typing import Final

from models.examination.shapes import MAX_DOCUMENT_BYTES, Level
from models.identifiers import Instant, Message, Sha256

MAX_SIZE: Final = f"{MAX_DOCUMENT_BYTES // 1024**2} Mo"
TOO_LARGE: Final = f"Ce fichier dépasse {MAX_SIZE} : aucun document de ce service n’est aussi volumineux."
"""Said of a file larger than any document of ours, by the doors and by the command line."""
UNREGISTERED: Final = "Le registre ne connaît pas ce document."
"""Finding about a document that the register was asked about and does not know."""


class Upload(Message):
    """A file to verify, stored in the register for an hour."""

    id: str


class Verification(Message):
    """The verdict; `valid`: content, signer and instant are proved, and the register, where it was asked, knows it."""

    valid: bool
    level: Level | None = None
    signer: str | None = None
    """Published name of the signer; None for a certificate that this service did not publish."""
    signed_at: Instant | None = None
    """Instant proved by a time-stamp, in the legal time of the département; None unless it was signed rightly."""
    integrity: bool = False
    registered: bool | None = None
    """Whether the register knows it; None when it was not consulted."""
    case_reference: str | None = None
    """That of the register where it was asked, else that of the signed data."""
    problems: tuple[str, ...] = ()
    """Findings, as French sentences."""

    @property
    def only_unregistered(self) -> bool:
        """Whether everything is proved but for the register, which does not know the document."""
        return self.problems == (UNREGISTERED,)


class ArchivedDocument(Message):
    """A document archived outside the register: its digest there, and the digest of its archived form, `file`."""

    reference: str
    kind: str
    number: str
    sha256: Sha256
    archived_sha256: Sha256
    file: str
