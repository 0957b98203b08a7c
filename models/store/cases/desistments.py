"""Desistment (désistement): the employer gives up the request before any decision and before silence."""

from datetime import datetime

from sqlalchemy import Connection, text

from models.engine.names import authorization_id
from models.labels import CaseEvent, Outcome
from models.store.cases import deadlines, followers
from models.store.cases.requests import get
from models.store.database import case_now
from models.store.journal import events, outbox
from models.store.journal.events import Actor
from models.store.people import code_mails


def desist(connection: Connection, reference: str, actor: Actor) -> datetime:
    """End a request at its employer's wish and return when; idempotent. Raises `Conflict` if too late."""
    case = get(connection, reference, hold=True)
    if case.outcome is Outcome.DESISTED and case.effect_at:
        return case.effect_at
    at = case_now(connection, reference)
    deadlines.refuse_if_over(case, at)
    deadlines.compare_and_set(connection, reference, Outcome.DESISTED, at)
    _cancel_pending(connection, reference, at)
    events.append(connection, reference, CaseEvent.REQUEST_DESISTED, at, actor)
    outbox.enqueue(connection, authorization_id(reference), "desist")
    in_charge = followers.list_agents(connection, case) if case.assigned_to else []
    for account_id in dict.fromkeys([case.account_id, *in_charge]):
        code_mails.notify(connection, account_id, "desistment_received", f"desisted-{reference}", reference=reference)
    return at


def _cancel_pending(connection: Connection, reference: str, at: datetime) -> None:
    connection.execute(
        text("UPDATE decision SET state = 'cancelled' WHERE reference = :r AND state IN ('registered', 'signed')"),
        {"r": reference},
    )
    connection.execute(
        text(
            "UPDATE completion SET state = 'cancelled', ended_at = :at"
            " WHERE reference = :r AND state IN ('registered', 'notified')"
        ),
        {"r": reference, "at": at},
    )
