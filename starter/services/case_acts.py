"""What an agent may do in a case now, and what its forms propose: points of validity, models of reasons, pieces."""

from dataclasses import dataclass
from datetime import date, datetime

from law.calendar import local
from law.checklist import ValidityPoint, validity_points
from law.completion import Piece, latest_limit, requestable_pieces
from law.decision import Terms
from law.grounds import Ground
from law.reason_models import ReasonModel, reason_models
from models.bodies.filing import Commitment
from models.errors import Unknown
from models.labels import Outcome
from models.store.cases import checklists, completions, decisions, documents
from models.store.cases.checklists import ChecklistRecord
from models.store.cases.records import CompletionRecord, DecisionRecord, RequestRecord
from models.store.database import case_now
from models.store.people import accounts, delegations
from models.store.people.accounts import Account
from models.store.people.delegations import DelegationRecord
from starter.auth.caller import Caller
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context


@dataclass(frozen=True, slots=True)
class CaseForActs:
    """A case before an act: nothing nominal, so that opening a form reads nothing."""

    reader: Account
    reference: str
    siret: str
    name: str
    """Name of the establishment."""
    department: str
    ground: Ground
    requested: Terms
    commitments: tuple[Commitment, ...]
    signals: tuple[str, ...]
    outcome: Outcome | None
    deadline_at: datetime | None
    """Instant of silence in the legal time of the département; None while the clock is stopped."""
    today: date
    decision: DecisionRecord | None
    """The decision in force."""
    pending: CompletionRecord | None
    """The request for pieces in course."""
    checklist: ChecklistRecord | None
    powers: tuple[DelegationRecord, ...]
    """Delegations under which the reader may sign today, the newest first."""
    points: tuple[ValidityPoint, ...]
    models: tuple[ReasonModel, ...]
    pieces: tuple[Piece, ...]
    """Pieces that may be requested."""
    latest_due_on: date

    def may(self, verb: Verb) -> bool:
        """Whether the reader’s role has a verb; the case is in its reach."""
        return verb.rule.scope(self.reader.role) is not None

    def power(self, outcome: str) -> DelegationRecord | None:
        """Return the delegation under which the reader would sign an outcome, or None."""
        return next((each for each in self.powers if outcome in each.outcomes), None)


def read(context: Context, credential: PresentedCredential, reference: str) -> CaseForActs:
    """Return a case with what its forms propose; raises `Unknown`."""
    with context.admit(credential, Verb.READ_CASE) as caller:
        return case_for_acts(caller, caller.request(reference))


def case_for_acts(caller: Caller, case: RequestRecord) -> CaseForActs:
    """Return a case that a caller may see, with what its forms propose."""
    connection, department = caller.connection, case.department
    today = local(case_now(connection, case.reference), department).date()
    return CaseForActs(
        reader=caller.account,
        reference=case.reference,
        siret=case.siret,
        name=accounts.get_establishment(connection, case.siret).name,
        department=department,
        ground=case.ground,
        requested=case.terms,
        commitments=case.commitments,
        signals=case.signals,
        outcome=case.outcome,
        deadline_at=case.deadline_at and local(case.deadline_at, department),
        today=today,
        decision=decisions.find_current(connection, case.reference),
        pending=completions.find_pending(connection, case.reference),
        checklist=checklists.find_latest(connection, case.reference),
        powers=tuple(delegations.list_in_force(connection, caller.account.id, department, today)),
        points=validity_points(case.ground, case.law_day),
        models=reason_models(case.law_day),
        pieces=requestable_pieces(completions.asking(connection, case)),
        latest_due_on=latest_limit(today),
    )


@dataclass(frozen=True, slots=True)
class ActState:
    """An act that was taken, and the case in which it was."""

    case: CaseForActs
    decision: DecisionRecord | None = None
    completion: CompletionRecord | None = None
    document: str | None = None
    """Id of its document, once it is published."""


def read_decision(context: Context, credential: PresentedCredential, reference: str, decision_id: str) -> ActState:
    """Return a decision of a case, whatever became of it; raises `Unknown`."""
    with context.admit(credential, Verb.READ_CASE) as caller:
        case = caller.request(reference)
        record = decisions.get(caller.connection, decision_id.replace("\0", ""))
        if record.reference != case.reference:
            raise Unknown(decision_id)
        document = _document(caller, case, decision_id)
        return ActState(case_for_acts(caller, case), decision=record, document=document)


def find_decision(
    context: Context, credential: PresentedCredential, reference: str, decision_id: str
) -> DecisionRecord | None:
    """Return a decision of a case, or None when no such was taken; raises `Unknown` for the case."""
    with context.admit(credential, Verb.READ_CASE) as caller:
        case = caller.request(reference)
        record = decisions.find(caller.connection, decision_id)
        return record if record and record.reference == case.reference else None


def read_completion(context: Context, credential: PresentedCredential, reference: str, completion_id: str) -> ActState:
    """Return a request for pieces of a case, whatever became of it; raises `Unknown`."""
    with context.admit(credential, Verb.READ_CASE) as caller:
        case = caller.request(reference)
        record = completions.get(caller.connection, completion_id.replace("\0", ""))
        if record.reference != case.reference:
            raise Unknown(completion_id)
        document = _document(caller, case, completion_id)
        return ActState(case_for_acts(caller, case), completion=record, document=document)


def _document(caller: Caller, case: RequestRecord, subject: str) -> str | None:
    published = documents.list_of(caller.connection, case.reference, published_only=True)
    return next((each.id for each in published if each.subject == subject), None)
