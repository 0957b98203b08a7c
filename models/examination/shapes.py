"""What the program `examining` may be asked, and the only answers that are believed: each is small and closed.

A verdict never quotes the file: codes of closed lists, so that a hostile file cannot speak through it. What is drawn
of a file for people to read (`drawings.py`) and the lines of a claim (`models/claim_files/verdict.py`) are the
exceptions, in points, plain text that no program runs, and closed forms.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final, Generic, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from models.examination.framing import MAX_ANSWER_BYTES

V = TypeVar("V", bound=BaseModel)

MAX_CLOCK_SKEW: Final = timedelta(minutes=5)
"""How far the clock of a time-stamp authority may be from ours: further, one of the two is wrong, and an operator must
look. It decides nothing legal: the register's clock alone does that."""
MediaType = Literal["application/pdf", "image/png", "image/jpeg", "text/csv"]
"""Types of files that are accepted."""
Refusal = Literal[
    "file-empty",
    "file-type",
    "file-broken",
    "image-too-large",
    "pdf-encrypted",
    "pdf-active",
    "pdf-too-large",
]
"""Why a file is refused."""


class Shape(BaseModel):
    """A frozen value; unknown members are rejected."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FileVerdict(Shape):
    """The verdict on a file: its real type, or why it is refused."""

    media_type: MediaType | None = None
    refusal: Refusal | None = None
    recognised: Annotated[str, Field(pattern="^[a-z0-9-]{0,16}$")] = ""
    """What a file of a refused type, or a broken one, was recognised as: a key of the French sentences."""


@dataclass(frozen=True, slots=True)
class Kind(Generic[V]):
    """One kind of examination."""

    name: str
    """Also the module of `examining.kinds` that does it."""
    verdict: type[V]
    unreadable: V
    """The verdict on a file that ended its examination: by its limits of time and memory, or by a crash."""
    max_bytes: int
    """Largest file."""
    max_answer_bytes: int = MAX_ANSWER_BYTES
    """Largest verdict."""


FILE: Final = Kind("file", FileVerdict, FileVerdict(refusal="file-broken"), max_bytes=64 * 1024 * 1024)
"""A file that somebody attaches to a request: type, integrity, active content."""

Level = Literal["B-B", "B-T", "B-LT", "B-LTA"]
"""Level of a PAdES signature: bare, time-stamped, with revocation data, archived."""
Problem = Literal[
    "unreadable",
    "unsigned",
    "several-signatures",
    "altered",
    "not-covered",
    "modified",
    "archive-stamp",
    "added-after",
    "unknown-authority",
    "out-of-date",
    "ended-since",
    "revoked",
    "authority-revoked",
    "revocation-unknown",
    "weak",
    "usage",
    "no-timestamp",
    "timestamp",
    "future",
    "order",
    "not-verified",
]
"""Why a signature is not accepted."""


class SignatureVerdict(Shape):
    """The verdict on a signature; what the file says of itself is there only if nothing is wrong."""

    problems: Annotated[tuple[Problem, ...], Field(max_length=8)] = ()
    integrity: bool = False
    level: Level | None = None
    certificate: Annotated[str, Field(pattern="^([0-9a-f]{64})?$")] = ""
    """SHA-256 of the signer's certificate."""
    signed_at: AwareDatetime | None = None
    """Instant of the time-stamp."""
    kind: Annotated[str, Field(pattern="^[a-z_]{0,40}$")] = ""
    reference: Annotated[str, Field(pattern="^[0-9A-Z]{0,14}$")] = ""


MAX_DOCUMENT_BYTES: Final = 2 * 1024 * 1024
"""Largest document to verify: ours, archived ones included, have less than half of it."""
SIGNATURE: Final = Kind(
    "signature", SignatureVerdict, SignatureVerdict(problems=("unreadable",)), max_bytes=MAX_DOCUMENT_BYTES
)
"""A signed document: whole, by which certificate, when. Context: `SignatureContext`."""
EXTRACT: Final = Kind(
    "extract", SignatureVerdict, SignatureVerdict(problems=("unreadable",)), max_bytes=64 * 1024 * 1024
)
"""A signed extract of the register; `reference` is the case of the document whose digest the context gives."""


class SignatureContext(Shape):
    """What a signature is judged with: all that the process may know of the world."""

    anchors: tuple[str, ...]
    """Certificates, DER in base64, like all that follows."""
    certificates: tuple[str, ...] = ()
    """Those of published signers and of their authorities."""
    crls: tuple[str, ...] = ()
    ocsps: tuple[str, ...] = ()
    at: AwareDatetime
    """Instant of the judgement."""
    sha256: str = ""
    """Digest of the document that is looked up in an extract."""
