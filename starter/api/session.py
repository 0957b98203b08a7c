"""Sessions of people: sign in, say who is there, sign out."""

from typing import Literal

from fastapi import APIRouter, Request, Response

from models.access import SignInBody
from models.values import Message
from starter import cookies, entering, slowing
from starter.house import House, Inside
from starter.openapi import accepts
from starter.passes import Pass
from starter.problems import problem
from starter.reading import Posted
from starter.security import ROLES, Token

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
def sign_in(house: Inside, request: Request, sent: Posted, answer: Response) -> Present:
    """Ouvrir une session par mot de passe : le témoin (cookie) de la réponse vaut jusqu’à ce qu’on la ferme.

    La réponse est la même, et prend le même temps, pour une adresse inconnue et pour un mot de passe faux.
    """
    cookies.check_stranger(request, house.settings.site)
    entered = entering.sign_in(house, sent.read(SignInBody), slowing.origin(request))
    cookies.write(answer, house.settings.site, entered.secret)
    return _present(house, Pass(None, entered.secret, False, b""))


@router.get("/session", summary="Dire qui est là")
def present(house: Inside, token: Token) -> Present:
    """Dire à qui est la session."""
    return _present(house, token)


def _present(house: House, shown: Pass) -> Present:
    with house.admit(shown, *ROLES) as caller:
        if caller.session is None:
            raise problem("forbidden", "Un logiciel n’ouvre pas de session : son jeton suffit.")
        account = caller.account
        return Present(
            account_id=account.id,
            name=account.name,
            role=account.role,
            form_token=cookies.form_token(caller.session),
        )


@router.delete("/session", summary="Fermer sa session")
def sign_out(house: Inside, token: Token, answer: Response) -> Gone:
    """Fermer sa session : le témoin ne vaut plus rien."""
    if token.session:
        entering.sign_out(house, token.session)
    cookies.erase(answer, house.settings.site)
    return Gone()
