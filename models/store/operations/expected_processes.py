"""The processes that the engine must be running according to the register, and the messages they may have missed.

Both are derived from the state of the subjects, not from past messages, which are deleted after a month.

Each function takes one select for each kind of process, by the prefix of its workflow ids. A select of
expected runs has one row a subject: `subject`, `is_open`, `status`, `outcome`, `deadline_at`, `counts_down`,
`late`. A select of owed messages has `of_subject`, `rank` (the order of delivery to a process), `kind`,
`subject`, `undone`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, get_args

from sqlalchemy import (
    ARRAY,
    Connection,
    Subquery,
    Text,
    any_,
    bindparam,
    column,
    exists,
    func,
    literal,
    select,
    text,
    union_all,
)

from models.identifiers import Instant
from models.labels import Outcome
from models.store.journal import outbox
from models.store.journal.outbox import Kind, Start
from models.store.records import Record
from models.store.schema.journal import outbox as outbox_table

Life = Literal["open", "over"]


class Open(Record):
    """A subject that must have a live process."""

    process: str
    status: str
    outcome: Outcome | None
    deadline_at: Instant | None
    counts_down: bool
    """Whether its deadline runs; the engine must then show the same deadline."""
    started: bool
    """False while the message that starts it is still in the outbox."""
    late: bool
    """Whether its deadline passed more than a minute ago."""


class Owed(Record):
    """A message owed to the process of an open subject; `undone` while it has had no effect yet."""

    process: str
    kind: Kind
    subject: str
    undone: bool


RUN_COLUMNS = ("subject", "is_open", "status", "outcome", "deadline_at", "counts_down", "late")
OWED_COLUMNS = ("of_subject", "rank", "kind", "subject", "undone")


def list_open(connection: Connection, expected: Mapping[str, str]) -> list[Open]:
    """Return every subject that is open in the register."""
    runs = _of_every_kind(expected, RUN_COLUMNS)
    starting = exists().where(
        outbox_table.c.workflow_id == runs.c.process,
        outbox_table.c.done_at.is_(None),
        outbox_table.c.kind.in_(get_args(Start)),
    )
    return Open.all(connection, select(runs, (~starting).label("started")).where(runs.c.is_open))


def find_lives(connection: Connection, expected: Mapping[str, str], processes: Iterable[str]) -> dict[str, Life]:
    """Return whether the subject of each process is open or over; processes without a subject are left out."""
    runs = _of_every_kind(expected, RUN_COLUMNS)
    wanted = bindparam("processes", list(processes), ARRAY(Text))
    query = select(runs.c.process, func.bool_or(runs.c.is_open).label("open")).group_by(runs.c.process)
    rows = connection.execute(query.where(runs.c.process == any_(wanted)))
    return {row.process: "open" if row.open else "over" for row in rows}


def list_owed(connection: Connection, owed: Mapping[str, str]) -> list[Owed]:
    """Return the messages owed to the processes of open subjects, in the order in which each must receive them."""
    rows = _of_every_kind(owed, OWED_COLUMNS)
    return Owed.all(connection, select(rows).order_by(rows.c.process, rows.c.rank, rows.c.subject))


def enqueue_all(connection: Connection, messages: Iterable[Owed]) -> None:
    """Enqueue these messages; the relay delivers them in this order to each process."""
    for message in messages:
        outbox.enqueue(connection, message.process, message.kind, message.subject)


def _of_every_kind(selects: Mapping[str, str], names: Sequence[str]) -> Subquery:
    """Return the rows of all selects, each with its workflow id as `process`; `names[0]` is the subject."""
    each = []
    for prefix, statement in selects.items():
        rows = text(statement).columns(*(column(name) for name in names)).subquery()
        process = (literal(f"{prefix}:") + rows.c[names[0]]).label("process")
        each.append(select(process, *rows.c))
    return union_all(*each).subquery()
