"""The subject of a process in the register: a case, a draft, an enrolment or a channel, held, with its own time."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from models.engine.names import (
    account_process,
    announcement_id,
    authorization_id,
    draft_id,
    enrolment_id,
    subject_of,
)
from models.store.cases import drafts, requests
from models.store.database import case_now, draft_now
from models.store.people import accounts, enrolments


def held(connection: Connection, workflow_id: str) -> tuple[str, datetime]:
    """Hold the row of a process for an event; returns its subject and its time now.

    An event written without holding its case could make silence fail: both would take the same number.
    """
    subject = subject_of(workflow_id)
    if workflow_id == authorization_id(subject):
        requests.get(connection, subject, hold=True)
        return subject, case_now(connection, subject)
    if workflow_id == draft_id(subject):
        drafts.get(connection, subject, hold=True)
        return subject, draft_now(connection, subject)
    if workflow_id == enrolment_id(subject):
        enrolments.hold(connection, subject)
        return subject, enrolments.now(connection, enrolments.get_last(connection, subject).id)
    if workflow_id == account_process(subject):
        accounts.hold(connection, subject)
    if workflow_id == announcement_id(subject):
        enrolments.hold(connection, subject)
    return subject, connection.execute(select(func.clock_timestamp())).scalar_one()
