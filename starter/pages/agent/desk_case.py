"""The page of a case for an agent: what was filed, what the controls found, what happened, what may be done now."""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from models.bodies.decision import AssignmentBody
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext, Context
from starter.http.problems import TITLES
from starter.pages.agent import case_facts
from starter.pages.agent.acts import act_links
from starter.pages.agent.reviews import REVIEWS
from starter.pages.components.forms import form_submission
from starter.pages.components.rendering import page
from starter.pages.components.resumption import TypedForm
from starter.pages.components.session_forms import session_form
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect, visitor_fields
from starter.services import case_review
from starter.services.case_review import CaseReading

router = APIRouter(include_in_schema=False)

PATH: Final = "/desk/requests/{reference}"
INVALID: Final = TITLES["invalid-input"][0]
DONE: Final[Mapping[str, str]] = {
    "taken": "Vous avez pris ce dossier en charge.",
    "given-back": "Vous avez rendu ce dossier : personne ne l’a en charge.",
    "reassigned": "Le dossier a changé de mains.",
    "hand-over": "Vous avez autorisé la transmission de ce dossier à l’ASP.",
    "opinion-waiver": "Vous avez levé l’attente de l’avis du comité social et économique.",
    "validation": "Vous avez validé l’habilitation de la personne qui a déposé ce dossier.",
}
"""What was just done, by the `done` of the address."""
NOBODY: Final = "nobody"
NOBODY_CHOSEN: Final = {"assigned_to": "Choisissez un agent."}


@router.get(PATH)
def case_page(
    context: AppContext, request: Request, visitor: SessionRequired, reference: str, done: str = ""
) -> Response:
    """Show a case to an agent of its département."""
    return show(context, request, visitor, reference, said=DONE.get(done, ""))


def show(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    reference: str,
    *,
    said: str = "",
    wrong: Mapping[str, str] | None = None,
    fields: Mapping[str, str] | None = None,
) -> Response:
    """Show a case, with what was just done, or what is wrong in what was chosen; raises `Unknown`."""
    reading = case_review.open_case(context, visitor, reference)
    content = visitor_fields(reading.reader, visitor) | case_facts.content(reading) | acts(reading)
    content |= {"said": said, "wrong": wrong or {}, "fields": fields or {}}
    return page(request, "desk_case", content, INVALID if wrong else 200)


def acts(reading: CaseReading) -> dict[str, object]:
    """Return what `desk_acts.html` shows: links to the acts that the reader may do now, as (label, address)."""
    address = PATH.format(reference=reading.case.reference)
    reviews = [each for each in REVIEWS if reading.may(each.verb) and each.awaited(reading.case)]
    links = [(each.label, f"{address}/{each.path}") for each in reviews]
    return {"acts": [*act_links(reading.reader, reading.case), *links]}


@router.post(f"{PATH}/assignment")
async def assign(context: AppContext, request: Request, visitor: SessionOptional, reference: str) -> Response:
    """Take a case (`me`), give it back (`nobody`) or put it in the charge of a colleague."""

    def act(form: TypedForm, session: PresentedCredential) -> Response:
        wanted = form.fields.get("assigned_to", "")
        submission = form_submission(AssignmentBody, {"assigned_to": None if wanted == NOBODY else wanted})
        case, _ = case_review.assign(context, session, reference, submission)
        done = {"me": "taken", NOBODY: "given-back"}.get(wanted, "reassigned")
        return redirect(f"{PATH.format(reference=case)}?done={done}")

    def again(form: TypedForm, session: PresentedCredential, wrong: dict[str, str]) -> Response:
        chosen = "assigned_to" in form.fields
        told = wrong if chosen or "assigned_to" not in wrong else NOBODY_CHOSEN
        return show(context, request, session, reference, wrong=told, fields=form.fields)

    return await session_form(request, visitor, act, again, {"/assigned_to": "assigned_to"})
