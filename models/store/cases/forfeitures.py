"""Until when the claims of a case can be made: counted from the end of the period that was granted (L. 5122-1, IV).

A decision may grant a shorter period than was requested; silence grants the one requested; an amendment moves it. A
claim that was rejected or refused may be put right after it (`law.correction`).
"""

from datetime import date, timedelta
from typing import Final

from sqlalchemy import Connection, text

from law.calendar import midnight
from law.forfeiture import Forfeiture, forfeiture
from models.identifiers import authorization_of
from models.messages.case import ClaimsForfeiture
from models.store.cases import amendments, rejected_claims, requests, waiting_claims
from models.store.cases.records import RequestRecord
from models.store.database import case_now

_ONE_DAY: Final = timedelta(days=1)


def find(connection: Connection, reference: str) -> ClaimsForfeiture:
    """Return when nothing can be claimed of a case any more, nor put right, and how far away that is by its clock.

    A day later, day after day, while a claim that was made in time or an amendment is under way: a case that is closed
    is neither held nor released, and its history may be erased.
    """
    case = requests.get(connection, reference)
    limit = of_case(connection, case)
    # Asked first: what ends between both statements is then found by the second.
    under_way = _is_any_under_way(connection, reference)
    corrected = rejected_claims.find_last_day(connection, case)
    last = max(limit.last_day_on, limit.regularise_until or limit.last_day_on, corrected or limit.last_day_on)
    forfeited_at, at = midnight(last + _ONE_DAY, case.department), case_now(connection, reference)
    if at >= forfeited_at and under_way:
        forfeited_at = at + _ONE_DAY
    left = (forfeited_at - at).total_seconds()
    return ClaimsForfeiture(forfeited_at=forfeited_at, seconds_left=max(left, 0))


def _is_any_under_way(connection: Connection, reference: str) -> bool:
    """Whether claims of an authorization, or amendments of it, wait for their outcome."""
    pending = any(each.outcome is None for each in amendments.list_of(connection, reference))
    return pending or waiting_claims.is_any_under_way(connection, authorization_of(reference))


def of_case(connection: Connection, case: RequestRecord) -> Forfeiture:
    """Return until when the claims of a case can be made; without an authorization, as if it were granted whole."""
    terms = amendments.find_in_force(connection, case.reference) or case.terms
    return of_period(connection, case, terms.end_on)


def of_period(connection: Connection, case: RequestRecord, end_on: date) -> Forfeiture:
    """Return the same for a period of a case that ends on a day.

    A claim that stated a longer arrangement of working time may leave more time to put claims right.
    """
    months = connection.execute(_REFERENCE_MONTHS, {"reference": case.reference}).scalar()
    return forfeiture(end_on, case.law_day, months)


_REFERENCE_MONTHS = text(
    "SELECT max(reference_months) FROM claim WHERE reference = :reference AND version IS NOT NULL AND state <> 'void'"
)
