"""Joint decisions that raise a quota of hours: recorded and ended by agents under a delegation, listed."""

from datetime import date, datetime
from typing import NamedTuple

from law.calendar import local
from law.quota import Authority
from models.bodies.claims_review import QuotaEndBody, QuotaExceptionBody
from models.errors import Unknown
from models.identifiers import Message, authorization_of
from models.store.claims import quota_exceptions
from models.store.claims.quota_exceptions import QuotaExceptionRecord, QuotaPlace
from models.store.people import accounts
from models.store.people.accounts import Account
from starter.auth.caller import Caller, as_uuid
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import InvalidRequest, fault
from starter.http.request_body import Submission
from starter.services.files import file_faults


class QuotaException(Message):
    """A decision that raises a quota; `hours` for each employee in the year, in all."""

    id: str
    reference: str | None
    """None for a decision about all hours of the establishment."""
    siret: str
    establishment: str
    year: int
    hours: str
    authority: Authority
    decided_on: date
    file: str
    """Id of the decision itself."""
    given_by: str
    """Id of the account that recorded it."""
    name: str
    """Name of the agent who recorded it."""
    given_at: datetime
    ended_at: datetime | None
    """Since when it counts no longer; None for one in force."""
    ended_by: str | None
    """Id of the account that ended it."""
    end_reason: str | None


class QuotasReading(NamedTuple):
    """Decisions that concern an agent, and who reads them."""

    reader: Account
    exceptions: list[QuotaException]


class QuotaCheck(NamedTuple):
    """A decision that may be recorded, what it is about, and who would record it."""

    reader: Account
    body: QuotaExceptionBody
    place: QuotaPlace
    establishment: str
    """Its name."""


def read(context: Context, credential: PresentedCredential) -> QuotasReading:
    """Return the decisions about cases and establishments of the caller’s départements, newest first."""
    with context.admit(credential, Verb.READ_DESK) as caller:
        found = quota_exceptions.list_for_agents(caller.connection, caller.account.departments)
        return QuotasReading(caller.account, [_view(each) for each in found])


def give(context: Context, credential: PresentedCredential, submission: Submission[QuotaExceptionBody]) -> str:
    """Record a decision, and return its id.

    Raises `InvalidRequest`, `Unlawful`, 403 without a delegation.
    """
    with context.admit(credential, Verb.EXCEED_QUOTA) as caller:

        def create() -> str:
            body = submission.read()
            return quota_exceptions.give(caller.connection, body, _place(caller, body), caller.actor)

        return caller.once(submission.key, submission.digest, create)


def end(
    context: Context, credential: PresentedCredential, exception_id: str, submission: Submission[QuotaEndBody]
) -> str:
    """End a decision now, with the reason, and return its id; what was admitted under it remains.

    Raises `Unknown`, `InvalidRequest`, 403 without a delegation.
    """
    with context.admit(credential, Verb.EXCEED_QUOTA) as caller:
        named = as_uuid(exception_id)

        def act() -> str:
            reason = submission.read().reason
            quota_exceptions.end(caller.connection, named, reason, caller.actor, caller.account.departments)
            return named

        return caller.once(submission.key, submission.digest, act)


def check(context: Context, credential: PresentedCredential, submission: Submission[QuotaExceptionBody]) -> QuotaCheck:
    """Return a decision that may be recorded, recording nothing; raises what `give` does."""
    with context.admit(credential, Verb.EXCEED_QUOTA) as caller:
        body = submission.read()
        place = _place(caller, body)
        quota_exceptions.judge(caller.connection, body, place, caller.actor)
        name = accounts.get_establishment(caller.connection, place.siret).name
        return QuotaCheck(caller.account, body, place, name)


def _place(caller: Caller, body: QuotaExceptionBody) -> QuotaPlace:
    """Return what a decision is about, in a département of the caller; the caller must have sent its file.

    Raises `InvalidRequest`.
    """
    wrong = list(file_faults(caller, body.file, "/file"))
    try:
        place = _of_case(caller, body.reference) if body.reference else _of_establishment(caller, str(body.siret))
    except InvalidRequest as unknown:
        raise InvalidRequest([*unknown.faults, *wrong]) from unknown
    if wrong:
        raise InvalidRequest(wrong)
    return place


def _of_case(caller: Caller, reference: str) -> QuotaPlace:
    try:
        case = caller.request(authorization_of(reference))
    except Unknown as unknown:
        message = "Aucun dossier de vos départements ne porte cette référence."
        raise fault("/reference", "request-unknown", message) from unknown
    return QuotaPlace(siret=case.siret, department=case.department, reference=case.reference, ground=case.ground)


def _of_establishment(caller: Caller, siret: str) -> QuotaPlace:
    found = accounts.find_establishment(caller.connection, siret)
    if found is None or not caller.covers(found.department):
        raise fault("/siret", "establishment-unknown", "Aucun établissement de vos départements ne porte ce SIRET.")
    return QuotaPlace(siret=siret, department=found.department)


def _view(record: QuotaExceptionRecord) -> QuotaException:
    return QuotaException(
        id=record.id,
        reference=record.reference,
        siret=record.siret,
        establishment=record.establishment,
        year=record.year,
        hours=f"{record.hours:.2f}",
        authority=record.authority,
        decided_on=record.decided_on,
        file=record.file_id,
        given_by=record.account_id,
        name=record.name,
        given_at=local(record.given_at, record.department),
        ended_at=record.ended_at and local(record.ended_at, record.department),
        ended_by=record.ended_by,
        end_reason=record.end_reason,
    )
