"""One file for the paying agency, in its habits: an envelope, numbered rows, French fields, one line of JSON.

The format of this channel is not public: it follows the agency's other exchanges. Dates are DD/MM/YYYY, decimals
have a comma, names are capitals without accents, `codeTraitement` and `libelleTraitement` are left to the answer.

Choice: a deposit is one file, for two puts would not be one act. It holds one row an authorization or a claim and,
after the rows, the detached list of the SHA-256 of their signed PDF, which the answer must quote. The PDF themselves
stay in the register: with them no file would keep within the agency's size.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final, Generic, NamedTuple, TypeVar

import structlog

from models.identifiers import HOLDER_LENGTH
from models.transliteration import has_letter, latin_capitals

CREATION: Final = "C"
"""Movement of a first transmission."""
MODIFICATION: Final = "M"
"""Movement of an amendment, never mixed with creations: it has a channel of its own."""
MEASURE: Final = "ACTIVITE_PARTIELLE"
_OPENING: Final = b'{"msgInformatif":null,"telId":null,"lignesTelechargement":['
_BETWEEN: Final = b'],"empreintes":['
_CLOSING: Final = b"]}\n"
_UNANSWERED: Final = {"codeTraitement": None, "libelleTraitement": None}
UNREADABLE_HOLDER: Final = "TITULAIRE ILLISIBLE"
"""Stands for a name of which no letter is left: the agency's answer then brings the case back."""
_log = structlog.get_logger()
RowT = TypeVar("RowT")
Fields = dict[str, object]


class RowTooLarge(ValueError):
    """One row alone is more than a file may hold."""


class FileChanged(Exception):
    """A file was reserved, and is not what the register and its events say any more."""


class AgencyFile(NamedTuple):
    """The bytes of a file and how many of the rows offered are in it."""

    content: bytes
    rows: int


@dataclass(frozen=True)
class RowLayout(Generic[RowT]):
    """How one kind of row is written."""

    fields: Callable[[RowT], Fields]
    """Its fields, beside the number of the line, the movement, the measure and what the answer fills in."""
    digests: Callable[[RowT], Sequence[Fields]]
    """The files that it refers to, each by name and SHA-256."""
    paid: tuple[str, ...]
    """Fields that say whom a row pays, what for and to which account."""

    def line(self, number: int, row: RowT) -> Fields:
        """Write a row at its place in a file."""
        common = {"numLigne": number, "typeMouvement": CREATION, "mesure": MEASURE}
        return common | self.fields(row) | _UNANSWERED


def name(prefix: str, second: datetime) -> str:
    """Name a file by its second: `TACITE_DA_20261122091530.json` (UTC)."""
    return f"{prefix}{second.astimezone(UTC):%Y%m%d%H%M%S}.json"


def lay_out(layout: RowLayout[RowT], rows: Sequence[RowT], most_rows: int, most_bytes: int) -> AgencyFile:
    """Put as many of the first rows as both caps allow in one file; raises RowTooLarge when not even one fits."""
    lines: list[bytes] = []
    digests: list[bytes] = []
    size = len(_OPENING) + len(_BETWEEN) + len(_CLOSING)
    for number, row in enumerate(rows[:most_rows], start=1):
        line = _json(layout.line(number, row))
        digest = b",".join(_json({"numLigne": number} | each) for each in layout.digests(row))
        size += len(line) + len(digest) + (2 if lines else 0)
        if size > most_bytes:
            break
        lines.append(line)
        digests.append(digest)
    if rows and not lines:
        raise RowTooLarge(f"a row is larger than {most_bytes} bytes")
    content = _OPENING + b",".join(lines) + _BETWEEN + b",".join(digests) + _CLOSING
    return AgencyFile(content, len(lines))


def pays(layout: RowLayout[RowT], content: bytes, rows: Sequence[RowT]) -> bool:
    """Whether a file pays exactly these rows: whom, what for and to which account, whatever else a release changes."""
    try:
        written = [{name: line[name] for name in layout.paid} for line in json.loads(content)["lignesTelechargement"]]
    except (ValueError, LookupError, TypeError):
        return False
    due = [layout.line(number, row) for number, row in enumerate(rows, start=1)]
    return written == [{name: line[name] for name in layout.paid} for line in due]


def day(on: date) -> str:
    """Write a date in the agency's way."""
    return f"{on:%d/%m/%Y}"


def decimal(value: Decimal) -> str:
    """Write hours or euros with two decimals, in the agency's way."""
    return f"{value:.2f}".replace(".", ",")


def holder(written: str, number: str) -> str:
    """The name of the account's holder; one stored before that has no letter is seen as such, and logged."""
    name = latin_capitals(written, HOLDER_LENGTH)
    if has_letter(name):
        return name
    _log.error("holder_without_letters", number=number)
    return UNREADABLE_HOLDER


def _json(value: Fields) -> bytes:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode()
