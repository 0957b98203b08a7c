"""Terms of use (conditions générales d’utilisation, R. 5122-26, I): dated texts, each a file named by its version.

A file that was ever in force is never changed: employers accepted these very bytes. Lines that begin with « § »
are headings, others paragraphs.
"""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from law.enrolment import TERMS
from models.identifiers import Message

FOLDER: Final = Path(__file__).parent
VERSIONS: Final = tuple(entry.value for entry in TERMS)
"""Every version, the oldest first."""


class Terms(Message):
    """One version: its title, its whole text as it is in the file, and the digest of its bytes."""

    version: str
    title: str
    text: str
    sha256: str


@cache
def terms(version: str) -> Terms:
    """Return a version of the terms; raises LookupError for one that never was."""
    if version not in VERSIONS:
        raise LookupError(version)
    content = (FOLDER / f"{version}.txt").read_bytes()
    title, _, text = content.decode().partition("\n")
    return Terms(version=version, title=title, text=text.strip(), sha256=sha256(content).hexdigest())
