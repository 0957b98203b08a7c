"""The components of the pages, each in its states, at `/composants`: in the development profile only."""

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from law.directory import DEPARTMENTS
from models.labels import Status
from starter.context import AppContext
from starter.http.problems import unknown
from starter.pages.components.rendering import INTERACTIVE_HEADERS, page
from starter.pages.components.tones import tag

router = APIRouter(include_in_schema=False)

WRONG: Final = {
    "siret": "Ce SIRET n’est pas valable : vérifiez ses 14 chiffres.",
    "starts_on": "Indiquez le premier jour de la période.",
    "ground": "Choisissez le motif de la demande.",
    "pieces": "Choisissez une pièce au moins.",
    "reasons": "Expliquez les circonstances en une phrase au moins.",
    "opinion": "Le fichier dépasse 10 Mo.",
    "accepted": "Lisez les conditions en vigueur et acceptez-les.",
    "department": "Choisissez le département de l’établissement.",
}
TYPED: Final = {"siret": "1234567890123", "starts_on": "", "reasons": "Crue", "department": ""}
CASES: Final = (
    ("034AQHV02", "Conserverie du Lez", Status.UNDER_REVIEW.label, "1 600"),
    ("034AQHV03", "Établissements Ÿvonne Œuvrard & fils, L’Haÿ-les-Roses", Status.AUTHORIZED.label, "12 480,5"),
    ("974BCDE01", "Sucrerie de Saint-Louis", Status.AWAITING_COMPLETION.label, "350"),
)
STATES: Final = tuple(sorted({each[2] for each in CASES}))


@router.get("/composants")
async def gallery(context: AppContext, request: Request, etat: str = "") -> Response:
    """Show every component; the filter of its table is the example of a form that htmx sends."""
    if context.settings.profile != "development":
        raise unknown()
    content = {
        "wrong": WRONG,
        "typed": TYPED,
        "departments": [(each.code, f"{each.code} · {each.name}") for each in DEPARTMENTS],
        "tags": [tag(each) for each in Status],
        "states": [(each, each) for each in STATES],
        "chosen": {"etat": etat},
        "cases": [each for each in CASES if etat in ("", each[2])],
    }
    return page(request, "gallery", content, headers=INTERACTIVE_HEADERS)
