"""The page of a file that the paying agency does not answer: what waits in it, and the acts that two operators do."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from models.bodies.operator import DEPOSIT_KINDS, DepositBody
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext, Context
from starter.http.problems import TITLES
from starter.pages.components.form_keys import key_of, keyed_submission
from starter.pages.components.rendering import page
from starter.pages.components.resumption import TypedForm
from starter.pages.components.session_forms import session_form
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect
from starter.pages.operator import words
from starter.pages.operator.operations import HOME
from starter.services import unanswered

router = APIRouter(include_in_schema=False)

PATH: Final = f"{HOME}/deposits"
FIELDS: Final = {f"/{name}": name for name in ("kind", "line", "reason")}
INVALID: Final = TITLES["invalid-input"][0]


@router.get(f"{PATH}/{{deposit_id}}")
def deposit_page(context: AppContext, request: Request, visitor: SessionRequired, deposit_id: str) -> Response:
    """Show a file of claims: its rows without an answer, what was asked about them, and the form of the acts."""
    return _deposit(context, request, visitor, deposit_id, {}, {})


@router.post(f"{PATH}/{{deposit_id}}")
async def propose(context: AppContext, request: Request, visitor: SessionOptional, deposit_id: str) -> Response:
    """Ask to send the file again or to reject a claim of it, like `POST /api/v1/exceptional-acts`."""

    def again(form: TypedForm, session: PresentedCredential, wrong: dict[str, str]) -> Response:
        chosen = {"kind": "Choisissez l’acte."} if "kind" in wrong else {}
        return _deposit(context, request, session, deposit_id, form.fields, wrong | chosen)

    return await session_form(request, visitor, partial(_propose, context, deposit_id), again, FIELDS)


def _propose(context: Context, deposit_id: str, form: TypedForm, visitor: PresentedCredential) -> Response:
    stated = {name: form.fields[name] for name in FIELDS.values() if form.fields.get(name)}
    submission = keyed_submission(DepositBody, f"{PATH}/{deposit_id}", stated, form.fields)
    act_id = unanswered.request_act(context, visitor, deposit_id, submission)
    return redirect(f"{HOME}/acts/{act_id}?fait=demande")


def _deposit(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    deposit_id: str,
    fields: Mapping[str, str],
    wrong: Mapping[str, str],
) -> Response:
    content = {
        "words": words,
        "reading": unanswered.read_file(context, visitor, deposit_id),
        "kinds": [(kind, words.ACTS[kind], words.CONSEQUENCES[kind]) for kind in DEPOSIT_KINDS],
        "fields": fields,
        "wrong": wrong,
        "key": key_of(fields),
    }
    return page(request, "operator/deposit", content, INVALID if wrong else 200)
