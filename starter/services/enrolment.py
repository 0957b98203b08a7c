"""Enrolment of an establishment; an establishment that is already enrolled gets the same answer."""

from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Final

from law.calendar import local
from law.dated import BeforeFirstText
from law.directory import PARIS
from law.enrolment import credentials_delay, terms_in_force
from models.bodies.enrolment import EnrolmentBody, ReaddressBody, ResendBody
from models.errors import Unknown
from models.identifiers import Message
from models.mailed_codes import follow_up_key
from models.store.cases.records import ReasonRecord
from models.store.people import activations, enrolments
from models.store.people.enrolments import EnrolmentRecord
from models.telemetry import trace_context
from models.terms import VERSIONS, Terms, terms
from starter.auth import rate_limits
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import RETRY_AFTER, fault, problem
from starter.services.case_view import reasons
from starter.services.establishments import require_member

RESEND_INTERVAL: Final = timedelta(minutes=2)
"""Least time between two mails sent on request."""
"""Département whose legal time applies until the establishment is known."""
ADVICE: Final = (
    "Un code d’activation part vers l’adresse donnée. Si l’établissement a déjà adhéré, aucun code n’est envoyé : "
    "demandez à son interlocuteur principal de vous inviter."
)
"""The same answer for everyone, so that it reveals nothing."""


class EnrolmentRequested(Message):
    """The answer to a request to enrol; `key` lets its author correct the address, and cannot be read again."""

    id: str
    key: str
    siret: str
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

    With an idempotency key, a repeated request gets the first answer.
    """
    law_on = context.law_on(None)
    digest = sha256(f"{key}\0{body.model_dump_json()}".encode()).digest() if key else None
    rate_limits.count_apart(context.database, "enrolment", origin)
    with context.database.begin() as connection:
        at = enrolments.requested_now(connection)
        try:
            delay = credentials_delay(at, body.department, law_on)
            version = terms_in_force(at, body.department, law_on)
        except BeforeFirstText as before:
            raise fault("/law_on", "before-first-text", str(before)) from before
        if body.terms.version != version:
            message = f"Les conditions en vigueur sont celles du {version} : lisez-les et acceptez-les."
            raise fault("/terms/version", "terms-outdated", message)
        enrolment = enrolments.enrol(
            connection, body, delay, terms(version), context.master, digest=digest, law_on=law_on
        )
    return _enrolled(context, enrolment)


def _enrolled(context: Context, enrolment: EnrolmentRecord) -> EnrolmentRequested:
    """Return the answer to a request to enrol, new or repeated, from its record."""
    trace_context.about(enrolment.siret)
    delay = credentials_delay(enrolment.requested_at, enrolment.department, enrolment.law_on)
    return EnrolmentRequested(
        id=enrolment.id,
        key=follow_up_key(context.master, enrolment.id),
        siret=enrolment.siret,
        requested_at=local(enrolment.requested_at, enrolment.department),
        credentials_due_at=local(enrolment.due_at, enrolment.department),
        terms=enrolment.terms_version,
        terms_sha256=terms(enrolment.terms_version).sha256,
        why=reasons(delay.why),
        advice=ADVICE,
    )


def resend(context: Context, body: ResendBody, origin: bytes) -> None:
    """Mail another code to the address of an open enrolment; does nothing, silently, when there is none. Raises 429."""
    rate_limits.count_apart(context.database, "mailbox", origin)
    with context.database.begin() as connection:
        activations.resend(connection, body.siret, body.email, RESEND_INTERVAL)


def readdress(context: Context, body: ReaddressBody, origin: bytes) -> None:
    """Correct the address of an enrolment; does nothing, silently, when the key is wrong. Raises 429."""
    if not compare_digest(body.key.encode(), follow_up_key(context.master, body.id).encode()):
        rate_limits.count_apart(context.database, "code", origin)
        return
    rate_limits.count_apart(context.database, "mailbox", origin)
    rate_limits.count_apart(context.database, "mail", rate_limits.digest(context.master, "mail", body.email))
    with context.database.begin() as connection:
        try:
            activations.readdress(connection, body.id, body.email)
        except Unknown:
            return


def read_receipt(context: Context, credential: PresentedCredential, siret: str) -> bytes:
    """Return the sealed receipt of an enrolment as a PDF; raises `Unknown`, or 503 while it is being sealed."""
    with context.admit(credential, Verb.READ_ENROLMENT) as caller:
        require_member(caller, siret)
        if not enrolments.was_activated(caller.connection, siret):
            raise Unknown(siret)
        content = enrolments.find_receipt(caller.connection, siret)
    if content is None:
        detail = "Le récépissé est en cours de scellement : revenez sous peu."
        raise problem("unavailable", detail, dict(RETRY_AFTER))
    return content
