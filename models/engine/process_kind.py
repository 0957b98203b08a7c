"""What the rest of the code must know of one kind of process: the form of the descriptors in `models.engine.kinds`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from re import Pattern
from typing import NamedTuple

from sqlalchemy import Connection
from temporalio.common import SearchAttributePair, TypedSearchAttributes

from law.calendar import local
from law.directory import department
from law.texts import instant_in_french
from models.engine.names import DEADLINE, DEPARTMENT, STATUS
from models.identifiers import Instant, Message
from models.store.operations.process_subjects import SubjectClock
from models.store.people.notices import Notice


class Launch(NamedTuple):
    """One process to start: its subject, its input, and what the Temporal UI shows of it, in French."""

    subject: str
    message: Message
    summary: str
    details: str | None = None
    attributes: TypedSearchAttributes | None = None


@dataclass(frozen=True, kw_only=True)
class ProcessKind:
    """One kind of process. What is None does not exist for this kind."""

    workflow: str
    """Workflow type."""
    prefix: str
    """What its workflow ids begin with; the subject follows after a colon."""
    input: type[Message]
    load: Callable[[Connection, str], Launch | None] | None = None
    """Builds its start from the register; None when the subject is over there. Raises `Unknown`."""
    repeats: bool = False
    """Whether a subject may have several runs over time: a finished run must not block a new one."""
    signal: str | None = None
    """Signal sent with each start, which a live run hears too; also the outbox kind that sends it."""
    signal_bears_input: bool = False
    hold: Callable[[Connection, str], object] | None = None
    """Holds the subject's row until the end of the transaction."""
    clock: SubjectClock | None = None
    """The legal clock of the subject; without one, the time is that of the database."""
    subject_pattern: Pattern[str] | None = None
    """What the subject looks like when an operator types it; only kinds with a clock have one."""
    department: Callable[[str], str | None] | None = None
    """Département in charge, as far as the subject itself says it."""
    link: Callable[[Notice, str, str], str] | None = None
    """Path that a mail links to, from the notice, the subject and the one-time code."""
    expected: str | None = None
    """Select of the subjects that must have a live run (see `expected_processes`)."""
    owed: str | None = None
    """Select of what a restarted run must look at (see `expected_processes`)."""
    reserve: Callable[[Connection, Iterable[str]], None] | None = None
    """Makes sure that subjects which the register has lost are never given again."""
    wake_waiting: Callable[[Connection], None] | None = None
    """After a restore, signals every process for which something waits."""
    short_lived: bool = False
    """Whether a run lasts seconds, so that its data key may be dropped after a day."""

    def id(self, subject: str) -> str:
        """Return the workflow id of a subject."""
        return f"{self.prefix}:{subject}"


def shown_attributes(
    status: str, deadline_at: Instant, code: str, *others: SearchAttributePair[str]
) -> TypedSearchAttributes:
    """Return the search attributes of a process with a legal clock, in the département of this code."""
    pairs = (
        SearchAttributePair(STATUS, status),
        SearchAttributePair(DEADLINE, deadline_at),
        SearchAttributePair(DEPARTMENT, code),
    )
    return TypedSearchAttributes([*pairs, *others])


def in_legal_time(instant: Instant, code: str) -> str:
    """Write an instant in French, in the legal time of a département."""
    return instant_in_french(local(instant, code))


def department_in_words(code: str) -> str:
    """Name a département in French."""
    found = department(code)
    return f"département {found.genitive} ({found.code})"
