"""The verification of documents: its verdict, and the documents kept outside the register."""

from typing import Literal

from models.identifiers import Instant, Message, Sha256

Level = Literal["B-B", "B-T", "B-LT", "B-LTA"]
"""Of a signature (PAdES): bare, time-stamped, with its revocation data, archived."""


class Upload(Message):
    """A file to verify, held by the register for an hour."""

    id: str


class Verification(Message):
    """What is known of a document; `valid` means: no doubt about its content, its signer and its instant."""

    valid: bool
    level: Level | None = None
    signer: str | None = None
    """Common name in the signature's certificate, even when it is not trusted."""
    signed_at: Instant | None = None
    """Proved by a time-stamp, in UTC; None when nothing proves it."""
    integrity: bool = False
    registered: bool | None = None
    """None when no register was asked."""
    case_reference: str | None = None
    problems: tuple[str, ...] = ()
    """French sentences; one alone may leave the document valid: that the register does not know it."""


class KeptDocument(Message):
    """A document kept outside the register: its digest there, and that of its archived form in `file`."""

    reference: str
    kind: str
    number: str
    sha256: Sha256
    archived_sha256: Sha256
    file: str
