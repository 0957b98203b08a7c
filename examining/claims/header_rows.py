"""Which row of a table is its header, or which two: weeks may stand above the columns of their hours.

Of two rows the upper one names a week once, over as many columns as are left blank beside it, as merged cells are
written; the lower one says « travaillées » or « chômées ». They are read as one row (« travaillées S26 »).
"""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import zip_longest
from typing import Final

from examining.claims.columns import DAYS_OF_A_WIDE_TABLE, Reader, names_a_week, names_hours
from examining.claims.headers import names_a_day, recognised
from examining.claims.rows import Row
from models.claim_files.fields import Field

HOURS_OF_A_WEEK: Final = 2
"""Columns of the hours of one week: a table with two header rows has those of one at least."""


def best(rows: Iterable[Row], reader: Reader) -> tuple[int, Row]:
    """Return how many columns the header among some rows is recognised by, and the header; (0, nothing) of no row."""
    first = list(rows)
    scores = [reader.score(cells) for _, cells in first]
    if not scores:
        return 0, (0, [])
    at = scores.index(max(scores))
    pairs = [(first[upper], first[upper + 1]) for upper in (at - 1, at) if 0 <= upper < len(first) - 1]
    both = next((row for upper, lower in pairs if (row := _both(upper, lower, reader.month))), None)
    return scores[at], both or first[at]


def _both(upper: Row, lower: Row, month: date | None) -> Row | None:
    """Return two rows as one, at the line of the lower one; None if they are not the two rows of a header."""
    has_days = sum(map(names_a_day, lower[1])) >= DAYS_OF_A_WIDE_TABLE
    if any(recognised(each) is Field.WEEK for each in lower[1]) and not has_days:
        return None
    cells = _joined(upper[1], lower[1], month)
    of_weeks = sum(
        names_hours(below) and names_a_week(cell, month) for cell, below in zip(cells, lower[1], strict=False)
    )
    return (lower[0], cells) if has_days or of_weeks >= HOURS_OF_A_WEEK else None


def _joined(upper: Sequence[str], lower: Sequence[str], month: date | None) -> list[str]:
    """Join each cell of the lower row with what stands above it; blank ones beyond the lower row are left out.

    Only « travaillées » and « chômées » take a week: below names of columns, numbers are hours of the first employee.
    A merged cell is written above the first of its columns: what stands above others (« Mois », « 06/2021 » in a title)
    is the week of none.
    """
    joined, last = list[str](), ""
    for above, below in zip_longest(upper, lower, fillvalue=""):
        if above.strip():
            last = above if names_hours(below) else ""
        of_week = f"{below} {last}"
        if names_hours(below) and names_a_week(of_week, month):
            joined.append(of_week)
        else:
            joined.append(below if below.strip() else above)
    while len(joined) > len(lower) and not joined[-1].strip():
        joined.pop()
    return joined
