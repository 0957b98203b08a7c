"""Terms of use (conditions générales d’utilisation, R. 5122-26, I): dated texts, one file a version.

A file that was ever in force never changes, because employers accepted those very bytes. Lines that begin
with « § » are headings, the others are paragraphs.
"""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from law.enrolment import TERMS
from models.identifiers import Message

FOLDER: Final = Path(__file__).parent
VERSIONS: Final = tuple(entry.value for entry in TERMS)
"""Every version, oldest first."""


class Terms(Message):
    """One version: its title, its text as in the file, and the digest of the file's bytes."""

    version: str
    title: str
    text: str
    sha256: str


@cache
def terms(version: str) -> Terms:
    """Return a version of the terms; raises LookupError if it does not exist."""
    if version not in VERSIONS:
        raise LookupError(version)
    content = (FOLDER / f"{version}.txt").read_bytes()
    title, _, text = content.decode().partition("\n")
    return Terms(version=version, title=title, text=text.strip(), sha256=sha256(content).hexdigest())
