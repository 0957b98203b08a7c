"""The file of a claim, from the form that sends it: how far it is read, its errors, what it comes to."""

from collections.abc import Mapping
from functools import partial
from math import ceil
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi_problem.error import Problem
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from law.amounts import euros_in_french
from law.texts import NO_BREAK_SPACE, count_in_french, instant_in_french
from models.bodies.claim import ClaimBody
from models.claim_files.fields import COLUMNS, Field
from models.claim_files.profile import IGNORED
from models.claim_labels import UploadState
from models.errors import Conflict, KeyReused, QuotaReached
from models.store.claims.refusals import AdmissionRefused
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext, Context
from starter.http.problems import TITLES, InvalidRequest
from starter.pages.components import claim_terms_form, claim_words, code_rows
from starter.pages.components.claim_file_form import ArrivingFile
from starter.pages.components.form_keys import REUSED, keyed_submission, new_key
from starter.pages.components.forms import beside
from starter.pages.components.rendering import FORM_HEADERS, page
from starter.pages.components.resumption import STALE, TypedForm, ended
from starter.pages.components.said import redirect_saying, said
from starter.pages.components.session_forms import Act, session_form
from starter.pages.components.typed import whole
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect, visitor_fields
from starter.pages.employer import claim_month
from starter.pages.employer.claim_month import MonthAddress, address_of
from starter.services import claim_grids, claim_months, claim_uploads, claims, dsn_people
from starter.services.claim_months import MonthReading
from starter.services.claim_uploads import UploadAddress
from starter.services.claim_views import ClaimAddress
from starter.services.upload_views import UploadErrorView, UploadView

router = APIRouter(include_in_schema=False)

UPLOADS: Final = f"{claim_month.PATH}/uploads"
UPLOAD: Final = f"{UPLOADS}/{{upload_id}}"
INVALID: Final = TITLES["invalid-input"][0]
UNAUTHENTICATED: Final = TITLES["unauthenticated"][0]
NO_CODES: Final[frozenset[str]] = frozenset()
MAX_TRIES: Final = 120
"""Times that the page of a file that is read asks for itself again; then a link does."""
SECONDS: Final = 3
MAX_COLUMNS: Final = 8
"""Columns of one form, which has codes too: the others follow, as the file is read again."""
COLUMN: Final = "column-"
CODES: Final = "#codes"
"""Where the form of columns and codes stands in the page."""
CodePage = Annotated[int, Query(ge=0, le=code_rows.MAX_PAGES)]
FIELD_NAMES: Final[dict[Field, str]] = {
    Field.NIR: "Numéro de sécurité sociale",
    Field.FAMILY_NAME: "Nom de famille",
    Field.USAGE_NAME: "Nom d’usage",
    Field.FIRST_NAME: "Prénom",
    Field.CATEGORY: "Catégorie socioprofessionnelle",
    Field.MODE: "Mode d’aménagement du temps de travail",
    Field.CONTRACT_HOURS: "Durée hebdomadaire du contrat",
    Field.WEEK: "Semaine",
    Field.WORKED: "Heures travaillées ou assimilées",
    Field.IDLE: "Heures chômées",
    Field.HOURLY_GROSS: "Taux horaire brut",
    Field.APPRENTICE: "Alternance",
    Field.BIRTH_NAME: "Nom de naissance",
    Field.CIVILITY: "Civilité",
    Field.BIRTH_DATE: "Date de naissance",
    Field.COMMUNE: "Commune de naissance (code INSEE)",
    Field.ADDRESS: "Adresse",
    Field.POSTCODE: "Code postal",
    Field.CITY: "Ville",
    Field.IBAN: "IBAN",
}
OF_THE_CLAIM: Final = {"reference_months": "Aménagement du temps de travail"}
"""How the summary of errors names what is asked beside the file."""
KEPT: Final = (UploadState.READ, UploadState.WITH_ERRORS, UploadState.UNREADABLE)
"""States of a file that was read and whose bytes are kept."""
FILE_TONES: Final[dict[UploadState, str]] = {
    UploadState.READING: "info",
    UploadState.READ: "good",
    UploadState.WITH_ERRORS: "bad",
    UploadState.UNREADABLE: "bad",
}
NO_WEEKS: Final = (
    "Ce fichier est une DSN : elle donne les salariés et leur paie, mais pas les heures chômées de chaque semaine. Il "
    "n’y a donc rien à déposer."
)
NO_HOURS: Final = "Ce fichier ne demande aucune heure chômée : il n’y a rien à déposer."
IGNORE: Final = (IGNORED, "Ne pas lire cette colonne")


@router.post(UPLOADS)
async def send_file(context: AppContext, request: Request, visitor: SessionOptional, to: MonthAddress) -> Response:
    """Send a file, like `POST /api/v1/requests/{reference}/claims/{month}/uploads`."""
    arriving = ArrivingFile(context, visitor, UploadAddress(*to[:3]))
    pairs: tuple[tuple[str, str], ...] = ()
    try:
        pairs = await arriving.receive(request)
        if visitor is not None:
            return await _store(context, request, visitor, to, arriving)
    except Problem as problem:
        if problem.status != UNAUTHENTICATED:
            raise
    return ended(request, pairs, NO_CODES)


async def _store(
    context: Context, request: Request, visitor: PresentedCredential, to: ClaimAddress, arriving: ArrivingFile
) -> Response:
    wrong = {"form": STALE}
    try:
        if arriving.fresh:
            return redirect(address_of(to, "uploads", (await arriving.store()).id))
    except InvalidRequest as refused:
        wrong = beside(refused.faults, {f"/{each}": each for each in ("file", *claim_terms_form.NAMES)})
    except KeyReused:
        wrong = {"form": REUSED}
    except (AdmissionRefused, Conflict, QuotaReached) as refused:
        wrong = {"form": refused.detail}
    return await run_in_threadpool(claim_month.view, context, request, visitor, to, wrong, arriving.fields)


@router.get(UPLOAD)
def file_page(
    context: AppContext,
    request: Request,
    visitor: SessionRequired,
    to: MonthAddress,
    upload_id: str,
    tries: Annotated[int, Query(ge=0, le=MAX_TRIES)] = 0,
    codes: CodePage = 0,
) -> Response:
    """Show how far a file is, with a page of the codes explained before; while it is read, it asks for itself again."""
    return view(context, request, visitor, to, upload_id, tries=tries, codes=codes)


@router.post(claim_month.PATH)
async def file_claim(context: AppContext, request: Request, visitor: SessionOptional, to: MonthAddress) -> Response:
    """File the claim of a file that was read, like `POST /api/v1/requests/{reference}/claims`."""

    def act(form: TypedForm, session: PresentedCredential) -> Response:
        stated: dict[str, object] = {"month": f"{to.month:%Y-%m}", "part": to.part}
        stated |= {name: form.fields[name] for name in ("upload", "replaces") if name in form.fields}
        stated |= (
            {"reference_months": whole(form.fields["reference_months"])} if "reference_months" in form.fields else {}
        )
        stated["monthly_reimbursement"] = "monthly" in form.fields
        submission = keyed_submission(ClaimBody, address_of(to), stated, form.fields)
        claims.receive_claim(context, session, to.reference, submission)
        return redirect_saying(address_of(to), "claim", session)

    async def run(filing: Act, form: TypedForm, session: PresentedCredential) -> Response:
        return await claims.run_in_turn(context, session, to.reference, partial(filing, form, session))

    def again(form: TypedForm, session: PresentedCredential, wrong: dict[str, str]) -> Response:
        return view(context, request, session, to, form.fields.get("upload", ""), form, wrong)

    pointers = {"/reference_months": "reference_months"}
    return await session_form(request, visitor, act, again, pointers, run)


def view(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    to: ClaimAddress,
    upload_id: str,
    form: TypedForm | None = None,
    wrong: dict[str, str] | None = None,
    *,
    tries: int = 0,
    codes: int = 0,
) -> Response:
    """Show a file, with what was typed in one of its forms and what is wrong there.

    `codes`: page of the codes explained before; 0 for what nothing explains yet, with as many of them as have room.
    """
    reading = claim_months.read_month(context, visitor, to)
    file = claim_uploads.read(context, visitor, UploadAddress(*to[:3]), upload_id)
    content = (
        claim_month.heading(reading, to)
        | _content(file, reading, to, tries)
        | _unread(context, visitor, to, file, form.fields if form else {}, codes, direct=reading.direct)
        | {
            "wrong": wrong or {},
            "key": form.fields.get("key") or new_key() if form else new_key(),
            "said": said(request, visitor),
        }
    )
    fields = visitor_fields(reading.reader, visitor)
    return page(request, "claim_file", fields | content, INVALID if wrong else 200, FORM_HEADERS)


def _content(file: UploadView, reading: MonthReading, to: ClaimAddress, tries: int) -> dict[str, object]:
    at, waits = address_of(to, "uploads", file.id), file.state is UploadState.READING
    last, offered = reading.last, claim_grids.of_month(reading).offered
    return {
        "file": file,
        "at": at,
        "state": (file.state.label, FILE_TONES.get(file.state, "off")),
        "waits": waits,
        "again": _with(at, "tries", tries + 1) if waits and tries < MAX_TRIES else "",
        "seconds": SECONDS,
        "until": instant_in_french(file.expires_at),
        "sums": _sums(file),
        "table_of_errors": address_of(to, "uploads", file.id, "errors.csv"),
        "errors": [_error(each) for each in file.first_errors],
        "late": reading.late,
        "fileable": file.submittable and reading.may_send,
        "nothing": NO_HOURS if file.allowance is not None else NO_WEEKS,
        "may_send": reading.may_send,
        "grid": address_of(to, "grid") if offered else "",
        "grid_of_dsn": offered and dsn_people.is_offered(file.state, file.people, priced=file.allowance is not None),
        "replaces": last if reading.replaceable else None,
        "replaced": claim_words.counted(last.people, last.hours) if last else "",
    }


def _unread(
    context: Context,
    visitor: PresentedCredential,
    to: ClaimAddress,
    file: UploadView,
    fields: Mapping[str, str],
    codes: int,
    *,
    direct: bool,
) -> dict[str, object]:
    """Return what of a file an employer may explain: its columns and its codes, or a page of those explained before.

    What only a claim paid directly to employees holds is offered for such a claim alone.
    """
    if file.state not in KEPT:
        return {"columns": (), "unknown": (), "explained": (), "labels": OF_THE_CLAIM, "fields": fields}
    profile = claim_uploads.find_profile(context, visitor, to.reference)
    paged = code_rows.page_of_explained(profile, codes) if codes else []
    unknown = [] if paged else code_rows.unknown_rows(file.unknown_codes)
    shown = sum(bool(each.written) for each in unknown)
    explained = paged or code_rows.explained_rows(profile, shown)
    headers = () if paged else file.unknown_headers[:MAX_COLUMNS]
    return _pages_of_codes(to, file, code_rows.count_explained(profile), len(explained), codes if paged else 0) | {
        "columns": [(f"{COLUMN}{each.number}", each.header, each.guess or "") for each in headers],
        "choices": [*((each.value, FIELD_NAMES[each]) for each in (Field if direct else COLUMNS)), IGNORE],
        "more": len(file.unknown_headers) > MAX_COLUMNS or len(file.unknown_codes) > code_rows.MAX_ROWS,
        "unknown": unknown,
        "explained": explained,
        "labels": {**code_rows.labels([*unknown, *explained]), **OF_THE_CLAIM},
        "fields": {**fields, **code_rows.values([*unknown, *explained], fields)},
    }


def _pages_of_codes(to: ClaimAddress, file: UploadView, count: int, shown: int, codes: int) -> dict[str, object]:
    """Return where the form of a page of codes is sent, and the addresses of the pages around it."""
    at, last = address_of(to, "uploads", file.id), ceil(count / code_rows.MAX_ROWS)
    sent_to = address_of(to, "uploads", file.id, "profile")
    following = codes < last if codes else shown < count
    return {
        "sent_to": _with(sent_to, "codes", codes) if codes else sent_to,
        "all_codes": count_in_french(count, "code") if following and not codes else "",
        "of_pages": f"{codes} sur {last}" if codes else "",
        "previous": (_with(at, "codes", codes - 1) if codes > 1 else at) + CODES if codes else "",
        "next": _with(at, "codes", codes + 1) + CODES if following else "",
    }


def _with(at: str, name: str, number: int) -> str:
    return f"{at}{'&' if '?' in at else '?'}{name}={number}"


def _error(each: UploadErrorView) -> tuple[str, str, str, str]:
    return f"Ligne{NO_BREAK_SPACE}{each.line}" if each.line else "Fichier entier", each.column, each.shown, each.message


def _sums(file: UploadView) -> list[tuple[str, str]]:
    rows = [("Lignes lues", count_in_french(file.read, "ligne"))]
    if file.people is not None:
        rows.append(("Salariés", count_in_french(file.people, "salarié")))
    if file.hours is not None:
        rows.append(("Heures indemnisables", claim_words.hours(file.hours)))
    if file.allowance is not None:
        rows.append(("Allocation calculée", euros_in_french(file.allowance)))
    rows += claim_words.stated(file)
    return rows
