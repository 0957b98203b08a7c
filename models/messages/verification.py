"""Verification of documents: the verdict, and the documents archived outside the register."""

from typing import Literal

from models.identifiers import Instant, Message, Sha256

Level = Literal["B-B", "B-T", "B-LT", "B-LTA"]
"""Level of a PAdES signature: bare, time-stamped, with revocation data, archived."""


class Upload(Message):
    """A file to verify, stored in the register for an hour."""

    id: str


class Verification(Message):
    """The verdict; `valid` means that the document's content, signer and instant are all proved."""

    valid: bool
    level: Level | None = None
    signer: str | None = None
    """Common name in the signing certificate, even when it is not trusted."""
    signed_at: Instant | None = None
    """Instant proved by a time-stamp, in UTC; None when there is none."""
    integrity: bool = False
    registered: bool | None = None
    """Whether the register knows it; None when it was not consulted."""
    case_reference: str | None = None
    problems: tuple[str, ...] = ()
    """Findings, as French sentences. A document that the register does not know may still be valid."""


class ArchivedDocument(Message):
    """A document archived outside the register: its digest there, and the digest of its archived form, `file`."""

    reference: str
    kind: str
    number: str
    sha256: Sha256
    archived_sha256: Sha256
    file: str
