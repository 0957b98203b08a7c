"""Drafts: opened within a filing window, completed member by member, filed as a request."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import ValidationError

from law.calendar import local
from law.dated import BeforeFirstText
from law.window import FilingWindow, filing_window, window_objection
from models.bodies.filing import DraftBody, Filing
from models.errors import Unknown
from models.identifiers import Message
from models.store.cases import drafts, requests
from models.store.cases.drafts import DraftRecord
from models.store.journal import idempotency
from models.store.people.accounts import Establishment
from models.telemetry import trace_context
from starter.auth.caller import Caller, as_uuid
from starter.auth.permissions import Verb
from starter.context import AppContext, Context, Credential
from starter.http.openapi import accepts
from starter.http.problems import Fault, InvalidRequest, fault, of_law, of_shape
from starter.http.request_body import IdempotencyKey, JsonBody
from starter.services import case_view, filing
from starter.services.case_schemas import Filed, Links
from starter.services.filing import Coming

router = APIRouter(tags=["Brouillon"])

DraftId = Annotated[str, Path(alias="id", description="Identifiant du brouillon.")]
FIXED = ("siret", "law_on")
"""What a draft states once, when it is opened."""


class DraftView(Message):
    """A draft: until when it may be filed, and what it still lacks."""

    id: str
    status: Literal["draft", "filed", "lapsed"]
    reference: str | None
    closes_at: datetime
    accepted_until: datetime
    missing: tuple[str, ...]
    links: Links


@router.post("/drafts", status_code=201, openapi_extra=accepts(DraftBody), summary="Ouvrir un brouillon")
def open_draft(
    context: AppContext, credential: Credential, sent: JsonBody, key: IdempotencyKey = None
) -> DraftView:
    """Ouvrir un brouillon ; il devient caduc à la fin du délai de dépôt."""
    with context.admit(credential, Verb.KEEP_DRAFT) as caller:
        kept = caller.remembered(key, sent.digest)
        if kept is None:
            kept = _open(context, caller, sent.read(DraftBody))
            caller.remember(key, kept)
        return _view(drafts.get(caller.connection, kept))


def _open(context: Context, caller: Caller, body: DraftBody) -> str:
    place = filing.establishment(caller, body.siret)
    stated = body.model_copy(update={"law_on": context.law_on(body.law_on)})
    window = _window(stated, place.department, requests.received_now(caller.connection))
    return drafts.open_draft(
        caller.connection,
        stated,
        window,
        account_id=caller.account.id,
        siret=place.siret,
        department=place.department,
        master=context.master,
        actor=caller.actor,
    )


def _window(stated: DraftBody, department: str, now: datetime) -> FilingWindow:
    """Return the filing window of a draft; raises `InvalidRequest` when it is closed already."""
    placed_on = stated.placement_on
    try:
        closed = window_objection(stated.ground, placed_on, placed_on, department, now, stated.law_on)
        window = filing_window(stated.ground, placed_on, department, law_on=stated.law_on)
    except BeforeFirstText as before:
        pointer = "/law_on" if stated.law_on else "/placement_on"
        raise fault(pointer, "before-first-text", str(before)) from before
    if closed and window.accepted_until <= now:
        raise InvalidRequest(of_law([closed]))
    return window


@router.get("/drafts/{id}", summary="Lire un brouillon")
def read_draft(context: AppContext, credential: Credential, draft_id: DraftId) -> DraftView:
    """Lire un brouillon : son délai, et ce qui lui manque."""
    with context.admit(credential, Verb.KEEP_DRAFT) as caller:
        return _view(_mine(caller, draft_id)[0])


@router.patch("/drafts/{id}", openapi_extra=accepts(Filing, whole=False), summary="Compléter un brouillon")
def change_draft(context: AppContext, credential: Credential, draft_id: DraftId, sent: JsonBody) -> DraftView:
    """Remplacer des membres de la demande ; null en retire un."""
    with context.admit(credential, Verb.KEEP_DRAFT) as caller:
        _mine(caller, draft_id)
        held = drafts.get_open_for_update(caller.connection, as_uuid(draft_id))
        changes = sent.members
        _check(held, changes)
        merged = {name: value for name, value in (held.body | changes).items() if value is not None}
        start = {name: merged.get(name, getattr(held, name)) for name in ("ground", "placement_on", "law_on")}
        body = DraftBody.model_validate(start)
        drafts.change(caller.connection, held.id, merged, _moved(caller, held, body))
        return _view(drafts.get(caller.connection, held.id))


def _check(held: DraftRecord, changes: dict[str, object]) -> None:
    """Refuse members that are wrong in themselves; those that are not there yet are no fault of a draft."""
    faults, _ = _faults(_stated(held) | changes)
    fixed = [name for name in FIXED if name in changes and changes[name] != _stated(held).get(name)]
    message = "Ce membre se fixe à l’ouverture du brouillon."
    faults += [Fault(pointer=f"/{name}", code="fixed", message=message) for name in fixed]
    if faults:
        raise InvalidRequest(faults)


def _moved(caller: Caller, held: DraftRecord, body: DraftBody) -> FilingWindow | None:
    if (held.ground, held.placement_on) == (body.ground, body.placement_on):
        return None
    offset = drafts.offset(caller.connection, held.id)
    return _window(body, held.department, requests.received_now(caller.connection, offset))


@router.post("/drafts/{id}/filing", status_code=201, summary="Déposer un brouillon")
def file_draft(
    context: AppContext, credential: Credential, draft_id: DraftId, key: IdempotencyKey = None
) -> Filed:
    """Déposer la demande telle que le brouillon l’énonce."""
    with context.admit(credential, Verb.FILE_REQUEST) as caller:
        reference = caller.remembered(key, idempotency.digest(["filing", draft_id]))
        if reference is None:
            reference = _file(context, caller, *_mine(caller, draft_id))
            caller.remember(key, reference)
        return case_view.filed(caller.connection, reference)


def _file(context: Context, caller: Caller, found: DraftRecord, place: Establishment) -> str:
    held = drafts.get_open_for_update(caller.connection, found.id)
    offset = drafts.offset(caller.connection, held.id)
    coming = Coming(
        account_id=caller.account.id,
        author=caller.account.name,
        received_at=requests.received_now(caller.connection, offset),
        clock_offset=offset,
    )
    reference = filing.file(context, caller, _stated(held), place, coming)
    drafts.file(caller.connection, held.id, reference, coming.received_at, caller.actor)
    return reference


def _mine(caller: Caller, draft_id: str) -> tuple[DraftRecord, Establishment]:
    found = drafts.get(caller.connection, as_uuid(draft_id))
    for place in caller.establishments():
        if place.siret == found.siret:
            trace_context.about(found.id)
            return found, place
    raise Unknown(draft_id)


def _stated(held: DraftRecord) -> dict[str, object]:
    """What the draft states so far, in the shape of a filing."""
    start = {"ground": held.ground, "placement_on": held.placement_on.isoformat(), "siret": held.siret}
    law_on = {"law_on": held.law_on.isoformat()} if held.law_on else {}
    return start | held.body | law_on


def _faults(body: dict[str, object]) -> tuple[list[Fault], tuple[str, ...]]:
    """Tell what is wrong from what is not there yet."""
    try:
        Filing.model_validate({name: value for name, value in body.items() if value is not None})
    except ValidationError as wrong:
        faults = of_shape(wrong)
        missing = [each for each in faults if each.code == "missing" and each.pointer.count("/") == 1]
        return [each for each in faults if each not in missing], tuple(each.pointer[1:] for each in missing)
    return [], ()


def _view(found: DraftRecord) -> DraftView:
    return DraftView.model_validate(
        {
            "id": found.id,
            "status": found.status,
            "reference": found.reference,
            "closes_at": local(found.closes_at, found.department),
            "accepted_until": local(found.accepted_until, found.department),
            "missing": _faults(_stated(found))[1] if found.status == "draft" else (),
            "links": case_view.draft_links(found.id),
        }
    )
