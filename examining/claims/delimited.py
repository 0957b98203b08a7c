"""Tables in text: the separator and the header are found together, rows are read one at a time."""

import csv
from collections.abc import Iterator
from itertools import islice
from operator import itemgetter
from typing import Final

from examining.claims import header_rows, texts
from examining.claims.columns import MAX_HEADER_ROW, MIN_RECOGNISED, Reader
from examining.claims.refused import FileRefused
from examining.claims.rows import Row
from models.claim_files.refusals import RefusalCode

SEPARATORS: Final = (";", ",", "\t", "|")


def rows(text: str, separator: str) -> Iterator[Row]:
    """Iterate over the rows of a text; a row has the number of its first line.

    Raises `FileRefused` for a line that is too long and for a quotation mark that is not closed.
    """
    lines = texts.lines_of(text)
    read = csv.reader(lines, delimiter=separator, strict=False)
    begin = 1
    try:
        for cells in read:
            yield begin, cells
            begin = lines.number + 1
    except csv.Error as wrong:  # a field longer than any, most often behind an open quotation mark
        raise FileRefused(RefusalCode.QUOTES, begin) from wrong


def find(text: str, reader: Reader) -> tuple[str, Row]:
    """Return the separator and the header row, by which the most columns are recognised; raises `FileRefused`."""
    found = [(*header_rows.best(_first(text, separator), reader), separator) for separator in SEPARATORS]
    score, row, separator = max(found, key=itemgetter(0))
    if score < MIN_RECOGNISED:
        raise FileRefused(RefusalCode.NO_HEADER)
    return separator, row


def _first(text: str, separator: str) -> Iterator[Row]:
    try:
        yield from islice(rows(text, separator), MAX_HEADER_ROW)
    except FileRefused as refused:
        if refused.code is not RefusalCode.QUOTES:  # those are of another separator, perhaps
            raise
