"""Pages on which a request begins: for which establishment, then for which ground and days; a draft is then open."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from fastapi import APIRouter, Request
from pydantic import TypeAdapter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from models.bodies.filing import DraftBody
from models.store.journal.idempotency import digest
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext, Context
from starter.http.problems import InvalidRequest
from starter.http.request_body import Submission, read
from starter.pages.components.file_forms import SentForm, serve
from starter.pages.components.form_keys import key_of, new_key
from starter.pages.components.rendering import page
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect, visitor_fields
from starter.pages.employer import filing_steps as steps
from starter.pages.employer.filing import choices, save, typed_dates
from starter.pages.employer.filing_frame import INVALID, framed, show
from starter.pages.employer.filing_steps import GROUND
from starter.services import draft_review, drafts
from starter.services.draft_review import Opening

router = APIRouter(include_in_schema=False)

NEW: Final = "/requests/new"
OPENING: Final = f"{NEW}/{GROUND.name}"
MAX_OPTIONS: Final = 250
"""Establishments among which one chooses; beyond, one writes the SIRET."""


@router.get(NEW)
def new_page(context: AppContext, request: Request, visitor: SessionRequired, chosen: str = "") -> Response:
    """Ask for which establishment a request is prepared, if there are several."""
    opening = draft_review.read_opening(context, visitor, None, {})
    if opening.chosen:
        return redirect(f"{OPENING}?siret={opening.chosen.establishment.siret}")
    many = len(opening.own) > MAX_OPTIONS
    asked = "Indiquez le SIRET d’un de vos établissements." if many else "Choisissez l’établissement."
    wrong = {"siret": asked} if chosen == "none" else {}
    content = {"own": opening.own, "wrong": wrong, "fields": {}, "action": OPENING, "max_options": MAX_OPTIONS}
    status = INVALID if wrong else 200
    return page(request, "filing/new", visitor_fields(opening.reader, visitor) | content, status)


@router.get(OPENING)
def opening_page(context: AppContext, request: Request, visitor: SessionRequired, siret: str = "") -> Response:
    """Ask for the ground and the dates, and say at once until when the request may be filed."""
    typed = typed_dates(request.query_params)
    opening = draft_review.read_opening(context, visitor, "".join(siret.split()) or None, typed)
    return _opening_page(request, visitor, opening, {**typed, "key": new_key()}, {})


@router.post(OPENING)
async def open_draft(context: AppContext, request: Request, visitor: SessionOptional) -> Response:
    """Open a draft, like `POST /api/v1/drafts`, or show until when the request may be filed."""

    async def act(sent: SentForm, visitor: PresentedCredential) -> Response:
        return await run_in_threadpool(_open, context, request, visitor, sent.fields)

    async def again(sent: SentForm, visitor: PresentedCredential, wrong: dict[str, str]) -> Response:
        return await run_in_threadpool(_show_again, context, request, visitor, sent.fields, wrong)

    return await serve(context, request, visitor, act, again, GROUND.fields)


def _show_again(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    fields: Mapping[str, str],
    wrong: Mapping[str, str],
) -> Response:
    opening = draft_review.read_opening(context, visitor, fields.get("siret"), typed_dates(fields))
    return _opening_page(request, visitor, opening, fields, wrong)


def _open(context: Context, request: Request, visitor: PresentedCredential, fields: Mapping[str, str]) -> Response:
    opening = draft_review.read_opening(context, visitor, fields.get("siret") or None, typed_dates(fields))
    if opening.chosen is None or fields.get("then") == "window":
        return _opening_page(request, visitor, opening, fields, {})
    siret = opening.chosen.establishment.siret
    body = {**GROUND.stated(fields), "siret": siret}
    body.pop("period", None)
    key = sha256(f"{key_of(fields)} {siret}".encode()).hexdigest()
    submission = Submission(lambda: read(TypeAdapter(DraftBody), body), lambda: digest(["opening", siret]), key)
    wrong = steps.missing(GROUND, fields)
    try:
        if not wrong:
            draft = drafts.open_draft(context, visitor, submission)
    except InvalidRequest as refused:
        wrong = steps.sentences(refused.faults, GROUND.fields)
    if wrong:
        return _opening_page(request, visitor, opening, fields, wrong)
    return save(context, request, visitor, draft.id, GROUND, {**fields, "seen": ""})


def _opening_page(
    request: Request,
    visitor: PresentedCredential,
    opening: Opening,
    fields: Mapping[str, str],
    wrong: Mapping[str, str],
) -> Response:
    if opening.chosen is None:
        return redirect(f"{NEW}?chosen=none")
    content = framed(opening.reader, opening.chosen, opening.window, visitor, GROUND.name)
    content |= {"several": len(opening.own) > 1, "action": OPENING, "seen": "", "then": ""}
    siret = opening.chosen.establishment.siret
    return show(request, GROUND.name, content | choices(), {**fields, "siret": siret}, wrong)
