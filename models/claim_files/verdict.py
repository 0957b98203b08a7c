"""What the program `examining` answers of a file of a claim: lines that were read, as text of closed forms.

Lines go as one text rather than as objects: 100,000 of them take 12 MB instead of 200. Like the drawings of a file,
they quote it; each is matched against the form of its values before it is believed.
"""

import re
from typing import Annotated, Final

from pydantic import Field as Constraint

from models.claim_files.faults import FaultCode
from models.claim_files.fields import Category, Field, FileFormat, Layout
from models.claim_files.refusals import RefusalCode
from models.examination.shapes import Kind, Shape

MAX_FILE_BYTES: Final = 64 * 1024 * 1024
MAX_LINES: Final = 300_000
MAX_FAULTS: Final = 10_000
"""Faults that are returned; all are counted."""
MAX_COLUMNS: Final = 500
MAX_SHOWN: Final = 60
"""Characters of a header or a value that is shown."""
SEPARATOR: Final = "|"
"""Between the values of a line: no value has it."""

_Shown = Annotated[str, Constraint(max_length=MAX_SHOWN, pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$")]
_Number = Annotated[int, Constraint(ge=0, le=100_000_000)]

_TEXT: Final = r"[^|\x00-\x1f\x7f-\x9f\u2028\u2029]"
_HOURS: Final = r"\d{1,6}(?:\.\d{1,2})?"
_PERSON: Final = (
    rf"\d{{6}}[\dAB]\d{{8}}\|{_TEXT}{{0,80}}\|{_TEXT}{{0,80}}\|{_TEXT}{{0,80}}\|(?:{'|'.join(Category)})\|(?:0[1-9]|10)"
)
_DAY: Final = r"2\d\d\d-\d\d-\d\d"
_PAYEE: Final = (
    rf"\|{_TEXT}{{1,80}}\|{_TEXT}{{1,20}}\|[12]\d\d\d-\d\d-\d\d\|[\dAB]{{5}}\|{_TEXT}{{1,200}}\|\d{{5}}\|{_TEXT}{{1,80}}"
    r"\|[A-Z0-9]{14,34}"
)
_WAGE: Final = r"(?:\d{1,6}(?:\.\d{1,4})?)?"
LINE: Final = re.compile(
    rf"\d{{1,9}}\|{_DAY}\|{_HOURS}\|{_HOURS}\|{_PERSON}\|{_HOURS}\|{_WAGE}\|[01](?:{_PAYEE})?", re.ASCII
)
"""`line|week|worked|idle|nir|family|usage|first|category|mode|contract|gross|apprentice`, then eight of a payee."""
PERSON: Final = re.compile(rf"\d{{1,9}}\|{_DAY}\|{_HOURS}\|{_PERSON}\|(?:{_HOURS})?\|[01]", re.ASCII)
"""`line|month|idle|nir|family|usage|first|category|mode|contract|apprentice`."""


class FaultShape(Shape):
    """See `models.claim_files.faults.Fault`."""

    code: FaultCode
    line: _Number
    column: _Shown = ""
    shown: _Shown = ""


class HeaderShape(Shape):
    """A column: what was recognised in it, or a guess."""

    name: _Shown
    number: _Number
    field: Field | None = None
    week: Annotated[str, Constraint(pattern=r"^(2\d\d\d-\d\d-\d\d)?$")] = ""
    """Monday of a column of a wide table."""
    guess: Field | None = None
    """What an unknown header resembles, or what an unlisted one holds."""
    unlisted: bool = False
    """Whether it holds data that the list of R. 5122-21 does not name."""
    ignored: bool = False
    """Whether the import profile says not to read it."""


class ClaimVerdict(Shape):
    """What was read, or why the file is refused whole."""

    refusal: RefusalCode | None = None
    at_line: _Number = 0
    at: Annotated[tuple[_Shown, ...], Constraint(max_length=MAX_COLUMNS)] = ()
    """Columns or cells of the refusal."""
    format: FileFormat = FileFormat.CSV
    layout: Layout | None = None
    headers: Annotated[tuple[HeaderShape, ...], Constraint(max_length=MAX_COLUMNS)] = ()
    total: _Number = 0
    fault_count: _Number = 0
    faults: Annotated[tuple[FaultShape, ...], Constraint(max_length=MAX_FAULTS)] = ()
    signal_count: _Number = 0
    signals: Annotated[tuple[FaultShape, ...], Constraint(max_length=MAX_FAULTS)] = ()
    """What was left out of a DSN, hours of other months and establishments, and pay periods of several months."""
    rows: str = ""
    """Lines without faults, separated by line feeds."""


CLAIM: Final = Kind(
    "claim",
    ClaimVerdict,
    ClaimVerdict(refusal=RefusalCode.UNREADABLE),
    max_bytes=MAX_FILE_BYTES,
    max_answer_bytes=160 * 1024 * 1024,
)
"""A file of a claim. Context: `ReadingContext`, with `unlisted`, the fields that may not be read."""
