"""Requests as their employer files, lists, reads and gives them up."""

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from law.calendar import local
from models.bodies.filing import Filing
from models.errors import Unknown
from models.identifiers import Message
from models.labels import Outcome, Status
from models.store.cases import desistments, documents, drafts, first_readings, lists, requests
from models.store.cases.drafts import DraftRecord
from models.store.cases.lists import DeskRow
from models.store.cases.records import RequestRecord
from models.store.paging import PAGE, Cursor
from starter.auth.caller import Caller, as_uuid
from starter.auth.permissions import Verb
from starter.context import AppContext, Credential
from starter.http.openapi import accepts
from starter.http.request_body import IdempotencyKey, JsonBody, ListParameters
from starter.services import case_schemas, case_view, filing
from starter.services.case_schemas import CaseView, Filed, Links
from starter.services.filing import Coming

router = APIRouter(tags=["Employeur"])

DraftStatus = Literal["draft", "lapsed"]


class Listing(ListParameters):
    """Which page of which requests, or of which drafts."""

    status: Status | DraftStatus | None = None
    cursor: Cursor | None = None


@router.post("/requests", status_code=201, openapi_extra=accepts(Filing), summary="Déposer une demande")
def file_request(
    context: AppContext, credential: Credential, sent: JsonBody, key: IdempotencyKey = None
) -> Filed:
    """Déposer une demande préalable d’autorisation (R. 5122-2) ; le délai de silence court aussitôt."""
    with context.admit(credential, Verb.FILE_REQUEST) as caller:
        reference = caller.remembered(key, sent.digest)
        if reference is None:
            reference = _file(context, caller, sent.members)
            caller.remember(key, reference)
        return case_view.filed(caller.connection, reference)


def _file(context: AppContext, caller: Caller, body: dict[str, object]) -> str:
    place = filing.place_of(caller, body)
    coming = Coming(
        account_id=caller.account.id,
        author=caller.account.name,
        received_at=requests.received_now(caller.connection),
    )
    return filing.file(context, caller, body, place, coming)


class Item(Message):
    """One request of a list."""

    reference: str
    siret: str
    name: str
    status: str
    outcome: Outcome | None
    ground: str
    received_at: datetime
    tacit_acceptance_at: datetime | None
    links: Links


class DraftItem(Message):
    """One draft of a list."""

    id: str
    status: str
    ground: str
    placement_on: date
    closes_at: datetime
    accepted_until: datetime
    links: Links


class Items(Message):
    """A page of requests, or of drafts; `next` is the cursor of the following one."""

    items: tuple[Item | DraftItem, ...]
    next: str | None


@router.get("/requests", summary="Lister ses demandes")
def list_requests(context: AppContext, credential: Credential, wanted: Annotated[Listing, Query()]) -> Items:
    """Lister les demandes de ses établissements : d’abord celles qui courent, la prochaine échéance en tête.

    Les états `draft` et `lapsed` listent les brouillons.
    """
    with context.admit(credential, Verb.LIST_REQUESTS) as caller:
        return listed(caller, wanted)


def listed(caller: Caller, wanted: Listing) -> Items:
    """The page of a list that an account asks for."""
    items: list[Item] | list[DraftItem]
    rows: list[DeskRow] | list[DraftRecord]
    sirets = [place.siret for place in caller.establishments()]
    if wanted.status in ("draft", "lapsed"):
        rows = drafts.list_of_employer(caller.connection, sirets, wanted.status, after=wanted.cursor)
        items = [_draft(row) for row in rows]
    else:
        rows = lists.list_for_employer(caller.connection, sirets, status=wanted.status, after=wanted.cursor)
        items = [_item(row) for row in rows]
    return Items(items=tuple(items), next=rows[-1].cursor if len(rows) == PAGE else None)


def _item(row: DeskRow) -> Item:
    return Item(
        **row.model_dump(include={"reference", "siret", "name", "status", "outcome", "ground"}),
        received_at=local(row.received_at, row.department),
        tacit_acceptance_at=case_schemas.here(row.tacit_acceptance_at, row.department),
        links=case_view.links(row.reference),
    )


def _draft(row: DraftRecord) -> DraftItem:
    return DraftItem(
        **row.model_dump(include={"id", "status", "ground", "placement_on"}),
        closes_at=local(row.closes_at, row.department),
        accepted_until=local(row.accepted_until, row.department),
        links=case_view.draft_links(row.id),
    )


@router.get("/requests/{reference}", summary="Lire un dossier")
def read_request(context: AppContext, credential: Credential, reference: str) -> CaseView:
    """Lire un dossier : son délai, son issue, ses événements et ses documents."""
    with context.admit(credential, Verb.READ_REQUEST) as caller:
        return seen(caller, reference)[1]


def seen(caller: Caller, reference: str) -> tuple[RequestRecord, CaseView]:
    """A case as this account may see it; what an agent reads is kept."""
    found = caller.request(reference)
    if not caller.is_employer:
        caller.read.append(found.reference)
    return found, case_view.case(caller.connection, found, published_only=caller.is_employer)


@router.get("/requests/{reference}/documents/{document_id}", summary="Lire un document")
def read_document(context: AppContext, credential: Credential, reference: str, document_id: str) -> Response:
    """Lire un document scellé ou signé, au format PDF."""
    with context.admit(credential, Verb.READ_DOCUMENT) as caller:
        found = caller.request(reference)
        kept = documents.list_of(caller.connection, found.reference, published_only=caller.is_employer)
        wanted = [each for each in kept if each.id == as_uuid(document_id)]
        if not wanted:
            raise Unknown(document_id)
        if caller.is_employer:
            first_readings.read(caller.connection, wanted[0], caller.actor)
        content = documents.content(caller.connection, wanted[0].id)
        if not caller.is_employer:
            caller.read.append(f"{found.reference}/{wanted[0].id}")
    name = f"{wanted[0].number}-{wanted[0].kind}.pdf"
    return Response(
        content,
        media_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "ETag": f'"{wanted[0].sha256}"'},
    )


class Desisted(Message):
    """A request given up by its employer."""

    reference: str
    status: Literal["desisted"]
    effect_at: datetime


@router.post("/requests/{reference}/desistment", summary="Se désister")
def desist(context: AppContext, credential: Credential, reference: str) -> Desisted:
    """Renoncer à une demande, tant que rien n’est décidé et que le silence n’a rien acquis."""
    with context.admit(credential, Verb.DESIST) as caller:
        found = caller.request(reference)
        at = desistments.desist(caller.connection, found.reference, caller.actor)
    return Desisted(reference=found.reference, status="desisted", effect_at=local(at, found.department))
