"""Names: task queues, workflow ids, search attributes, and the outbox's channel."""

from typing import Final, Literal

from temporalio.common import SearchAttributeKey

CASES: Final = "cases"
"""Task queue of the procedure: workflows, their local acts, mails and controls."""
SIGNING: Final = "signing"
"""Task queue of the acts that hold signature keys."""
VERIFYING: Final = "verifying"
"""Task queue of the verification of documents that strangers send: its worker holds no signature key."""
READING: Final = "reading"
"""Task queue of the reading of files of claims: its worker holds no signature key."""
AGENCY: Final = "agency"
"""Task queue of the acts that exchange files with the paying agency; one file at a time."""
Queue = Literal["cases", "signing", "verifying", "reading", "agency"]
QUEUES: Final[tuple[Queue, ...]] = (SIGNING, VERIFYING, READING, AGENCY, CASES)
"""In the order in which their workers start: acts are served before the procedure that calls them."""
PROCEDURE_QUEUES: Final[tuple[Queue, ...]] = (SIGNING, AGENCY, CASES)
"""What a worker serves by default: all queues but those of files that others send, which have a worker each."""

DEPLOYMENT: Final = "tacite"
"""Name of our worker deployment in the engine."""

CHAIN: Final = "chain"
"""Id of the schedule that time-stamps the events; the ids of its processes begin with it."""

ANSWERS: Final = "answers"
"""Prefix of the schedules that read the answers of the paying agency, one a channel, and of their processes."""

OUTBOX_CHANNEL: Final = "tacite_outbox"
"""PostgreSQL channel on which a committed transaction wakes the relay."""

STATUS = SearchAttributeKey.for_keyword("CaseStatus")
DEADLINE = SearchAttributeKey.for_datetime("DeadlineAt")
DEPARTMENT = SearchAttributeKey.for_keyword("Department")
RULE = SearchAttributeKey.for_keyword("Rule")
INCIDENT = SearchAttributeKey.for_keyword("Incident")
OUTCOME = SearchAttributeKey.for_keyword("Outcome")

SEARCH_ATTRIBUTES: Final = {
    "CaseStatus": "Keyword",
    "DeadlineAt": "Datetime",
    "Department": "Keyword",
    "Rule": "Keyword",
    "Incident": "Keyword",
    "Outcome": "Keyword",
}
"""Search attributes that the namespace must have before a worker may run: name → type."""


def authorization_id(reference: str) -> str:
    """Return the workflow id of a case: its reference as printed on the receipt (`034AQHV02`)."""
    return f"authorization:{reference}"


def claim_process(subject: str) -> str:
    """Return the workflow id of one version of a claim, by its reference, month, part and version."""
    return f"claim:{subject}"


def draft_id(draft: str) -> str:
    """Return the workflow id of a draft, by its UUIDv7."""
    return f"draft:{draft}"


def enrolment_id(subject: str) -> str:
    """Return the workflow id of an enrolment, by its UUIDv7; earlier releases ran one at a time, by its SIRET."""
    return f"enrolment:{subject}"


def account_process(account: str) -> str:
    """Return the workflow id of the notices about one account."""
    return f"account:{account}"


def announcement_id(subject: str) -> str:
    """Return the workflow id of notices about a subject that do not belong to the subject's own process."""
    return f"announcement:{subject}"


def deposit_id(channel: str) -> str:
    """Return the workflow id of the deposit process of one agency channel."""
    return f"deposit:{channel}"


def run_process(run: str) -> str:
    """Return the workflow id of a run of payments, by its UUIDv7; its data key bears it."""
    return f"run:{run}"


def answers_id(channel: str) -> str:
    """Return the id of the schedule that reads the answers of one agency channel."""
    return f"{ANSWERS}:{channel}"


def channel_of_answers(workflow_id: str) -> str:
    """Return the channel of a process that such a schedule started: the engine adds the instant to its id."""
    return subject_of(workflow_id).partition("-")[0]


def letter_id(letter: str) -> str:
    """Return the workflow id of the printing of a letter, by its UUIDv7."""
    return f"letter:{letter}"


def upload_process(upload: str) -> str:
    """Return the workflow id of a file of a claim, by its UUIDv7."""
    return f"upload:{upload}"


def subject_of(workflow_id: str) -> str:
    """Return the reference, draft, SIRET or channel of a process; one without a subject is its own."""
    kind, _, subject = workflow_id.partition(":")
    return workflow_id if kind.startswith(CHAIN) else subject


def same_schedule(one: str, other: str) -> bool:
    """Whether two different processes are runs of the same schedule, which names them by their instants."""
    return one != other and _schedule_of(one) is not None and _schedule_of(one) == _schedule_of(other)


def _schedule_of(workflow_id: str) -> str | None:
    """Return the schedule that started a process, None of any other process."""
    schedule, dash, _ = workflow_id.partition("-")
    return schedule if dash and (schedule == CHAIN or schedule.startswith(f"{ANSWERS}:")) else None
