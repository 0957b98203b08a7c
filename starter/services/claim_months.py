"""Months of an authorization: which can be claimed, until when, and the claim that each has."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from law.calendar import add_months
from law.forfeiture import put_right_until
from law.texts import Reason
from models.bodies.claim import MAX_PART
from models.claim_labels import STANDING, ClaimState
from models.errors import Unknown
from models.identifiers import Period
from models.store.cases import authorizations, forfeitures, rejected_claims
from models.store.cases.authorizations import NotAuthorized
from models.store.cases.records import RequestRecord
from models.store.claims import payees, records, versions
from models.store.claims.ends import BEFORE_HAND_OVER
from models.store.claims.records import ClaimRecord
from models.store.database import case_now
from models.store.journal import events
from models.store.journal.events import Event
from models.store.people.accounts import Account
from starter.auth.caller import Caller
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.services import claim_terms, claim_views
from starter.services.claim_schemas import ClaimView
from starter.services.claim_terms import TermChoices
from starter.services.claim_views import ClaimAddress

Limit = tuple[date, Reason]
"""A last day, and why."""
_DAY: Final = timedelta(days=1)


class AuthorizedHours(NamedTuple):
    """What an authorization gives: its days, its hours, those still free, and the last day to claim them."""

    period: Period
    hours: Decimal
    hours_left: Decimal
    last_day_on: date


class AuthorizedMonth(NamedTuple):
    """A month that the authorization has days of."""

    month: date
    days: Period
    claims: tuple[ClaimRecord, ...]
    """The last version of each part, in their order."""
    may_be_claimed: bool
    """Whether it has begun, is still in time, and no claim stands."""
    to_come: bool
    put_right: Mapping[int, date]
    """Part → last day to put right its claim, rejected or refused, if that is after the last day to claim."""


class AuthorizedMonths(NamedTuple):
    """The months of an authorization, and who reads them."""

    reader: Account
    case: RequestRecord
    authorized: AuthorizedHours
    months: tuple[AuthorizedMonth, ...]


class LateClaim(NamedTuple):
    """What lets a month that was claimed in time be put right after the last day: one of both at least, and until when.

    Once both are past, the one that was last.
    """

    until: date
    correction: Reason | None
    """The claim was rejected or refused: nothing is added to it."""
    arrangement: Reason | None
    """A long arrangement of working time, whose length is stated unless the correction does; nobody is added."""


class MonthReading(NamedTuple):
    """One month and part as its employer reads it."""

    reader: Account
    case: RequestRecord
    authorized: AuthorizedHours
    month: AuthorizedMonth
    versions: tuple[ClaimView, ...]
    """Oldest first."""
    history: tuple[Event, ...]
    """Of the last version."""
    replaceable: bool
    """Whether the last version can still be corrected or cancelled."""
    today: date
    """Where the establishment is."""
    terms: TermChoices
    """What can be said of the establishment for this month."""
    may_send: bool
    """Whether lines can be sent: for a month without a standing claim, or in the place of one."""
    late: LateClaim | None
    """Set where only a claim made in time can still be put right."""
    corrected_until: date | None
    """Last day to put right the last version received in time, if it was rejected or refused."""
    direct: bool
    """Whether the agency pays the employees themselves: it then needs more of each than a grid asks."""
    next_part: int | None
    """Part under which hours left out of a claim that is no longer replaceable can be claimed."""

    @property
    def last(self) -> ClaimView | None:
        """The last version, if there is one."""
        return self.versions[-1] if self.versions else None


def find_months(context: Context, credential: PresentedCredential, reference: str) -> AuthorizedMonths | None:
    """Return the months of an authorization; None for a case without one. Raises `Unknown`."""
    with context.admit(credential, Verb.READ_CLAIM) as caller:
        case = caller.request(reference)
        authorized = _authorized(caller, case)
        if authorized is None:
            return None
        months = tuple(_months(caller, case, authorized))
        return AuthorizedMonths(caller.account, case, authorized, months)


def read_month(context: Context, credential: PresentedCredential, to: ClaimAddress) -> MonthReading:
    """Return a month and part with its versions; raises `Unknown` for a month that is not authorized."""
    with context.admit(credential, Verb.READ_CLAIM) as caller:
        case = caller.request(to.reference)
        authorized = _authorized(caller, case)
        months = _months(caller, case, authorized) if authorized else iter(())
        month = next((each for each in months if each.month == to.month), None)
        if authorized is None or month is None:
            raise Unknown(to.reference)
        found = versions.list_of_month(caller.connection, case.reference, to.month, to.part)
        last = found[-1] if found else None
        replaceable = caller.is_employer and _replaceable(caller, last)
        stands = last is not None and last.state in STANDING
        today = case.day_of(case_now(caller.connection, case.reference))
        correction = _correction(caller, case, to)
        late = _late(case, authorized, found, correction, today)
        in_time = case.closed_at is None and today <= (late.until if late else authorized.last_day_on)
        may_claim = caller.is_employer and to.month <= today and in_time
        return MonthReading(
            reader=caller.account,
            case=case,
            authorized=authorized,
            month=month,
            versions=tuple(claim_views.view(caller, case, each) for each in found),
            history=tuple(events.list_of(caller.connection, last.chain)) if last else (),
            replaceable=replaceable,
            today=today,
            terms=claim_terms.choices(case, month.days),
            may_send=may_claim and (replaceable or not stands),
            late=late,
            corrected_until=correction[0] if correction else None,
            direct=payees.are_paid_directly(caller.connection, case.reference, to.month),
            next_part=_next_part(month) if may_claim and not late and stands and not replaceable else None,
        )


def _replaceable(caller: Caller, claim: ClaimRecord | None) -> bool:
    if claim is None or claim.state not in BEFORE_HAND_OVER:
        return False
    return not records.is_reserved(caller.connection, claim.id)


def _late(
    case: RequestRecord,
    authorized: AuthorizedHours,
    versions: list[ClaimRecord],
    correction: Limit | None,
    today: date,
) -> LateClaim | None:
    """Return how a month and part may still be put right after the last day; None if it was not claimed in time."""
    if today <= authorized.last_day_on:
        return None
    in_time = [each.state for each in versions if not each.regularisation]
    was_claimed = in_time and in_time[-1] is not ClaimState.VOID
    arrangement = put_right_until(authorized.period.end_on, case.law_day) if was_claimed else None
    limits = [each for each in (correction, arrangement) if each]
    if not limits:
        return None
    until = max(day for day, _ in limits)
    since = min(today, until)
    return LateClaim(until, _why(correction, since), _why(arrangement, since))


def _why(limit: Limit | None, since: date) -> Reason | None:
    return limit[1] if limit and limit[0] >= since else None


def _correction(caller: Caller, case: RequestRecord, to: ClaimAddress) -> Limit | None:
    """Return until when the last version received in time is put right, and why, if it was rejected or refused."""
    if case.closed_at is not None:
        return None
    rejected = rejected_claims.find(caller.connection, case.reference, to.month, to.part)
    return rejected_claims.put_right_until(case, rejected) if rejected else None


def _next_part(month: AuthorizedMonth) -> int | None:
    part = max(each.part for each in month.claims) + 1
    return part if part <= MAX_PART else None


def _authorized(caller: Caller, case: RequestRecord) -> AuthorizedHours | None:
    """Return what the case authorizes, as its entitlement has it once it is open."""
    entitlement = records.find_entitlement(caller.connection, case.reference)
    if entitlement is not None:
        return AuthorizedHours(
            Period(start_on=entitlement.start_on, end_on=entitlement.end_on),
            entitlement.authorised_hours,
            entitlement.authorised_hours - entitlement.admitted_hours,
            entitlement.forfeited_on - _DAY,
        )
    try:
        _, terms = authorizations.get(caller.connection, case.reference)
    except NotAuthorized:
        return None
    period = Period(start_on=terms.start_on, end_on=terms.end_on)
    last_day = forfeitures.of_case(caller.connection, case).last_day_on
    return AuthorizedHours(period, terms.hours, terms.hours, last_day)


def _months(caller: Caller, case: RequestRecord, authorized: AuthorizedHours) -> Iterator[AuthorizedMonth]:
    last = versions.list_last(caller.connection, case.reference)
    today = case.day_of(case_now(caller.connection, case.reference))
    put_right = _put_right(caller, case, max(today, authorized.last_day_on + _DAY))
    start, end = authorized.period.start_on, authorized.period.end_on
    month = start.replace(day=1)
    while month <= end:
        after = add_months(month, 1)
        claims = tuple(each for each in last if each.month == month)
        open_ = month <= today <= authorized.last_day_on and not any(each.state in STANDING for each in claims)
        days = Period(start_on=max(month, start), end_on=min(after - _DAY, end))
        yield AuthorizedMonth(month, days, claims, open_, month > today, put_right.get(month, {}))
        month = after


def _put_right(caller: Caller, case: RequestRecord, since: date) -> Mapping[date, dict[int, date]]:
    """Return until when each month and part that was rejected or refused is put right, if that is since a day."""
    found: dict[date, dict[int, date]] = {}
    if case.closed_at is not None:
        return found
    for each in rejected_claims.list_to_put_right(caller.connection, case.reference):
        until, _ = rejected_claims.put_right_until(case, each)
        if until >= since:
            found.setdefault(each.month, {})[each.part] = until
    return found
