"""Requests as their employer files, lists, reads and gives them up."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import Field

from law.calendar import local
from models.conflicts import Unknown
from models.filing import Filing
from models.store import desistments, desk, documents, requests
from models.store.desk import PAGE
from models.values import Message, Reference
from starter import answers, filing, showing
from starter.answers import CaseView, Filed, Links
from starter.filing import Coming
from starter.house import Inside
from starter.openapi import accepts
from starter.reading import Key, Posted
from starter.security import AGENTS, Caller, Token, as_uuid

router = APIRouter(tags=["Employeur"])

Status = Literal[
    "under_review",
    "awaiting_completion",
    "authorized",
    "tacitly_authorized",
    "refused",
    "desisted",
    "withdrawn",
    "closed",
]


class Listing(Message):
    """Which page of which requests."""

    status: Status | None = None
    cursor: Annotated[Reference | None, Field(description="Valeur de `next` de la page précédente.")] = None


@router.post("/requests", status_code=201, openapi_extra=accepts(Filing), summary="Déposer une demande")
def file_request(house: Inside, token: Token, sent: Posted, key: Key = None) -> Filed:
    """Déposer une demande préalable d’autorisation (R. 5122-2) ; le délai de silence court aussitôt."""
    with house.admit(token, "employer") as caller:
        reference = caller.remembered(key, sent.digest)
        if reference is None:
            reference = _file(house, caller, sent.members)
            caller.remember(key, reference)
        return showing.filed(caller.connection, reference)


def _file(house: Inside, caller: Caller, body: dict[str, object]) -> str:
    place = filing.place_of(caller, body)
    coming = Coming(
        account_id=caller.account.id,
        author=caller.account.name,
        received_at=requests.received_now(caller.connection),
    )
    return filing.file(house, caller, body, place, coming)


class Item(Message):
    """One request of a list."""

    reference: str
    siret: str
    name: str
    status: str
    ground: str
    received_at: datetime
    tacit_acceptance_at: datetime | None
    links: Links


class Items(Message):
    """A page of requests; `next` is the cursor of the following one."""

    items: tuple[Item, ...]
    next: str | None


@router.get("/requests", summary="Lister ses demandes")
def list_requests(house: Inside, token: Token, wanted: Annotated[Listing, Query()]) -> Items:
    """Lister les demandes de ses établissements, la prochaine échéance d’abord."""
    with house.admit(token, "employer") as caller:
        sirets = [place.siret for place in caller.establishments()]
        rows = desk.of_employer(caller.connection, sirets, status=wanted.status, after=wanted.cursor)
    items = [
        Item(
            reference=row.reference,
            siret=row.siret,
            name=row.name,
            status=row.status,
            ground=row.ground,
            received_at=local(row.received_at, row.department),
            tacit_acceptance_at=answers.here(row.tacit_acceptance_at, row.department),
            links=showing.links(row.reference),
        )
        for row in rows
    ]
    return Items(items=tuple(items), next=rows[-1].reference if len(rows) == PAGE else None)


@router.get("/requests/{reference}", summary="Lire un dossier")
def read_request(house: Inside, token: Token, reference: str) -> CaseView:
    """Lire un dossier : son délai, son issue, ses événements et ses documents."""
    with house.admit(token, "employer", *AGENTS) as caller:
        found = caller.request(reference)
        return showing.case(caller.connection, found, published_only=caller.is_employer)


@router.get("/requests/{reference}/documents/{document_id}", summary="Lire un document")
def read_document(house: Inside, token: Token, reference: str, document_id: str) -> Response:
    """Lire un document scellé ou signé, au format PDF."""
    with house.admit(token, "employer", *AGENTS) as caller:
        found = caller.request(reference)
        kept = documents.of(caller.connection, found.reference, published_only=caller.is_employer)
        wanted = [each for each in kept if each.id == as_uuid(document_id)]
        if not wanted:
            raise Unknown(document_id)
        content = documents.content(caller.connection, wanted[0].id)
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
def desist(house: Inside, token: Token, reference: str) -> Desisted:
    """Renoncer à une demande, tant que rien n’est décidé et que le silence n’a rien acquis."""
    with house.admit(token, "employer") as caller:
        found = caller.request(reference)
        at = desistments.desist(caller.connection, found.reference, caller.actor)
    return Desisted(reference=found.reference, status="desisted", effect_at=local(at, found.department))
