"""Requests of an establishment that authorize or may: what the limits of R. 5122-9 count (`law.living`)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection, func, literal_column, or_, select
from sqlalchemy.sql.elements import ColumnElement

from law.duration import EarlierPeriod
from law.grounds import Ground
from law.living import LivingRequest
from models.identifiers import authorization_of
from models.labels import AUTHORIZING
from models.store.cases.authority_holds import FILED_WITH_AUTHORITY
from models.store.cases.granted import NOTIFIED, granted
from models.store.cases.requests import DEAD
from models.store.people import authorities, parties
from models.store.schema.cases import decision, request


def list_living(connection: Connection, siret: str, account_id: str) -> list[LivingRequest]:
    """Return the living requests of an establishment that count for one of its filers, oldest first.

    What a stranger filed for the establishment without authority does not count: it would bar those who have it. Of a
    request granted in part, what is granted counts once it is notified.
    """
    alive = func.coalesce(request.c.outcome.not_in(DEAD), True)
    return list_where(connection, siret, alive, _counting(connection, siret, account_id))


def list_earlier_periods(connection: Connection, siret: str, account_id: str) -> list[EarlierPeriod]:
    """Return the periods authorized so far for an establishment, expressly or tacitly, oldest first."""
    authorized = request.c.outcome.in_(AUTHORIZING)
    return [each.period for each in list_where(connection, siret, authorized, _counting(connection, siret, account_id))]


def list_where(connection: Connection, siret: str, *conditions: ColumnElement[bool]) -> list[LivingRequest]:
    """Return the requests of an establishment that meet conditions, each as amended, oldest first."""
    query = _PERIODS.where(request.c.siret == siret, *conditions)
    rows = connection.execute(query.order_by(request.c.reference)).all()
    found = []
    for reference, family in groupby(rows, key=lambda row: authorization_of(row[0])):
        versions = [
            (received_at, outcome, LivingRequest(reference, Ground.of(ground), *rest))
            for _, received_at, outcome, ground, *rest in family
        ]
        found.append((versions[0][0], reference, _together(versions)))
    return [each for *_, each in sorted(found, key=lambda entry: entry[:2])]


def _together(versions: Sequence[tuple[datetime, str | None, LivingRequest]]) -> LivingRequest:
    """Return a request as its amendments make it: as last accepted and, while one is under review, at its widest."""
    accepted = [each for _, outcome, each in versions if outcome in AUTHORIZING]
    counting = [*accepted[-1:], *(each for _, outcome, each in versions if outcome not in AUTHORIZING)]
    return replace(
        counting[-1],
        start_on=min(each.start_on for each in counting),
        end_on=max(each.end_on for each in counting),
        employees=max(each.employees for each in counting),
    )


def _counting(connection: Connection, siret: str, account_id: str) -> ColumnElement[bool]:
    """What counts for a filer: what its own people filed and, once it is proven, what was filed with authority."""
    own = parties.is_filed_for(request.c.party, parties.acting_for(connection, siret, account_id))
    if not authorities.is_proven(connection, account_id, siret):
        return own
    return or_(own, literal_column(FILED_WITH_AUTHORITY))


_PERIODS = select(
    request.c.reference,
    request.c.received_at,
    request.c.outcome,
    request.c.ground,
    granted("start_on").label("start_on"),
    granted("end_on").label("end_on"),
    granted("employees").label("employees"),
    request.c.other_employees,
    request.c.headcount,
).outerjoin(decision, NOTIFIED)
