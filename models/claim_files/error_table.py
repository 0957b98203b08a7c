"""The errors of a file of a claim as a table for spreadsheets, to correct the file beside it.

UTF-8 with its mark, `;`, CRLF. What was read is masked as it is stored; whatever a workbook would take for a formula is
preceded by an apostrophe.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final
from unicodedata import normalize

from models.claim_files.faults import Fault

MARK: Final = "\ufeff"
HEADER: Final = ("ligne", "colonne", "code", "lu", "erreur", "que faire")
_FORMULA_STARTS: Final = ("=", "+", "-", "@")


def write(faults: Iterable[Fault]) -> Iterator[str]:
    """Iterate over the lines of the table, header first."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    mark = MARK
    for row in chain([HEADER], map(_row, faults)):
        writer.writerow(row)
        yield mark + written.getvalue()
        mark = ""
        written.seek(0)
        written.truncate()


def _row(fault: Fault) -> tuple[str, ...]:
    sentence = " ".join(filter(None, (fault.code.label, fault.detail)))
    line = str(fault.line) if fault.line else ""
    return line, _text(fault.column), fault.code.value, _text(fault.shown), _text(sentence), fault.code.advice


def _text(value: str) -> str:
    return f"'{value}" if normalize("NFKC", value).lstrip().startswith(_FORMULA_STARTS) else value
