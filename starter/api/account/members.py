"""People who act for an establishment: its members, and its agents of record under a mandate."""

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from models.bodies.account import AcceptanceBody, InvitationBody, MandateAcceptanceBody, MandateBody, RoleBody
from models.identifiers import Message, Siret
from models.labels import Membership
from models.store.people.mandates import MandateRecord
from models.store.people.members import Member
from starter.api.account.account import Acknowledgement
from starter.context import AppContext, Credential, Origin
from starter.http.openapi import accepts
from starter.http.request_body import IdempotencyKey, JsonBody
from starter.http.responses import locate
from starter.services import invitations, mandate_acceptance, mandates, members

router = APIRouter(tags=["Compte"])


class MemberView(Message):
    """A member of an establishment; `joined_at` is null until the invitation is accepted."""

    id: str
    name: str
    email: str
    role: Membership
    joined_at: datetime | None

    @classmethod
    def of(cls, member: Member) -> "MemberView":
        """Return the view of a member."""
        return cls(**member.model_dump(exclude={"account_id", "siret"}), id=member.account_id)


class Members(Message):
    """The members of an establishment."""

    siret: str
    items: tuple[MemberView, ...]


@router.get("/members", summary="Lister les membres d’un établissement")
def list_members(context: AppContext, credential: Credential, siret: Annotated[Siret, Query()]) -> Members:
    """Lister les membres d’un de ses établissements ; un mandataire ne les voit pas."""
    views = (MemberView.of(each) for each in members.list_members(context, credential, siret))
    return Members(siret=siret, items=tuple(views))


@router.post("/members", status_code=202, openapi_extra=accepts(InvitationBody), summary="Inviter un membre")
def invite_member(
    context: AppContext, credential: Credential, body: JsonBody, key: IdempotencyKey = None
) -> Acknowledgement:
    """Inviter quelqu’un par courriel ; la réponse ne dit pas s’il a déjà un compte."""
    members.invite(context, credential, body.read(InvitationBody), key)
    return Acknowledgement()


@router.patch(
    "/members/{member_id}",
    status_code=204,
    openapi_extra=accepts(RoleBody),
    summary="Changer le rôle d’un membre",
)
def change_role(
    context: AppContext, credential: Credential, member_id: str, siret: Annotated[Siret, Query()], body: JsonBody
) -> None:
    """Changer le rôle d’un membre ; un établissement garde toujours un interlocuteur principal."""
    members.change_role(context, credential, siret, member_id, body.submission(RoleBody))


@router.post("/members/{member_id}/invitation", status_code=202, summary="Envoyer de nouveau une invitation")
def invite_again(
    context: AppContext, credential: Credential, member_id: str, siret: Annotated[Siret, Query()]
) -> Acknowledgement:
    """Envoyer de nouveau une invitation qui attend, avec un autre code : le précédent ne vaut plus rien."""
    members.invite_again(context, credential, siret, member_id)
    return Acknowledgement()


@router.delete("/members/{member_id}", status_code=204, summary="Retirer un membre")
def remove_member(
    context: AppContext, credential: Credential, member_id: str, siret: Annotated[Siret, Query()]
) -> None:
    """Retirer un membre de l’établissement, ou annuler une invitation : l’accès cesse aussitôt."""
    members.remove(context, credential, siret, member_id)


class Accepted(Message):
    """An invitation or a mandate was accepted."""

    status: Literal["accepted"] = "accepted"


@router.post("/invitations/acceptance", openapi_extra=accepts(AcceptanceBody), summary="Accepter une invitation")
def accept_invitation(context: AppContext, origin: Origin, body: JsonBody) -> Accepted:
    """Accepter une invitation ou un mandat avec le code reçu et son mot de passe, ou celui qu’on choisit."""
    invitations.accept(context, body.read(AcceptanceBody), origin)
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
    def of(cls, record: MandateRecord) -> "MandateView":
        """Return the view of a mandate."""
        return cls.model_validate(record.model_dump(exclude={"account_id", "given_by", "party"}))


class Mandates(Message):
    """Mandates given and received, newest first; and those that wait for the account, oldest first."""

    items: tuple[MandateView, ...]
    waiting: tuple[MandateView, ...]


@router.get("/mandates", summary="Lister les mandats")
def list_mandates(context: AppContext, credential: Credential) -> Mandates:
    """Lister les mandats donnés par ses établissements, ceux qu’on a reçus, et ceux qui attendent qu’on les accepte."""
    listed = mandates.list_mandates(context, credential)
    return Mandates(
        items=tuple(map(MandateView.of, listed.concerning)), waiting=tuple(map(MandateView.of, listed.waiting))
    )


@router.post("/mandates", status_code=201, openapi_extra=accepts(MandateBody), summary="Donner un mandat")
def give_mandate(
    context: AppContext, credential: Credential, body: JsonBody, response: Response, key: IdempotencyKey = None
) -> MandateView:
    """Donner mandat à un tiers déclarant, en confirmant par son mot de passe ; il l’accepte par courriel."""
    view = MandateView.of(mandates.give_mandate(context, credential, body.read(MandateBody), key))
    locate(response, f"/mandates/{view.id}")
    return view


class AcceptedMandates(Message):
    """The mandates that were accepted, by their ids."""

    accepted: tuple[str, ...]


@router.post(
    "/mandates/acceptance", openapi_extra=accepts(MandateAcceptanceBody), summary="Accepter des mandats en attente"
)
def accept_mandates(context: AppContext, credential: Credential, body: JsonBody) -> AcceptedMandates:
    """Accepter en une fois les mandats nommés, proposés à l’adresse du compte, en confirmant par son mot de passe.

    Ceux qui n’attendent plus sont laissés : la réponse nomme ceux qui sont acceptés.
    """
    accepted = mandate_acceptance.accept(context, credential, body.read(MandateAcceptanceBody))
    return AcceptedMandates(accepted=tuple(accepted))


@router.post("/mandates/{mandate_id}/invitation", status_code=202, summary="Proposer de nouveau un mandat")
def offer_again(context: AppContext, credential: Credential, mandate_id: str) -> Acknowledgement:
    """Envoyer de nouveau le courriel d’un mandat qui attend, avec un autre code : le précédent ne vaut plus rien."""
    mandates.offer_again(context, credential, mandate_id)
    return Acknowledgement()


@router.delete("/mandates/{mandate_id}", status_code=204, summary="Révoquer un mandat")
def revoke_mandate(context: AppContext, credential: Credential, mandate_id: str) -> None:
    """Mettre fin à un mandat aussitôt : par l’employeur, ou par le mandataire."""
    mandates.revoke_mandate(context, credential, mandate_id)
