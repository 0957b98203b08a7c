"""Claims received in time that the agency rejected or an agent refused: each may be put right for some time after.

What was claimed of a month and part is its last version received in time: one that the employer cancelled leaves
nothing to put right, nor does a later version that was itself made to put one right, and rejected in its turn. The
employer is told by the event of the end, at the instant at which its space shows it.
"""

from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, func, select

from law.correction import corrected_until
from law.texts import Reason
from models.claim_labels import STANDING, ClaimState
from models.identifiers import Instant, authorization_of
from models.store.cases.records import RequestRecord
from models.store.records import Record
from models.store.schema.claims import claim
from models.store.schema.journal import event

_ENDS: Final = (ClaimState.REJECTED.value, ClaimState.REFUSED.value)
_TOLD: Final = ("claim_rejected", "claim_refused")
_OTHER: Final = claim.alias("other")
_IS_OTHER: Final = and_(*(_OTHER.c[name] == claim.c[name] for name in ("reference", "month", "part")))
"""Whether another version is of the month and part of a claim."""
IS_LAST_IN_TIME: Final = and_(
    claim.c.state.in_(_ENDS),
    claim.c.regularisation.is_(False),
    ~select(_OTHER.c.id)
    .where(_IS_OTHER, _OTHER.c.version > claim.c.version, _OTHER.c.regularisation.is_(False))
    .exists(),
)
"""Condition on a claim: it ended so, and is the last version of its month and part that was received in time."""
HAS_STANDING: Final = (
    select(_OTHER.c.id).where(_IS_OTHER, _OTHER.c.state.in_([each.value for each in STANDING])).exists()
)
"""Condition on a claim: another version of its month and part stands."""
TELLS_END: Final = and_(event.c.subject == func.concat("claim:", claim.c.id), event.c.type.in_(_TOLD))
"""Condition on an event: it is the one by which the employer was told of the end of a claim."""


class RejectedClaim(Record):
    """A version received in time that was rejected or refused, and when the employer was told."""

    id: str
    month: date
    part: int
    told_at: Instant


def find(connection: Connection, reference: str, month: date, part: int) -> RejectedClaim | None:
    """Return the version of a month and part that may be put right; None if its last one in time did not end so."""
    query = _REJECTED.where(_of(reference), claim.c.month == month, claim.c.part == part)
    return RejectedClaim.first(connection, query)


def list_to_put_right(connection: Connection, reference: str) -> list[RejectedClaim]:
    """Return the versions of an authorization that may be put right, by month and part.

    A month and part of which a version stands has nothing left to put right.
    """
    query = _REJECTED.where(_of(reference), ~HAS_STANDING).order_by(claim.c.month, claim.c.part)
    return RejectedClaim.all(connection, query)


def find_last_day(connection: Connection, case: RequestRecord) -> date | None:
    """Return the last day on which any claim of an authorization may be put right; None if there is none to."""
    found = list_to_put_right(connection, authorization_of(case.reference))
    return max((put_right_until(case, each)[0] for each in found), default=None)


def put_right_until(case: RequestRecord, rejected: RejectedClaim) -> tuple[date, Reason]:
    """Return the last day on which a version is put right, and why (`law.correction`)."""
    return corrected_until(case.day_of(rejected.told_at), case.department)


def _of(reference: str) -> ColumnElement[bool]:
    return claim.c.reference == reference


_REJECTED: Final = (
    select(claim.c.id, claim.c.month, claim.c.part, event.c.at.label("told_at"))
    .join(event, TELLS_END)
    .where(IS_LAST_IN_TIME)
)
