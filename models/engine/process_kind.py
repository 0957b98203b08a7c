"""The descriptor of one kind of process; the descriptors are in `models.engine.kinds`."""

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
    """One process to start: its subject, its input, and its French description in the Temporal UI."""

    subject: str
    message: Message
    summary: str
    details: str | None = None
    attributes: TypedSearchAttributes | None = None


@dataclass(frozen=True, kw_only=True)
class ProcessKind:
    """One kind of process; a member that is None does not apply to it."""

    workflow: str
    """Workflow type."""
    prefix: str
    """Prefix of its workflow ids; the subject follows after a colon."""
    input: type[Message]
    load: Callable[[Connection, str], Launch | None] | None = None
    """Builds the launch from the register; returns None when the subject is over. Raises `Unknown`."""
    repeats: bool = False
    """Whether a subject may have several runs over time: a finished run must not block a new one."""
    signal: str | None = None
    """Signal sent with each start, also received by a live run; the outbox kind that sends it has the same name."""
    signal_bears_input: bool = False
    """Whether the signal carries the input of the process."""
    hold: Callable[[Connection, str], object] | None = None
    """Locks the subject's row until the end of the transaction."""
    journal: Callable[[Connection, str], str] | None = None
    """Returns the subject of its events, if they are in a chain that is not named after the process."""
    clock: SubjectClock | None = None
    """The legal clock of the subject; without one, the database's clock applies."""
    subject_pattern: Pattern[str] | None = None
    """Pattern of a subject typed by an operator; only kinds with a legal clock have one."""
    resolve: Callable[[Connection, str], str] | None = None
    """Returns the subject of the process that an operator means, if what they type is not it. Raises `Unknown`."""
    department: Callable[[str], str | None] | None = None
    """Returns the département in charge, if the subject itself tells it."""
    name: Callable[[str], str] | None = None
    """Names a subject in mails, if it is not what people call it."""
    link: Callable[[Notice, str, str], str] | None = None
    """Returns the path that a mail links to, from the notice, the subject and the one-time code."""
    expected: str | None = None
    """Select of the subjects that must have a live run (see `expected_processes`)."""
    owed: str | None = None
    """Select of the messages owed to a restarted run (see `expected_processes`)."""
    reserve: Callable[[Connection, Iterable[str]], None] | None = None
    """Reserves subjects that the register has lost, so that they are not reused."""
    wake_waiting: Callable[[Connection], None] | None = None
    """After a restore, signals every process that has something waiting."""
    short_lived: bool = False
    """Whether a run lasts seconds, so that its data key may be deleted after a day."""

    def id(self, subject: str) -> str:
        """Return the workflow id of a subject."""
        return f"{self.prefix}:{subject}"


def shown_attributes(
    status: str, deadline_at: Instant, code: str, *others: SearchAttributePair[str]
) -> TypedSearchAttributes:
    """Return the search attributes of a process with a legal clock; `code` is the département's."""
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
    named = department(code)
    return f"département {named.genitive} ({named.code})"
