"""« Page précédente » and « page suivante » of a list.

A cursor leads forward only: the address carries those of the pages before, so that a link leads back to each of them
as it was, like the browser's history. A list that is read whole is shown by parts, so that no page is too heavy.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final, Generic, NamedTuple, TypeVar
from urllib.parse import urlencode

Item = TypeVar("Item")
TRAIL: Final = "trail"
"""Parameter of an address: the cursors of the pages before, without the first page, which has none."""
SEPARATOR: Final = "~"
MAX_TRAIL: Final = 10
"""Pages that one goes back through, one by one; before them, the link leads to the first page."""
_CURSOR: Final = re.compile(r"[0-9A-Za-z.-]{1,64}", re.ASCII)
_FROM: Final = re.compile(r"[0-9]{1,6}", re.ASCII)


class PageLinks(NamedTuple):
    """Addresses of the pages around one; empty when there is none."""

    previous: str
    next: str


class ListPart(NamedTuple, Generic[Item]):
    """Some rows of a list that was read whole, and the links of its other parts."""

    rows: Sequence[Item]
    links: PageLinks


def list_part(
    rows: Sequence[Item], path: str, stated: Mapping[str, str], size: int, parameter: str, kept: Sequence[str] = ()
) -> ListPart[Item]:
    """Return the part of a list that begins at the row whose number `stated` gives under `parameter`.

    Links keep the parameters of the address named in `kept`.
    """
    written = stated.get(parameter, "")
    first = int(written) // size * size if _FROM.fullmatch(written) and int(written) < len(rows) else 0
    others = {name: stated[name] for name in kept if name in stated}

    def to(row: int) -> str:
        return _address(path, others | ({parameter: str(row)} if row else {}))

    last = first + size >= len(rows)
    links = PageLinks(to(first - size) if first else "", "" if last else to(first + size))
    return ListPart(rows[first : first + size], links)


def page_links(
    path: str,
    kept: Mapping[str, str],
    stated: Mapping[str, str],
    following: str | int | None,
    parameter: str = "cursor",
) -> PageLinks:
    """Return the links of a page of a list.

    `kept` are its filters, `stated` the parameters of its address, `following` the cursor of the next page if there is
    one, `parameter` the one that carries a cursor.
    """
    cursor = stated.get(parameter, "")
    trail = [each for each in stated.get(TRAIL, "").split(SEPARATOR) if _CURSOR.fullmatch(each)][-MAX_TRAIL:]

    def to(target: str, before: list[str]) -> str:
        place = {parameter: target} if target else {}
        place |= {TRAIL: SEPARATOR.join(before[-MAX_TRAIL:])} if before else {}
        return _address(path, {**kept, **place})

    back = to(trail[-1] if trail else "", trail[:-1]) if cursor else ""
    return PageLinks(back, to(str(following), [*trail, cursor] if cursor else []) if following else "")


def _address(path: str, parameters: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(parameters)}" if parameters else path
