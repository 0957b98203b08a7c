"""Examination of a case by an agent: reading, assignment, attestation of validity."""

from datetime import datetime

from sqlalchemy import Connection

from law.calendar import local
from law.decision import legal_bases
from models.bodies.decision import AssignmentBody, ChecklistBody, ChecklistItem
from models.bodies.filing import Commitment
from models.identifiers import Message
from models.roles import INSTRUCTING
from models.store.cases import checklists, decisions, lists, opinions, requests
from models.store.cases.records import RequestRecord
from models.store.operations import incidents
from models.store.people import accounts
from starter.auth.caller import Caller
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import fault
from starter.http.request_body import Submission
from starter.services import case_view
from starter.services.case_schemas import CaseView, Decision


class AttestedChecklist(Message):
    """An attested checklist of validity."""

    version: int
    items: tuple[ChecklistItem, ...]
    attested_at: datetime


class OpenIncident(Message):
    """An open incident of a case."""

    id: str
    act: str
    part: str
    opened_at: datetime


class RefusalBasis(Message):
    """A legal basis for a refusal, under the law that applies to the request."""

    code: str
    article: str
    label: str


class DeskCase(CaseView):
    """A case with everything that an agent may see."""

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
    """Form of the latest opinion."""
    signals: tuple[str, ...]
    """Results of the automatic controls; they never stop the clock."""
    seconds_left: float | None
    assigned_to: str | None
    """Id of the account in charge."""
    checklist: AttestedChecklist | None
    history: tuple[Decision, ...]
    """Every decision, including void and cancelled ones."""
    incidents: tuple[OpenIncident, ...]
    legal_bases: tuple[RefusalBasis, ...]
    """Possible bases of a refusal or a partial grant; « label (article) » states a reason of law."""


def read(context: Context, credential: PresentedCredential, reference: str) -> DeskCase:
    """Return a case with its nominal data, controls, signals and history; raises `Unknown`."""
    with context.admit(credential, Verb.READ_CASE) as caller:
        return _case(caller, caller.request(reference))


def assign(
    context: Context, credential: PresentedCredential, reference: str, submission: Submission[AssignmentBody]
) -> tuple[str, str | None]:
    """Assign a case to an agent of its département, or unassign it; returns the reference and the agent.

    Raises `Unknown`, and `InvalidRequest` for an agent of another département.
    """
    with context.admit(credential, Verb.ASSIGN) as caller:
        case = caller.request(reference)
        assigned_to = submission.read().assigned_to
        agent = caller.account.id if assigned_to == "me" else assigned_to
        colleagues = accounts.list_in_charge(caller.connection, case.department, *INSTRUCTING)
        if agent is not None and agent not in {each.id for each in colleagues}:
            message = "Aucun agent de ce département ne porte cet identifiant."
            raise fault("/assigned_to", "agent-unknown", message)
        requests.assign(caller.connection, case.reference, agent)
    return case.reference, agent


def attest(
    context: Context, credential: PresentedCredential, reference: str, submission: Submission[ChecklistBody]
) -> tuple[str, int]:
    """Attest the validity of a request point by point; returns the reference and the checklist's version."""
    with context.admit(credential, Verb.ATTEST) as caller:
        case = caller.request(reference)
        version = checklists.attest(caller.connection, case.reference, submission.read(), caller.actor)
    return case.reference, version


def _case(caller: Caller, case: RequestRecord) -> DeskCase:
    connection, department = caller.connection, case.department
    view = case_view.case(connection, case, published_only=False)
    nominal = caller.nominal(case)
    history = decisions.list_of(connection, case.reference)
    return DeskCase(
        **dict(view),
        **accounts.get_establishment(connection, case.siret).model_dump(),
        **case.model_dump(include={"channel", "ground", "perimeter", "headcount", "direct_payment", "signals"}),
        circumstances=nominal.circumstances,
        author=nominal.author,
        commitments=case.commitments,
        works_council=opinions.get_latest(connection, case.reference).form,
        seconds_left=lists.seconds_left(connection, case.reference),
        assigned_to=case.assigned_to,
        checklist=_checklist(connection, case),
        history=tuple(Decision.of(each, department) for each in history),
        incidents=_incidents(connection, case),
        legal_bases=_legal_bases(case),
    )


def _checklist(connection: Connection, case: RequestRecord) -> AttestedChecklist | None:
    record = checklists.find_latest(connection, case.reference)
    if record is None:
        return None
    attested_at = local(record.attested_at, case.department)
    return AttestedChecklist(version=record.version, items=record.items, attested_at=attested_at)


def _incidents(connection: Connection, case: RequestRecord) -> tuple[OpenIncident, ...]:
    return tuple(
        OpenIncident(id=each.id, act=each.act, part=each.part, opened_at=local(each.opened_at, case.department))
        for each in incidents.list_of_subject(connection, case.reference)
    )


def _legal_bases(case: RequestRecord) -> tuple[RefusalBasis, ...]:
    return tuple(
        RefusalBasis(code=each.value, article=each.article.value, label=each.label)
        for each in legal_bases(case.law_day)
    )
