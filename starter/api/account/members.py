"""Who acts for an establishment: its members, and the agents of record whom it gave a mandate."""

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request

from models.bodies.account import AcceptanceBody, InvitationBody, MandateBody
from models.errors import Unknown
from models.identifiers import Message, Siret
from models.labels import Membership
from models.store.journal import representation
from models.store.people import mandates, members
from models.store.people.mandates import MandateRecord
from starter.api.account.account import Heard
from starter.auth.caller import as_uuid
from starter.auth.permissions import Verb
from starter.context import AppContext, Credential
from starter.http.openapi import accepts
from starter.http.request_body import JsonBody
from starter.services import membership, password_reset

router = APIRouter(tags=["Compte"])


class MemberView(Message):
    """Somebody of an establishment; `joined_at` is null while an invitation waits for its answer."""

    id: str
    name: str
    email: str
    role: Membership
    joined_at: datetime | None


class Members(Message):
    """Everybody of an establishment."""

    siret: str
    items: tuple[MemberView, ...]


@router.get("/members", summary="Lister les membres d’un établissement")
def list_members(context: AppContext, credential: Credential, siret: Annotated[Siret, Query()]) -> Members:
    """Lister les membres d’un de ses établissements ; un mandataire ne les voit pas."""
    with context.admit(credential, Verb.READ_MEMBERS) as caller:
        if not representation.belongs(caller.connection, caller.account.id, siret):
            raise Unknown(siret)
        found = members.list_of(caller.connection, siret)
    shown = (each.model_dump(exclude={"account_id", "siret"}) | {"id": each.account_id} for each in found)
    return Members(siret=siret, items=tuple(MemberView.model_validate(each) for each in shown))


@router.post("/members", status_code=202, openapi_extra=accepts(InvitationBody), summary="Inviter un membre")
def invite(context: AppContext, credential: Credential, sent: JsonBody) -> Heard:
    """Inviter quelqu’un par courriel ; la réponse ne dit pas s’il a déjà un compte."""
    membership.invite(context, credential, sent.read(InvitationBody))
    return Heard()


@router.delete("/members/{member_id}", status_code=204, summary="Retirer un membre")
def remove(
    context: AppContext, credential: Credential, member_id: str, siret: Annotated[Siret, Query()]
) -> None:
    """Retirer un membre de l’établissement, ou reprendre une invitation : il n’y a plus accès aussitôt."""
    membership.remove(context, credential, siret, as_uuid(member_id))


class Accepted(Message):
    """An invitation or a mandate accepted."""

    status: Literal["accepted"] = "accepted"


@router.post(
    "/invitations/acceptance", openapi_extra=accepts(AcceptanceBody), summary="Accepter une invitation"
)
def accept(context: AppContext, request: Request, sent: JsonBody) -> Accepted:
    """Accepter une invitation ou un mandat avec le code reçu, et son mot de passe ou celui qu’on choisit."""
    password_reset.accept(context, sent.read(AcceptanceBody), context.origin(request))
    return Accepted()


class MandateView(Message):
    """A mandate of an agent of record, from one day to another, both included."""

    id: str
    siret: str
    name: str
    email: str
    starts_on: date
    ends_on: date
    given_at: datetime
    accepted_at: datetime | None
    revoked_at: datetime | None
    in_force: bool

    @classmethod
    def of(cls, found: MandateRecord) -> "MandateView":
        """Show a mandate."""
        return cls.model_validate(found.model_dump(exclude={"account_id"}))


class Mandates(Message):
    """Mandates given and received, the newest first."""

    items: tuple[MandateView, ...]


@router.get("/mandates", summary="Lister les mandats")
def list_mandates(context: AppContext, credential: Credential) -> Mandates:
    """Lister les mandats donnés par ses établissements, et ceux qu’on a reçus."""
    with context.admit(credential, Verb.READ_MANDATES) as caller:
        mine = list(members.parts(caller.connection, caller.account.id))
        found = mandates.list_concerning(caller.connection, caller.account.id, mine)
    return Mandates(items=tuple(MandateView.of(each) for each in found))


@router.post("/mandates", status_code=201, openapi_extra=accepts(MandateBody), summary="Donner un mandat")
def give(context: AppContext, credential: Credential, sent: JsonBody) -> MandateView:
    """Donner mandat à un tiers déclarant, en confirmant par son mot de passe ; il l’accepte par courriel."""
    return MandateView.of(membership.give_mandate(context, credential, sent.read(MandateBody)))


@router.delete("/mandates/{mandate_id}", status_code=204, summary="Révoquer un mandat")
def revoke(context: AppContext, credential: Credential, mandate_id: str) -> None:
    """Mettre fin à un mandat aussitôt : par l’employeur, ou par le mandataire."""
    membership.revoke_mandate(context, credential, as_uuid(mandate_id))
