"""The page on which an agent decides on a change of bank account, and what became of it."""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from law.texts import instant_in_french
from models.bodies.bank_change import BankDecisionBody
from models.store.cases.bank_changes import BankChangeRecord
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import AppContext, Context
from starter.http.problems import TITLES
from starter.pages.agent.decision_forms import new_id
from starter.pages.components.forms import form_submission
from starter.pages.components.rendering import FORM_HEADERS, page
from starter.pages.components.resumption import TypedForm
from starter.pages.components.session_forms import session_form
from starter.pages.components.typography import iban_in_groups
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect, visitor_fields
from starter.services import bank_changes, case_acts
from starter.services.case_schemas import here

router = APIRouter(include_in_schema=False)

PATH: Final = "/desk/requests/{reference}/bank-changes/{number}"
INVALID: Final = TITLES["invalid-input"][0]
POINTERS: Final[Mapping[str, str]] = {
    "/outcome": "outcome",
    "/grounds": "grounds",
    "/grounds/0": "grounds",
    "": "grounds",
}
OUTCOMES: Final = (
    ("grant", "Accorder : l’allocation sera versée sur ce compte"),
    ("refusal", "Refuser, en disant pourquoi"),
)
FIELDS: Final[tuple[str, ...]] = ("outcome", "grounds")
STATES: Final = {
    "received": "à décider",
    "decided": "décision en cours de signature",
    "changed": "accordé",
    "refused": "refusé",
}


@router.get(PATH)
def bank_change_page(
    context: AppContext, request: Request, visitor: SessionRequired, reference: str, number: str
) -> Response:
    """Show a change of account to an agent, with the form of its decision while none is taken."""
    return _view(context, request, visitor, reference, number)


def _view(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    reference: str,
    number: str,
    form: TypedForm | None = None,
    wrong: dict[str, str] | None = None,
) -> Response:
    change = bank_changes.read(context, visitor, reference, number)
    case = case_acts.read(context, visitor, reference)
    content = {
        "case": case,
        "number": change.number,
        "address": PATH.format(reference=case.reference, number=change.number),
        "rows": _rows(change, case.department),
        "decides": change.state == "received" and case.may(Verb.DECIDE),
        "options": OUTCOMES,
        "fields": form.fields if form else {},
        "wrong": wrong or {},
        "id": _id(form) if form else new_id(),
    }
    status = INVALID if wrong else 200
    return page(request, "desk_bank_change", visitor_fields(case.reader, visitor) | content, status, FORM_HEADERS)


def _id(form: TypedForm) -> str:
    """Return the id of the decision that a form would take, chosen when it was shown: sent twice, it decides once."""
    return form.fields.get("id", "") or new_id()


def _rows(change: BankChangeRecord, department: str) -> list[tuple[str, str]]:
    received, effective = here(change.received_at, department), here(change.effective_at, department)
    return [
        ("État", STATES[change.state]),
        ("Reçu le", instant_in_french(received) if received else ""),
        ("Demandé par", change.author),
        ("Nouvel IBAN", iban_in_groups(change.iban)),
        ("Titulaire", change.holder),
        ("Raisons", change.reasons),
        ("Depuis le", instant_in_french(effective) if effective else ""),
        ("Motifs du refus", " ".join(change.grounds)),
    ]


@router.post(PATH)
async def decide(
    context: AppContext, request: Request, visitor: SessionOptional, reference: str, number: str
) -> Response:
    """Decide, like `POST /api/v1/requests/{reference}/bank-changes/{number}/decision`; it is signed by itself."""

    def act(form: TypedForm, session: PresentedCredential) -> Response:
        stated = {"id": _id(form)} | {name: form.fields[name] for name in FIELDS if name in form.fields}
        submission = form_submission(BankDecisionBody, stated)
        bank_changes.register(context, session, reference, number, submission)
        return redirect(PATH.format(reference=reference, number=number))

    def again(form: TypedForm, session: PresentedCredential, wrong: dict[str, str]) -> Response:
        return _view(context, request, session, reference, number, form, wrong)

    return await session_form(request, visitor, act, again, POINTERS)
