"""Every kind of process, as the relay, the reconciliation, mails and operators must know it.

Whatever goes over all kinds reads `PROCESSES`; nothing else tells kinds apart by their names. A kind is a descriptor
in a module of `models.engine.kinds`, and is found there. The nightly chain has none: it has no subject, and a
schedule of the engine starts it (`worker`).
"""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from sqlalchemy import Connection

from models.engine import kinds
from models.engine.names import CHAIN, subject_of
from models.engine.process_kind import ProcessKind
from models.store import database
from models.store.operations.process_subjects import Held


def _descriptors() -> Iterator[ProcessKind]:
    for found in iter_modules(kinds.__path__, f"{kinds.__name__}."):
        yield from (
            each for each in vars(import_module(found.name)).values() if isinstance(each, ProcessKind)
        )


_BY_PREFIX: Final = {kind.prefix: kind for kind in _descriptors()}
PROCESSES: Final = tuple(_BY_PREFIX.values())
EXPECTED: Final = {kind.prefix: kind.expected for kind in PROCESSES if kind.expected}
"""Selects of the runs that must be alive, by prefix of their workflow ids."""
OWED: Final = {kind.prefix: kind.owed for kind in PROCESSES if kind.owed}
"""Selects of what restarted runs must look at, likewise."""
SHORT_LIVED: Final = (CHAIN, *(kind.prefix for kind in PROCESSES if kind.short_lived))
"""Prefixes of the processes whose data keys may be dropped after a day."""


def find_kind(workflow_id: str) -> ProcessKind | None:
    """Return the kind of a process, or None when it is none of ours."""
    prefix, colon, _ = workflow_id.partition(":")
    return _BY_PREFIX.get(prefix) if colon else None


def find_kind_of_subject(subject: str) -> ProcessKind | None:
    """Return the kind whose subjects look like this one, among those with a legal clock, or None."""
    matching = (
        each for each in PROCESSES if each.subject_pattern and each.subject_pattern.fullmatch(subject)
    )
    return next(matching, None)


def hold(connection: Connection, workflow_id: str) -> Held:
    """Hold the subject of a process for an event; returns it with its time now; raises `Unknown`."""
    kind, subject = find_kind(workflow_id), subject_of(workflow_id)
    if kind and kind.hold:
        kind.hold(connection, subject)
    at = kind.clock.now(connection, subject) if kind and kind.clock else database.now(connection)
    return Held(subject, at)
