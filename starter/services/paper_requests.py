"""A request received on paper before online filing, registered by an agent at its certain date (R. 5122-2)."""

from typing import Final

from models.bodies.filing import Filing, PaperFiling
from models.store.cases import files, requests
from models.store.cases.files import StoredFile
from models.store.people import accounts
from models.store.people.accounts import Establishment
from starter.auth.caller import Caller
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import Fault, InvalidRequest, fault
from starter.http.request_body import Submission
from starter.services import case_view, filing
from starter.services.case_schemas import Filed
from starter.services.files import file_faults
from starter.services.filing import Reception, RequestStatement


def file(context: Context, credential: PresentedCredential, submission: Submission[PaperFiling]) -> Filed:
    """File a paper request on behalf of its establishment; raises `NotAllowed`, `InvalidRequest`.

    Its certain date may lie so far back that silence is acceptance at once, so a delegation to grant is required. No
    bank account is an agent's alone: the hand-over waits for another signatory, who compares it to the scan or, without
    one, to the original.
    """
    with context.admit(credential, Verb.FILE_PAPER) as caller:
        reference = caller.once(submission.key, submission.digest, lambda: _file(context, caller, submission.read()))
        return case_view.filed(caller.connection, reference)


def _file(context: Context, caller: Caller, paper: PaperFiling) -> str:
    establishment = _establishment(caller, paper.request)
    requests.refuse_paper(caller.connection, caller.actor, establishment.department)
    filer = accounts.find_filer(caller.connection, establishment.siret) or caller.account
    scan, faults = _scan(caller, paper)
    reception = Reception(
        account_id=filer.id,
        author=filer.name,
        received_at=paper.received_at.replace(microsecond=0),
        online=False,
        pointer_prefix="/request",
        scan=scan,
    )
    try:
        reference = filing.file(context, caller, RequestStatement.of(paper.request), establishment, reception)
    except InvalidRequest as invalid:
        raise InvalidRequest([*faults, *invalid.faults]) from invalid
    if faults:
        raise InvalidRequest(faults)
    return reference


def _scan(caller: Caller, paper: PaperFiling) -> tuple[StoredFile | None, list[Fault]]:
    """Return the scanned request, or what is wrong with it."""
    if paper.file is None:
        return None, []
    faults = list(file_faults(caller, paper.file, "/file"))
    scan = files.find(caller.connection, caller.account.id, paper.file)
    if scan and not scan.media_type.startswith(SCANS):
        message = "La demande numérisée est un PDF ou une image : un tableau ne montre pas l’original."
        faults.append(Fault(pointer="/file", code="not-a-scan", message=message))
    return scan, faults


SCANS: Final = ("application/pdf", "image/")
"""How the media types of a scan begin."""


def _establishment(caller: Caller, request: Filing) -> Establishment:
    """Return the establishment of a paper request, in one of the agent's départements."""
    if request.siret is None:
        raise fault("/request/siret", "siret-needed", "Indiquez le SIRET de l’établissement.")
    establishment = accounts.find_establishment(caller.connection, request.siret)
    if establishment is None or establishment.department not in caller.account.departments:
        message = "Aucun établissement de vos départements ne porte ce SIRET."
        raise fault("/request/siret", "establishment-unknown", message)
    return establishment
