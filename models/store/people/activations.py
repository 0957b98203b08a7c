"""Credentials of an enrolment: issued, watched until they are sent, used to activate it, or lapsed.

Every function first locks the enrolments of its establishment, and judges by the enrolment's own clock.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from law.enrolment import activation_until
from models.engine.keys import MasterKey
from models.engine.names import enrolment_id
from models.mailed_codes import activation_code, canonical
from models.messages.enrolment import EnrolmentState
from models.store.journal import events, outbox
from models.store.journal.events import Actor
from models.store.people import accounts, codes, enrolments, notices
from models.store.people.accounts import Establishment
from models.store.people.enrolments import EnrolmentRecord

CREDENTIALS = "credentials"
"""Kind of the notice that carries an activation code."""


def issue(connection: Connection, enrolment: str, master: MasterKey) -> EnrolmentState:
    """Make the code of the latest credentials valid and have it mailed; idempotent."""
    record = _hold(connection, enrolment)
    if record.status == "open" and record.account_id:
        at = enrolments.now(connection, record.id)
        key = f"{CREDENTIALS}-{record.id}-{record.version}"
        until = activation_until(at, record.department)
        data = {"enrolment": record.id, "version": str(record.version), "at": until.isoformat()}
        process = enrolment_id(record.siret)
        if notices.announce(connection, process, CREDENTIALS, key, record.account_id, **data):
            code = canonical(activation_code(master, record.id, record.version))
            codes.store(connection, record.account_id, "activation", code, until - at)
            enrolments.change(connection, record.id, issued_at=at, expires_at=until)
            events.append(connection, record.siret, "credentials_issued", at, version=str(record.version))
    return enrolments.get_state(connection, enrolment)


def watch(connection: Connection, enrolment: str) -> EnrolmentState:
    """Record when the first credentials were sent; or that they were not by the alert, or by the limit."""
    record = _hold(connection, enrolment)
    at = enrolments.now(connection, record.id)
    if record.sent_at is None:
        left = notices.find_first_sent(connection, enrolment_id(record.siret), CREDENTIALS, enrolment=record.id)
        if left:
            _record_sending(connection, record, left + record.clock_offset)
        elif record.alerted_at is None and record.alert_at <= at:
            enrolments.change(connection, record.id, alerted_at=at)
            events.append(connection, record.siret, "credentials_alerted", record.alert_at, recorded_at=at)
        elif record.breached_at is None and record.due_at <= at:
            enrolments.change(connection, record.id, breached_at=at)
            events.append(connection, record.siret, "credentials_overdue", record.due_at, recorded_at=at)
    return enrolments.get_state(connection, enrolment)


def lapse(connection: Connection, enrolment: str) -> EnrolmentState:
    """Let an enrolment lapse when its credentials have expired; return its state."""
    record = _hold(connection, enrolment)
    at = enrolments.now(connection, record.id)
    if record.status == "open" and record.account_id and record.expires_at and record.expires_at <= at:
        enrolments.change(connection, record.id, status="lapsed", ended_at=at)
        codes.expire_all(connection, record.account_id, "activation")
        events.append(connection, record.siret, "enrolment_lapsed", record.expires_at, recorded_at=at)
        process = enrolment_id(record.siret)
        notices.announce(connection, process, "enrolment_lapsed", f"lapsed-{record.id}", record.account_id)
    return enrolments.get_state(connection, enrolment)


def resend(connection: Connection, siret: str, email: str, pause: timedelta) -> None:
    """Issue new credentials to the address of the enrolment; another address, or a repeat too soon, has no effect."""
    enrolments.hold(connection, siret)
    record = enrolments.find_open(connection, siret, pause)
    if record and record.email.lower() == email.lower():
        _reissue(connection, record)


def readdress(connection: Connection, enrolment: str, email: str) -> None:
    """Correct the address of an open enrolment, and issue new credentials there."""
    siret = enrolments.get(connection, enrolment).siret
    record = _hold(connection, enrolment)
    if record.status == "open" and record.account_id:
        accounts.readdress(connection, record.account_id, email)
        enrolments.change(connection, record.id, email=email)
        at = enrolments.now(connection, record.id)
        events.append(connection, siret, "enrolment_readdressed", at, Actor(role="employer"))
        _reissue(connection, record)


def activate(connection: Connection, code: str, account_id: str | None) -> EnrolmentRecord | None:
    """Redeem a code, so that the establishment may file from now on; None when the code is invalid.

    `account_id` is the account of a person who has one already; otherwise they take over the enrolment's own.
    """
    owner = codes.find_account(connection, "activation", code)
    record = enrolments.find_by_account(connection, owner) if owner else None
    if owner is None or record is None:
        return None
    record = _hold(connection, record.id)
    if codes.redeem(connection, "activation", code) is None:
        return None
    at = enrolments.now(connection, record.id)
    if record.status != "open" or record.expires_at is None or record.expires_at <= at:
        return None
    by = account_id or owner
    establishment = Establishment.model_validate(record.model_dump(include=set(Establishment.model_fields)))
    accounts.enrol(connection, by, establishment)
    enrolments.change(connection, record.id, status="activated", ended_at=at)
    actor = Actor(role="employer", account_id=by)
    events.append(connection, record.siret, "enrolment_activated", at, actor, enrolment=record.id)
    outbox.enqueue(connection, enrolment_id(record.siret), "complete", record.id)
    return record


def _hold(connection: Connection, enrolment: str) -> EnrolmentRecord:
    enrolments.hold(connection, enrolments.get(connection, enrolment).siret)
    return enrolments.get(connection, enrolment)


def _record_sending(connection: Connection, record: EnrolmentRecord, at: datetime) -> None:
    seconds = max((at - record.requested_at).total_seconds(), 0)
    in_time = "yes" if at <= record.due_at else "no"
    enrolments.change(connection, record.id, sent_at=at)
    events.append(connection, record.siret, "credentials_sent", at, seconds=f"{seconds:.0f}", in_time=in_time)


def _reissue(connection: Connection, record: EnrolmentRecord) -> None:
    if record.account_id:  # at once: the earlier code may be in somebody else's hands
        codes.expire_all(connection, record.account_id, "activation")
    process, version = enrolment_id(record.siret), record.version + 1
    notices.take_back(connection, process, CREDENTIALS)
    enrolments.change(connection, record.id, version=version, asked_at=enrolments.CLOCK)
    outbox.enqueue(connection, process, "resend", f"{record.id}/{version}")
