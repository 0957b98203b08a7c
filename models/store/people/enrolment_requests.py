"""Requests to enrol, as they arrive: answered by a code, referred to the main contact, or the same one sent twice.

The caller's answer is the same for all three; what differs is said by mail.
"""

from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert

from law.enrolment import CredentialsDelay
from models.bodies.enrolment import EnrolmentBody
from models.engine.keys import MasterKey
from models.engine.names import announcement_id
from models.store.database import now
from models.store.journal import events, keys, outbox
from models.store.people import accounts, authorities, enrolments, mail_queue, notices
from models.store.people.enrolments import EnrolmentRecord
from models.store.schema.enrolments import enrolment, terms
from models.terms import Terms

SAME_WITHIN: Final = timedelta(minutes=10)
"""Within this time, a request to enrol the same establishment with the same mailbox is the same one sent twice."""


def find_repeated(connection: Connection, digest: bytes | None) -> EnrolmentRecord | None:
    """Return the enrolment that was requested under an idempotency key, or None."""
    query = select(*enrolments.COLUMNS).where(enrolment.c.request_digest == digest)
    return EnrolmentRecord.first(connection, query) if digest else None


def enrol(
    connection: Connection,
    body: EnrolmentBody,
    delay: CredentialsDelay,
    accepted: Terms,
    master: MasterKey,
    *,
    digest: bytes | None = None,
    law_on: date | None = None,
) -> EnrolmentRecord:
    """Store a request to enrol; a repeat with the same digest returns the first one.

    The same establishment and mailbox within minutes is the same request sent twice: the second one is redundant.
    So is one for an establishment whose contact has proven an authority: both are told by mail.
    """
    enrolments.hold(connection, body.siret)
    if repeated := find_repeated(connection, digest):
        return repeated
    _store_terms(connection, accepted)
    same = _is_requested(connection, body, delay.requested_at)
    row = _stated(body) | _instants(delay)
    row |= {"request_digest": digest, "law_on": law_on, "status": "redundant", "ended_at": delay.requested_at}
    created: str = connection.execute(enrolment.insert().values(row).returning(enrolment.c.id)).scalar_one()
    record = enrolments.get(connection, created)
    return record if same else answer(connection, record, body.email, master)


def answer(connection: Connection, record: EnrolmentRecord, email: str, master: MasterKey) -> EnrolmentRecord:
    """Answer a stored request by mail: with a code or, if somebody is proven, with whom to ask."""
    account_id = accounts.create(connection, "employer", record.author, email)
    enrolments.change(connection, record.id, account_id=account_id, email=email)
    if authorities.has_proven_member(connection, record.siret):
        _refer_to_contact(connection, record, account_id)
    else:
        _open_process(connection, record, master)
    return enrolments.get(connection, record.id)


def is_deferred(connection: Connection, record: EnrolmentRecord) -> bool:
    """Whether the mail of a request already waits for its turn."""
    return record.mailed_from is not None and record.mailed_from > now(connection)


def defer(connection: Connection, record: EnrolmentRecord, leaves_at: datetime | None) -> None:
    """Let the mail that answers a request leave later: its code, or whom to ask. None: no later than others."""
    enrolments.change(connection, record.id, mailed_from=leaves_at)
    if leaves_at:
        process = announcement_id(record.siret)
        notices.wait_until(connection, f"{process}/taken-{record.id}/{record.account_id}", leaves_at)


def _refer_to_contact(connection: Connection, record: EnrolmentRecord, account_id: str) -> None:
    """Tell the person whom to ask, and the main contact, once a day at most, that somebody may ask."""
    process, contact = announcement_id(record.siret), accounts.find_filer(connection, record.siret)
    new = notices.announce(connection, process, "enrolment_taken", f"taken-{record.id}", account_id)
    if contact:
        key = f"again-{record.requested_at.date().isoformat()}"
        new += notices.announce(connection, process, "enrolment_again", key, contact.id)
    if new:
        for kind in ("enrolment_taken", "enrolment_again"):
            mail_queue.line_up(connection, process, kind)
        outbox.enqueue(connection, process, "announce")


def _open_process(connection: Connection, record: EnrolmentRecord, master: MasterKey) -> None:
    """Start the process of an enrolment, which issues its code."""
    enrolments.change(connection, record.id, status="open", ended_at=None)
    keys.create(connection, record.process, master)
    accepted = select(terms.c.sha256).where(terms.c.version == record.terms_version)
    digests = {"enrolment": record.id, "terms": connection.execute(accepted).scalar_one()}
    events.append(connection, record.siret, "enrolment_requested", record.requested_at, **digests)
    outbox.enqueue(connection, record.process, "start")


def restate(connection: Connection, record: EnrolmentRecord, delay: CredentialsDelay) -> EnrolmentRecord:
    """State anew when a request was made and its credentials are due."""
    enrolments.change(connection, record.id, **_instants(delay))
    return enrolments.get(connection, record.id)


def _is_requested(connection: Connection, body: EnrolmentBody, at: datetime) -> bool:
    """Whether the same mailbox has just requested to enrol the same establishment."""
    same = (enrolment.c.siret == body.siret, func.lower(enrolment.c.email) == body.email.lower())
    recent = (enrolment.c.requested_at > at - SAME_WITHIN, enrolment.c.status.in_(("open", "activated")))
    return connection.execute(select(enrolment.c.id).where(*same, *recent).limit(1)).first() is not None


def _store_terms(connection: Connection, accepted: Terms) -> None:
    """Store the accepted text of the terms, once for all enrolments."""
    row = {
        "version": accepted.version,
        "sha256": accepted.sha256,
        "content": f"{accepted.title}\n{accepted.text}",
    }
    connection.execute(insert(terms).values(row).on_conflict_do_nothing())


def _stated(body: EnrolmentBody) -> dict[str, object]:
    return {
        "siret": body.siret,
        "department": body.department,
        "name": body.name,
        "address": body.address,
        "person": body.person.name,
        "quality": body.person.quality,
        "email": body.email,
        "terms_version": body.terms.version,
    }


def _instants(delay: CredentialsDelay) -> dict[str, object]:
    return {"requested_at": delay.requested_at, "alert_at": delay.alert_at, "due_at": delay.due_at}
