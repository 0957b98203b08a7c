"""A grid of people and weeks as a form carries it: nothing of it is kept anywhere until the claim is filed.

Few people are shown at once, so that a page stays light; the others travel folded in one hidden field each. A field is
named by the number of its person from 1 and its value: `p3.nir`, `p3.w0` and `p3.i0` for the hours of the first week.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, urlencode

from law.texts import number_in_french
from models.claim_files.fields import Field
from models.claim_files.lines import PrefilledPerson
from starter.pages.components.typed import hours
from starter.services.claim_grids import MAX_PEOPLE, GridWeek
from starter.services.claim_schemas import PersonView

SHOWN: Final = 5
"""People shown at once."""
MAX_VALUE: Final = 100
"""Characters of a value; no name of the model is longer."""
REMOVED: Final = "out"
_PLAIN_HOURS: Final = re.compile(r"\d{1,6}(?:\.\d{1,2})?", re.ASCII)
DSN: Final = "dsn"
"""Field of the DSN that a grid begins with, and, of a person, of the hours idle that it states."""
OF_PERSON: Final = (
    Field.FAMILY_NAME,
    Field.USAGE_NAME,
    Field.FIRST_NAME,
    Field.NIR,
    Field.CATEGORY,
    Field.MODE,
    Field.CONTRACT_HOURS,
    Field.HOURLY_GROSS,
    Field.APPRENTICE,
)
"""Values of a person, in the order in which they are asked: those of list A of R. 5122-21."""
Person = dict[str, str]
"""What is typed of a person, by the name of each value; nothing of what is empty."""


class TooManyPeople(ValueError):
    """More people than a grid holds."""


@dataclass(frozen=True)
class Grid:
    """The people of a grid, and the place of the first one that is shown."""

    people: tuple[Person, ...]
    first: int = 0

    @property
    def shown(self) -> dict[int, Person]:
        """People that are shown, by their numbers."""
        return {at + 1: self.people[at] for at in range(self.first, min(self.first + SHOWN, len(self.people)))}

    @property
    def folded(self) -> dict[str, str]:
        """The other people, each in one field."""
        return {name: value for name, value in self.all_folded.items() if int(name[1:]) not in self.shown}

    @property
    def all_folded(self) -> dict[str, str]:
        """Every person, each in one field."""
        return {f"p{number}": urlencode(each) for number, each in enumerate(self.people, start=1)}

    @property
    def screens(self) -> list[tuple[int, int]]:
        """First and last number of the people of each screen."""
        count = len(self.people)
        return [(at + 1, min(at + SHOWN, count)) for at in range(0, count, SHOWN)]

    def kept(self) -> "Grid":
        """Return the grid without the people to be removed."""
        people = tuple(each for each in self.people if REMOVED not in each)
        return Grid(people or ({},)).showing(self.first + 1)

    def showing(self, number: int) -> "Grid":
        """Return the grid at the screen of a person."""
        at = max(min(number, len(self.people)), 1) - 1
        return Grid(self.people, at - at % SHOWN)

    def plus_one(self) -> "Grid":
        """Return the grid with one more person, at their screen; raises `TooManyPeople`."""
        if len(self.people) >= MAX_PEOPLE:
            raise TooManyPeople
        return Grid((*self.people, {})).showing(len(self.people) + 1)


def typed_grid(fields: Mapping[str, str]) -> Grid:
    """Return the grid of a form, with the people that it removes; raises ValueError for one that no page sends."""
    people: dict[int, Person] = {}
    for name, value in fields.items():
        place, _, of_person = name.partition(".")
        number = int(place[1:]) if place[:1] == "p" and place[1:].isascii() and place[1:].isdigit() else 0
        if number and of_person:
            people.setdefault(number, {})[of_person] = value
        elif number:
            people.setdefault(number, {}).update(parse_qsl(value, max_num_fields=SHOWN * MAX_PEOPLE))
    if len(people) > MAX_PEOPLE:
        raise TooManyPeople
    typed = tuple(people[number] for number in sorted(people))
    return Grid(typed or ({},)).showing(_number(fields.get("first", "")) or 1)


def known_grid(people: Sequence[PersonView], weeks: Sequence[GridWeek], *, with_hours: bool) -> Grid:
    """Return the grid that begins with people of a version."""
    return Grid(tuple(_known(each, weeks if with_hours else ()) for each in people) or ({},))


def dsn_grid(people: Sequence[PrefilledPerson]) -> Grid:
    """Return the grid that begins with people of a DSN: their hours are to be spread over weeks."""
    return Grid(tuple(map(_of_dsn, people)) or ({},))


class DsnHours(NamedTuple):
    """Hours idle of a person: what the DSN states of the month, and what is typed so far."""

    stated: Decimal
    typed: Decimal


def dsn_hours(person: Person, weeks: Sequence[GridWeek]) -> DsnHours | None:
    """Return what a DSN states of a person beside what is typed; None without one, or while a value is no number."""
    texts = [person.get(DSN, ""), *(hours(person.get(f"i{week.number}") or "0") for week in weeks)]
    if not all(map(_PLAIN_HOURS.fullmatch, texts)):
        return None
    stated, *typed = map(Decimal, texts)
    return DsnHours(stated, sum(typed, Decimal(0)))


def rows(grid: Grid, weeks: Sequence[GridWeek]) -> Iterator[tuple[int, int, dict[str, object]]]:
    """Yield the lines of a claim: number of the person, number of the week, members of the line."""
    for number, person in enumerate(grid.people, start=1):
        first = weeks[0].number if not has_hours(person, weeks) else None  # its other values are checked all the same
        stated: dict[str, object] = {each.value: person.get(each.value, "") for each in OF_PERSON}
        stated |= {each.value: hours(person.get(each.value, "")) for each in (Field.CONTRACT_HOURS, Field.HOURLY_GROSS)}
        stated[Field.APPRENTICE.value] = Field.APPRENTICE.value in person
        for week in weeks:
            worked, idle = person.get(f"w{week.number}"), person.get(f"i{week.number}")
            if worked or idle or week.number == first:
                of_week = {"week": week.monday.isoformat(), "worked": hours(worked or "0"), "idle": hours(idle or "0")}
                yield number, week.number, stated | of_week


def has_hours(person: Person, weeks: Sequence[GridWeek]) -> bool:
    """Whether hours of a week are typed of a person."""
    return any(person.get(f"{kind}{week.number}") for week in weeks for kind in "wi")


def name_of(person: Person, number: int) -> str:
    """Return how a person is called: « Salarié 2, Anne Martin »; long names are cut, as a page repeats them often."""
    names = " ".join(filter(None, (person.get("first_name"), person.get("usage_name") or person.get("family_name"))))
    return f"Salarié {number}, {names[:MAX_VALUE]}" if names else f"Salarié {number}"


def _of_dsn(person: PrefilledPerson) -> Person:
    stated = {
        "family_name": person.family_name,
        "usage_name": person.usage_name,
        "first_name": person.first_name,
        "nir": person.nir,
        "category": person.category.value,
        "mode": person.mode,
        "contract_hours": number_in_french(person.contract_hours) if person.contract_hours else "",
        "apprentice": "yes" if person.apprentice else "",
        DSN: str(person.idle),
    }
    return {name: value for name, value in stated.items() if value}


def _known(person: PersonView, weeks: Sequence[GridWeek]) -> Person:
    stated = {each.value: getattr(person, each.value) or "" for each in OF_PERSON if each is not Field.APPRENTICE}
    stated["category"], stated["mode"] = person.category.value, person.mode.value
    stated["contract_hours"] = number_in_french(person.contract_hours)
    stated["hourly_gross"] = number_in_french(person.hourly_gross) if person.hourly_gross is not None else ""
    stated["apprentice"] = "yes" if person.apprentice else ""
    known = {each.week: each for each in person.weeks}
    for week in weeks:
        if (found := known.get(week.monday)) is not None:
            stated[f"w{week.number}"] = number_in_french(found.worked)
            stated[f"i{week.number}"] = number_in_french(found.idle)
    return {name: value for name, value in stated.items() if value}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < len(str(MAX_PEOPLE)) + 1 else 0
