"""Months that employers can claim now: begun, authorised, still in time, without a claim that stands.

They are those of the entitlement, or of the last amendment that was accepted while the entitlement does not count it. A
claim that was received in time and then rejected or refused is listed for its part, until its own last day.
"""

from datetime import date, timedelta
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    DateTime,
    and_,
    case,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
)

from law.calendar import local
from law.correction import corrected_until
from law.forfeiture import forfeiture
from models.claim_labels import STANDING, ClaimState
from models.identifiers import Instant
from models.labels import Outcome
from models.store.cases import rejected_claims
from models.store.cases.granted import NOTIFIED, granted
from models.store.people.parties import may_read
from models.store.records import Record
from models.store.schema.cases import decision, establishment, request
from models.store.schema.claims import claim, entitlement
from models.store.schema.journal import event

MAX_ROWS: Final = 1_000
"""Beyond what anybody does in one sitting."""
_DAY: Final = timedelta(days=1)


class ClaimableMonth(Record):
    """A month of an authorization that can be claimed; `last_state` is that of a claim that stands no longer.

    `told_at` is when the employer was told that the one received in time was rejected or refused, if it was.
    """

    reference: str
    siret: str
    name: str
    department: str
    month: date
    end_on: date
    law_on: date | None
    received_at: Instant
    case_now: Instant
    forfeited_on: date | None
    last_state: ClaimState | None
    part: int
    told_at: Instant | None

    @property
    def due_on(self) -> date:
        """The last day to claim or, if it is later, to put right what was rejected or refused."""
        if self.told_at is None:
            return self._last_day_on
        told_on = local(self.told_at, self.department).date()
        return max(self._last_day_on, corrected_until(told_on, self.department)[0])

    @property
    def _last_day_on(self) -> date:
        if self.forfeited_on is not None:
            return self.forfeited_on - _DAY
        law_day = self.law_on or local(self.received_at, self.department).date()
        return forfeiture(self.end_on, law_day).last_day_on

    @property
    def is_open(self) -> bool:
        """Whether the month has begun where the establishment is, and can still be claimed."""
        return self.month <= local(self.case_now, self.department).date() <= self.due_on


def list_of_employer(connection: Connection, reader_id: str, sirets: list[str]) -> list[ClaimableMonth]:
    """Return the months that can be claimed in the requests of some establishments that a reader may see.

    A month of which parts are to be put right is there for each of them, and besides only if its first is not.
    """
    if not sirets:
        return []
    mine = and_(request.c.siret.in_(sirets), may_read(request.c.siret, request.c.party, reader_id))
    months, rejected = (
        [each for each in ClaimableMonth.all(connection, query.where(mine).limit(MAX_ROWS)) if each.is_open]
        for query in (_MONTHS, _REJECTED)
    )
    first_parts = {(each.reference, each.month) for each in rejected if each.part == 1}
    return [*(each for each in months if (each.reference, each.month) not in first_parts), *rejected]


_NOW: Final[ColumnElement[Instant]] = func.case_now(request.c.reference)
_AUTHORIZED: Final = [Outcome.TACIT.value, Outcome.GRANTED.value]
_AMENDMENT: Final = request.alias("amendment")
_GRANTED: Final = decision.alias("granted")
_AMENDED: Final = (
    select(
        _AMENDMENT.c.reference,
        func.coalesce(_GRANTED.c.start_on, _AMENDMENT.c.start_on).label("start_on"),
        func.coalesce(_GRANTED.c.end_on, _AMENDMENT.c.end_on).label("end_on"),
    )
    .outerjoin(_GRANTED, and_(_GRANTED.c.reference == _AMENDMENT.c.reference, _GRANTED.c.state == "notified"))
    .where(
        _AMENDMENT.c.amends == request.c.reference,
        _AMENDMENT.c.reference.between(request.c.reference, request.c.reference.concat("99")),
        _AMENDMENT.c.outcome.in_(_AUTHORIZED),
    )
    .order_by(_AMENDMENT.c.reference.desc())
    .limit(1)
    .lateral("amended")
)
"""The last amendment of a request that was accepted; bounds of the reference find it by the key of the table."""
_COUNTS_IT: Final = or_(_AMENDED.c.reference.is_(None), entitlement.c.amended_by == _AMENDED.c.reference)
_FORFEITED: Final = case((_COUNTS_IT, entitlement.c.forfeited_on))
_START: Final = func.coalesce(case((_COUNTS_IT, entitlement.c.start_on)), _AMENDED.c.start_on, granted("start_on"))
_END: Final = func.coalesce(case((_COUNTS_IT, entitlement.c.end_on)), _AMENDED.c.end_on, granted("end_on"))
_MONTH: Final = (
    func.generate_series(
        cast(func.date_trunc("month", cast(_START, Date)), DateTime),
        cast(func.least(cast(_END, Date), cast(_NOW + _DAY, Date)), DateTime),
        func.make_interval(0, 1),
    )
    .table_valued("month")
    .render_derived(name="months")
)
_OF_MONTH: Final = and_(claim.c.reference == request.c.reference, claim.c.month == cast(_MONTH.c.month, Date))
_STANDS: Final = select(claim.c.id).where(_OF_MONTH, claim.c.state.in_([each.value for each in STANDING]))
_LAST: Final = (
    select(claim.c.state)
    .where(_OF_MONTH, claim.c.version.is_not(None))
    .order_by(claim.c.version.desc())
    .limit(1)
    .scalar_subquery()
)
_OPEN: Final = (
    select(
        request.c.reference,
        request.c.siret,
        establishment.c.name,
        request.c.department,
        _END.label("end_on"),
        request.c.law_on,
        request.c.received_at,
        _NOW.label("case_now"),
        _FORFEITED.label("forfeited_on"),
    )
    .select_from(request)
    .join(establishment, establishment.c.siret == request.c.siret)
    .outerjoin(entitlement, entitlement.c.reference == request.c.reference)
    .outerjoin(decision, NOTIFIED)
    .outerjoin(_AMENDED, literal_column("true"))
    .where(
        request.c.outcome.in_(_AUTHORIZED),
        request.c.closed_at.is_(None),
        request.c.amends.is_(None),
        or_(entitlement.c.state.is_(None), entitlement.c.state == "open"),
    )
    .order_by(request.c.reference)
)
"""Open authorizations that can be claimed of."""
_MONTHS: Final = (
    _OPEN.join(_MONTH, literal_column("true"))
    .add_columns(
        cast(_MONTH.c.month, Date).label("month"),
        _LAST.label("last_state"),
        literal_column("1").label("part"),
        null().label("told_at"),
    )
    .where(~_STANDS.exists())
    .order_by(_MONTH.c.month)
)
_REJECTED: Final = (
    _OPEN.join(claim, claim.c.reference == request.c.reference)
    .join(event, rejected_claims.TELLS_END)
    .add_columns(claim.c.month, claim.c.state.label("last_state"), claim.c.part, event.c.at.label("told_at"))
    .where(rejected_claims.IS_LAST_IN_TIME, ~rejected_claims.HAS_STANDING)
    .order_by(claim.c.month, claim.c.part)
)
