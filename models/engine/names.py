"""Names: task queues, workflow ids, search attributes, and the outbox's channel."""

from typing import Final, Literal

from temporalio.common import SearchAttributeKey

CASES: Final = "cases"
"""Task queue of the procedure: workflows, their local acts, mails and controls."""
SIGNING: Final = "signing"
"""Task queue of the acts that hold signature keys."""
AGENCY: Final = "agency"
"""Task queue of the acts that exchange files with the paying agency; one file at a time."""
Queue = Literal["cases", "signing", "agency"]
QUEUES: Final[tuple[Queue, ...]] = (SIGNING, AGENCY, CASES)
"""In the order in which their workers start: acts are served before the procedure that calls them."""

DEPLOYMENT: Final = "tacite"
"""Name of our worker deployment in the engine."""

CHAIN: Final = "chain"
"""Id of the schedule that time-stamps the events; the ids of its processes begin with it."""

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


def draft_id(draft: str) -> str:
    """Return the workflow id of a draft, by its UUIDv7."""
    return f"draft:{draft}"


def enrolment_id(siret: str) -> str:
    """Return the workflow id of the enrolment of an establishment: one at a time, several over the years."""
    return f"enrolment:{siret}"


def account_process(account: str) -> str:
    """Return the workflow id of the notices about one account."""
    return f"account:{account}"


def announcement_id(subject: str) -> str:
    """Return the workflow id of notices about a subject that do not belong to the subject's own process."""
    return f"announcement:{subject}"


def deposit_id(channel: str) -> str:
    """Return the workflow id of the deposit process of one agency channel."""
    return f"deposit:{channel}"


def subject_of(workflow_id: str) -> str:
    """Return the reference, draft, SIRET or channel of a process; one without a subject is its own."""
    kind, _, subject = workflow_id.partition(":")
    return workflow_id if kind.startswith(CHAIN) else subject
