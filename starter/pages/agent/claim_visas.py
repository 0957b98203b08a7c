"""Pages on which a signatory agrees to the claims that were ticked, or to one: what is chosen, what became of each."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from models.bodies.claims_review import MAX_DIGEST, VisasBody
from models.identifiers import find_uuid
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import AppContext, Context
from starter.http.problems import TITLES, InvalidRequest
from starter.pages.agent import claim_list
from starter.pages.agent.acts import STALE
from starter.pages.agent.claim_list import MAX_TICKED, PATH, ticked_ids
from starter.pages.components.forms import form_submission
from starter.pages.components.rendering import page
from starter.pages.components.resumption import TypedForm, resumable
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect, visitor_fields
from starter.services import claim_desk, claim_visas
from starter.services.claim_visas import GivenVisa

router = APIRouter(include_in_schema=False)

SEPARATOR: Final = "."
"""Between a claim that the page lists and what tells its signals from others."""
INVALID: Final = TITLES["invalid-input"][0]
TONES: Final = {"agreed": "good", "already": "good", "not-under-review": "off"}
"""Tone of a result; amber for what somebody must look at."""


@router.get(f"{PATH}/visas")
def chosen_page(context: AppContext, request: Request, visitor: SessionRequired) -> Response:
    """Show the claims that were ticked; those with a signal are to be ticked again by hand."""
    return _chosen(context, request, visitor, ticked_ids(request.query_params))


@router.post(f"{PATH}/visas")
async def agree_all(context: AppContext, request: Request, visitor: SessionOptional) -> Response:
    """Agree to the claims ticked, like `POST /api/v1/claims/visas`, and say what became of each."""

    async def take(form: TypedForm, session: PresentedCredential) -> Response:
        listed = _shown(form.values("listed"))
        chosen = [found for each in form.values("claim") if (found := find_uuid(each))]
        show = partial(_chosen, context, request, session, [*listed] or chosen, ticked=chosen)
        if not form.fresh:
            return await run_in_threadpool(partial(show, stale=True))
        if not chosen:
            wrong = "Cochez au moins une demande d’indemnisation."
            return await run_in_threadpool(partial(show, wrong=wrong))
        body = {"ids": chosen, "seen": {each: listed.get(each, "") for each in chosen}}
        given = await claim_visas.agree_all(context, session, form_submission(VisasBody, body))
        return await run_in_threadpool(_given, context, request, session, given)

    return await resumable(request, visitor, take)


@router.post(f"{PATH}/{{claim_id}}/visa")
async def agree(context: AppContext, request: Request, visitor: SessionOptional, claim_id: str) -> Response:
    """Agree to one claim; its page says what became of it."""

    async def take(form: TypedForm, session: PresentedCredential) -> Response:
        if form.fresh:
            seen = {claim_id: form.fields.get("seen", "")[:MAX_DIGEST]}
            body = form_submission(VisasBody, {"ids": [claim_id], "seen": seen})
            try:
                [given] = await claim_visas.agree_all(context, session, body)
            except InvalidRequest:
                return redirect(PATH)
            return redirect(f"{PATH}/{claim_id}?done={given.result}")
        return redirect(f"{PATH}/{claim_id}")

    return await resumable(request, visitor, take)


def _shown(listed: Sequence[str]) -> dict[str, str]:
    """Return the claims that the page showed → what tells the signals that it showed of each from others."""
    parts = (each.partition(SEPARATOR) for each in listed)
    return {found: seen[:MAX_DIGEST] for claim_id, _, seen in parts if (found := find_uuid(claim_id))}


def _chosen(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    claim_ids: list[str],
    *,
    ticked: list[str] | None = None,
    wrong: str = "",
    stale: bool = False,
) -> Response:
    reading = claim_desk.read_named(context, visitor, Verb.AGREE_CLAIM, claim_ids[:MAX_TICKED])
    rows = [claim_list.row(each) for each in reading.page.rows]
    content = visitor_fields(reading.reader, visitor) | {
        "rows": rows,
        "ticked": [each.id for each in rows if each.waits and not each.signals] if ticked is None else ticked,
        "wrong": {"claim": wrong} if wrong else {},
        "stale": STALE if stale else "",
        "most": MAX_TICKED,
    }
    return page(request, "claim_visas", content, INVALID if wrong else 200)


def _given(context: Context, request: Request, visitor: PresentedCredential, given: list[GivenVisa]) -> Response:
    reading = claim_desk.read_named(context, visitor, Verb.AGREE_CLAIM, [each.id for each in given])
    shown = {each.id: claim_list.row(each) for each in reading.page.rows}
    content = visitor_fields(reading.reader, visitor) | {
        "rows": [(shown.get(each.id), each.message, TONES.get(each.result, "doubt")) for each in given],
        "again": [each.id for each in given if each.result == "signals-changed"],
        "done": sum(each.result in ("agreed", "already") for each in given),
    }
    return page(request, "claim_visas_given", content)
