"""Requests received on paper before online filing, registered by an agent at their certain date (R. 5122-2)."""

from fastapi import APIRouter

from models.bodies.filing import Filing, PaperFiling
from models.store.people import accounts
from models.store.people.accounts import Establishment
from starter.auth.caller import Caller
from starter.auth.permissions import Verb
from starter.context import AppContext, Context, Credential
from starter.http.openapi import accepts
from starter.http.problems import fault
from starter.http.request_body import IdempotencyKey, JsonBody, RequestBody
from starter.services import case_view, filing
from starter.services.case_schemas import Filed
from starter.services.filing import Reception, RequestStatement

router = APIRouter(tags=["Agent"])


@router.post(
    "/paper-requests",
    status_code=201,
    openapi_extra=accepts(PaperFiling),
    summary="Inscrire une demande papier",
)
def file_paper(
    context: AppContext, credential: Credential, sent: JsonBody, key: IdempotencyKey = None
) -> Filed:
    """Inscrire une demande reçue sur papier avant le dépôt en ligne, à sa date certaine."""
    with context.admit(credential, Verb.FILE_PAPER) as caller:
        reference = caller.remembered(key, sent.digest)
        if reference is None:
            reference = _file(context, caller, sent)
            caller.remember(key, reference)
        return case_view.filed(caller.connection, reference)


def _file(context: Context, caller: Caller, sent: RequestBody) -> str:
    paper = sent.read(PaperFiling)
    establishment = _establishment(caller, paper.request)
    filer = accounts.find_filer(caller.connection, establishment.siret) or caller.account
    reception = Reception(
        account_id=filer.id,
        author=filer.name,
        received_at=paper.received_at.replace(microsecond=0),
        online=False,
        under="/request",
    )
    return filing.file(context, caller, RequestStatement.of(paper.request), establishment, reception)


def _establishment(caller: Caller, stated: Filing) -> Establishment:
    """Return the establishment of a paper request in one of the agent's départements."""
    if stated.siret is None:
        raise fault("/request/siret", "siret-needed", "Indiquez le SIRET de l’établissement.")
    found = accounts.find_establishment(caller.connection, stated.siret)
    if found is None or found.department not in caller.account.departments:
        message = "Aucun établissement de vos départements ne porte ce SIRET."
        raise fault("/request/siret", "establishment-unknown", message)
    return found
