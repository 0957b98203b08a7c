"""The page of decisions that raise a quota of hours: those recorded, a new one, what it will do, the act."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Final, TypeVar

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from law.quota import Authority
from law.texts import in_french, number_in_french
from models.bodies.claims_review import QuotaExceptionBody
from models.errors import NotAllowed, Unlawful
from models.identifiers import find_reference
from models.store.people.accounts import Account
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import AppContext, Context
from starter.http.problems import Fault, InvalidRequest, fault, of_law
from starter.http.request_body import Submission, size_in_french
from starter.pages.agent.acts import INVALID
from starter.pages.agent.claim_list import PATH as CLAIMS
from starter.pages.agent.claim_list import TABS
from starter.pages.components.file_forms import STORED_FIELD, Act, SentForm, serve
from starter.pages.components.form_keys import new_key
from starter.pages.components.forms import french_days
from starter.pages.components.page_links import list_part
from starter.pages.components.rendering import FORM_HEADERS, page
from starter.pages.components.typed import decimal, whole
from starter.pages.components.typography import siret_in_groups
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect, visitor_fields
from starter.services import quota_exceptions
from starter.services.quota_exceptions import QuotaCheck, QuotaException

router = APIRouter(include_in_schema=False)

PATH: Final = f"{CLAIMS}/quota-exceptions"
SHOWN: Final = 30
"""Decisions shown at once."""
NAMES: Final = {
    "about": "Dossier ou établissement",
    "authority": "Auteurs de la décision",
    "decided_on": "Jour de la décision",
    "year": "Année",
    "hours": "Heures par salarié",
    "file": "Décision",
}
HANDED_ON: Final = (*NAMES, STORED_FIELD)
"""Fields of the form that the page before the act hands on."""
POINTERS: Final = {"": "about", "/reference": "about", "/siret": "about"} | {f"/{name}": name for name in NAMES}
ASKED: Final = {
    "about": "Indiquez la référence du dossier ou le SIRET de l’établissement.",
    "authority": "Choisissez qui a pris la décision.",
    "decided_on": "Indiquez le jour de la décision.",
    "year": "Indiquez l’année des heures chômées, par exemple « 2026 ».",
    "hours": "Indiquez les heures de l’année par salarié.",
    "file": "Choisissez le fichier de la décision.",
}
"""What to do about a field that was left empty."""
Done = TypeVar("Done")
DONE: Final = {
    "recorded": "La décision est inscrite : elle compte pour les demandes d’indemnisation qui arrivent dès maintenant.",
    "ended": "La décision a pris fin : elle ne compte plus pour les demandes d’indemnisation à venir.",
}


@router.get(PATH)
def quotas_page(context: AppContext, request: Request, visitor: SessionRequired, done: str = "") -> Response:
    """Show the decisions of one's départements, and the form of a new one."""
    return _show(context, request, visitor, said=DONE.get(done, ""))


@router.post(PATH)
async def check(context: AppContext, request: Request, visitor: SessionOptional) -> Response:
    """Show what a decision will do, or what is wrong in its form; nothing is recorded but its file."""

    async def act(sent: SentForm, session: PresentedCredential) -> Response:
        if sent.fields.get("do") == "edit":
            return await run_in_threadpool(_show, context, request, session, sent)
        return await run_in_threadpool(_check, context, request, session, sent)

    return await _serve(context, request, visitor, act)


@router.post(f"{PATH}/registration")
async def record(context: AppContext, request: Request, visitor: SessionOptional) -> Response:
    """Record a decision, like `POST /api/v1/quota-exceptions`."""

    async def act(sent: SentForm, session: PresentedCredential) -> Response:
        await run_in_threadpool(_attempt, quota_exceptions.give, context, session, sent)
        return redirect(f"{PATH}?done=recorded")

    return await _serve(context, request, visitor, act)


async def _serve(context: Context, request: Request, visitor: PresentedCredential | None, act: Act) -> Response:
    async def again(sent: SentForm, session: PresentedCredential, wrong: dict[str, str]) -> Response:
        return await run_in_threadpool(_show, context, request, session, sent, wrong)

    return await serve(context, request, visitor, act, again, POINTERS)


def _attempt(
    act: Callable[[Context, PresentedCredential, Submission[QuotaExceptionBody]], Done],
    context: Context,
    session: PresentedCredential,
    sent: SentForm,
) -> Done:
    """Call a service with the body of a form; raises `InvalidRequest`, with a sentence for each field left empty."""
    typed = {**sent.fields, **({"file": sent.file} if sent.file else {})}
    empty = [Fault(pointer=f"/{name}", code="empty", message=ASKED[name]) for name in NAMES if name not in typed]
    try:
        return act(context, session, sent.submission(QuotaExceptionBody, PATH, _body(typed)))
    except InvalidRequest as wrong:
        raise InvalidRequest([*empty, *wrong.faults]) from wrong
    except Unlawful as refused:
        raise InvalidRequest(of_law(refused.objections)) from refused
    except NotAllowed as refused:
        raise fault("/form", "not-allowed", refused.detail) from refused


def _body(typed: Mapping[str, str]) -> dict[str, object]:
    body: dict[str, object] = {name: typed[name] for name in ("authority", "file") if name in typed}
    body |= {name: value for name, value in french_days(typed, ["decided_on"]).items() if name == "decided_on"}
    if "about" in typed:
        body["reference" if find_reference(typed["about"]) else "siret"] = typed["about"]
    if "year" in typed:
        body["year"] = whole(typed["year"])
    if "hours" in typed:
        body["hours"] = decimal(typed["hours"])
    return body


def _check(context: Context, request: Request, session: PresentedCredential, sent: SentForm) -> Response:
    checked = _attempt(quota_exceptions.check, context, session, sent)
    content = visitor_fields(checked.reader, session) | {
        "address": PATH,
        "figures": list(_figures(checked)),
        "raised": f"{number_in_french(checked.body.hours)} heures en {checked.body.year}",
        "reference": checked.place.reference,
        "typed": {name: sent.fields[name] for name in HANDED_ON if name in sent.fields} | {"key": sent.key},
    }
    return page(request, "quota_exception_check", content, 200, FORM_HEADERS)


def _figures(checked: QuotaCheck) -> Iterator[tuple[str, str]]:
    yield "Établissement", f"{checked.establishment}, {siret_in_groups(checked.place.siret)}"
    yield "Porte sur", _scope(checked.place.reference)
    yield NAMES["authority"], _authority(checked.body.authority)
    yield NAMES["decided_on"], in_french(checked.body.decided_on)
    yield NAMES["year"], str(checked.body.year)
    yield NAMES["hours"], number_in_french(checked.body.hours)


def _scope(reference: str | None) -> str:
    return f"le dossier {reference}" if reference else "toutes les heures de l’établissement"


def _authority(authority: Authority) -> str:
    return f"{authority.label[0].upper()}{authority.label[1:]}"


def _show(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    sent: SentForm | None = None,
    wrong: Mapping[str, str] | None = None,
    *,
    said: str = "",
) -> Response:
    reading = quota_exceptions.read(context, visitor)
    part = list_part(reading.exceptions, PATH, request.query_params, SHOWN, "from")
    content = visitor_fields(reading.reader, visitor) | {
        "tabs": TABS,
        "current": PATH,
        "exceptions": [(each, *said_of(each)) for each in part.rows],
        "links": part.links,
        "gives": may_act(reading.reader),
        "names": NAMES,
        "authorities": [(each.value, _authority(each)) for each in Authority],
        "max_size": size_in_french(context.settings.upload_bytes),
        "fields": sent.fields if sent else {},
        "stored": sent.file if sent and "file" not in (wrong or {}) else None,
        "wrong": wrong or {},
        "said": said,
        "key": sent.key if sent else new_key(),
    }
    return page(request, "quota_exceptions", content, INVALID if wrong else 200, FORM_HEADERS)


def may_act(reader: Account) -> bool:
    """Whether somebody who reads the page may record decisions and end them."""
    return Verb.EXCEED_QUOTA.rule.scope(reader.role) is not None


def said_of(given: QuotaException) -> tuple[str, str, str]:
    """Return the hours and year of a decision, what it is about, and by whom it was taken, recorded and ended."""
    hours = f"{number_in_french(Decimal(given.hours))} heures par salarié en {given.year}"
    about = f"{given.establishment}, {siret_in_groups(given.siret)} : {_scope(given.reference)}"
    recorded = f"Inscrite le {in_french(given.given_at.date())} par {given.name}."
    ended = f" A pris fin le {in_french(given.ended_at.date())} : {given.end_reason}" if given.ended_at else ""
    return hours, about, f"{_authority(given.authority)}, le {in_french(given.decided_on)}. {recorded}{ended}"
