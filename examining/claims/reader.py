"""A file of a claim as a whole: its format by its bytes, then its lines and faults, or why it is refused."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from pydantic import BaseModel, ConfigDict

from examining import formats, pdf_start, png, tables
from examining.claims import delimited, dsn, dsn_people, json_lines, texts, workbook
from examining.claims.columns import Columns, Reader
from examining.claims.outcome import Outcome
from examining.claims.refused import FileRefused
from examining.claims.rows import Row, RowReader
from models.claim_files.faults import FaultCode
from models.claim_files.fields import Field, FileFormat, Layout
from models.claim_files.profile import ReadingContext
from models.claim_files.refusals import RefusalCode
from models.claim_files.verdict import MAX_COLUMNS, ClaimVerdict, HeaderShape

ARCHIVE: Final = b"PK\x03\x04"
COMPOUND: Final = b"\xd0\xcf\x11\xe0"
"""Begins workbooks of before 2007, and those that a password protects."""
OTHERS: Final = (pdf_start.HEADER, png.START, b"\xff\xd8\xff")
"""Begin files that are attached to requests, and hold no claim."""


class Context(BaseModel):
    """What the program is told of the claim."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reading: ReadingContext
    unlisted: frozenset[Field] = frozenset()
    """Data that the list of R. 5122-21 does not name for this claim."""

    @property
    def month(self) -> date | None:
        """First day of the month claimed."""
        return date.fromisoformat(f"{self.reading.month}-01") if self.reading.month else None

    @property
    def headers(self) -> Reader:
        """What recognises headers."""
        return Reader(self.month, self.unlisted, self.reading.profile)


def read(content: bytes, context: Context) -> ClaimVerdict:
    """Read a file; a file that is refused has a verdict too."""
    csv.field_size_limit(texts.MAX_LINE_CHARACTERS)
    try:
        return _read(content, context).verdict()
    except FileRefused as refused:
        return ClaimVerdict(refusal=refused.code, at_line=refused.line, at=refused.at[:MAX_COLUMNS])


def _read(content: bytes, context: Context) -> Outcome:
    if not content.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise FileRefused(RefusalCode.EMPTY)
    if content.startswith(ARCHIVE):
        return _workbook(content, context)
    if content.startswith(COMPOUND):
        raise FileRefused(RefusalCode.OLD_WORKBOOK)
    if content.startswith(OTHERS) or (content[:2] not in tables.MARKS and formats.of_bytes(content)):
        raise FileRefused(RefusalCode.TYPE)
    text = texts.text_of(content)
    begin = text[:1024].lstrip()
    if begin.startswith(dsn_people.START):
        outcome = Outcome(FileFormat.DSN)
        dsn.read(text, outcome, context.month, context.reading.siret)
        return outcome
    if begin.startswith(("{", "[")):
        return _json(text, context)
    return _delimited(text, context)


def _delimited(text: str, context: Context) -> Outcome:
    separator, header = delimited.find(text, context.headers)
    below = (row for row in delimited.rows(text, separator) if row[0] > header[0])
    return _table(Outcome(FileFormat.CSV), header, below, context)


def _workbook(content: bytes, context: Context) -> Outcome:
    header, below = workbook.table(content, context.headers)
    return _table(Outcome(FileFormat.XLSX), header, below, context)


def _table(outcome: Outcome, header: Row, below: Iterable[Row], context: Context) -> Outcome:
    columns = context.headers.columns(header[1], header[0])
    outcome.headers, outcome.layout = columns.headers, columns.layout
    _rows(columns, outcome, context).read(below)
    return _with_lines(outcome)


def _json(text: str, context: Context) -> Outcome:
    """Read objects as the rows of a table whose columns are all the fields that may be read."""
    outcome, unknown = Outcome(FileFormat.JSON), dict[str, None]()
    columns = _members(context.unlisted)
    _rows(columns, outcome, context).read(_objects(text, outcome, unknown, context.unlisted))
    outcome.layout = Layout.LONG
    outcome.headers = (*columns.headers, *_unknown(unknown, context))
    return _with_lines(outcome)


def _with_lines(outcome: Outcome) -> Outcome:
    """Return what was read, if there are lines: a claim of nobody is an export that failed."""
    if not outcome.total:
        raise FileRefused(RefusalCode.NO_LINES)
    return outcome


def _members(unlisted: frozenset[Field]) -> Columns:
    shapes = tuple(
        HeaderShape(name=member, number=at + 1, field=Field.of(member)) for at, member in enumerate(json_lines.MEMBERS)
    )
    by_field = {each.field: each.number - 1 for each in shapes if each.field and each.field not in unlisted}
    return Columns(json_lines.MEMBERS, by_field, None, (), tuple(each for each in shapes if each.field not in unlisted))


def _objects(text: str, outcome: Outcome, unknown: dict[str, None], unlisted: frozenset[Field]) -> Iterator[Row]:
    """Iterate over the objects; members that are not read are noted in `unknown`."""
    for line, item in enumerate(json_lines.objects(text), 1):
        cells = json_lines.cells(item)
        if cells is None or not any(cells):
            outcome.count(line)
            outcome.fault(FaultCode.LINE_LENGTH, line)
            continue
        if len(unknown) < MAX_COLUMNS // 2:
            unknown.update(dict.fromkeys(json_lines.unread(item, unlisted)))
        yield line, cells


def _unknown(names: Iterable[str], context: Context) -> list[HeaderShape]:
    found = [context.headers.unread(len(json_lines.MEMBERS) + at, name) for at, name in enumerate(names)]
    return found[: MAX_COLUMNS - len(json_lines.MEMBERS)]


def _rows(columns: Columns, outcome: Outcome, context: Context) -> RowReader:
    profile, direct = context.reading.profile, context.reading.payee == "employees"
    return RowReader(columns, outcome, context.month, profile, direct=direct)
