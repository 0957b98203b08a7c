"""The page of standing instructions: those in force or to come, the form of a new one, and how one is revoked."""

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Final

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from law.amounts import euros_in_french
from law.directory import department
from law.texts import in_french
from models.bodies.claims_review import InstructionBody
from models.errors import KeyReused, NotAllowed, Unknown, Unlawful
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import AppContext, Context
from starter.http.problems import Fault, InvalidRequest, of_law
from starter.pages.agent.acts import INVALID, STALE
from starter.pages.agent.claim_list import PATH as CLAIMS
from starter.pages.agent.claim_list import TABS
from starter.pages.agent.unit import department_list
from starter.pages.components.form_keys import REUSED, key_of, keyed_submission, new_key
from starter.pages.components.forms import french_days, typed_sentence
from starter.pages.components.page_links import list_part
from starter.pages.components.rendering import page
from starter.pages.components.resumption import TypedForm, resumable
from starter.pages.components.typed import decimal
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect, visitor_fields
from starter.services import standing_instructions
from starter.services.standing_instructions import Instruction, InstructionsReading

router = APIRouter(include_in_schema=False)

PATH: Final = f"{CLAIMS}/instructions"
SHOWN: Final = 40
"""Instructions shown at once."""
NAMES: Final = {
    "departments": "Départements",
    "ceiling": "Plafond d’allocation",
    "from_on": "Premier jour",
    "to_on": "Dernier jour",
}
ASKED: Final = {
    "departments": "Choisissez au moins un département.",
    "ceiling": "Indiquez le plafond mensuel d’allocation d’une autorisation, en euros.",
    "from_on": "Indiquez le premier jour.",
    "to_on": "Indiquez le dernier jour.",
}
"""What to do about a field that was left empty."""
DONE: Final = {
    "given": "L’instruction est enregistrée.",
    "revoked": "L’instruction est retirée : ce qu’elle avait agréé et qui n’est pas signé revient à l’examen.",
}


@router.get(PATH)
def instructions_page(context: AppContext, request: Request, visitor: SessionRequired, done: str = "") -> Response:
    """Show the instructions of one's own and of one's départements, and the form of a new one."""
    return _show(context, request, visitor, said=DONE.get(done, ""))


@router.post(PATH)
async def give(context: AppContext, request: Request, visitor: SessionOptional) -> Response:
    """Give an instruction, like `POST /api/v1/standing-instructions`."""

    async def make(form: TypedForm, session: PresentedCredential) -> Response:
        show = partial(_show, context, request, session, form=form)
        if not form.fresh:
            return await run_in_threadpool(show)
        body = keyed_submission(InstructionBody, PATH, _body(form), form.fields)
        try:
            await run_in_threadpool(standing_instructions.give, context, session, body)
        except (InvalidRequest, Unlawful) as refused:
            faults = of_law(refused.objections) if isinstance(refused, Unlawful) else refused.faults
            return await run_in_threadpool(partial(show, wrong=_wrong(faults, form)))
        except NotAllowed as refused:
            return await run_in_threadpool(partial(show, wrong={"form": refused.detail}))
        except KeyReused as reused:
            wrong = {"form": reused.detail or REUSED}
            return await run_in_threadpool(partial(show, wrong=wrong, key=new_key()))
        return redirect(f"{PATH}?done=given")

    return await resumable(request, visitor, make)


@router.get(f"{PATH}/{{instruction_id}}/revocation")
def revocation_page(context: AppContext, request: Request, visitor: SessionRequired, instruction_id: str) -> Response:
    """Ask before an instruction is revoked."""
    reading = standing_instructions.read(context, visitor)
    given = next((each for each in reading.instructions if each.id == instruction_id), None)
    if given is None or not _may_revoke(reading, given):
        raise Unknown(instruction_id)
    content = visitor_fields(reading.reader, visitor) | {
        "title": f"Retirer l’instruction de {given.name} ?",
        "consequence": "Elle n’agrée plus rien, tout de suite. Les demandes d’indemnisation qu’elle avait agréées et "
        "qui ne sont pas encore signées reviennent à l’examen.",
        "button": "Retirer cette instruction",
        "back": PATH,
    }
    return page(request, "unit_question", content)


@router.post(f"{PATH}/{{instruction_id}}/revocation")
async def revoke(context: AppContext, request: Request, visitor: SessionOptional, instruction_id: str) -> Response:
    """Revoke an instruction, like `DELETE /api/v1/standing-instructions/{id}`."""

    async def end(form: TypedForm, session: PresentedCredential) -> Response:
        if not form.fresh:
            return redirect(request.url.path)
        await run_in_threadpool(standing_instructions.revoke, context, session, instruction_id)
        return redirect(f"{PATH}?done=revoked")

    return await resumable(request, visitor, end)


def _body(form: TypedForm) -> dict[str, object]:
    typed = french_days(form.fields, ("from_on", "to_on"))
    body: dict[str, object] = {name: typed[name] for name in ("from_on", "to_on") if name in typed}
    if "ceiling" in typed:
        body["ceiling"] = decimal(typed["ceiling"])
    return body | {"departments": form.values("departments")}


def _wrong(faults: "list[Fault] | tuple[Fault, ...]", form: TypedForm) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in faults:
        name = each.pointer.split("/")[1] if each.pointer else "to_on"
        asked = ASKED.get(name) if name not in form.fields or each.code == "too-few" else None
        found.setdefault(name if name in NAMES else "form", asked or typed_sentence(each))
    return {name: found[name] for name in (*NAMES, "form") if name in found}


def _show(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    *,
    form: TypedForm | None = None,
    wrong: Mapping[str, str] | None = None,
    said: str = "",
    key: str = "",
) -> Response:
    reading = standing_instructions.read(context, visitor)
    own = reading.reader.departments
    part = list_part(reading.instructions, PATH, request.query_params, SHOWN, "from")
    content = visitor_fields(reading.reader, visitor) | {
        "tabs": TABS,
        "current": PATH,
        "instructions": [(each, *_said(each), _may_revoke(reading, each)) for each in part.rows],
        "links": part.links,
        "gives": Verb.INSTRUCT_STANDING.rule.scope(reading.reader.role) is not None,
        "names": NAMES,
        "departments": [(code, f"{department(code).name} ({code})") for code in own],
        "chosen": form.values("departments") if form else list(own),
        "fields": form.fields if form else {},
        "wrong": wrong or {},
        "said": said,
        "key": key or (key_of(form.fields) if form else new_key()),
        "stale": STALE if form and not form.fresh else "",
    }
    return page(request, "standing_instructions", content, INVALID if wrong else 200)


def _may_revoke(reading: InstructionsReading, given: Instruction) -> bool:
    return Verb.INSTRUCT_STANDING.rule.scope(reading.reader.role) is not None and reading.may_revoke(given)


def _said(given: Instruction) -> tuple[str, str, str]:
    """Return the ceiling, the départements and the days of an instruction."""
    ceiling = euros_in_french(Decimal(given.ceiling))
    days = f"du {in_french(given.from_on)} au {in_french(given.to_on)}"
    return ceiling, department_list(given.departments), days
