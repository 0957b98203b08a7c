"""Claims staged and admitted through the store: the smallest valid ones, with changes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from itertools import count
from typing import Any, Final

import pytest
from schwifty import IBAN
from sqlalchemy import Connection, text

from law.calendar import midnight
from law.work_time import Mode
from models.claim_files.fields import Category
from models.claim_labels import ClaimState
from models.labels import CaseEvent
from models.store.audit import verdicts
from models.store.cases import requests
from models.store.claims import admission, entitlements, ledger, ledger_checks, records, staging, steps
from models.store.claims.people import Terms
from models.store.claims.records import ClaimRecord, EntitlementRecord
from models.store.claims.refusals import AdmissionRefused
from models.store.claims.staging import StagedClaim, StagedPerson, StagedWeek
from models.store.database import Database
from models.store.journal import events
from models.store.journal.claim_grammar import ClaimCourse, claim_chain
from models.store.journal.events import Actor
from models.store.payments import bookings, orders
from models.store.payments import records as payments
from models.store.payments.bookings import BankEntry
from tests.cases import DEPARTMENT, HOLDER, Employer, file_a_case, let_silence_accept, master_key
from tests.models.clocks import clock_at

DECEMBER: Final = date(2026, 12, 1)
WEEK: Final = date(2026, 12, 7)
"""Monday of a week that is wholly in December."""
LAST_WEEK: Final = date(2026, 12, 28)
"""Monday of a week of December and January."""
EMPLOYER: Final = Actor(role="employer")


_accounts = count(1)


def an_account() -> dict[str, str]:
    """A bank account that nobody else gives: two firms with one account have a signal."""
    iban = IBAN.generate("FR", bank_code="20041", branch_code="01005", account_code=f"{next(_accounts):011}")
    return {"iban": str(iban), "holder": HOLDER}


def authorize(database: Database, *, employer: Employer | None = None, **terms: Any) -> str:
    """File a request of December to February, let silence accept it, and return its reference."""
    reference = file_a_case(database, employer=employer, **terms)
    let_silence_accept(database, reference)
    return reference


def missing_opinion() -> dict[str, Any]:
    """Terms of a request whose works-council opinion was to follow, and whose last day is past."""
    filed_at = datetime.now(UTC) - timedelta(days=70)
    return {"headcount": 60, "works_council": {"pending": True}, "received_at": filed_at}


@contextmanager
def authorized_in(database: Database, year: int, **terms: Any) -> Iterator[tuple[Database, str]]:
    """A register whose clock stands in February of a year, with an authorization from its January to its March."""
    filed_at, clock = (midnight(date(year, month, 1), DEPARTMENT) + timedelta(hours=10) for month in (1, 2))
    period = {"start_on": f"{year}-01-01", "end_on": f"{year}-03-31"}
    reference = file_a_case(database, received_at=filed_at, period=period, **terms)
    with clock_at(database, clock) as frozen:
        let_silence_accept(frozen, reference)
        yield frozen, reference


def employer_of(database: Database, reference: str) -> Employer:
    """The employer of a case, who may have others."""
    with database.begin() as connection:
        case = requests.get(connection, reference)
    return Employer(case.account_id, case.siret, case.department)


def blind(person: int) -> bytes:
    """The blind index of a person."""
    return sha256(str(person).encode()).digest()[:16]


def a_person(
    person: int = 1,
    *weeks: tuple[date, str] | tuple[date, str, str],
    n: int | None = None,
    contract: str = "35",
    cents: int = 8_330,
) -> StagedPerson:
    """A person who was idle for seven hours of one week, or for these hours, beside others worked if they are given."""
    hours = {monday: a_week(*stated) for monday, *stated in weeks or [(WEEK, "7")]}
    terms = Terms(Category.EMPLOYEE, Mode.WEEKLY, Decimal(contract), Decimal("11.90"), apprentice=False)
    return StagedPerson(n or person, blind(person), terms, cents, cents + 100, hours)


def a_week(idle: str, worked: str = "0") -> StagedWeek:
    """A week of so many payable hours."""
    return StagedWeek(Decimal(worked), Decimal(idle), Decimal(idle))


def stage(
    database: Database,
    reference: str,
    *people: StagedPerson,
    month: date = DECEMBER,
    part: int = 1,
    structural: bool = False,
    reference_months: int | None = None,
) -> str:
    """Stage a claim of one person, or of these."""
    with database.begin() as connection:
        stated = StagedClaim(reference, month, part, structural=structural, reference_months=reference_months)
        return staging.stage(connection, stated, people or [a_person()], lambda _id, _n: None)


def admit(database: Database, claim_id: str, replaces: str | None = None, actor: Actor = EMPLOYER) -> ClaimRecord:
    with database.begin() as connection:
        return admission.admit(connection, claim_id, actor, replaces=replaces)


def claim(
    database: Database,
    reference: str,
    *people: StagedPerson,
    replaces: str | None = None,
    month: date = DECEMBER,
    part: int = 1,
    structural: bool = False,
) -> ClaimRecord:
    """Stage and admit a claim."""
    staged = stage(database, reference, *people, month=month, part=part, structural=structural)
    return admit(database, staged, replaces)


def refused(
    database: Database, reference: str, *people: StagedPerson, replaces: str | None = None, month: date = DECEMBER
) -> AdmissionRefused:
    """Return how a claim is refused; nothing that it would take remains."""
    staged = stage(database, reference, *people, month=month)
    before = totals(database)
    with pytest.raises(AdmissionRefused) as found:
        admit(database, staged, replaces)
    assert totals(database) == before
    assert differences(database) == ()
    return found.value


def totals(database: Database) -> list[tuple[object, ...]]:
    """All rows that claims add up to."""
    tables = ("person_year", "person_week", "ledger_balance", "ledger_entry")
    with database.begin() as connection:
        rows = [connection.execute(text(f"SELECT t::text FROM {each} t ORDER BY 1")).scalars() for each in tables]
        return [tuple(each) for each in rows]


def entitlement(database: Database, reference: str) -> EntitlementRecord:
    with database.begin() as connection:
        found = records.find_entitlement(connection, reference)
    assert found is not None
    return found


def balances(database: Database, reference: str) -> dict[str, tuple[float, int]]:
    """Hours and cents of each account."""
    with database.begin() as connection:
        return {each.account: (float(each.hours), each.cents) for each in ledger.list_balances(connection, reference)}


def state(database: Database, claim_id: str) -> str:
    with database.begin() as connection:
        return records.get(connection, claim_id).state


def story(database: Database, claim_id: str) -> list[str]:
    """Types of the events of a claim, once its chain and their order are found whole."""
    chain = claim_chain(claim_id)
    with database.begin() as connection:
        assert events.broken_links(connection, chain) == []
        course, listed = ClaimCourse(chain), events.list_of(connection, chain)
    assert [each for each in listed if course.follow(each.type, each.data)] == []
    return [each.type for each in listed]


def differences(database: Database) -> tuple[str, ...]:
    """What does not balance in the whole ledger."""
    with database.snapshot() as connection:
        return tuple(f"{each.reference} {each.what}" for each in ledger_checks.check(connection).differences)


def broken(database: Database) -> list[tuple[str, int, str]]:
    """What the audit finds of claims and entitlements."""
    with database.snapshot() as connection:
        found = verdicts.examine(connection, lambda *_: None, everything=True, offsets=True).broken
    return [(each.subject, each.seq, each.what) for each in found]


WAY: Final = (
    ClaimState.UNDER_REVIEW,
    ClaimState.AGREED,
    ClaimState.SIGNED,
    ClaimState.HANDED,
    ClaimState.ACCEPTED,
)
"""Of a claim to its acceptance by the agency."""


def hand_over(database: Database, claim_id: str, to: str = "handed") -> None:
    """Lead a claim to a later state; to `ordered` and `paid` by a payment."""
    paying = ("ordered", "paid")
    with database.begin() as connection:
        for each in WAY[: WAY.index(ClaimState.of(to)) + 1] if to not in paying else WAY:
            assert steps.take(connection, claim_id, each)
        for kind in paying[: paying.index(to) + 1] if to in paying else ():
            pay(connection, claim_id, kind)


def pay(connection: Connection, claim_id: str, kind: str) -> None:
    """Have a claim `ordered` or `paid`, one after the other; the run of its payment is a stand-in."""
    if kind == "ordered":
        assert orders.order(connection, claim_id, master_key())
        return
    [made] = payments.list_of_claim(connection, claim_id)
    connection.execute(_IN_A_RUN, {"id": made.id, "claim": claim_id, "message": made.end_to_end})
    booked = BankEntry("FR76", made.end_to_end, "debit", made.cents, DECEMBER, made.end_to_end)
    assert bookings.book(connection, booked)


_IN_A_RUN = text(
    "WITH run AS (INSERT INTO payment_run (debtor, business_on, sequence, message, transfers, cents, sha256, state,"
    "  released_by, released_at) SELECT 'FR76', '2026-12-01', 1 + (SELECT count(*) FROM payment_run), :message, 1, 1,"
    "  '', 'put', r.account_id, clock_timestamp() FROM claim c JOIN request r USING (reference)"
    "  WHERE c.id = CAST(:claim AS uuid) RETURNING id)"
    " UPDATE payment SET state = 'sent', run_id = (SELECT id FROM run) WHERE id = CAST(:id AS uuid)"
)


def pay_directly(database: Database, reference: str, payment: str = "employees") -> None:
    """Have the agency pay the employees themselves, as the decision of an agent will."""
    with database.begin() as connection:
        entitlements.open_once(connection, reference)
        changed = {"payment": payment, "reference": reference}
        connection.execute(text("UPDATE entitlement SET payment = :payment WHERE reference = :reference"), changed)


def close(database: Database, reference: str) -> None:
    """Close a case, as its process does."""
    with database.begin() as connection:
        at = requests.received_now(connection)
        requests.close(connection, reference, at)
        events.append(connection, reference, CaseEvent.CASE_CLOSED, at)


def blind_of(database: Database, claim_id: str) -> list[bytes]:
    """The blind indexes of a claim, in the order of its lines."""
    query = text("SELECT blind FROM claim_person WHERE claim_id = :id ORDER BY n")
    with database.begin() as connection:
        return [bytes(each) for each in connection.execute(query, {"id": claim_id}).scalars()]
