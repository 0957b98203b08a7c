"""The only module that compares a request with its deadline."""

from datetime import datetime

from sqlalchemy import Connection, or_, update

from law.calendar import local
from law.texts import instant_in_french
from models.errors import Conflict
from models.labels import Outcome
from models.store.cases.records import RequestRecord
from models.store.schema.cases import request


def compare_and_set(connection: Connection, reference: str, outcome: Outcome, at: datetime) -> bool:
    """Give a request its outcome at `at` if it has none and its deadline is stopped or later; False if not."""
    return bool(
        connection.execute(
            update(request)
            .where(
                request.c.reference == reference,
                request.c.outcome.is_(None),
                or_(request.c.deadline_at.is_(None), request.c.deadline_at > at),
            )
            .values(outcome=outcome, effect_at=at, recorded_at=at)
        ).rowcount
    )


def refuse_if_over(case: RequestRecord, at: datetime) -> None:
    """Raise `Conflict` naming the outcome if the request has one or its deadline has passed (silence)."""
    if case.outcome is Outcome.TACIT or (case.outcome is None and case.deadline_at and case.deadline_at <= at):
        since = _in_french(case, case.effect_at or case.deadline_at or at)
        raise Conflict("deadline-passed", f"Le silence vaut acceptation depuis le {since} : elle demeure.")
    if case.outcome is not None and case.effect_at is not None:
        outcome = f"{case.outcome.act} le {_in_french(case, case.effect_at)}"
        raise Conflict("already-decided", f"Ce dossier a déjà son issue : {outcome}.")


def _in_french(case: RequestRecord, instant: datetime) -> str:
    return instant_in_french(local(instant, case.department))
