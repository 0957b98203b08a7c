"""An establishment as the register of establishments (Sirene) lists it: the record that every source is read into.

Absence is None, never a guess: what the register does not disclose is neither printed nor compared.
"""

from datetime import date, datetime
from typing import Final, Literal

from models.identifiers import Instant, Message, Siret

Source = Literal["sirene", "search"]
"""INSEE's own API, or the public company search, which is the second choice."""
Outcome = Literal["listed", "unknown", "undisclosed"]
"""`undisclosed`: the establishment exists, but the register says nothing of it."""


class Headcount(Message):
    """Tranche d'effectifs: from `least` to `most` employees, both included; `most` is None for the last band."""

    least: int
    most: int | None


BANDS: Final = {
    "00": Headcount(least=0, most=0),
    "01": Headcount(least=1, most=2),
    "02": Headcount(least=3, most=5),
    "03": Headcount(least=6, most=9),
    "11": Headcount(least=10, most=19),
    "12": Headcount(least=20, most=49),
    "21": Headcount(least=50, most=99),
    "22": Headcount(least=100, most=199),
    "31": Headcount(least=200, most=249),
    "32": Headcount(least=250, most=499),
    "41": Headcount(least=500, most=999),
    "42": Headcount(least=1_000, most=1_999),
    "51": Headcount(least=2_000, most=4_999),
    "52": Headcount(least=5_000, most=9_999),
    "53": Headcount(least=10_000, most=None),
}
"""Bands by their code (INSEE). `NN` (no employee, or none known) and any other code are no band: unknown."""


class PostalAddress(Message):
    """Where mail reaches an establishment; `lines` without the commune."""

    lines: tuple[str, ...] = ()
    postcode: str | None = None
    commune: str | None = None
    commune_code: str | None = None
    """INSEE code, which gives the département."""
    country: str | None = None
    """Name of the country, abroad only."""

    @property
    def last_line(self) -> str:
        """Postcode and commune, or commune abroad."""
        return " ".join(filter(None, (self.postcode, self.commune)))

    @property
    def text(self) -> str:
        """The whole address on one line."""
        return ", ".join(filter(None, (*self.lines, self.last_line, self.country)))

    @property
    def is_complete(self) -> bool:
        """Whether a letter would arrive."""
        return bool(self.lines and self.last_line)


class ListedEstablishment(Message):
    """One establishment, as a source lists it."""

    siret: Siret
    listed_as: Siret | None = None
    """The SIRET under which the register lists it, when the one asked for is a duplicate."""
    name: str | None = None
    """As documents print it: name of the firm, then the usual name of the establishment if it has one."""
    address: PostalAddress | None = None
    department: str | None = None
    """From the commune's INSEE code alone; None means unknown, and confirms nothing."""
    state: Literal["active", "ceased"]
    ceased_on: date | None = None
    head_office: bool
    head_office_siret: Siret | None = None
    partly_disclosed: bool = False
    """Diffusion partielle: name or address are withheld."""
    headcount: Headcount | None = None
    treated_at: datetime | None = None
    """`dateDernierTraitement`: when the register last touched this establishment (legal time of Paris, no offset)."""
    source: Source


class DirectoryAnswer(Message):
    """What the register of establishments said of a SIRET, and when it was asked."""

    siret: str
    outcome: Outcome
    listed: ListedEstablishment | None
    source: Source
    asked_at: Instant
    fresh: bool
    """Whether it is still used without asking again."""
