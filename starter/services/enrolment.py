"""Enrolment of an establishment; an establishment that is already enrolled gets the same answer."""

from datetime import date, datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Final

from sqlalchemy import Connection

from law.calendar import local
from law.dated import BeforeFirstText
from law.directory import PARIS
from law.enrolment import credentials_delay, terms_in_force
from law.texts import in_french
from models.bodies.enrolment import EnrolmentBody, ReaddressBody, ResendBody
from models.errors import Unknown
from models.explanations import ReasonRecord, reason_records
from models.identifiers import Message
from models.mailed_codes import follow_up_key
from models.store.people import activations, enrolment_requests, enrolments
from models.store.people.enrolments import EnrolmentRecord
from models.telemetry import trace_context
from models.terms import VERSIONS, Terms, terms
from starter.auth import rate_limits
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import RETRY_AFTER, fault, problem
from starter.services import stated_department
from starter.services.establishments import require_member

RESEND_INTERVAL: Final = timedelta(minutes=2)
"""Least time between two mails sent on request."""
ADVICE: Final = (
    "Un courriel part vers l’adresse donnée : il porte le code d’activation ou, si l’établissement a déjà un "
    "interlocuteur habilité, dit comment le rejoindre."
)
"""The same answer for everyone, so that it reveals nothing."""


class EnrolmentRequested(Message):
    """The answer to a request to enrol; `key` lets its author correct the address, and cannot be read again."""

    id: str
    key: str
    siret: str
    department: str
    """That of the register of establishments, or the one stated while it has not answered."""
    requested_at: datetime
    credentials_due_at: datetime
    terms: str
    terms_sha256: str
    why: tuple[ReasonRecord, ...]
    advice: str


def read_terms(context: Context, version: str | None = None) -> Terms:
    """Return the terms of use in force, or an earlier version; raises `Unknown`."""
    if version is not None:
        if version not in VERSIONS:
            raise Unknown(version)
        return terms(version)
    with context.database.begin() as connection:
        at = enrolments.requested_now(connection)
    return terms(terms_in_force(at, PARIS, context.law_on(None)))


def enrol(context: Context, body: EnrolmentBody, origin: bytes, key: str | None = None) -> EnrolmentRequested:
    """Register a request to enrol; raises `InvalidRequest` when the terms are not those in force, or 429.

    With an idempotency key, a repeated request from the same address gets the first answer. From another address it
    is another request: the answer holds the key that moves the code, and somebody else may know the body.
    """
    law_on = context.law_on(None)
    digest = sha256(origin + f"{key}\0{body.model_dump_json()}".encode()).digest() if key else None
    with context.database.begin() as connection:
        if repeated := enrolment_requests.find_repeated(connection, digest):
            return _enrolled(context, repeated)
    rate_limits.count_apart(context.database, "enrolment", origin)
    with context.database.begin() as connection:
        at = enrolments.requested_now(connection)
        # Before the département, of which the answer may say what the register of establishments was asked about.
        _require_terms(body, at, body.department or PARIS, law_on)
        home = stated_department.settle(connection, body)
        version = _require_terms(body, at, home, law_on)
        delay = credentials_delay(at, home, law_on)
        settled = body.model_copy(update={"department": home})
        enrolment = enrolment_requests.enrol(
            connection, settled, delay, terms(version), context.master, digest=digest, law_on=law_on
        )
        rate_limits.count_enrolment_mail(connection, context.master, body.email, origin)
        _place(context, connection, enrolment.id, origin)
    return _enrolled(context, enrolment)


def _require_terms(body: EnrolmentBody, at: datetime, department: str, law_on: date | None) -> str:
    """Return the version of the terms in force in a département; raises `InvalidRequest` if another was accepted."""
    try:
        version = terms_in_force(at, department, law_on)
    except BeforeFirstText as before:
        raise fault("/law_on", "before-first-text", str(before)) from before
    if body.terms.version != version:
        dated = in_french(date.fromisoformat(version))
        message = f"Les conditions en vigueur sont celles du {dated} : lisez-les et acceptez-les."
        raise fault("/terms/version", "terms-outdated", message)
    return version


def _enrolled(context: Context, enrolment: EnrolmentRecord) -> EnrolmentRequested:
    """Return the answer to a request to enrol, new or repeated, from its record."""
    trace_context.about(enrolment.siret)
    delay = credentials_delay(enrolment.requested_at, enrolment.department, enrolment.law_on)
    return EnrolmentRequested(
        id=enrolment.id,
        key=follow_up_key(context.master, enrolment.id),
        siret=enrolment.siret,
        department=enrolment.department,
        requested_at=local(enrolment.requested_at, enrolment.department),
        credentials_due_at=local(enrolment.due_at, enrolment.department),
        terms=enrolment.terms_version,
        terms_sha256=terms(enrolment.terms_version).sha256,
        why=reason_records(delay.why),
        advice=ADVICE,
    )


def read_requested(context: Context, enrolment_id: str, key: str) -> tuple[EnrolmentRequested, str]:
    """Return the answer to a request to enrol once more, and its address, for its author; raises `Unknown`."""
    if not compare_digest(key.encode(), follow_up_key(context.master, enrolment_id).encode()):
        raise Unknown(enrolment_id)
    with context.database.begin() as connection:
        record = enrolments.get(connection, enrolment_id)
    return _enrolled(context, record), record.email


def resend(context: Context, body: ResendBody, origin: bytes) -> None:
    """Mail another code to the address of an open enrolment; does nothing, silently, when there is none. Raises 429."""
    rate_limits.count_apart(context.database, "mailbox", origin)
    with context.database.begin() as connection:
        resent = activations.resend(connection, body.siret, body.email, RESEND_INTERVAL)
        rate_limits.count_enrolment_mail(connection, context.master, body.email, origin)
        if resent:
            _place(context, connection, resent, origin)


def readdress(context: Context, body: ReaddressBody, origin: bytes) -> None:
    """Correct the address of an enrolment; does nothing, silently, when the key is wrong. Raises 429."""
    rate_limits.count_apart(context.database, "mailbox", origin)
    if not compare_digest(body.key.encode(), follow_up_key(context.master, body.id).encode()):
        rate_limits.count_apart(context.database, "code", origin, stated=False)
        return
    with context.database.begin() as connection:
        try:
            moved = activations.readdress(connection, body.id, body.email, context.master)
        except Unknown:
            return
        # After the enrolments are held, as in the other calls: two of them then never wait for each other.
        rate_limits.count_enrolment_mail(connection, context.master, body.email, origin)
        if moved:
            _place(context, connection, body.id, origin, moved=True)


def _place(context: Context, connection: Connection, enrolment_id: str, origin: bytes, *, moved: bool = False) -> None:
    """Let the mail of a request leave later when its mailbox had those of a day; one that sends none takes no place.

    One that waits keeps its place, unless it moved to another mailbox.
    """
    record = enrolments.get(connection, enrolment_id)
    if record.account_id is None or (enrolment_requests.is_deferred(connection, record) and not moved):
        return
    leaves_at = rate_limits.place_mail(connection, context.master, record.email, origin)
    if leaves_at or moved:
        enrolment_requests.defer(connection, record, leaves_at)


def read_receipt(context: Context, credential: PresentedCredential, siret: str) -> bytes:
    """Return the sealed receipt of an enrolment as a PDF; raises `Unknown`, or 503 while it is being sealed."""
    with context.admit(credential, Verb.READ_ENROLMENT) as caller:
        require_member(caller, siret)
        activated = enrolments.find_activated(caller.connection, siret, caller.account.id)
        if activated is None:
            raise Unknown(siret)
        content = enrolments.read_receipt(caller.connection, activated)
    if content is None:
        detail = "Le récépissé est en cours de scellement : revenez sous peu."
        raise problem("unavailable", detail, dict(RETRY_AFTER))
    return content
