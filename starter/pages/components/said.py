"""What was just done, said once more on the next page: the address carries a code that only this session can make."""

from hashlib import sha256
from hmac import compare_digest
from hmac import new as hmac
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse

from starter.auth.credentials import PresentedCredential
from starter.pages.components.visitor import redirect

FIELD: Final = "said"
SENTENCES: Final[dict[str, str]] = {
    "piece": "La pièce est reçue. Il en reste à fournir.",
    "pieces": "La dernière pièce est reçue : le délai entier recommence.",
    "opinion": "L’avis du comité social et économique est reçu.",
    "desisted": "Votre désistement est enregistré.",
    "bank_change": "Votre demande de changement de compte est reçue.",
    "amendment": "Votre demande d’avenant est reçue.",
    "claim": "La demande d’indemnisation est déposée.",
    "claim-cancelled": "La demande d’indemnisation est annulée.",
    "message": "Votre message est envoyé.",
    "draft-kept": "Vos réponses sont enregistrées : vous pouvez reprendre cette demande plus tard.",
    "draft-deleted": "Le brouillon est supprimé.",
    "mandate": "Le courriel qui propose le mandat est envoyé.",
    "revoked": "Le mandat est révoqué.",
    "invited": "L’invitation est envoyée.",
    "removed": "Cette personne n’a plus accès à l’établissement.",
    "left": "Vous avez quitté l’établissement.",
    "role": "Le rôle est changé.",
    "token": "Le jeton est révoqué.",
    "passkey": "La clé d’accès est retirée.",
    "name": "Votre nom est changé.",
    "address_code": "Un code est envoyé à la nouvelle adresse.",
    "address": "Votre compte utilise désormais votre nouvelle adresse. Connectez-vous avec elle.",
    "no_codes": "Les codes à usage unique ne sont plus demandés.",
    "digest": "Votre choix est enregistré.",
    "ended": "Votre session avait pris fin : rien n’a été fait. Recommencez.",
    "mandates_rest": "Les mandats que vous aviez lus sont acceptés. Ceux-ci attendent encore.",
    "mandates": "Les mandats sont acceptés : ces établissements sont dans votre liste.",
}
"""The sentence of each code."""


def redirect_saying(address: str, code: str, visitor: PresentedCredential) -> RedirectResponse:
    """Redirect to a page of this site that says what was done."""
    return redirect(f"{address}{'&' if '?' in address else '?'}{FIELD}={code}.{_mark(code, visitor)}")


def said(request: Request, visitor: PresentedCredential) -> str:
    """Return what the page must say was done, or nothing; another site cannot make it say anything."""
    code, _, mark = request.query_params.get(FIELD, "").partition(".")
    good = code in SENTENCES and compare_digest(mark.encode(), _mark(code, visitor).encode())
    return SENTENCES[code] if good else ""


def _mark(code: str, visitor: PresentedCredential) -> str:
    return hmac((visitor.session or "").encode(), f"said {code}".encode(), sha256).hexdigest()[:16]
