"""A file as a whole: the same lines whatever its format, encoding, separator and layout; hostile ones are refused."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.fr import nir as stdnum_nir

from examining.claims.texts import MAX_LINE_CHARACTERS
from models.claim_files.canonical import write
from models.claim_files.fields import Category, Field, FileFormat, Layout
from models.claim_files.lines import ClaimLine
from models.claim_files.reading import as_read
from models.claim_files.refusals import RefusalCode
from tests.examining.claims.files import (
    HEADER,
    LINES,
    ROWS,
    TWO_HEADER_ROWS,
    WIDE_HEADER,
    WIDE_ROWS,
    objects,
    reading,
    row,
    sheet,
    table,
)

ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be")
SEPARATORS = (";", ",", "\t")


def without_numbers(rows: str) -> set[str]:
    """Return lines without their number in the file, which a layout changes."""
    return {each.partition("|")[2] for each in rows.splitlines()}


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_same_lines_in_every_encoding_separator_and_layout(encoding: str, separator: str) -> None:
    long = reading(table(separator=separator).encode(encoding))
    wide = reading(table(WIDE_ROWS, WIDE_HEADER, separator).encode(encoding))
    assert (long.layout, wide.layout) == (Layout.LONG, Layout.WIDE)
    assert tuple(long.rows.splitlines()) == LINES
    assert without_numbers(wide.rows) == without_numbers(long.rows)
    assert (long.fault_count, wide.fault_count) == (0, 0)


def test_the_same_lines_from_a_workbook_and_from_json() -> None:
    found = [reading(sheet()), reading(sheet(WIDE_ROWS, WIDE_HEADER)), reading(objects())]
    assert [each.format for each in found] == [FileFormat.XLSX, FileFormat.XLSX, FileFormat.JSON]
    assert {frozenset(without_numbers(each.rows)) for each in found} == {frozenset(without_numbers("\n".join(LINES)))}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_way(end: str) -> None:
    assert reading(table().replace("\n", end)).rows.splitlines() == [*LINES]


def test_the_same_lines_where_weeks_stand_above_their_columns() -> None:
    above, header = TWO_HEADER_ROWS
    titled = table(WIDE_ROWS, header)
    found = [reading(";".join(above) + "\n" + titled), reading(sheet([header, *WIDE_ROWS], above))]
    assert {frozenset(without_numbers(each.rows)) for each in found} == {frozenset(without_numbers("\n".join(LINES)))}
    assert [(each.layout, each.fault_count) for each in found] == [(Layout.WIDE, 0)] * 2
    assert [each.week for each in found[0].headers if each.week] == ["2021-06-21"] * 2 + ["2021-06-28"] * 2
    assert reading(";".join(above) + "\n" + titled, month=None).refusal is RefusalCode.MONTH_UNKNOWN


def test_json_names_members_that_are_not_read() -> None:
    found = reading('[{"nir": "1", "prenom_usuel": "x", "email": "y", "iban": "z"}]', unlisted=frozenset({Field.IBAN}))
    unread = [(each.name, each.guess, each.unlisted) for each in found.headers if not each.field]
    assert unread == [("prenom_usuel", Field.FIRST_NAME, False), ("email", None, True), ("iban", Field.IBAN, True)]


NAMES = st.from_regex(r"[A-ZÉÈÇ][a-zéèêçœ]{1,10}([ '’-][A-Z][a-zë]{1,8})?", fullmatch=True)
HOURS = st.integers(0, 16_800).map(lambda cents: Decimal(cents) / 100)


@st.composite
def claim_lines(draw: st.DrawFn) -> ClaimLine:
    place = draw(
        st.one_of(st.sampled_from(["2A", "2B"]), st.integers(1, 95).filter(lambda n: n != 20).map("{:02}".format))
    )
    digits = f"{draw(st.sampled_from('12'))}{draw(st.integers(0, 99)):02}{draw(st.integers(1, 12)):02}{place}"
    digits += f"{draw(st.integers(1, 999)):03}{draw(st.integers(1, 999)):03}"
    wage = st.integers(1, 9_999_999).map(lambda tenths: Decimal(tenths) / 10_000)
    return ClaimLine(
        line=0,
        nir=digits + stdnum_nir.calc_check_digits(digits),
        family_name=draw(NAMES),
        usage_name=draw(st.one_of(st.just(""), NAMES)),
        first_name=draw(NAMES),
        category=draw(st.sampled_from(list(Category))),
        mode=f"{draw(st.integers(1, 10)):02}",
        contract_hours=draw(HOURS.filter(bool)),
        week=date(2013, 7, 1) + timedelta(weeks=draw(st.integers(0, 700))),
        worked=draw(HOURS),
        idle=draw(HOURS),
        hourly_gross=draw(st.one_of(st.none(), wage)),
        apprentice=draw(st.booleans()),
    )


@settings(max_examples=30)
@given(st.lists(claim_lines(), min_size=1, max_size=6), st.sampled_from(ENCODINGS[:2] + ENCODINGS[3:]))
def test_what_is_written_back_reads_the_same(lines: list[ClaimLine], encoding: str) -> None:
    found = as_read(reading("".join(write(lines)).encode(encoding), month=None))
    assert found.faults == ()
    assert [line._replace(line=0) for line in found.lines()] == lines


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", RefusalCode.EMPTY),
        (b"\xef\xbb\xbf \r\n", RefusalCode.EMPTY),
        (b"\0" * 1000, RefusalCode.EMPTY),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", RefusalCode.TYPE),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, RefusalCode.TYPE),
        (b"MZ" + b"\0" * 100, RefusalCode.TYPE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000, RefusalCode.OLD_WORKBOOK),
        (b"PK\x03\x04" + b"\0" * 100, RefusalCode.WORKBOOK_BROKEN),
        (b"Madame,\n\nJe vous prie de trouver ci-joint le fichier.\n", RefusalCode.NO_HEADER),
        (b"<html><table><tr><td>nir</td></tr></table></html>", RefusalCode.NO_HEADER),
        (table().replace("Martin", "Mar\0tin").encode(), RefusalCode.NUL),
        (table([*ROWS, row(heures_chomees="27h30")]).encode(), RefusalCode.HOURS_MIXED),
        (table([*ROWS, row(heures_chomees="27.5")]).encode(), RefusalCode.HOURS_MIXED),
        (table().encode() + b"x" * (MAX_LINE_CHARACTERS + 1), RefusalCode.LINE_TOO_LONG),
        (b"x" * 10_000_000, RefusalCode.LINE_TOO_LONG),
        ((";".join(HEADER) + ";x" * 1000).encode(), RefusalCode.TOO_MANY_COLUMNS),
        ((";".join(HEADER) + ";x" * 1_000_000).encode(), RefusalCode.LINE_TOO_LONG),
        (b'{"lines": ' + b"[" * 100_000, RefusalCode.JSON_BROKEN),
        (b"S10.G00.00.001,'x'\nx\n", RefusalCode.DSN_BROKEN),
        (table([]).encode(), RefusalCode.NO_LINES),
        (table([[""] * len(HEADER)]).encode(), RefusalCode.NO_LINES),
        (sheet([]), RefusalCode.NO_LINES),
        (b'{"lines": []}', RefusalCode.NO_LINES),
    ],
    ids=lambda value: str(value)[:20] if isinstance(value, str) else None,
)
def test_files_that_cannot_be_read_are_refused_whole(content: bytes, code: RefusalCode) -> None:
    found = reading(content)
    assert (found.refusal, found.rows, found.total) == (code, "", 0)


def test_more_lines_than_are_read_refuse_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("examining.claims.outcome.MAX_LINES", 2)
    assert reading(table()).refusal is RefusalCode.TOO_MANY_LINES
