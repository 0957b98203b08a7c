"""The identifier of a payment at the bank, which comes back with every answer: at most 35 characters, never used twice.

`034AQHV02-202104-01-02-00000-1` is the first attempt to pay version 2 of part 1 of April 2021, to the establishment;
`…-00012-2` the second one to pay the person of line 12.
"""

import re
from datetime import date
from typing import Final, NamedTuple, Self

MAX_LENGTH: Final = 35
"""Characters of an `EndToEndId` (ISO 20022, Max35Text)."""
_PATTERN: Final = re.compile(
    r"(?P<reference>[0-9]{2}[0-9A-B][A-Z]{4}[0-9]{2})-(?P<month>[0-9]{6})-(?P<part>[0-9]{2,5})-(?P<version>[0-9]{2,3})"
    r"-(?P<person>[0-9]{5,6})-(?P<attempt>[0-9]{1,2})"
)


class EndToEnd(NamedTuple):
    """What an identifier says; `person` is the line of the person, 0 for the establishment."""

    reference: str
    month: date
    part: int
    version: int
    person: int
    attempt: int

    def __str__(self) -> str:
        """Return the identifier; raises ValueError for one that is too long."""
        said = f"{self.reference}-{self.month:%Y%m}-{self.part:02}-{self.version:02}-{self.person:05}-{self.attempt}"
        if len(said) > MAX_LENGTH:
            raise ValueError(said)
        return said

    @classmethod
    def parse(cls, stated: str) -> Self | None:
        """Return what an identifier of ours says, None for any other text."""
        found = _PATTERN.fullmatch(stated)
        if found is None or len(stated) > MAX_LENGTH or not 1 <= int(found["month"][4:]) <= 12:
            return None
        month = date(int(found["month"][:4]) or 1, int(found["month"][4:]), 1)
        part, version, person, attempt = (int(found[each]) for each in ("part", "version", "person", "attempt"))
        read = cls(found["reference"], month, part, version, person, attempt)
        return read if str(read) == stated else None
