"""Sessions of people: sign in, say who is there, sign out."""

from typing import Literal

from fastapi import APIRouter, Request, Response

from models.bodies.account import SignInBody
from models.identifiers import Message
from starter.auth import cookies
from starter.auth.permissions import Verb
from starter.context import AppContext, Credential
from starter.http.openapi import accepts
from starter.http.request_body import JsonBody
from starter.services import sign_in
from starter.services.sign_in import Entered

router = APIRouter(tags=["Compte"])


class Present(Message):
    """Who is signed in; `form_token` is what a page of this session puts in its forms."""

    account_id: str
    name: str
    role: str
    form_token: str


class Gone(Message):
    """Nobody is signed in any more."""

    status: Literal["signed_out"] = "signed_out"


@router.post("/session", openapi_extra=accepts(SignInBody), summary="Ouvrir une session")
def open_session(context: AppContext, request: Request, sent: JsonBody, answer: Response) -> Present:
    """Ouvrir une session par mot de passe : le témoin (cookie) de la réponse vaut jusqu’à ce qu’on la ferme.

    La réponse est la même, et prend le même temps, pour une adresse inconnue et pour un mot de passe faux.
    """
    cookies.check_stranger(request, context.settings.site)
    entered = sign_in.sign_in(context, sent.read(SignInBody), context.origin(request))
    cookies.write(answer, context.settings.site, entered.secret)
    return present_now(entered)


@router.get("/session", summary="Dire qui est là")
def present(context: AppContext, credential: Credential) -> Present:
    """Dire à qui est la session."""
    with context.admit(credential, Verb.READ_SESSION) as caller:
        return present_now(Entered(caller.account, caller.session or ""))


def present_now(entered: Entered) -> Present:
    """Say who has signed in."""
    account = entered.account
    token = cookies.form_token(entered.secret)
    return Present(account_id=account.id, name=account.name, role=account.role, form_token=token)


@router.delete("/session", summary="Fermer sa session")
def sign_out(context: AppContext, credential: Credential, answer: Response) -> Gone:
    """Fermer sa session : le témoin ne vaut plus rien."""
    if credential.session:
        sign_in.sign_out(context, credential.session)
    cookies.erase(answer, context.settings.site)
    return Gone()
