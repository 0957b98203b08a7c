"""The claim of a month: sent, read, explained, written back to be corrected, cancelled. Agents read numbers here."""

from datetime import date
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from starlette.concurrency import run_in_threadpool

from models.bodies.claim import MAX_PART, ClaimBody
from models.store.paging import MAX_PAGE_SIZE, PAGE_SIZE
from starter.api.employer.claim_uploads import Month
from starter.context import AppContext, Credential
from starter.http.openapi import CSV, accepts
from starter.http.request_body import BodyOfLines, IdempotencyKey
from starter.http.responses import csv_file, locate
from starter.services import claim_views, claims
from starter.services.claim_schemas import (
    ClaimItems,
    ClaimVersions,
    ClaimView,
    ExplanationView,
    FiledClaim,
    PersonItems,
)
from starter.services.claim_views import ClaimAddress

router = APIRouter(tags=["Demande d’indemnisation"])

Part = Annotated[int, Query(ge=1, le=MAX_PART, description="Partie de la demande du mois, s’il y en a plusieurs.")]
Version = Annotated[int | None, Query(ge=1, le=10_000, description="Version ; la dernière par défaut.")]
Cursor = Annotated[int, Query(ge=0, le=10**9, description="Valeur de `next` de la page précédente.")]
PageSize = Annotated[int, Query(ge=1, le=MAX_PAGE_SIZE, description="Salariés d’une page.")]
Line = Annotated[int, Path(ge=1, le=10**9, description="Ligne à laquelle le salarié figure d’abord.")]


def _month(reference: str, month: Month, part: Part = 1) -> ClaimAddress:
    return ClaimAddress(reference, date.fromisoformat(f"{month}-01"), part)


def _version(to: Annotated[ClaimAddress, Depends(_month)], version: Version = None) -> ClaimAddress:
    return to._replace(version=version)


MonthAddress = Annotated[ClaimAddress, Depends(_month)]
VersionAddress = Annotated[ClaimAddress, Depends(_version)]


@router.post(
    "/requests/{reference}/claims",
    status_code=201,
    openapi_extra=accepts(ClaimBody),
    summary="Demander l’indemnisation du mois",
)
async def file_claim(
    context: AppContext,
    credential: Credential,
    reference: str,
    body: BodyOfLines,
    response: Response,
    key: IdempotencyKey = None,
) -> FiledClaim:
    """Demander l’indemnisation du mois (R. 5122-5) : jusqu’à 1 000 lignes, ou un fichier lu sans erreur.

    La demande est reçue entière ou refusée entière, avec toutes les erreurs de toutes les lignes.
    """
    submission = body.submission(ClaimBody, key)
    act = partial(claims.file_claim, context, credential, reference, submission)
    filed = await claims.run_in_turn(context, credential, reference, act)
    locate(response, filed.links["self"].removeprefix("/api/v1"))
    return filed


@router.get("/requests/{reference}/claims", summary="Lister les demandes d’indemnisation")
def list_claims_of_case(context: AppContext, credential: Credential, reference: str) -> ClaimItems:
    """Lister la dernière version de chaque demande, par mois et par partie."""
    return claim_views.list_claims(context, credential, reference)


@router.get("/requests/{reference}/claims/{month}", summary="Lire la demande du mois")
def read_month(context: AppContext, credential: Credential, address: MonthAddress) -> ClaimVersions:
    """Lire toutes les versions de la demande du mois : état, signaux, réponses de l’ASP, documents."""
    return claim_views.read_month(context, credential, address)


@router.get("/requests/{reference}/claims/{month}/lines", summary="Lire les salariés d’une demande")
def list_lines(
    context: AppContext,
    credential: Credential,
    address: VersionAddress,
    cursor: Cursor = 0,
    limit: PageSize = PAGE_SIZE,
) -> PersonItems:
    """Lire les salariés et leurs semaines : leurs noms pour l’employeur, les chiffres seuls pour l’administration."""
    return claim_views.list_lines(context, credential, address, cursor, limit)


@router.get(
    "/requests/{reference}/claims/{month}/explanations/{n}", summary="Expliquer ce que vaut la ligne d’un salarié"
)
def explain_line(context: AppContext, credential: Credential, address: VersionAddress, n: Line) -> ExplanationView:
    """Expliquer l’allocation et l’indemnité d’un salarié, jusqu’à l’article appliqué."""
    return claim_views.explain_line(context, credential, address, n)


@router.get(
    "/requests/{reference}/claims/{month}/file",
    response_class=Response,
    responses={200: CSV},
    summary="Télécharger le fichier d’une demande",
)
async def read_claim_file(context: AppContext, credential: Credential, address: VersionAddress) -> Response:
    """Télécharger les lignes reçues (CSV canonique), pour les corriger et les envoyer de nouveau."""
    reader = await run_in_threadpool(claims.require_reader, context, credential, address)
    written = await context.slow_calls.claim(reader, claim_views.write_file, context, credential, address)
    return csv_file(written.file_name, written.content)


@router.post("/requests/{reference}/claims/{month}/cancellation", summary="Annuler la demande du mois")
def cancel_claim(
    context: AppContext, credential: Credential, address: MonthAddress, key: IdempotencyKey = None
) -> ClaimView:
    """Annuler la demande du mois avant sa transmission à l’ASP ; ses heures sont rendues à l’autorisation."""
    return claims.cancel(context, credential, address, key)
