"""What callers see of a file of a claim: how far it is, its errors, and what of it nothing explains yet."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from law.amounts import of_cents
from law.calendar import local
from law.rates import Sector
from models.claim_files.faults import FaultCode
from models.claim_files.reading import unread_sentence
from models.claim_files.verdict import HeaderShape
from models.claim_labels import UploadState
from models.identifiers import Message
from models.store.cases.records import RequestRecord
from models.store.claims.uploads.records import UNREAD, UnknownCode, UploadFault, UploadRecord
from starter.services.case_schemas import Links


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


class UnreadCode(Message):
    """A value of a category or a mode that is not known: its column, on how many lines it stands, the first of them.

    `shown` is as the file writes it if `whole`, so that it can be a key of a profile; otherwise it says its kind only.
    """

    field: Literal["category", "mode"]
    column: str
    shown: str
    whole: bool
    lines: int
    first_line: int


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
    unknown_codes: tuple[UnreadCode, ...]
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


def upload_links(reference: str, month: date, upload_id: str) -> Links:
    """Return the links of a file."""
    file = f"/api/v1/requests/{reference}/claims/{month:%Y-%m}/uploads/{upload_id}"
    return {"self": file, "errors": f"{file}/errors.csv", "profile": f"{file}/profile"}


def upload_view(
    case: RequestRecord, standing: UploadRecord, first: list[UploadFault], codes: list[UnknownCode]
) -> UploadView:
    """Return how far a file is, with its first errors and the codes that nothing explains."""
    cents = standing.allowance_cents
    stated = standing.model_dump(include=UploadView.model_fields.keys() & UploadRecord.model_fields.keys())
    return UploadView.model_validate(
        stated
        | {
            "month": f"{standing.month:%Y-%m}",
            "state": UploadState.READING if standing.state in UNREAD else standing.state,
            "first_errors": tuple(map(_error, first)),
            "unknown_headers": tuple(map(_header, standing.headers)),
            "unknown_codes": tuple(map(_code, codes)),
            "allowance": None if cents is None else of_cents(cents),
            "submittable": standing.state is UploadState.READ and standing.claim_id is not None,
            "expires_at": local(standing.expires_at, case.department),
            "links": upload_links(case.reference, standing.month, standing.id),
        }
    )


def _error(each: UploadFault) -> UploadErrorView:
    return UploadErrorView(
        line=each.line, column=each.column, code=each.code, message=each.fault.message, shown=each.shown
    )


def _header(each: HeaderShape) -> UnreadHeader:
    guess = each.guess.value if each.guess and not each.unlisted else None
    return UnreadHeader(header=each.name, number=each.number, guess=guess, message=unread_sentence(each))


def _code(each: UnknownCode) -> UnreadCode:
    stated = each.model_dump(include=UnreadCode.model_fields.keys() & UnknownCode.model_fields.keys())
    return UnreadCode.model_validate(stated | {"field": each.field.value, "whole": each.as_written})
