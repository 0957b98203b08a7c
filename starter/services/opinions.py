"""The works council's opinion, when it follows the request (R. 5122-2), or never comes and is waived."""

from collections.abc import Iterator
from datetime import date

from law.calendar import local
from law.opinion import opinion_objections
from models.bodies.decision import OpinionWaiverBody
from models.bodies.filing import Opinion
from models.identifiers import Message
from models.store.cases import opinions
from models.store.cases.records import RequestRecord
from models.store.database import case_now
from starter.auth.caller import Caller
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import Fault, InvalidRequest, of_law
from starter.http.request_body import Submission
from starter.services.files import file_faults


class OpinionReceived(Message):
    """An opinion received after the request."""

    reference: str
    opinion: str
    given_on: date


def supply_opinion(
    context: Context, credential: PresentedCredential, reference: str, submission: Submission[Opinion]
) -> OpinionReceived:
    """Supply the outstanding opinion, even after its due day; raises `InvalidRequest`, `Conflict`."""
    with context.admit(credential, Verb.SUPPLY_OPINION) as caller:
        request = caller.request(reference)
        version = caller.once(submission.key, submission.digest, lambda: _supply(caller, request, submission.read()))
        record = opinions.list_versions(caller.connection, request.reference)[int(version) - 1]
    return OpinionReceived.model_validate(
        {"reference": request.reference, "opinion": record.form, "given_on": record.given_on}
    )


class OpinionWaived(Message):
    """A case whose claims no longer wait for the opinion that was to come by this day."""

    reference: str
    due_on: date


def waive_opinion(
    context: Context, credential: PresentedCredential, reference: str, submission: Submission[OpinionWaiverBody]
) -> OpinionWaived:
    """Let claims no longer wait for an opinion that is missing, once for a key; raises `InvalidRequest`, `Conflict`."""
    with context.admit(credential, Verb.WAIVE_OPINION) as caller:
        request = caller.request(reference)

        def waive() -> str:
            reason = submission.read().reason
            return opinions.waive(caller.connection, request.reference, reason, caller.actor).isoformat()

        due_on = caller.once(submission.key, submission.digest if submission.key else b"", waive)
    return OpinionWaived(reference=request.reference, due_on=date.fromisoformat(due_on))


def _supply(caller: Caller, request: RequestRecord, opinion: Opinion) -> str:
    if faults := [*_faults(caller, request, opinion)]:
        raise InvalidRequest(faults)
    return str(opinions.supply(caller.connection, request.reference, opinion, caller.actor))


def _faults(caller: Caller, request: RequestRecord, opinion: Opinion) -> Iterator[Fault]:
    today = local(case_now(caller.connection, request.reference), request.department).date()
    objections = opinion_objections(request.opinion_duty, opinion.form, opinion.given_on, today)
    for fault in of_law(objections):
        yield fault.model_copy(update={"pointer": fault.pointer.removeprefix("/works_council")})
    yield from file_faults(caller, opinion.file, "/file")
