"""What the engine must be running, as the register knows it: what to compare with it, and what it must hear again.

All of it follows from the state of the subjects, not from past messages: those are dropped after a month.

Each function takes the selects of the kinds that it is about, by the prefix of their workflow ids. A select of
expected runs has a row a subject: `subject`, `is_open`, `status`, `outcome`, `deadline_at`, `counts_down`, `late`.
A select of what is owed has `of_subject`, `rank` (the order in which a process hears it), `kind`, `subject`, `undone`.
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
    """Whether its deadline runs, so that the engine must show the same one."""
    started: bool
    """False while the message that starts it waits."""
    late: bool
    """Whether its instant passed a minute ago."""


class Owed(Record):
    """Something that the process of an open subject must look at; `undone` while nothing has come of it yet."""

    process: str
    kind: Kind
    subject: str
    undone: bool


RUN = ("subject", "is_open", "status", "outcome", "deadline_at", "counts_down", "late")
OWED = ("of_subject", "rank", "kind", "subject", "undone")


def list_open(connection: Connection, expected: Mapping[str, str]) -> list[Open]:
    """Every subject that is open in the register."""
    runs = _of_every_kind(expected, RUN)
    starting = exists().where(
        outbox_table.c.workflow_id == runs.c.process,
        outbox_table.c.done_at.is_(None),
        outbox_table.c.kind.in_(get_args(Start)),
    )
    return Open.all(connection, select(runs, (~starting).label("started")).where(runs.c.is_open))


def find_lives(
    connection: Connection, expected: Mapping[str, str], processes: Iterable[str]
) -> dict[str, Life]:
    """Say of processes whether their subject is open or over; those of nothing are left out."""
    runs = _of_every_kind(expected, RUN)
    wanted = bindparam("processes", list(processes), ARRAY(Text))
    query = select(runs.c.process, func.bool_or(runs.c.is_open).label("open")).group_by(runs.c.process)
    rows = connection.execute(query.where(runs.c.process == any_(wanted)))
    return {row.process: "open" if row.open else "over" for row in rows}


def list_owed(connection: Connection, owed: Mapping[str, str]) -> list[Owed]:
    """What the processes of open subjects must look at, in the order in which each must hear it."""
    rows = _of_every_kind(owed, OWED)
    return Owed.all(connection, select(rows).order_by(rows.c.process, rows.c.rank, rows.c.subject))


def enqueue_all(connection: Connection, messages: Iterable[Owed]) -> None:
    """Have the relay deliver all this, in this order for each process."""
    for message in messages:
        outbox.enqueue(connection, message.process, message.kind, message.subject)


def _of_every_kind(selects: Mapping[str, str], names: Sequence[str]) -> Subquery:
    """The rows of every kind's select, each with its workflow id as `process`; the subject comes first."""
    each = []
    for prefix, statement in selects.items():
        rows = text(statement).columns(*(column(name) for name in names)).subquery()
        process = (literal(f"{prefix}:") + rows.c[names[0]]).label("process")
        each.append(select(process, *rows.c))
    return union_all(*each).subquery()
