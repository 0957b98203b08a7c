"""Files of claims: received sealed, read by a worker, shown to whoever may file for the establishment."""

from datetime import date, datetime
from decimal import Decimal
from typing import Final, NamedTuple

from law.amounts import of_cents
from law.calendar import add_months, local
from law.rates import Sector
from models.bodies.claim import ClaimTerms
from models.claim_files import error_table
from models.claim_files.faults import FaultCode
from models.claim_files.profile import ImportProfile
from models.claim_files.reading import unread_sentence
from models.claim_files.verdict import HeaderShape
from models.claim_labels import UploadState
from models.engine.names import authorization_id
from models.identifiers import Message
from models.store.cases.records import RequestRecord
from models.store.claims import entitlements
from models.store.claims.circumstances import Stated
from models.store.claims.records import find_entitlement
from models.store.claims.refusals import AdmissionRefused
from models.store.claims.uploads import profiles, reading, receiving, records
from models.store.claims.uploads.receiving import ClaimedMonth
from models.store.claims.uploads.records import UNREAD, UploadFault, UploadRecord
from models.store.claims.uploads.sealing import SealedFile, Sealer
from models.store.journal import keys
from models.store.journal.idempotency import digest
from models.store.people import quotas
from starter.auth.caller import Caller, as_uuid
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.request_body import Submission
from starter.services.case_schemas import Links
from starter.services.files import QUOTAS_OF_FILES

MAX_FIRST_ERRORS: Final = 20
"""Errors that the state of a file shows; all that are kept are in `errors.csv`."""
QUOTAS_OF_READINGS: Final[tuple[quotas.Kind, ...]] = ("files", "refused_files", "examining")
"""Without bytes: those of a file that is read again are kept already."""


class UploadAddress(NamedTuple):
    """Where a file is sent: the case, the month (its first day), the part, and what is said beside it."""

    reference: str
    month: date
    part: int = 1
    stated: ClaimTerms = ClaimTerms()


class UploadAccepted(Message):
    """A file that is being read."""

    id: str
    links: Links


class UploadErrorView(Message):
    """An error of a line, with what to do; `shown` masks numbers of a person, and is empty for names and payees."""

    line: int
    column: str
    code: FaultCode
    message: str
    shown: str


class UnreadHeader(Message):
    """A column that was not read: its header, its number, and what it may hold."""

    header: str
    number: int
    guess: str | None
    message: str


class UploadView(Message):
    """How far a file is, and what was found in it."""

    id: str
    month: str
    part: int
    state: UploadState
    structural: bool
    sector: Sector
    holidays_worked: bool | None
    lines: int
    read: int
    errors: int
    warnings: int
    first_errors: tuple[UploadErrorView, ...]
    unknown_headers: tuple[UnreadHeader, ...]
    refusal: str | None
    """French: why the file is refused whole."""
    people: int | None
    hours: Decimal | None
    allowance: Decimal | None
    """Euros; None before the end, and for a DSN, which has no weeks."""
    submittable: bool
    """Whether it was read without an error and asks for hours of weeks: a DSN has none to submit."""
    profile: str | None
    profile_version: int | None
    expires_at: datetime
    links: Links


def open_sealer(context: Context, credential: PresentedCredential, to: UploadAddress, key: str | None) -> Sealer:
    """Return what seals a file as it arrives; called before the bytes are read.

    Raises 403 and 404, `AdmissionRefused` for what can be claimed by no file, `QuotaReached`, and `Conflict` while
    another file of the establishment is read. A call that was answered before is judged by its bytes.
    """
    with context.admit(credential, Verb.FILE_CLAIM) as caller:
        case = caller.request(to.reference)
        if caller.answer(key) is None:
            quotas.require_left(caller.connection, caller.account.id, QUOTAS_OF_FILES, caller.shares)
            _require_claimable(caller, case, to.month)
            receiving.require_none_being_read(caller.connection, case.siret, case.party)
        data_key = keys.get(caller.connection, authorization_id(case.reference), context.master)
        return Sealer(receiving.new_id(caller.connection), data_key)


def store(
    context: Context, credential: PresentedCredential, to: UploadAddress, file: SealedFile, key: str | None
) -> UploadAccepted:
    """Store a sealed file and have it read; raises as `open_sealer` does. It counts like any file of the account."""
    file = file._replace(digest=context.blind.digest([file.digest]))  # that of a short file would betray a NIR
    said = to.stated.model_dump(mode="json", exclude_defaults=True)
    body = digest(
        ["claim-file", to.reference, to.month.isoformat(), to.part, file.digest.hex(), *([said] if said else [])]
    )
    with context.admit(credential, Verb.FILE_CLAIM) as caller:
        case = caller.request(to.reference)
        upload_id = caller.once(key, body, lambda: _add(caller, case, to, file))
        return UploadAccepted(id=upload_id, links=links(case.reference, to.month, upload_id))


def read(context: Context, credential: PresentedCredential, to: UploadAddress, upload_id: str) -> UploadView:
    """Return how far a file is; raises `Unknown`."""
    with context.admit(credential, Verb.READ_UPLOAD) as caller:
        case, standing = _find(caller, to, upload_id)
        first = records.list_faults(caller.connection, standing.id, limit=MAX_FIRST_ERRORS)
    return _view(case, standing, first)


def list_errors(
    context: Context, credential: PresentedCredential, to: UploadAddress, upload_id: str
) -> list[UploadFault]:
    """Return every error that is kept of a file; raises `Unknown`."""
    with context.admit(credential, Verb.READ_UPLOAD) as caller:
        _, standing = _find(caller, to, upload_id)
        return records.list_faults(caller.connection, standing.id)


def write_errors(context: Context, credential: PresentedCredential, to: UploadAddress, upload_id: str) -> bytes:
    """Return them as a table, in CSV; raises `Unknown`."""
    errors = list_errors(context, credential, to, upload_id)
    return "".join(error_table.write(each.fault for each in errors)).encode()


def map_headers(
    context: Context,
    credential: PresentedCredential,
    to: UploadAddress,
    upload_id: str,
    submission: Submission[ImportProfile],
) -> UploadView:
    """Store what an establishment says of its files, and have this one read again at once; idempotent.

    Raises `InvalidRequest`, `QuotaReached`, as a reading counts like a file of the account, and `Conflict` while the
    file is read, once it is not kept any more, or after too many profiles.
    """
    with context.admit(credential, Verb.FILE_CLAIM) as caller:
        case, standing = _find(caller, to, upload_id)
        receiving.hold_establishment(caller.connection, case.siret)
        profile = profiles.add(caller.connection, case.siret, case.party, caller.account.id, submission.read())
        if reading.read_again(caller.connection, standing.id, profile):
            _count_reading(caller)
        return _view(case, records.get(caller.connection, standing.id), [])


def find_profile(context: Context, credential: PresentedCredential, reference: str) -> ImportProfile | None:
    """Return what the party of a case said of its files last; None if it said nothing."""
    with context.admit(credential, Verb.READ_UPLOAD) as caller:
        case = caller.request(reference)
        return profiles.find_last(caller.connection, case.siret, case.party)


def links(reference: str, month: date, upload_id: str) -> Links:
    """Return the links of a file."""
    file = f"/api/v1/requests/{reference}/claims/{month:%Y-%m}/uploads/{upload_id}"
    return {"self": file, "errors": f"{file}/errors.csv", "profile": f"{file}/profile"}


def _require_claimable(caller: Caller, case: RequestRecord, month: date) -> None:
    """Raise `AdmissionRefused` unless the authorization has days in a month."""
    entitlements.open_once(caller.connection, case.reference)
    entitlement = find_entitlement(caller.connection, case.reference)
    if entitlement is None or not entitlement.start_on < add_months(month, 1) or entitlement.end_on < month:
        raise AdmissionRefused("outside-period", "Aucun jour de ce mois n’est dans la période autorisée.")


def _add(caller: Caller, case: RequestRecord, to: UploadAddress, file: SealedFile) -> str:
    shares = caller.shares()
    quotas.use(caller.connection, caller.account.id, "files", 1, shares)
    quotas.use(caller.connection, caller.account.id, "file_bytes", file.size, shares)
    stated = Stated(**to.stated.model_dump())
    claimed = ClaimedMonth(case.reference, case.siret, case.party, to.month, to.part, stated)
    return receiving.add(caller.connection, caller.account.id, claimed, file)


def _count_reading(caller: Caller) -> None:
    """Count a file that is read again, which costs as much as another one; nothing is stored of it again."""
    quotas.require_left(caller.connection, caller.account.id, QUOTAS_OF_READINGS, caller.shares)
    quotas.use(caller.connection, caller.account.id, "files", 1, caller.shares())


def _find(caller: Caller, to: UploadAddress, upload_id: str) -> tuple[RequestRecord, UploadRecord]:
    case = caller.request(to.reference)
    return case, records.find_of(caller.connection, case.reference, to.month, as_uuid(upload_id))


def _view(case: RequestRecord, standing: UploadRecord, first: list[UploadFault]) -> UploadView:
    cents = standing.allowance_cents
    stated = standing.model_dump(include=UploadView.model_fields.keys() & UploadRecord.model_fields.keys())
    return UploadView.model_validate(
        stated
        | {
            "month": f"{standing.month:%Y-%m}",
            "state": UploadState.READING if standing.state in UNREAD else standing.state,
            "first_errors": tuple(map(_error, first)),
            "unknown_headers": tuple(map(_header, standing.headers)),
            "allowance": None if cents is None else of_cents(cents),
            "submittable": standing.state is UploadState.READ and standing.claim_id is not None,
            "expires_at": local(standing.expires_at, case.department),
            "links": links(case.reference, standing.month, standing.id),
        }
    )


def _error(each: UploadFault) -> UploadErrorView:
    return UploadErrorView(
        line=each.line, column=each.column, code=each.code, message=each.fault.message, shown=each.shown
    )


def _header(each: HeaderShape) -> UnreadHeader:
    guess = each.guess.value if each.guess and not each.unlisted else None
    return UnreadHeader(header=each.name, number=each.number, guess=guess, message=unread_sentence(each))
