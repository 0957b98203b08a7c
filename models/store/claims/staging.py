"""Lines of a claim are staged under its id before it is admitted: the state `checked`, which no sum counts.

The caller has read the lines, checked them against the law and knows what they are worth; here a person is a blind
index. Many lines go by COPY. What is staged and never admitted is swept after a day (`models.store.operations`).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Final, NamedTuple

from sqlalchemy import Connection, insert, text

from law.claimed_hours import weekly_limit
from law.rates import Sector
from models.store.claims import entitlements
from models.store.claims.people import Terms, other_terms
from models.store.schema.claims import claim

_ZERO: Final = Decimal(0)
BLOCK_PEOPLE: Final = 1_000
"""People of a claim that are held, and copied, at a time."""
MANY_PEOPLE: Final = 2_000
"""People of a claim from which the register learns anew how its lines are spread."""


class StagedWeek(NamedTuple):
    """Hours of the days of a week in the month of the claim; the terms of its line, if not those of the person."""

    worked: Decimal
    """Worked or assimilated."""
    idle: Decimal
    payable: Decimal
    terms: Terms | None = None


class StagedPerson(NamedTuple):
    """One employee of a claim: first line, blind index, terms of it, worth, weeks by their Mondays."""

    n: int
    blind: bytes
    terms: Terms
    allowance_cents: int
    indemnity_cents: int
    weeks: dict[date, StagedWeek]


class StagedClaim(NamedTuple):
    """What a claim states beside its lines; `month` is its first day, `body_digest` that of the lines as read."""

    reference: str
    month: date
    part: int = 1
    structural: bool = False
    sector: Sector = Sector.GENERAL
    holidays_worked: bool | None = None
    monthly_reimbursement: bool = False
    reference_months: int | None = None
    account_id: str | None = None
    body_digest: bytes | None = None


Seal = Callable[[str, int], bytes | None]
"""Returns what names the person of a line, sealed for the claim of this id."""


class NothingClaimed(ValueError):
    """A claim without a payable hour."""


def stage(connection: Connection, stated: StagedClaim, people: Iterable[StagedPerson], seal: Seal) -> str:
    """Stage the lines of a claim, a block of people at a time, and return its id.

    Raises `Unknown`, `AdmissionRefused` without an authorization, BeforeFirstText, and `NothingClaimed` once all lines
    are known: the transaction must then be undone.
    """
    entitlements.open_once(connection, stated.reference)
    claim_id: str = connection.execute(insert(claim).values(stated._asdict()).returning(claim.c.id)).scalar_one()
    staged, is_payable = 0, False
    for block in _blocks(people):
        persons = (_person(claim_id, each, seal) for each in block)
        _copy(connection, f"COPY claim_person ({_OF_PERSON}) FROM STDIN", persons)
        weeks = _weeks(claim_id, block, structural=stated.structural)
        _copy(connection, f"COPY claim_week ({_OF_WEEK}) FROM STDIN", weeks)
        staged += len(block)
        is_payable = is_payable or any(week.payable for each in block for week in each.weeks.values())
    if not is_payable:
        raise NothingClaimed(stated.reference)
    if staged >= MANY_PEOPLE:
        connection.execute(_ANALYZE)
    return claim_id


def _blocks(people: Iterable[StagedPerson]) -> Iterator[tuple[StagedPerson, ...]]:
    left = iter(people)
    while block := tuple(islice(left, BLOCK_PEOPLE)):
        yield block


_ANALYZE: Final = text("ANALYZE claim_person, claim_week")


def list_weeks(connection: Connection, claim_id: str) -> dict[date, list[int]]:
    """Return the weeks of a staged claim, by their Mondays, with the first lines of their people."""
    return {row.week_on: row.lines for row in connection.execute(_WEEKS, {"id": claim_id})}


_WEEKS = text(
    "SELECT week_on, array_agg(n ORDER BY n) AS lines FROM claim_week WHERE claim_id = :id GROUP BY week_on ORDER BY 1"
)


def state_submission(
    connection: Connection, claim_id: str, account_id: str, *, monthly: bool, reference_months: int | None
) -> None:
    """State who submits a staged claim, and what they say of it beside its lines."""
    row = {"id": claim_id, "account": account_id, "monthly": monthly, "months": reference_months}
    connection.execute(_STATE_SUBMISSION, row)


_STATE_SUBMISSION = text(
    "UPDATE claim SET account_id = :account, monthly_reimbursement = :monthly, reference_months = :months"
    " WHERE id = :id AND state = 'checked'"
)
_OF_PERSON: Final = (
    "claim_id, n, blind, payable, allowance_cents, indemnity_cents, sealed, category, mode, contract_hours,"
    " hourly_gross, apprentice"
)
_OF_WEEK: Final = "claim_id, n, week_on, worked, idle, payable, limit_hours, terms"


def drop(connection: Connection, claims: Sequence[str]) -> int:
    """Delete staged claims with their lines; returns how many rows. The caller holds them."""
    row = {"ids": list(claims)}
    return sum(connection.execute(each, row).rowcount for each in _DROP) if claims else 0


_DROP: Final = (
    text("DELETE FROM claim_week WHERE claim_id = ANY(CAST(:ids AS uuid[]))"),
    text("DELETE FROM claim_person WHERE claim_id = ANY(CAST(:ids AS uuid[]))"),
    text("DELETE FROM claim WHERE id = ANY(CAST(:ids AS uuid[]))"),
)


def _person(claim_id: str, person: StagedPerson, seal: Seal) -> Sequence[object]:
    payable = sum((week.payable for week in person.weeks.values()), _ZERO)
    worth = (person.allowance_cents, person.indemnity_cents)
    return claim_id, person.n, person.blind, payable, *worth, seal(claim_id, person.n), *person.terms


def _weeks(claim_id: str, people: Iterable[StagedPerson], *, structural: bool) -> Iterator[Sequence[object]]:
    for each in people:
        for monday, week in each.weeks.items():
            terms = week.terms or each.terms
            limit = weekly_limit(monday, terms.contract_hours, terms.mode, structural=structural)
            other = other_terms(terms, each.terms)
            yield claim_id, each.n, monday, week.worked, week.idle, week.payable, limit, other


def _copy(connection: Connection, statement: str, rows: Iterable[Sequence[object]]) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None  # noqa: S101 -- a connection that is in use has its driver's
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
