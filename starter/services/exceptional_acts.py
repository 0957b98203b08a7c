"""Exceptional acts of operators: requested by one with a reason, approved or refused by another."""

from models.bodies.operator import ExceptionBody
from models.engine.names import subject_of
from models.engine.processes import find_kind
from models.errors import Unknown
from models.store.operations import exceptional_acts
from models.store.operations.exceptional_acts import ExceptionRecord
from starter.auth.caller import Caller, as_uuid
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.request_body import Submission


def list_latest(context: Context, credential: PresentedCredential) -> list[ExceptionRecord]:
    """Return the latest acts within the caller's reach, newest first."""
    with context.admit(credential, Verb.READ_EXCEPTIONS) as caller:
        latest = exceptional_acts.list_latest(caller.connection)
        return [each for each in latest if _reaches(caller, each)]


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
        return exceptional_acts.approve(caller.connection, act.id, caller.actor)


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
    if body.kind == "resume":
        body = body.model_copy(update={"subject": as_uuid(body.subject)})
    if not covers(caller, exceptional_acts.get_process(caller.connection, body.kind, body.subject)):
        raise Unknown(body.subject)
    return exceptional_acts.request(caller.connection, body, caller.actor).id


def _act(caller: Caller, act_id: str) -> ExceptionRecord:
    act = exceptional_acts.get(caller.connection, as_uuid(act_id))
    if not _reaches(caller, act):
        raise Unknown(act_id)
    return act


def _reaches(caller: Caller, act: ExceptionRecord) -> bool:
    return covers(caller, exceptional_acts.get_process(caller.connection, act.kind, act.subject))
