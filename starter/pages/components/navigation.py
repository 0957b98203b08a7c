"""The navigation of each role, and the links of the footer: one table for every page."""

from collections.abc import Sequence
from typing import Final

from models.roles import AGENTS

Entry = tuple[str, str]
"""Label and address."""

VERIFICATION: Final[Entry] = ("Vérifier un document", "/verification")
VISITORS: Final[tuple[Entry, ...]] = (
    ("Accueil", "/"),
    ("Adhérer", "/enrolment"),
    VERIFICATION,
    ("Se connecter", "/sign-in"),
)
"""Entries for whoever is not signed in."""
EMPLOYERS: Final[tuple[Entry, ...]] = (("Mes demandes", "/requests"), ("Mon compte", "/account"), VERIFICATION)
UNIT: Final[tuple[Entry, ...]] = (
    ("Mon bureau", "/desk"),
    ("Demandes d’indemnisation", "/claims"),
    ("Mon unité", "/unit"),
    VERIFICATION,
)
ENTRIES: Final[dict[str, tuple[Entry, ...]]] = {
    "employer": EMPLOYERS,
    **dict.fromkeys(AGENTS, UNIT),
    "auditor": (("Audit", "/audit"), VERIFICATION),
    "operator": (("Exploitation", "/operations"), VERIFICATION),
}
"""Entries of each role; the first leads to where it works."""
FOOTER: Final[tuple[Entry, ...]] = (
    ("Contact et aide", "/contact"),
    ("Mentions légales", "/legal-notice"),
    ("Données personnelles", "/privacy"),
    ("Cookies", "/cookies"),
    ("Conditions générales d’utilisation", "/terms"),
    ("Comprendre une erreur", "/problems"),
    ("Référence de l’API", "/reference"),
)
"""Links of the footer, after the statement of accessibility, whose label says how far the site conforms."""


def navigation(role: object) -> Sequence[Entry]:
    """Return the entries of the header for a role, or for whoever is not signed in (None)."""
    return ENTRIES.get(str(role), VISITORS)


def home_of(role: str) -> str:
    """Return the page where a role works, to which signing in leads."""
    return navigation(role)[0][1]
