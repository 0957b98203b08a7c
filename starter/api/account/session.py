"""Sessions: sign in, read the current session, sign out."""

from typing import Literal

from fastapi import APIRouter, Request, Response

from models.bodies.account import SignInBody
from models.identifiers import Message
from starter.auth import cookies
from starter.context import AppContext, Credential
from starter.http.openapi import accepts
from starter.http.request_body import JsonBody
from starter.services import browsers, sign_in
from starter.services.sign_in import OpenedSession

router = APIRouter(tags=["Compte"])


class SessionView(Message):
    """The current session; `form_token` protects the forms of its pages."""

    account_id: str
    name: str
    role: str
    form_token: str


class SignedOut(Message):
    """The session was closed."""

    status: Literal["signed_out"] = "signed_out"


@router.post("/session", openapi_extra=accepts(SignInBody), summary="Ouvrir une session")
def open_session(context: AppContext, request: Request, body: JsonBody, response: Response) -> SessionView:
    """Ouvrir une session par mot de passe : le témoin (cookie) de la réponse vaut jusqu’à ce qu’on la ferme.

    La réponse est la même, et prend le même temps, pour une adresse inconnue et pour un mot de passe faux.
    """
    cookies.check_stated_origin(request, context.settings.site)
    session = sign_in.sign_in(context, body.read(SignInBody), context.origin(request))
    browser = browsers.recognise(context, session, cookies.read_browser(request, context.settings.site))
    cookies.write(response, context.settings.site, session.secret)
    cookies.write_browser(response, context.settings.site, browser)
    return session_view(session)


@router.get("/session", summary="Dire qui est là")
def read_session(context: AppContext, credential: Credential) -> SessionView:
    """Dire à qui appartient la session."""
    return session_view(sign_in.read_session(context, credential))


def session_view(session: OpenedSession) -> SessionView:
    """Return the view of a session."""
    account, token = session.account, cookies.form_token(session.secret)
    return SessionView(account_id=account.id, name=account.name, role=account.role, form_token=token)


@router.delete("/session", summary="Fermer sa session")
def sign_out(context: AppContext, credential: Credential, response: Response) -> SignedOut:
    """Fermer sa session : le témoin (cookie) cesse d’être valable."""
    if credential.session:
        sign_in.sign_out(context, credential.session)
    cookies.erase(response, context.settings.site)
    return SignedOut()
