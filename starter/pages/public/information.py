"""Pages that the law requires of a public site: accessibility, legal notice, personal data, cookies, contact, terms."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from law.privacy import Payment, erase_on, listed_data
from law.texts import in_french
from models.publisher import CONFORMITY_LABELS, publisher
from models.terms import VERSIONS
from starter.auth import cookies
from starter.context import AppContext, Context
from starter.pages.components.rendering import page
from starter.pages.public.enrolment import RECEIVED_SECONDS
from starter.services import agent_sign_in, enrolment

router = APIRouter(include_in_schema=False)

SESSION_HOURS: Final = int(cookies.SESSION_LIFETIME.total_seconds() // 3600)
RECEIVED_MINUTES: Final = RECEIVED_SECONDS // 60
SIGN_IN_MINUTES: Final = int(agent_sign_in.SIGN_IN_LIFETIME.total_seconds() // 60)


@router.get("/accessibility")
async def accessibility(context: AppContext, request: Request) -> Response:
    """State how far the site conforms (law n° 2005-102, art. 47; decree n° 2019-768)."""
    own = publisher(context.settings.publisher).accessibility
    content = {"conformity": CONFORMITY_LABELS[own.state], "audited_on": own.audited_on and in_french(own.audited_on)}
    return _page(context, request, "accessibility", content)


@router.get("/legal-notice")
async def legal_notice(context: AppContext, request: Request) -> Response:
    """Say who publishes and who hosts the site (law n° 2004-575)."""
    return _page(context, request, "legal_notice")


@router.get("/privacy")
def privacy(context: AppContext, request: Request) -> Response:
    """Say what becomes of personal data (R. 5122-20 to R. 5122-25); the list is that of today."""
    today = datetime.now(UTC).date()
    listed = sorted(each.value for each in listed_data(Payment.ESTABLISHMENT, today))
    _, kept = erase_on(today)
    return _page(context, request, "privacy", {"listed": listed, "kept": kept})


@router.get("/cookies")
async def cookies_page(context: AppContext, request: Request) -> Response:
    """List the cookies."""
    name = cookies.name(context.settings.site)
    briefly = f"Après {SIGN_IN_MINUTES} minutes"
    rows = [
        (name, "Reconnaître votre session une fois connecté", f"À la déconnexion, ou {SESSION_HOURS} heures après"),
        (f"{name}-browser", "Vous prévenir d’une connexion depuis un autre navigateur", "Un an après la connexion"),
        (f"{name}-sign-in", "Reconnaître un agent au retour de son fournisseur d’identité", briefly),
        (
            f"{name}-enrolment",
            "Retrouver l’adhésion que vous venez d’envoyer, pour en corriger l’adresse",
            f"Après {RECEIVED_MINUTES} minutes",
        ),
        (f"{name}-proof", "Reconnaître un employeur au retour du fournisseur qui prouve son habilitation", briefly),
    ]
    return _page(context, request, "cookies", {"rows": rows})


@router.get("/contact")
async def contact(context: AppContext, request: Request) -> Response:
    """Say whom to ask, and answer what is often asked."""
    return _page(context, request, "contact")


@router.get("/terms")
@router.get("/terms/{version}")
def terms_of_use(context: AppContext, request: Request, version: str | None = None) -> Response:
    """Show the terms of use in force, or an earlier version."""
    shown = enrolment.read_terms(context, version)
    others = [(each, _day(each)) for each in reversed(VERSIONS) if each != shown.version]
    return _page(context, request, "terms", {"terms": shown, "since": _day(shown.version), "others": others})


def _page(context: Context, request: Request, name: str, content: Mapping[str, object] | None = None) -> Response:
    return page(request, f"information/{name}", {"publisher": publisher(context.settings.publisher), **(content or {})})


def _day(version: str) -> str:
    return in_french(date.fromisoformat(version))
