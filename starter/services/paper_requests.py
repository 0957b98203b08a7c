"""A request received on paper before online filing, registered by an agent at its certain date (R. 5122-2)."""

from models.bodies.filing import Filing, PaperFiling
from models.store.people import accounts
from models.store.people.accounts import Establishment
from starter.auth.caller import Caller
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import fault
from starter.http.request_body import Submission
from starter.services import case_view, filing
from starter.services.case_schemas import Filed
from starter.services.filing import Reception, RequestStatement


def file(context: Context, credential: PresentedCredential, submission: Submission[PaperFiling]) -> Filed:
    """File a paper request on behalf of its establishment; raises `InvalidRequest`."""
    with context.admit(credential, Verb.FILE_PAPER) as caller:
        reference = caller.once(submission.key, submission.digest, lambda: _file(context, caller, submission.read()))
        return case_view.filed(caller.connection, reference)


def _file(context: Context, caller: Caller, paper: PaperFiling) -> str:
    establishment = _establishment(caller, paper.request)
    filer = accounts.find_filer(caller.connection, establishment.siret) or caller.account
    reception = Reception(
        account_id=filer.id,
        author=filer.name,
        received_at=paper.received_at.replace(microsecond=0),
        online=False,
        pointer_prefix="/request",
    )
    return filing.file(context, caller, RequestStatement.of(paper.request), establishment, reception)


def _establishment(caller: Caller, request: Filing) -> Establishment:
    """Return the establishment of a paper request, in one of the agent's départements."""
    if request.siret is None:
        raise fault("/request/siret", "siret-needed", "Indiquez le SIRET de l’établissement.")
    establishment = accounts.find_establishment(caller.connection, request.siret)
    if establishment is None or establishment.department not in caller.account.departments:
        message = "Aucun établissement de vos départements ne porte ce SIRET."
        raise fault("/request/siret", "establishment-unknown", message)
    return establishment
