"""Files of claims through the program that ships: read within its limits, and hostile ones refused within them."""

import struct
import zlib

import pytest

from models.claim_files.profile import ReadingContext
from models.claim_files.reading import ClaimFile, UnreadableFile, read
from models.claim_files.refusals import RefusalCode
from tests.examining.claims.files import LINES, objects, sheet, table
from tests.examining.claims.workbooks import MAIN, parts, zipped
from tests.examining.conftest import Listening

SHEET = "xl/worksheets/sheet1.xml"
MEBIBYTE = 1024 * 1024


def reading(examining: Listening, content: bytes) -> ClaimFile:
    return read(examining.client, content, ReadingContext(month="2021-06"))


def refusal(examining: Listening, content: bytes) -> tuple[RefusalCode, int | None]:
    with pytest.raises(UnreadableFile) as refused:
        reading(examining, content)
    return refused.value.code, refused.value.line


@pytest.mark.parametrize(
    "content",
    [table().encode(), table().encode("cp1252"), table(separator=",").encode("utf-16"), sheet(), objects().encode()],
    ids=["utf-8", "cp1252", "utf-16", "xlsx", "json"],
)
def test_each_format_is_read_by_a_process_that_can_open_nothing(content: bytes, examining: Listening) -> None:
    found = reading(examining, content)
    assert [line.nir for line in found.lines()] == [line.split("|")[4] for line in LINES]
    assert [line.idle for line in found.lines()] == [27.5, 35, 0]


def bomb(size: int) -> bytes:
    """Return a workbook whose sheet states a small size and inflates to more: only its bytes tell."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    chunks = [packer.compress(b" " * MEBIBYTE) for _ in range(size // MEBIBYTE)]
    packed = b"".join([*chunks, packer.flush()])
    whole = bytearray(zipped({**parts({"A": [["nir"]]}), "xl/worksheets/sheet2.xml": b""}))
    name = b"xl/worksheets/sheet2.xml"
    at = whole.rindex(name)  # in the directory at the end: sizes stand before the name
    local = whole.index(name) - 30
    for place in (at - 46 + 20, local + 18):
        struct.pack_into("<II", whole, place, len(packed), 1000)
    struct.pack_into("<H", whole, at - 46 + 10, 8)
    struct.pack_into("<H", whole, local + 8, 8)
    begin = local + 30 + len(name)
    end = whole.index(b"PK\x01\x02")
    made = whole[:begin] + packed + whole[end:]
    struct.pack_into("<I", made, made.rindex(b"PK\x05\x06") + 16, end - begin + len(packed) + begin)
    return bytes(made)


def test_a_bomb_that_states_a_small_size_is_refused(examining: Listening) -> None:
    content = bomb(256 * MEBIBYTE)
    assert len(content) < MEBIBYTE
    assert refusal(examining, content)[0] in (RefusalCode.WORKBOOK_BROKEN, RefusalCode.UNREADABLE)


def test_a_table_that_would_fill_the_memory_is_refused_within_it(examining: Listening) -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="299999"><c r="ZZ299999"><v>1</v></c></row>'
    content = zipped(
        {**parts({"A": [["nir"]]}), SHEET: f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'}
    )
    assert refusal(examining, content) == (RefusalCode.UNREADABLE, None)


def test_a_million_columns_are_refused(examining: Listening) -> None:
    row = f"<row>{'<c><v>1</v></c>' * 1_000_000}</row>"
    wide = zipped(
        {**parts({"A": [["nir"]]}), SHEET: f'<worksheet xmlns="{MAIN}"><sheetData>{row}</sheetData></worksheet>'}
    )
    assert refusal(examining, wide)[0] in (RefusalCode.NO_HEADER, RefusalCode.TOO_MANY_COLUMNS)
    assert (
        refusal(examining, table().replace("\n", ";x" * 1_000_000 + "\n", 1).encode())[0] is RefusalCode.LINE_TOO_LONG
    )


def test_entities_of_a_workbook_are_refused(examining: Listening) -> None:
    hostile = f'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><worksheet xmlns="{MAIN}">&b;</worksheet>'
    assert refusal(examining, zipped({**parts({"A": [["nir"]]}), SHEET: hostile}))[0] is RefusalCode.WORKBOOK_ENTITIES


def test_one_line_of_sixty_megabytes_is_refused(examining: Listening) -> None:
    assert refusal(examining, table().encode() + b"x" * 60 * MEBIBYTE) == (RefusalCode.LINE_TOO_LONG, 5)


def test_a_file_beyond_the_limit_is_refused_before_it_is_sent(examining: Listening) -> None:
    assert refusal(examining, b"x" * (64 * MEBIBYTE + 1))[0] is RefusalCode.TOO_LARGE
