"""What a signatory allows after a look at a case, with a reason: a hand-over, an authority, a missing opinion."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from law.texts import in_french
from models.bodies.authority import ValidationBody
from models.bodies.decision import HandOverBody, OpinionWaiverBody
from models.errors import NotAllowed
from models.labels import HoldReason
from models.store.cases.reviews import REVIEWED
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import AppContext, Context
from starter.http.problems import TITLES, Fault, InvalidRequest, problem
from starter.http.request_body import Submission
from starter.pages.components.form_keys import key_of, keyed_submission, new_key
from starter.pages.components.forms import MISSING
from starter.pages.components.rendering import page
from starter.pages.components.resumption import TypedForm
from starter.pages.components.session_forms import session_form
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect, visitor_fields
from starter.services import authority, case_review, opinions
from starter.services.case_review import CaseReading, DeskCase

router = APIRouter(include_in_schema=False)

PATH: Final = "/desk/requests/{reference}"
INVALID: Final = TITLES["invalid-input"][0]
FORBIDDEN: Final = TITLES["forbidden"][0]


@dataclass(frozen=True, slots=True)
class Review:
    """An act that is asked about on a page of its own, below that of its case."""

    verb: Verb
    path: str
    label: str
    awaited: Callable[[DeskCase], bool]
    """Whether a case waits for it."""


def _is_held(case: DeskCase) -> bool:
    return any(each in REVIEWED for each in case.hand_over_held_for)


HAND_OVER: Final = Review(Verb.ALLOW_HAND_OVER, "hand-over", "Autoriser la transmission", _is_held)
VALIDATION: Final = Review(
    Verb.VALIDATE_AUTHORITY, "validation", "Valider l’habilitation", lambda case: case.authority == "unproven"
)
WAIVER: Final = Review(
    Verb.WAIVE_OPINION, "opinion-waiver", "Lever l’attente de l’avis", lambda case: case.opinion_missing
)
REVIEWS: Final = (VALIDATION, HAND_OVER, WAIVER)


@router.get(f"{PATH}/hand-over")
def hand_over_page(context: AppContext, request: Request, visitor: SessionRequired, reference: str) -> Response:
    """Ask why a suspended authorization is handed to the paying agency after all."""
    return _open(context, request, visitor, reference, HAND_OVER)


@router.get(f"{PATH}/validation")
def validation_page(context: AppContext, request: Request, visitor: SessionRequired, reference: str) -> Response:
    """Ask how one knows that whoever filed a request may speak for its establishment."""
    return _open(context, request, visitor, reference, VALIDATION)


@router.get(f"{PATH}/opinion-waiver")
def waiver_page(context: AppContext, request: Request, visitor: SessionRequired, reference: str) -> Response:
    """Ask why claims no longer wait for an opinion of the works council that did not come."""
    return _open(context, request, visitor, reference, WAIVER)


@router.post(f"{PATH}/hand-over")
async def allow_hand_over(context: AppContext, request: Request, visitor: SessionOptional, reference: str) -> Response:
    """Allow it, like `POST /api/v1/requests/{reference}/hand-over`; sent twice, it is allowed once."""

    def allow(case: DeskCase, form: TypedForm, session: PresentedCredential) -> None:
        stated: dict[str, object] = {n: form.fields[n] for n in ("reason", "holder") if n in form.fields}
        submission = keyed_submission(HandOverBody, request.url.path, stated, form.fields)
        if HoldReason.HOLDER in case.hand_over_held_for and "holder" not in form.fields:
            raise InvalidRequest(
                [Fault(pointer="/holder", code="missing", message=MISSING["holder"]), *_faults(submission)]
            )
        case_review.allow_hand_over(context, session, reference, submission)

    return await _serve(context, request, visitor, reference, HAND_OVER, allow)


@router.post(f"{PATH}/validation")
async def validate(context: AppContext, request: Request, visitor: SessionOptional, reference: str) -> Response:
    """Validate it, like `POST /api/v1/establishments/{siret}/validation` for whoever filed; sent twice, it is once."""

    def allow(case: DeskCase, form: TypedForm, session: PresentedCredential) -> None:
        stated = {name: form.fields[name] for name in ("reason",) if name in form.fields}
        stated |= {"request": case.reference}
        submission = keyed_submission(ValidationBody, request.url.path, stated, form.fields)
        authority.validate(context, session, case.siret, submission)

    return await _serve(context, request, visitor, reference, VALIDATION, allow)


@router.post(f"{PATH}/opinion-waiver")
async def waive(context: AppContext, request: Request, visitor: SessionOptional, reference: str) -> Response:
    """Waive it, like `POST /api/v1/requests/{reference}/opinion-waiver`; sent twice, it is waived once."""

    def allow(_case: DeskCase, form: TypedForm, session: PresentedCredential) -> None:
        stated = {name: form.fields[name] for name in ("reason",) if name in form.fields}
        submission = keyed_submission(OpinionWaiverBody, request.url.path, stated, form.fields)
        opinions.waive_opinion(context, session, reference, submission)

    return await _serve(context, request, visitor, reference, WAIVER, allow)


def _faults(submission: Submission[HandOverBody]) -> tuple[Fault, ...]:
    """Return what is wrong in a body, so that it is said with what only its case tells."""
    try:
        submission.read()
    except InvalidRequest as wrong:
        return wrong.faults
    return ()


async def _serve(
    context: Context,
    request: Request,
    visitor: PresentedCredential | None,
    reference: str,
    review: Review,
    allow: Callable[[DeskCase, TypedForm, PresentedCredential], None],
) -> Response:
    show = partial(_show, request, review)

    def act(form: TypedForm, session: PresentedCredential) -> Response:
        reading = _read(context, session, reference, review)
        try:
            allow(reading.case, form, session)
        except NotAllowed as refused:
            answer = show(session, reading, form, {"form": refused.detail})
            answer.status_code = FORBIDDEN
            return answer
        return redirect(f"{PATH.format(reference=reading.case.reference)}?done={review.path}")

    def again(form: TypedForm, session: PresentedCredential, wrong: dict[str, str]) -> Response:
        return show(session, _read(context, session, reference, review), form, wrong)

    return await session_form(request, visitor, act, again, {"/reason": "reason", "/holder": "holder"})


def _open(context: Context, request: Request, visitor: PresentedCredential, reference: str, review: Review) -> Response:
    """Ask, if the case waits for it; another may have done it meanwhile."""
    reading = _read(context, visitor, reference, review)
    if not review.awaited(reading.case):
        return redirect(PATH.format(reference=reading.case.reference))
    return _show(request, review, visitor, reading)


def _read(context: Context, visitor: PresentedCredential, reference: str, review: Review) -> CaseReading:
    """Return the case; raises `Unknown`, and 403 for a role that does not have the verb."""
    reading = case_review.open_case(context, visitor, reference)
    if not reading.may(review.verb):
        raise problem("forbidden", "Votre compte ne permet pas cette action.")
    return reading


def _show(
    request: Request,
    review: Review,
    visitor: PresentedCredential,
    reading: CaseReading,
    form: TypedForm | None = None,
    wrong: Mapping[str, str] | None = None,
) -> Response:
    address = PATH.format(reference=reading.case.reference)
    content = visitor_fields(reading.reader, visitor) | {
        "case": reading.case,
        "label": review.label,
        "review": review.path,
        "due_on": reading.case.opinion_due_on and in_french(reading.case.opinion_due_on),
        "unreadable": HoldReason.HOLDER in reading.case.hand_over_held_for,
        "address": address,
        "action": f"{address}/{review.path}",
        "fields": form.fields if form else {},
        "wrong": wrong or {},
        "key": key_of(form.fields) if form else new_key(),
    }
    return page(request, "review", content, INVALID if wrong else 200)
