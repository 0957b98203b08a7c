"""Claims and authorizations of the pure model, and what claims add up to: years and weeks of people."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from law.calendar import add_months
from law.decision import Terms
from models.claim_labels import ClaimState
from models.store.claims.staging import StagedPerson

ZERO: Final = Decimal(0)
LEGAL: Final = Decimal(35)
Years = dict[tuple[bytes, str, int], tuple[Decimal, Decimal]]
"""Person, establishment and year → hours, and those of ground 4."""
Weeks = dict[tuple[bytes, str, date], tuple[Decimal, Decimal]]
"""Person, establishment and Monday → hours and their limit."""


class Line(NamedTuple):
    """What one line says of a week of a person."""

    month: date
    worked: Decimal
    payable: Decimal
    limit: Decimal


@dataclass
class Claim:
    """One version of a month and part; without a state until it is admitted."""

    reference: str
    month: date
    part: int
    people: tuple[StagedPerson, ...]
    structural: bool
    reference_months: int | None
    authorised: tuple[date, date] = (date.min, date.max)
    """First and last day of its month that were authorised when it was staged."""
    state: ClaimState = ClaimState.CHECKED
    version: int | None = None
    late: bool = False
    ended_late: bool = False
    """Whether its last step came after the forfeiture."""
    visa: str = ""

    @property
    def place(self) -> tuple[str, date, int]:
        """Of which one version stands."""
        return self.reference, self.month, self.part

    @property
    def hours(self) -> Decimal:
        return sum((hours for each in self.people for hours in payable(each)), ZERO)

    @property
    def cents(self) -> int:
        return sum(each.allowance_cents for each in self.people)

    def limit(self, person: StagedPerson) -> Decimal:
        """The most hours of a week of a person, as this claim states it."""
        contract = person.terms.contract_hours
        return contract if self.structural else min(contract, LEGAL)


def payable(person: StagedPerson) -> Iterator[Decimal]:
    yield from (week.payable for week in person.weeks.values())


@dataclass
class Authorization:
    """What an authorization gives, and amendments that were accepted and are not counted yet."""

    siret: str
    of_ground_4: bool
    terms: Terms
    accepted: list[Terms] = field(default_factory=list)

    def days(self, month: date) -> tuple[date, date]:
        """The first and the last day of a month in the period; the last is before the first if there is none."""
        last = add_months(month, 1) - timedelta(days=1)
        return max(month, self.terms.start_on), min(last, self.terms.end_on)


def years(authorizations: Mapping[str, Authorization], claims: Iterable[Claim]) -> Years:
    """Add up the years of everybody in some claims."""
    found: defaultdict[tuple[bytes, str, int], tuple[Decimal, Decimal]] = defaultdict(lambda: (ZERO, ZERO))
    for each in claims:
        of = authorizations[each.reference]
        for person in each.people:
            key, hours = (person.blind, of.siret, each.month.year), sum(payable(person), ZERO)
            whole, own = found[key]
            found[key] = whole + hours, own + (hours if of.of_ground_4 else ZERO)
    return {key: hours for key, hours in found.items() if hours[0]}


def weeks(authorizations: Mapping[str, Authorization], claims: Iterable[Claim]) -> Weeks:
    """Add up the weeks of everybody in some claims, with the highest limit that a paid line has."""
    return {
        key: (sum((each.payable for each in lines), ZERO), max(each.limit for each in _limited(lines) if each.payable))
        for key, lines in lines_of(authorizations, claims).items()
        if any(each.payable for each in lines)
    }


def lines_of(
    authorizations: Mapping[str, Authorization], claims: Iterable[Claim]
) -> dict[tuple[bytes, str, date], list[Line]]:
    """Return the lines of claims by person, establishment and Monday."""
    found = defaultdict(list)
    for claim in claims:
        for person in claim.people:
            for monday, week in person.weeks.items():
                key = (person.blind, authorizations[claim.reference].siret, monday)
                found[key].append(Line(claim.month, week.worked, week.payable, claim.limit(person)))
    return found


def blinds(*claims: Claim) -> set[bytes]:
    return {person.blind for each in claims for person in each.people}


def _limited(lines: list[Line]) -> list[Line]:
    """Lines of a week with the limits that hold: hours above the legal ones only where every line has them."""
    if min((each.limit for each in lines if each.payable), default=LEGAL) > LEGAL:
        return lines
    return [each._replace(limit=min(each.limit, LEGAL)) for each in lines]


def is_above(lines: list[Line]) -> bool:
    """Whether the hours under some limit, paid, and worked once a month, are above it."""
    worked: dict[date, tuple[Decimal, Decimal]] = {}
    for each, limited in zip(lines, _limited(lines), strict=True):
        most = worked.get(each.month)
        if most is None or (-each.worked, limited.limit) < (-most[0], most[1]):
            worked[each.month] = each.worked, limited.limit
    for limit in {each.limit for each in _limited(lines) if each.payable}:
        paid = sum((each.payable for each in _limited(lines) if each.limit <= limit), ZERO)
        if paid + sum((hours for hours, own in worked.values() if own <= limit), ZERO) > limit:
            return True
    return False
