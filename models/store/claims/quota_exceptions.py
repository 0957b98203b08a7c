"""Joint decisions that raise a quota of hours (R. 5122-6, R. 5122-7), about one case or all hours of an establishment.

An admission asks for them once it holds the years of its people, so a decision changes no row of theirs: it counts for
whoever is admitted after it, and nothing that was admitted before depends on it. One that was recorded by mistake, or
that its authors take back, is ended in the same way, with the reason: what was admitted under it remains.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from sqlalchemy import Connection, func, insert, select, update

from law.calendar import local
from law.grounds import Ground
from law.quota import Authority, QuotaDecision, YearlyLimits, quota_objections, yearly_limits
from law.texts import Objection, Text, in_french, objection
from models.bodies.claims_review import QuotaExceptionBody
from models.errors import Unknown, Unlawful
from models.identifiers import Instant, Message
from models.store.database import now
from models.store.journal import accesses
from models.store.journal.events import Actor
from models.store.people import delegations
from models.store.people.delegations import DelegationRecord
from models.store.records import Record
from models.store.schema.cases import account, establishment, request
from models.store.schema.quota_exceptions import quota_exception

OUTCOME: Final = "quota_exception"
"""Outcome of the delegations under which such decisions are recorded."""


class QuotaPlace(Message):
    """What a decision is about: an establishment, where it is, and its case if it is about one."""

    siret: str
    department: str
    reference: str | None = None
    ground: Ground | None = None


class QuotaExceptionRecord(Record):
    """A decision that was recorded, with the establishment’s name and that of whoever recorded it."""

    id: str
    siret: str
    reference: str | None
    year: int
    hours: Decimal
    authority: Authority
    decided_on: date
    file_id: str
    account_id: str
    given_at: Instant
    ended_at: Instant | None
    ended_by: str | None
    end_reason: str | None
    name: str
    """Of the agent."""
    establishment: str
    department: str


class ClaimLimits(NamedTuple):
    """Quotas of a calendar year: of the claims of one case, and the highest of any claim of its establishment."""

    own: YearlyLimits
    highest: YearlyLimits
    raised: Mapping[str, YearlyLimits]
    """Those of the cases of the establishment that a decision is about, by reference."""


def judge(connection: Connection, body: QuotaExceptionBody, place: QuotaPlace, actor: Actor) -> DelegationRecord:
    """Return the delegation under which a decision may be recorded, locked.

    Raises `Unlawful` for one that raises no quota or is not taken yet, `NotAllowed` without a delegation.
    """
    today = local(now(connection), place.department).date()
    under = delegations.require(connection, actor.account_id, place.department, today, OUTCOME)
    decision = QuotaDecision(body.hours, body.authority, body.decided_on, place.ground)
    wrong = [*quota_objections(body.year, decision), *_of_days(body, today)]
    if wrong:
        raise Unlawful(wrong)
    return under


def _of_days(body: QuotaExceptionBody, today: date) -> list[Objection]:
    found = []
    if body.decided_on > today:
        text = f"Une décision à venir n’est pas inscrite : au plus tard le {in_french(today)}."
        found.append(objection("/decided_on", "decided-later", text, Text.R_5122_6, Text.R_5122_7))
    if body.year > today.year + 1:
        text = f"Au plus tard l’année {today.year + 1}."
        found.append(objection("/year", "year-too-far", text, Text.R_5122_6))
    return found


def give(connection: Connection, body: QuotaExceptionBody, place: QuotaPlace, actor: Actor) -> str:
    """Record a decision and return its id; raises what `judge` does."""
    under = judge(connection, body, place, actor)
    row = body.model_dump(include={"year", "hours", "authority", "decided_on"}) | {
        "siret": place.siret,
        "reference": place.reference,
        "file_id": body.file,
        "account_id": under.account_id,
        "delegation_id": under.id,
    }
    given: str = connection.execute(insert(quota_exception).values(row).returning(_TABLE.id)).scalar_one()
    about = place.reference or place.siret
    accesses.write_last(connection, "quota_exceeded_by_decision", actor, exception=given, about=about)
    return given


def end(connection: Connection, exception_id: str, reason: str, actor: Actor, departments: Sequence[str]) -> None:
    """End a decision now: admissions after it count without it. One that ended before stays as it was ended.

    `departments` are those of the actor. Raises `Unknown`, also for those whom it does not concern, and `NotAllowed`
    without a delegation in force for such decisions.
    """
    found = QuotaExceptionRecord.first(connection, _ALL.where(_TABLE.id == exception_id))
    if found is None or found.department not in departments:
        raise Unknown(exception_id)
    today = local(now(connection), found.department).date()
    under = delegations.require(connection, actor.account_id, found.department, today, OUTCOME)
    row = {"ended_by": under.account_id, "ended_under": under.id, "end_reason": reason}
    ended = update(quota_exception).where(_TABLE.id == exception_id, _TABLE.ended_at.is_(None))
    if connection.execute(ended.values(row | {"ended_at": func.clock_timestamp()})).rowcount:
        about = found.reference or found.siret
        accesses.write_last(connection, "quota_exception_ended", actor, exception=exception_id, about=about)


def find_limits(connection: Connection, siret: str, reference: str, year: int) -> ClaimLimits:
    """Return the quotas of a year as decisions in force now raise them; raises `BeforeFirstText`."""
    rows = connection.execute(_OF_YEAR.where(_TABLE.siret == siret, _TABLE.year == year)).all()
    stated = [
        (each.reference, QuotaDecision(each.hours, Authority(each.authority), each.decided_on, _ground(each.ground)))
        for each in rows
    ]

    def limits(case: str) -> YearlyLimits:
        return yearly_limits(year, [decision for about, decision in stated if about in (None, case)])

    raised = {each: limits(each) for each in sorted({about for about, _ in stated if about})}
    return ClaimLimits(limits(reference), yearly_limits(year, [decision for _, decision in stated]), raised)


def _ground(stored: str | None) -> Ground | None:
    return None if stored is None else Ground.of(stored)


def list_for_agents(connection: Connection, departments: Sequence[str]) -> list[QuotaExceptionRecord]:
    """Return the decisions about cases and establishments of some départements, ended or not, newest first."""
    query = _ALL.where(_DEPARTMENT.in_(departments))
    return QuotaExceptionRecord.all(connection, query.order_by(_TABLE.given_at.desc(), _TABLE.id))


_TABLE: Final = quota_exception.c
_OF_YEAR: Final = (
    select(quota_exception, request.c.ground)
    .outerjoin(request, request.c.reference == _TABLE.reference)
    .where(_TABLE.ended_at.is_(None))
)
_DEPARTMENT: Final = func.coalesce(request.c.department, establishment.c.department)
_ALL: Final = (
    select(
        quota_exception, account.c.name, establishment.c.name.label("establishment"), _DEPARTMENT.label("department")
    )
    .join(account, account.c.id == _TABLE.account_id)
    .join(establishment, establishment.c.siret == _TABLE.siret)
    .outerjoin(request, request.c.reference == _TABLE.reference)
)
