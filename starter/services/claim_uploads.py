"""Files of claims: received sealed, read by a worker, shown to whoever may file for the establishment."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final, NamedTuple

from law.calendar import add_months
from models.bodies.claim import ClaimTerms
from models.claim_files import error_table
from models.claim_files.plain import normalised
from models.claim_files.profile import ImportProfile, is_ambiguous
from models.engine.names import authorization_id
from models.identifiers import Message
from models.store.cases.records import RequestRecord
from models.store.claims import entitlements
from models.store.claims.circumstances import Stated
from models.store.claims.records import find_entitlement
from models.store.claims.refusals import AdmissionRefused
from models.store.claims.uploads import profiles, reading, receiving, records
from models.store.claims.uploads.receiving import ClaimedMonth
from models.store.claims.uploads.records import UploadFault, UploadRecord
from models.store.claims.uploads.sealing import SealedFile, Sealer
from models.store.journal import keys
from models.store.journal.idempotency import digest
from models.store.people import quotas
from starter.auth.caller import Caller, as_uuid
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import Fault, InvalidRequest
from starter.http.request_body import Submission
from starter.services.case_schemas import Links
from starter.services.files import QUOTAS_OF_FILES
from starter.services.upload_views import UploadView, upload_links, upload_view

MAX_FIRST_ERRORS: Final = 20
"""Errors that the state of a file shows; all that are kept are in `errors.csv`."""
MAX_UNKNOWN_CODES: Final = 20
"""Codes that the state of a file shows: others follow once these are explained, as the file is read again."""
AMBIGUOUS: Final = "Deux valeurs qui se lisent de même ne peuvent pas avoir deux sens : gardez-en une."
NO_CODE: Final = "Un code a une lettre ou un chiffre au moins. Une cellule vide se complète dans votre fichier."
QUOTAS_OF_READINGS: Final[tuple[quotas.Kind, ...]] = ("files", "refused_files", "examining")
"""Without bytes: those of a file that is read again are kept already."""


class UploadAddress(NamedTuple):
    """Where a file is sent: the case, the month (its first day), the part, and what is said beside it."""

    reference: str
    month: date
    part: int = 1
    stated: ClaimTerms = ClaimTerms()


Stating = Callable[[ImportProfile | None, UploadView], ImportProfile]
"""Makes a profile of the last one, if any, and of the file that is looked at; raises `InvalidRequest`."""


class UploadAccepted(Message):
    """A file that is being read."""

    id: str
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
        return UploadAccepted(id=upload_id, links=upload_links(case.reference, to.month, upload_id))


def read(context: Context, credential: PresentedCredential, to: UploadAddress, upload_id: str) -> UploadView:
    """Return how far a file is; raises `Unknown`."""
    with context.admit(credential, Verb.READ_UPLOAD) as caller:
        case, standing = _find(caller, to, upload_id)
        first = records.list_faults(caller.connection, standing.id, limit=MAX_FIRST_ERRORS)
        codes = records.list_unknown_codes(caller.connection, standing.id, MAX_UNKNOWN_CODES)
    return upload_view(case, standing, first, codes)


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

    Raises as `change_profile` does.
    """
    return change_profile(context, credential, to, upload_id, lambda _known, _file: submission.read())


def change_profile(
    context: Context, credential: PresentedCredential, to: UploadAddress, upload_id: str, state: Stating
) -> UploadView:
    """Store what becomes of the last profile of an establishment, and have a file read again with it at once.

    Nobody else states one meanwhile. Raises `InvalidRequest`, `QuotaReached`, as a reading counts like a file of the
    account, and `Conflict` while the file is read, once it is not kept any more, or after too many profiles.
    """
    with context.admit(credential, Verb.FILE_CLAIM) as caller:
        case, found = _find(caller, to, upload_id)
        receiving.hold_establishment(caller.connection, case.siret)
        standing = records.get(caller.connection, found.id)
        known = profiles.find_last(caller.connection, case.siret, case.party)
        stated = state(known, upload_view(case, standing, [], []))
        _require_clear(stated)
        profile = profiles.add(caller.connection, case.siret, case.party, caller.account.id, stated)
        if reading.read_again(caller.connection, standing.id, profile):
            _count_reading(caller)
        return upload_view(case, records.get(caller.connection, standing.id), [], [])


def find_profile(context: Context, credential: PresentedCredential, reference: str) -> ImportProfile | None:
    """Return what the party of a case said of its files last; None if it said nothing."""
    with context.admit(credential, Verb.READ_UPLOAD) as caller:
        case = caller.request(reference)
        return profiles.find_last(caller.connection, case.siret, case.party)


def _require_claimable(caller: Caller, case: RequestRecord, month: date) -> None:
    """Raise `AdmissionRefused` unless the authorization has days in a month."""
    entitlements.open_once(caller.connection, case.reference)
    entitlement = find_entitlement(caller.connection, case.reference)
    if entitlement is None or not entitlement.start_on < add_months(month, 1) or entitlement.end_on < month:
        raise AdmissionRefused("outside-period", "Aucun jour de ce mois n’est dans la période autorisée.")


def _add(caller: Caller, case: RequestRecord, to: UploadAddress, file: SealedFile) -> str:
    shares = caller.shares()
    receiving.hold_establishment(caller.connection, case.siret)  # before the quotas, as where a file is read again
    quotas.use(caller.connection, caller.account.id, "files", 1, shares)
    quotas.use(caller.connection, caller.account.id, "file_bytes", file.size, shares)
    stated = Stated(**to.stated.model_dump())
    claimed = ClaimedMonth(case.reference, case.siret, case.party, to.month, to.part, stated)
    return receiving.add(caller.connection, caller.account.id, claimed, file)


def _require_clear(stated: ImportProfile) -> None:
    """Raise `InvalidRequest` for each member of a profile that gives one value two meanings, or explains no value."""
    codes: dict[str, Mapping[str, str]] = {"categories": stated.categories, "modes": stated.modes}
    wrong = [
        Fault(pointer=f"/{name}", code="ambiguous", message=AMBIGUOUS)
        for name, entries in {"headers": stated.headers, **codes}.items()
        if is_ambiguous(entries)
    ]
    wrong += [
        Fault(pointer=f"/{name}", code="no-code", message=NO_CODE)
        for name, entries in codes.items()
        if not all(map(normalised, entries))
    ]
    if wrong:
        raise InvalidRequest(wrong)


def _count_reading(caller: Caller) -> None:
    """Count a file that is read again, which costs as much as another one; nothing is stored of it again."""
    quotas.require_left(caller.connection, caller.account.id, QUOTAS_OF_READINGS, caller.shares)
    quotas.use(caller.connection, caller.account.id, "files", 1, caller.shares())


def _find(caller: Caller, to: UploadAddress, upload_id: str) -> tuple[RequestRecord, UploadRecord]:
    case = caller.request(to.reference)
    return case, records.find_of(caller.connection, case.reference, to.month, as_uuid(upload_id))
