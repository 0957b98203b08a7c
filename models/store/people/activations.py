"""Credentials of an enrolment: issued, watched until they are sent, used to activate it, or lapsed.

Every function first locks the enrolments of its establishment, and judges by the enrolment's own clock.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from law.enrolment import activation_until, credentials_delay
from models.engine.keys import MasterKey
from models.errors import NotAllowed
from models.mailed_codes import activation_code, canonical
from models.messages.enrolment import EnrolmentState
from models.store.database import now
from models.store.journal import events, outbox
from models.store.journal.events import Actor
from models.store.people import (
    accounts,
    authorities,
    codes,
    enrolment_requests,
    enrolments,
    listings,
    mail_queue,
    notices,
    parties,
)
from models.store.people.accounts import Establishment
from models.store.people.enrolments import EnrolmentRecord

CREDENTIALS = "credentials"
"""Kind of the notice that carries an activation code."""
PROVEN_BY_ANOTHER = (
    "Cet établissement a désormais un interlocuteur dont l’habilitation est prouvée : demandez-lui de vous inviter."
)


def issue(connection: Connection, enrolment: str, master: MasterKey) -> EnrolmentState:
    """Make the code of the latest credentials valid and have it mailed; idempotent."""
    record = _hold(connection, enrolment)
    if record.status == "open" and record.account_id:
        at = enrolments.now(connection, record.id)
        key = f"{CREDENTIALS}-{record.id}-{record.version}"
        leaves_at = _mailed_from(connection, record)
        until = activation_until(leaves_at + record.clock_offset if leaves_at else at, record.department)
        data = {"enrolment": record.id, "version": str(record.version), "at": until.isoformat(), "siret": record.siret}
        if notices.announce(connection, record.process, CREDENTIALS, key, record.account_id, **data):
            code = canonical(activation_code(master, record.id, record.version))
            codes.store(connection, record.account_id, "activation", code, until - at)
            enrolments.change(connection, record.id, issued_at=at, expires_at=until, mailed_from=leaves_at)
            notices.wait_until(connection, notices.list_new(connection, record.process, CREDENTIALS)[-1], leaves_at)
            events.append(connection, record.siret, "credentials_issued", at, version=str(record.version))
    return enrolments.get_state(connection, enrolment)


def watch(connection: Connection, enrolment: str) -> EnrolmentState:
    """Record when the first credentials were sent; or that they were not by the alert, or by the limit."""
    record = _hold(connection, enrolment)
    at = enrolments.now(connection, record.id)
    why = _why_late(record, at, notices.is_refused_alone(connection, record.process, CREDENTIALS, enrolment=record.id))
    if record.sent_at is None:
        left = notices.find_first_sent(connection, record.process, CREDENTIALS, enrolment=record.id)
        if left:
            _record_sending(connection, record, left + record.clock_offset)
        elif record.alerted_at is None and record.alert_at <= at:
            enrolments.change(connection, record.id, alerted_at=at, late_why=why)
            events.append(connection, record.siret, "credentials_alerted", record.alert_at, recorded_at=at, why=why)
        elif record.breached_at is None and record.due_at <= at:
            enrolments.change(connection, record.id, breached_at=at, late_why=why)
            events.append(connection, record.siret, "credentials_overdue", record.due_at, recorded_at=at, why=why)
    return enrolments.get_state(connection, enrolment).model_copy(update={"refused": why != "mail"})


def lapse(connection: Connection, enrolment: str) -> EnrolmentState:
    """Let an enrolment lapse when its credentials have expired; return its state."""
    record = _hold(connection, enrolment)
    at = enrolments.now(connection, record.id)
    if record.status == "open" and record.account_id and record.expires_at and record.expires_at <= at:
        enrolments.change(connection, record.id, status="lapsed", ended_at=at)
        codes.expire_all(connection, record.account_id, "activation")
        events.append(connection, record.siret, "enrolment_lapsed", record.expires_at, recorded_at=at)
        if not enrolments.was_activated_since(connection, record):  # otherwise nobody waits for it
            key, about = f"lapsed-{record.id}", {"siret": record.siret}
            notices.announce(connection, record.process, "enrolment_lapsed", key, record.account_id, **about)
    return enrolments.get_state(connection, enrolment)


def resend(connection: Connection, siret: str, email: str, pause: timedelta) -> str | None:
    """Issue new credentials to the address of the enrolment, and return its id.

    Another address, or a repeat too soon, has no effect: None.
    """
    enrolments.hold(connection, siret)
    record = enrolments.find_open(connection, siret, email, pause)
    if record:
        _reissue(connection, record)
    return record.id if record else None


def readdress(connection: Connection, enrolment: str, email: str, master: MasterKey) -> bool:
    """Correct the address of an open enrolment, and issue new credentials there; False when nothing is sent.

    A request that repeated another one becomes an enrolment of its own: the address of the other does not change.
    """
    siret = enrolments.get(connection, enrolment).siret
    record = _hold(connection, enrolment)
    if record.status == "open" and record.account_id:
        accounts.readdress(connection, record.account_id, email)
        enrolments.change(connection, record.id, email=email)
        at = enrolments.now(connection, record.id)
        events.append(connection, siret, "enrolment_readdressed", at, Actor(role="employer"))
        _reissue(connection, record)
    elif record.status == "redundant" and record.account_id is None:
        delay = credentials_delay(enrolments.requested_now(connection), record.department, record.law_on)
        enrolment_requests.answer(connection, enrolment_requests.restate(connection, record, delay), email, master)
    else:
        return False
    return True


def activate(connection: Connection, code: str, account_id: str | None) -> EnrolmentRecord | None:
    """Redeem a code, so that the establishment may file from now on; None when the code is invalid.

    Raises `NotAllowed`, keeping the code, when somebody else has proven an authority over the establishment.
    `account_id` is the account of a person who has one already; otherwise they take over the enrolment's own.
    """
    owner = codes.find_account(connection, "activation", code)
    record = enrolments.find_by_account(connection, owner) if owner else None
    if owner is None or record is None:
        return None
    record = _hold(connection, record.id)
    by = account_id or owner
    if not authorities.may_join(connection, by, record.siret):
        raise NotAllowed(PROVEN_BY_ANOTHER)
    if codes.redeem(connection, "activation", code) is None:
        return None
    at = enrolments.now(connection, record.id)
    if record.status != "open" or record.expires_at is None or record.expires_at <= at:
        return None
    establishment = Establishment.model_validate(record.model_dump(include=set(Establishment.model_fields)))
    accounts.enrol(connection, by, establishment, apart=True)
    parties.state_department(connection, record.siret, by, record.department)
    listings.apply(connection, record.siret)
    enrolments.change(connection, record.id, status="activated", ended_at=at, activated_by=by)
    actor = Actor(role="employer", account_id=by)
    events.append(connection, record.siret, "enrolment_activated", at, actor, enrolment=record.id)
    outbox.enqueue(connection, record.process, "complete", record.id)
    return record


def _hold(connection: Connection, enrolment: str) -> EnrolmentRecord:
    enrolments.hold(connection, enrolments.get(connection, enrolment).siret)
    return enrolments.get(connection, enrolment)


def _mailed_from(connection: Connection, record: EnrolmentRecord) -> datetime | None:
    """Return when new credentials may leave, None if at once; those that were waiting leave their place to them."""
    waiting = record.mailed_from
    return waiting if waiting and waiting > now(connection) else mail_queue.take(connection)


def _why_late(record: EnrolmentRecord, at: datetime, refused: bool) -> str:
    """Return why credentials are late: their own mailbox, their place in the queue of strangers' mails, or the mail."""
    if refused:
        return "mailbox"
    margin = record.due_at - record.alert_at  # for leaving, once its turn has come
    queued = record.mailed_from and record.mailed_from + record.clock_offset + margin > at
    return "mail_queue" if queued else "mail"


def _record_sending(connection: Connection, record: EnrolmentRecord, at: datetime) -> None:
    seconds = max((at - record.requested_at).total_seconds(), 0)
    in_time = "yes" if at <= record.due_at else "no"
    enrolments.change(connection, record.id, sent_at=at)
    events.append(connection, record.siret, "credentials_sent", at, seconds=f"{seconds:.0f}", in_time=in_time)


def _reissue(connection: Connection, record: EnrolmentRecord) -> None:
    if record.account_id:  # at once: the earlier code may be in somebody else's hands
        codes.expire_all(connection, record.account_id, "activation")
    version = record.version + 1
    notices.take_back(connection, record.process, CREDENTIALS)
    enrolments.change(connection, record.id, version=version, asked_at=enrolments.CLOCK)
    outbox.enqueue(connection, record.process, "resend", f"{record.id}/{version}")
