"""Exceptional acts of operators: requested by one with a reason, approved or refused by another."""

from collections.abc import Mapping
from typing import NamedTuple

from models.bodies.operator import ANSWER_KINDS, DEPOSIT_KINDS, ESTABLISHMENT_KINDS, ExceptionBody, ExceptionKind
from models.engine.kinds.claim import claim_in_words
from models.engine.names import subject_of
from models.engine.processes import find_kind
from models.errors import Unknown
from models.store.claims import records
from models.store.operations import evictions, exceptional_acts
from models.store.operations.exceptional_acts import ExceptionRecord
from models.store.people import account_lists
from starter.auth.caller import Caller, as_uuid
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import fault
from starter.http.request_body import Submission
from starter.services import set_aside


def list_latest(context: Context, credential: PresentedCredential) -> list[ExceptionRecord]:
    """Return the latest acts within the caller's reach, newest first."""
    with context.admit(credential, Verb.READ_EXCEPTIONS) as caller:
        latest = exceptional_acts.list_latest(caller.connection)
        return [each for each in latest if _reaches(caller, each)]


class NamedActs(NamedTuple):
    """Acts, the name and role of each account they name, the account that reads them, the claims they are about."""

    items: list[ExceptionRecord]
    names: Mapping[str, tuple[str, str]]
    reader: str
    claims: Mapping[str, str]
    """Claim in French, by the subject of its act: « avril 2021, version 2, dossier 034AQHV02 »."""


def list_named(context: Context, credential: PresentedCredential) -> NamedActs:
    """Return those that wait, oldest first, then the latest judged, with the names of those who asked and judged."""
    with context.admit(credential, Verb.READ_EXCEPTIONS) as caller:
        latest = exceptional_acts.list_latest(caller.connection)
        judged = [each for each in latest if each.approved_at or each.refused_at]
        acts = [*exceptional_acts.list_waiting(caller.connection), *judged]
        return _named(caller, [each for each in acts if _reaches(caller, each)])


def read_named(context: Context, credential: PresentedCredential, act_id: str) -> NamedActs:
    """Return one act with its names; raises `Unknown`."""
    with context.admit(credential, Verb.READ_EXCEPTIONS) as caller:
        return _named(caller, [_act(caller, act_id)])


def _named(caller: Caller, acts: list[ExceptionRecord]) -> NamedActs:
    ids = {each for act in acts for each in (act.asked_by, act.approved_by, act.refused_by) if each}
    return NamedActs(acts, account_lists.names(caller.connection, ids), caller.account.id, _claims(caller, acts))


def _claims(caller: Caller, acts: list[ExceptionRecord]) -> dict[str, str]:
    subjects = {each.subject for each in acts if each.kind == "reject_claim"}
    named = {each: records.get(caller.connection, each).subject for each in subjects}
    return {each: claim_in_words(subject) for each, subject in named.items()}


def request_act(
    context: Context, credential: PresentedCredential, submission: Submission[ExceptionBody]
) -> ExceptionRecord:
    """Request an act, with a reason; raises `Unknown`, `InvalidRequest`, `Conflict`."""
    with context.admit(credential, Verb.ASK_EXCEPTION) as caller:
        act_id = caller.once(submission.key, submission.digest, lambda: _request(caller, submission.read()))
        return exceptional_acts.get(caller.connection, act_id)


def approve(context: Context, credential: PresentedCredential, act_id: str) -> ExceptionRecord:
    """Approve an act that another operator requested, and execute it at once; raises `Unknown`, `Conflict`."""
    with context.admit(credential, Verb.APPROVE_EXCEPTION) as caller:
        act = _act(caller, act_id)
        return exceptional_acts.approve(
            caller.connection, act.id, caller.actor, performers=set_aside.performers(context.master)
        )


def refuse(context: Context, credential: PresentedCredential, act_id: str) -> ExceptionRecord:
    """Refuse a requested act, or withdraw one's own request; raises `Unknown`, `Conflict`."""
    with context.admit(credential, Verb.APPROVE_EXCEPTION) as caller:
        act = _act(caller, act_id)
        return exceptional_acts.refuse(caller.connection, act.id, caller.actor)


def covers(caller: Caller, process: str) -> bool:
    """Whether a process is within an operator's reach: any process for one without départements, else their cases."""
    if not caller.account.departments:
        return True
    kind = find_kind(process)
    code = kind.department(subject_of(process)) if kind and kind.department else None
    return code is not None and caller.covers(code)


def _request(caller: Caller, body: ExceptionBody) -> str:
    if body.kind in ("resume", *ANSWER_KINDS, *DEPOSIT_KINDS) or (
        body.kind == "evict" and not body.subject.isdecimal()
    ):
        body = body.model_copy(update={"subject": as_uuid(body.subject)})
    if (body.department is None) == (body.kind == "relocate"):
        raise fault("/department", "department-needed", "Indiquez le département pour « relocate », et lui seul.")
    if body.siret and body.kind != "evict":
        raise fault("/siret", "siret-needless", "Le SIRET ne se précise que pour « evict ».")
    if not _covers_subject(caller, body.kind, body.subject, body.siret):
        raise Unknown(body.subject)
    return exceptional_acts.request(caller.connection, body, caller.actor).id


def _act(caller: Caller, act_id: str) -> ExceptionRecord:
    act = exceptional_acts.get(caller.connection, as_uuid(act_id))
    if not _reaches(caller, act):
        raise Unknown(act_id)
    return act


def _reaches(caller: Caller, act: ExceptionRecord) -> bool:
    return _covers_subject(caller, act.kind, act.subject, act.siret)


def _covers_subject(caller: Caller, kind: ExceptionKind, subject: str, siret: str | None) -> bool:
    if kind not in ESTABLISHMENT_KINDS:
        return covers(caller, exceptional_acts.get_process(caller.connection, kind, subject))
    department = evictions.find_department(caller.connection, subject, siret)
    return not caller.account.departments or (department is not None and caller.covers(department))
