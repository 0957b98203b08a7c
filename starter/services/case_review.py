"""Examination of a case by an agent: reading, assignment, attestation of validity."""

from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import Connection

from law.calendar import local
from law.reasons import legal_bases
from models.bodies.decision import AssignmentBody, ChecklistBody, ChecklistItem, HandOverBody
from models.identifiers import Message
from models.labels import HoldReason
from models.roles import INSTRUCTING
from models.store.cases import checklists, decisions, lists, messages, opinions, requests, reviews
from models.store.cases.lists import UNPROVEN
from models.store.cases.records import RequestRecord
from models.store.operations import incidents
from models.store.people import accounts
from models.store.people.accounts import Account
from starter.auth.caller import Caller
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import fault
from starter.http.request_body import Submission
from starter.services import case_content, case_view
from starter.services.case_schemas import CaseBase, Decision
from starter.services.content_schemas import EarlierRequest, FiledAccount


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


class ReviewedAccount(FiledAccount):
    """The bank account of a request; `unproven` until whoever filed has proven an authority over the establishment."""

    authority: Literal["proven", "unproven"]


class DeskCase(CaseBase):
    """A case with everything that an agent may see."""

    address: str
    department: str
    channel: str
    author: str | None
    """None once it is erased."""
    filed_by: str
    """Id of the account that filed: a validation of its authority may name it."""
    bank_account: ReviewedAccount | None
    works_council: str
    """Form of the latest opinion."""
    opinion_missing: bool
    """Whether claims wait for it: its last day is past, it has not come, and no agent waived it."""
    signals: tuple[str, ...]
    """Results of the automatic controls; they never stop the clock."""
    seconds_left: float | None
    assigned_to: str | None
    """Id of the account in charge."""
    checklist: AttestedChecklist | None
    history: tuple[Decision, ...]
    """Every decision, including void and cancelled ones."""
    establishment_history: tuple[EarlierRequest, ...]
    """The latest other requests of the establishment in one’s départements, newest first."""
    incidents: tuple[OpenIncident, ...]
    legal_bases: tuple[RefusalBasis, ...]
    """Possible bases of a refusal or a partial grant; « label (article) » states a reason of law."""


class CaseReading(NamedTuple):
    """A case as an agent reads it, who reads it, and to whom it may be assigned."""

    reader: Account
    record: RequestRecord
    case: DeskCase
    colleagues: tuple[Account, ...]
    """Agents of its département who may have it in charge, by name."""
    in_charge: Account | None
    unread: int
    """Messages of the employer that no agent has read."""

    def may(self, verb: Verb) -> bool:
        """Whether the reader’s role has a verb; the case is in its reach."""
        return verb.rule.scope(self.reader.role) is not None


def read(context: Context, credential: PresentedCredential, reference: str) -> DeskCase:
    """Return a case with its nominal data, controls, signals and history; raises `Unknown`."""
    with context.admit(credential, Verb.READ_CASE) as caller:
        return _case(caller, caller.request(reference))


def open_case(context: Context, credential: PresentedCredential, reference: str) -> CaseReading:
    """Return the same, with its reader and the agents who may have it in charge; raises `Unknown`."""
    with context.admit(credential, Verb.READ_CASE) as caller:
        record = caller.request(reference)
        colleagues = accounts.list_in_charge(caller.connection, record.department, *INSTRUCTING)
        return CaseReading(
            reader=caller.account,
            record=record,
            case=_case(caller, record),
            colleagues=tuple(sorted(colleagues, key=lambda each: each.name)),
            unread=messages.count_unread(caller.connection, record.reference, "employer"),
            in_charge=accounts.get(caller.connection, record.assigned_to) if record.assigned_to else None,
        )


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

        def attested() -> str:
            return str(checklists.attest(caller.connection, case.reference, submission.read(), caller.actor))

        version = caller.once(submission.key, submission.digest if submission.key else b"", attested)
    return case.reference, int(version)


def allow_hand_over(
    context: Context, credential: PresentedCredential, reference: str, submission: Submission[HandOverBody]
) -> tuple[str, list[HoldReason]]:
    """Let a suspended authorization be handed over after all, once for a key; returns the reference and what held it.

    Raises `NotAllowed` without a delegation to grant, and `Conflict` when nothing waits for an agent.
    """
    with context.admit(credential, Verb.ALLOW_HAND_OVER) as caller:
        case = caller.request(reference)

        def allow() -> str:
            released = reviews.release(caller.connection, case.reference, submission.read(), caller.actor)
            return " ".join(each.value for each in released)

        answer = caller.once(submission.key, submission.digest if submission.key else b"", allow)
    return case.reference, [HoldReason.of(each) for each in answer.split()]


def _case(caller: Caller, case: RequestRecord) -> DeskCase:
    connection, department = caller.connection, case.department
    nominal = caller.find_nominal(case)
    view = case_view.case(connection, case, nominal, published_only=False)
    account = view.bank_account
    establishment = accounts.get_establishment(connection, case.siret)
    own = {
        **{name: value for name, value in view if name not in ("works_council", "bank_account")},
        "address": establishment.address,
        "department": establishment.department,
        "channel": case.channel,
        "signals": case.signals if view.authority == "proven" else (*case.signals, UNPROVEN),
        "author": nominal.author if nominal else None,
        "filed_by": case.account_id,
        "bank_account": account and ReviewedAccount(**account.model_dump(), authority=view.authority),
        "works_council": view.opinions[-1].form,
        "opinion_missing": opinions.is_missing(connection, case.reference),
        "seconds_left": lists.seconds_left(connection, case.reference),
        "assigned_to": case.assigned_to,
        "checklist": _checklist(connection, case),
        "history": tuple(Decision.of(each, department) for each in decisions.list_of(connection, case.reference)),
        "establishment_history": _others(caller, case),
        "incidents": _incidents(connection, case),
        "legal_bases": _legal_bases(case),
    }
    return DeskCase.model_validate(own)


def _others(caller: Caller, case: RequestRecord) -> tuple[EarlierRequest, ...]:
    others = requests.list_of_establishment(caller.connection, case.siret, caller.account.departments)
    return tuple(
        case_content.earlier_request(each, local(each.received_at, each.department))
        for each in others
        if each.reference != case.reference
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
