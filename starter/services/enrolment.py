"""Enrolling, as calls and pages do it: the answer is the same for an establishment that is enrolled already."""

from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Final

from law.calendar import local
from law.dated import BeforeFirstText
from law.enrolment import credentials_delay, terms_in_force
from models.bodies.enrolment import ActivationBody, EnrolmentBody, ReaddressBody, ResendBody
from models.errors import Unknown
from models.identifiers import Message
from models.mailed_codes import follow_up_key
from models.store.cases.records import ReasonRecord
from models.store.people import access_log, accounts, activations, credentials, enrolments, tokens
from models.store.people.enrolments import EnrolmentRecord
from models.telemetry import trace_context
from models.terms import Terms, terms
from starter.auth import passwords, rate_limits, totp
from starter.context import Context
from starter.http.problems import InvalidRequest, fault
from starter.services import password_reset, sign_in
from starter.services.case_view import reasons

RESEND_INTERVAL: Final = timedelta(minutes=2)
"""Between two mails that somebody asks for."""
CAPITAL: Final = "75"
"""Whose day the terms are of, for whoever has not said where their establishment is."""
LABEL: Final = "Adhésion de {siret}"
"""What the token of an activation is called in the list of tokens."""
ADVICE: Final = (
    "Un code d’activation part vers l’adresse donnée. Si l’établissement a déjà adhéré, aucun code n’est envoyé : "
    "demandez à son interlocuteur principal de vous inviter."
)
"""Told to everybody, so that nothing is told of anybody."""


class Enrolled(Message):
    """What is answered to a request to enrol; `key` lets its author correct the address, and is shown this once."""

    id: str
    key: str
    siret: str
    requested_at: datetime
    credentials_due_at: datetime
    terms: str
    terms_sha256: str
    why: tuple[ReasonRecord, ...]
    advice: str


class Activated(Message):
    """An enrolment whose establishment may be filed for from now on; the token is shown this once."""

    siret: str
    token: str


def terms_now(context: Context) -> Terms:
    """Return the terms of use in force."""
    with context.database.begin() as connection:
        at = enrolments.requested_now(connection)
    return terms(terms_in_force(at, CAPITAL, context.law_on(None)))


def enrol(context: Context, body: EnrolmentBody, origin: bytes, key: str | None = None) -> Enrolled:
    """Take a request to enrol; raises `InvalidRequest` when the terms are not those in force, or 429.

    With an idempotency key, the same request again is answered as the first time.
    """
    law_on = context.law_on(None)
    digest = sha256(f"{key}\0{body.model_dump_json()}".encode()).digest() if key else None
    rate_limits.counted(context.database, "enrolment", origin)
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
        found = enrolments.enrol(
            connection, body, delay, terms(version), context.master, digest=digest, law_on=law_on
        )
    return _enrolled(context, found)


def _enrolled(context: Context, found: EnrolmentRecord) -> Enrolled:
    """What is answered of a request as it is kept, whether it has just come or came before."""
    trace_context.about(found.siret)
    delay = credentials_delay(found.requested_at, found.department, found.law_on)
    return Enrolled(
        id=found.id,
        key=follow_up_key(context.master, found.id),
        siret=found.siret,
        requested_at=local(found.requested_at, found.department),
        credentials_due_at=local(found.due_at, found.department),
        terms=found.terms_version,
        terms_sha256=terms(found.terms_version).sha256,
        why=reasons(delay.why),
        advice=ADVICE,
    )


def resend(context: Context, body: ResendBody, origin: bytes) -> None:
    """Have another code sent at the address of an open enrolment, or nothing at all: nobody is told which."""
    rate_limits.counted(context.database, "mailbox", origin)
    with context.database.begin() as connection:
        activations.resend(connection, body.siret, body.email, RESEND_INTERVAL)


def readdress(context: Context, body: ReaddressBody, origin: bytes) -> None:
    """Correct the address of an enrolment for whoever holds its key, or nothing at all: nobody is told which."""
    if not compare_digest(body.key.encode(), follow_up_key(context.master, body.id).encode()):
        rate_limits.counted(context.database, "code", origin)
        return
    rate_limits.counted(context.database, "mailbox", origin)
    rate_limits.counted(context.database, "mail", rate_limits.digest(context.master, "mail", body.email))
    with context.database.begin() as connection:
        try:
            activations.readdress(connection, body.id, body.email)
        except Unknown:
            return


def activate(context: Context, body: ActivationBody, origin: bytes) -> Activated:
    """Use a code up, with the password chosen; raises `InvalidRequest`, or 429.

    Whoever has an account at that address gives its password, and the establishment joins their others. Hashing
    takes a while: outside any transaction, and never for a code that is not good.
    """
    login, known = _holder(context, password_reset.look(context, "activation", body.code, origin))
    if known:
        _confirm(context, known, body)
        hashed = None
    else:
        password_reset.check(body.password)
        hashed = passwords.hashed(body.password)
    with context.database.begin() as connection:
        credentials.hold_login(connection, login)
        if hashed and credentials.find_by_login(connection, login):
            raise _of_account("Cette adresse vient d’avoir un compte : réessayez.")
        found = activations.activate(connection, body.code, known)
        if found is None or found.account_id is None:
            raise password_reset.refused()
        by = known or found.account_id
        if hashed:
            credentials.set_password(connection, by, login, hashed)
        secret, made = tokens.issue(connection, by, LABEL.format(siret=found.siret))
        access_log.append(
            connection, "token_issued", accounts.get(connection, by), token=made.id, scope="write"
        )
        return Activated(siret=found.siret, token=secret)


def _holder(context: Context, made: str) -> tuple[str, str | None]:
    """Return the login that a code is for, and its account if it has one; raises `InvalidRequest`."""
    with context.database.begin() as connection:
        found = enrolments.find_by_account(connection, made)
        if found is None:
            raise password_reset.refused()
        kept = credentials.find_by_login(connection, found.email)
    return found.email, kept.account_id if kept else None


def _confirm(context: Context, account_id: str, body: ActivationBody) -> None:
    """Let whoever has the account pass, by all that it asks to enter: a token of it comes next."""
    try:
        sign_in.confirm(context, account_id, body.password)
    except InvalidRequest as wrong:
        raise _of_account("Cette adresse a déjà un compte : donnez son mot de passe.") from wrong
    with context.database.begin() as connection:
        good = totp.passes(connection, context.master, account_id, body.one_time)
    if not good:
        rate_limits.counted(
            context.database, "login", rate_limits.digest(context.master, "login", account_id)
        )
        raise fault(
            "/one_time", "code-refused", "Ce compte demande un code à usage unique, qui n’a pas servi."
        )


def _of_account(message: str) -> InvalidRequest:
    return fault("/password", "password-of-account", message)
