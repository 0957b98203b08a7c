"""Credentials of an enrolment: issued, looked for when they should have left, used to activate it, or lapsed.

Every function holds the enrolments of its establishment first, and judges by the enrolment's own clock.
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
"""Kind of the notice that bears a code."""


def issue(connection: Connection, enrolment: str, master: MasterKey) -> EnrolmentState:
    """Make the code of the credentials asked for last good, and have it announced; again, it is the same one."""
    found = _held(connection, enrolment)
    if found.status == "open" and found.account_id:
        at = enrolments.now(connection, found.id)
        key = f"{CREDENTIALS}-{found.id}-{found.version}"
        until = activation_until(at, found.department)
        data = {"enrolment": found.id, "version": str(found.version), "at": until.isoformat()}
        process = enrolment_id(found.siret)
        if notices.announce(connection, process, CREDENTIALS, key, found.account_id, **data):
            code = canonical(activation_code(master, found.id, found.version))
            codes.keep(connection, found.account_id, "activation", code, until - at)
            enrolments.change(connection, found.id, issued_at=at, expires_at=until)
            events.append(connection, found.siret, "credentials_issued", at, version=str(found.version))
    return enrolments.get_state(connection, enrolment)


def watch(connection: Connection, enrolment: str) -> EnrolmentState:
    """Record that the first credentials left, with their delay; that they did not by the alert, by the limit."""
    found = _held(connection, enrolment)
    at = enrolments.now(connection, found.id)
    if found.sent_at is None:
        left = notices.first_sent(connection, enrolment_id(found.siret), CREDENTIALS, enrolment=found.id)
        if left:
            _sent(connection, found, left + found.clock_offset)
        elif found.alerted_at is None and found.alert_at <= at:
            enrolments.change(connection, found.id, alerted_at=at)
            events.append(connection, found.siret, "credentials_alerted", found.alert_at, recorded_at=at)
        elif found.breached_at is None and found.due_at <= at:
            enrolments.change(connection, found.id, breached_at=at)
            events.append(connection, found.siret, "credentials_overdue", found.due_at, recorded_at=at)
    return enrolments.get_state(connection, enrolment)


def lapse(connection: Connection, enrolment: str) -> EnrolmentState:
    """Let an enrolment lapse when its credentials can be used no more; says how it stands."""
    found = _held(connection, enrolment)
    at = enrolments.now(connection, found.id)
    if found.status == "open" and found.account_id and found.expires_at and found.expires_at <= at:
        enrolments.change(connection, found.id, status="lapsed", ended_at=at)
        codes.forget(connection, found.account_id, "activation")
        events.append(connection, found.siret, "enrolment_lapsed", found.expires_at, recorded_at=at)
        process = enrolment_id(found.siret)
        notices.announce(connection, process, "enrolment_lapsed", f"lapsed-{found.id}", found.account_id)
    return enrolments.get_state(connection, enrolment)


def resend(connection: Connection, siret: str, email: str, pause: timedelta) -> None:
    """Issue other credentials at the address that was given; anybody else, or too soon, changes nothing."""
    enrolments.hold(connection, siret)
    found = enrolments.find_open(connection, siret, pause)
    if found and found.email.lower() == email.lower():
        _renew(connection, found)


def readdress(connection: Connection, enrolment: str, email: str) -> None:
    """Correct the address of an enrolment that is still open, and issue other credentials there."""
    siret = enrolments.get(connection, enrolment).siret
    found = _held(connection, enrolment)
    if found.status == "open" and found.account_id:
        accounts.readdress(connection, found.account_id, email)
        enrolments.change(connection, found.id, email=email)
        at = enrolments.now(connection, found.id)
        events.append(connection, siret, "enrolment_readdressed", at, Actor(role="employer"))
        _renew(connection, found)


def activate(connection: Connection, code: str, account_id: str | None) -> EnrolmentRecord | None:
    """Use a code up: the establishment may be filed for from now on; None when the code is not good.

    `account_id` is that of whoever has an account already; otherwise the enrolment's own becomes theirs.
    """
    made = codes.alive(connection, "activation", code)
    found = enrolments.find_by_account(connection, made) if made else None
    if made is None or found is None:
        return None
    found = _held(connection, found.id)
    if codes.redeem(connection, "activation", code) is None:
        return None
    at = enrolments.now(connection, found.id)
    if found.status != "open" or found.expires_at is None or found.expires_at <= at:
        return None
    by = account_id or made
    place = Establishment.model_validate(found.model_dump(include=set(Establishment.model_fields)))
    accounts.enrol(connection, by, place)
    enrolments.change(connection, found.id, status="activated", ended_at=at)
    actor = Actor(role="employer", account_id=by)
    events.append(connection, found.siret, "enrolment_activated", at, actor, enrolment=found.id)
    outbox.enqueue(connection, enrolment_id(found.siret), "complete", found.id)
    return found


def _held(connection: Connection, enrolment: str) -> EnrolmentRecord:
    enrolments.hold(connection, enrolments.get(connection, enrolment).siret)
    return enrolments.get(connection, enrolment)


def _sent(connection: Connection, found: EnrolmentRecord, at: datetime) -> None:
    seconds = max((at - found.requested_at).total_seconds(), 0)
    kept = "yes" if at <= found.due_at else "no"
    enrolments.change(connection, found.id, sent_at=at)
    events.append(connection, found.siret, "credentials_sent", at, seconds=f"{seconds:.0f}", in_time=kept)


def _renew(connection: Connection, found: EnrolmentRecord) -> None:
    if found.account_id:  # at once: whoever had the code before may be somebody else
        codes.forget(connection, found.account_id, "activation")
    process, version = enrolment_id(found.siret), found.version + 1
    notices.take_back(connection, process, CREDENTIALS)
    enrolments.change(connection, found.id, version=version, asked_at=enrolments.CLOCK)
    outbox.enqueue(connection, process, "resend", f"{found.id}/{version}")
