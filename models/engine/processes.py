"""All kinds of process, for the relay, reconciliation, mails and operators.

Code about all kinds reads `PROCESSES`; no other code distinguishes kinds by name. A kind is a descriptor in a
module of `models.engine.kinds`, where it is discovered. The nightly chain and the answers of the
agency have none: schedules of the engine start them (`worker`).
"""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from sqlalchemy import Connection

from models.engine import kinds
from models.engine.names import ANSWERS, CHAIN, subject_of
from models.engine.process_kind import ProcessKind
from models.store import database
from models.store.operations.process_subjects import Held


def _descriptors() -> Iterator[ProcessKind]:
    for module in iter_modules(kinds.__path__, f"{kinds.__name__}."):
        yield from (each for each in vars(import_module(module.name)).values() if isinstance(each, ProcessKind))


_BY_PREFIX: Final = {kind.prefix: kind for kind in _descriptors()}
PROCESSES: Final = tuple(_BY_PREFIX.values())
EXPECTED: Final = {kind.prefix: kind.expected for kind in PROCESSES if kind.expected}
"""Selects of the runs that must be alive, by prefix of workflow id."""
OWED: Final = {kind.prefix: kind.owed for kind in PROCESSES if kind.owed}
"""Selects of the messages owed to restarted runs, by prefix of workflow id."""
SHORT_LIVED: Final = (CHAIN, ANSWERS, *(kind.prefix for kind in PROCESSES if kind.short_lived))
"""Prefixes of the processes whose data keys may be deleted after a day."""


def find_kind(workflow_id: str) -> ProcessKind | None:
    """Return the kind of a process, or None when it is not one of ours."""
    prefix, colon, _ = workflow_id.partition(":")
    return _BY_PREFIX.get(prefix) if colon else None


def find_kind_of_subject(subject: str) -> ProcessKind | None:
    """Return the kind with a legal clock whose subject pattern matches, or None."""
    matching = (each for each in PROCESSES if each.subject_pattern and each.subject_pattern.fullmatch(subject))
    return next(matching, None)


def hold(connection: Connection, workflow_id: str) -> Held:
    """Lock the subject of a process for an event and return it with its time now; raises `Unknown`."""
    kind, subject = find_kind(workflow_id), subject_of(workflow_id)
    if kind and kind.hold:
        kind.hold(connection, subject)
    at = kind.clock.now(connection, subject) if kind and kind.clock else database.now(connection)
    return Held(kind.journal(connection, subject) if kind and kind.journal else subject, at)
