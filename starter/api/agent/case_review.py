"""One case with all that is known of it, who takes it, and what is attested of it."""

from datetime import datetime

from fastapi import APIRouter

from law.calendar import local
from law.decision import legal_bases
from models.bodies.decision import AssignmentBody, ChecklistBody, ChecklistItem
from models.bodies.filing import Commitment
from models.identifiers import Message
from models.roles import INSTRUCTING
from models.store.cases import checklists, decisions, lists, opinions, requests
from models.store.cases.checklists import ChecklistRecord
from models.store.cases.records import RequestRecord
from models.store.operations import incidents
from models.store.people import accounts
from starter.auth.caller import Caller
from starter.auth.permissions import Verb
from starter.context import AppContext, Credential
from starter.http.openapi import accepts
from starter.http.problems import fault
from starter.http.request_body import JsonBody
from starter.services import case_view
from starter.services.case_schemas import CaseView, Decision

router = APIRouter(tags=["Agent"])


class Attested(Message):
    """A checklist of validity as it was attested."""

    version: int
    items: tuple[ChecklistItem, ...]
    attested_at: datetime


class Broken(Message):
    """An open incident of a case."""

    id: str
    act: str
    part: str
    opened_at: datetime


class Basis(Message):
    """A legal basis of a refusal, under the law that the request is judged by."""

    code: str
    article: str
    label: str


class DeskCase(CaseView):
    """A case with all that an agent may know of it."""

    siret: str
    name: str
    address: str
    department: str
    channel: str
    ground: str
    perimeter: str
    headcount: int
    circumstances: str
    author: str
    commitments: tuple[Commitment, ...]
    direct_payment: bool
    works_council: str
    """Form of the opinion as it stands."""
    signals: tuple[str, ...]
    """What the controls found; they never stop the clock."""
    seconds_left: float | None
    assigned_to: str | None
    """Id of the account that has it in charge."""
    checklist: Attested | None
    history: tuple[Decision, ...]
    """Every decision, also those that are void or were taken back."""
    incidents: tuple[Broken, ...]
    legal_bases: tuple[Basis, ...]
    """What a refusal, or a partial grant, may rest on: « label (article) » is a reason of law."""


@router.get("/desk/requests/{reference}", summary="Instruire un dossier")
def read_case(context: AppContext, credential: Credential, reference: str) -> DeskCase:
    """Lire un dossier avec ses contrôles, ses signaux et l’historique des décisions."""
    with context.admit(credential, Verb.READ_CASE) as caller:
        shown = _case(caller, reference)
        caller.read.append(shown.reference)
        return shown


def _case(caller: Caller, reference: str) -> DeskCase:
    found = caller.request(reference)
    db, place = caller.connection, found.department
    view = case_view.case(db, found, published_only=False)
    nominal = requests.get_nominal(db, found.reference)
    attested = checklists.find_latest(db, found.reference)
    return DeskCase(
        **dict(view),
        **accounts.get_establishment(db, found.siret).model_dump(),
        **found.model_dump(
            include={"channel", "ground", "perimeter", "headcount", "direct_payment", "signals"}
        ),
        circumstances=nominal.circumstances,
        author=nominal.author,
        commitments=found.commitments,
        works_council=opinions.get_latest(db, found.reference).form,
        seconds_left=lists.seconds_left(db, found.reference),
        assigned_to=found.assigned_to,
        checklist=_attested(attested, place) if attested else None,
        history=tuple(Decision.of(each, place) for each in decisions.list_of(db, found.reference)),
        incidents=tuple(
            Broken(id=each.id, act=each.act, part=each.part, opened_at=local(each.opened_at, place))
            for each in incidents.list_of_subject(db, found.reference)
        ),
        legal_bases=_bases(found),
    )


def _bases(found: RequestRecord) -> tuple[Basis, ...]:
    on = found.law_day
    return tuple(
        Basis(code=each.value, article=each.article.value, label=each.label) for each in legal_bases(on)
    )


def _attested(found: ChecklistRecord, department: str) -> Attested:
    return Attested(
        version=found.version, items=found.items, attested_at=local(found.attested_at, department)
    )


class Assigned(Message):
    """Who has a case in charge."""

    reference: str
    assigned_to: str | None


@router.post(
    "/requests/{reference}/assignment", openapi_extra=accepts(AssignmentBody), summary="Attribuer un dossier"
)
def assign(context: AppContext, credential: Credential, reference: str, sent: JsonBody) -> Assigned:
    """Confier un dossier à un agent de son département (`me` : soi-même), ou le rendre."""
    with context.admit(credential, Verb.ASSIGN) as caller:
        found = caller.request(reference)
        asked = sent.read(AssignmentBody).assigned_to
        agent = caller.account.id if asked == "me" else asked
        charged = accounts.list_in_charge(caller.connection, found.department, *INSTRUCTING)
        if agent is not None and agent not in {each.id for each in charged}:
            message = "Aucun agent de ce département ne porte cet identifiant."
            raise fault("/assigned_to", "agent-unknown", message)
        requests.assign(caller.connection, found.reference, agent)
    return Assigned(reference=found.reference, assigned_to=agent)


class ChecklistKept(Message):
    """A checklist kept with the case; the last one goes with the decision."""

    reference: str
    version: int


@router.post("/requests/{reference}/checklist", openapi_extra=accepts(ChecklistBody), summary="Attester")
def attest(context: AppContext, credential: Credential, reference: str, sent: JsonBody) -> ChecklistKept:
    """Attester la validité de la demande, point par point ; la liste est conservée avec la décision."""
    with context.admit(credential, Verb.ATTEST) as caller:
        found = caller.request(reference)
        version = checklists.attest(
            caller.connection, found.reference, sent.read(ChecklistBody), caller.actor
        )
    return ChecklistKept(reference=found.reference, version=version)
