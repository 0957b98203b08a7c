"""Pages that ask before an act that cannot be undone on an establishment or an account, and say its consequence."""

from collections.abc import Sequence
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response
from webauthn.helpers import bytes_to_base64url

from models.errors import Unknown
from models.identifiers import NamedSiret
from models.store.people.accounts import Account
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext
from starter.pages.components.rendering import page
from starter.pages.components.visitor import SessionRequired, visitor_fields
from starter.services import account, establishments

router = APIRouter(include_in_schema=False)

ESTABLISHMENT: Final = "/establishments/{siret}"
LEAVING: Final = (
    "Vous n’aurez plus accès à cet établissement, ni à ses demandes, tout de suite.",
    "Pour y revenir, il faudra qu’un interlocuteur principal vous invite de nouveau.",
)
REMOVING: Final = (
    "Cette personne n’aura plus accès à l’établissement, ni à ses demandes, tout de suite.",
    "Ce qu’elle a déposé reste au dossier de l’établissement.",
)
CANCELLING: Final = ("Le code qu’elle a reçu ne permettra plus de rejoindre l’établissement.",)
REVOKING: Final = (
    "Ce mandataire ne pourra plus agir pour l’établissement, tout de suite.",
    "Ce qu’il a fait sous ce mandat reste valable. Pour lui redonner mandat, il faudra en faire un autre.",
)
DROPPING_TOKEN: Final = ("Le logiciel qui s’en sert ne pourra plus ni lire ni agir en votre nom, tout de suite.",)
DROPPING_KEY: Final = ("Cette clé ne permettra plus de vous connecter.",)


@router.get(f"{ESTABLISHMENT}/members/removal")
def removal_page(
    context: AppContext, request: Request, visitor: SessionRequired, siret: NamedSiret, id: str = ""
) -> Response:
    """Ask before a member leaves or is removed, or an invitation is cancelled."""
    reading = establishments.read_establishment(context, visitor, siret)
    member = next((each for each in reading.members if each.account_id == id), None)
    if member is None:
        raise Unknown(id)
    name = reading.establishment.name
    told: Sequence[str] = REMOVING
    if id == reading.reader.id:
        title, label, told = f"Quitter {name} ?", "Quitter cet établissement", LEAVING
    elif member.joined_at is None:
        title, label, told = f"Annuler l’invitation de {member.name} ?", "Annuler l’invitation", CANCELLING
    else:
        title, label = f"Retirer {member.name} de {name} ?", "Retirer ce membre"
    address = ESTABLISHMENT.format(siret=siret)
    return _ask(request, visitor, reading.reader, (title, label, f"{address}/members/removal", address), told, id)


@router.get(f"{ESTABLISHMENT}/mandates/revocation")
def revocation_page(
    context: AppContext, request: Request, visitor: SessionRequired, siret: NamedSiret, id: str = ""
) -> Response:
    """Ask before a mandate is revoked."""
    reading = establishments.read_establishment(context, visitor, siret)
    mandate = next((each for each in reading.mandates if each.id == id and each.revoked_at is None), None)
    if mandate is None:
        raise Unknown(id)
    address = ESTABLISHMENT.format(siret=siret)
    words = (f"Révoquer le mandat de {mandate.name} ?", "Révoquer le mandat", f"{address}/mandates/revocation", address)
    return _ask(request, visitor, reading.reader, words, REVOKING, id)


@router.get("/account/tokens/revocation")
def token_page(context: AppContext, request: Request, visitor: SessionRequired, id: str = "") -> Response:
    """Ask before a token is revoked."""
    details = account.read_details(context, visitor)
    token = next((each for each in details.tokens if each.id == id), None)
    if token is None:
        raise Unknown(id)
    title = f"Révoquer le jeton « {token.label or 'Sans nom'} » ?"
    words = (title, "Révoquer ce jeton", "/account/tokens/revocation", "/account")
    return _ask(request, visitor, details.overview.account, words, DROPPING_TOKEN, id)


@router.get("/account/passkeys/removal")
def passkey_page(context: AppContext, request: Request, visitor: SessionRequired, id: str = "") -> Response:
    """Ask before a passkey is removed."""
    details = account.read_details(context, visitor)
    passkey = next((each for each in details.passkeys if bytes_to_base64url(each.credential) == id), None)
    if passkey is None:
        raise Unknown("passkey")
    words = (f"Retirer la clé « {passkey.label} » ?", "Retirer cette clé", "/account/passkeys/removal", "/account")
    return _ask(request, visitor, details.overview.account, words, DROPPING_KEY, id)


def _ask(
    request: Request,
    visitor: PresentedCredential,
    reader: Account,
    words: tuple[str, str, str, str],
    told: Sequence[str],
    subject: str,
) -> Response:
    """Show the question; `words` are its title, its button, the address of the act, and the way back."""
    title, label, action, cancel = words
    content = {"title": title, "label": label, "action": action, "cancel": cancel, "told": told, "id": subject}
    return page(request, "confirmation", visitor_fields(reader, visitor) | content)
