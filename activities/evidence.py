"""Acts on the evidence: anchors are copied out of the register, and the register is audited."""

import asyncio

import structlog
from asyncssh import Error as SshError
from sqlalchemy import Connection
from temporalio.exceptions import ApplicationError

from activities.errors import naming_what_breaks
from activities.signing.tokens import token_check
from activities.transactions import transactions
from activities.transport import AnotherFileStands, Transport
from models.engine.names import CHAIN
from models.engine.processes import hold
from models.labels import Part
from models.messages import acts
from models.messages.acts import AuditOrder, Process
from models.messages.case import Incident
from models.settings import Settings
from models.store.audit import copies, verdicts
from models.store.audit.findings import Verdict
from models.store.database import Database
from models.store.journal import anchors
from models.store.operations import incidents

BROKEN = Incident(subject=CHAIN, act="audit", part=Part.JOURNAL)
"""Open from a verdict that is not whole to one that is, of everything."""
_log = structlog.get_logger()


class StoredEvidenceActs(acts.EvidenceActs):
    """The folder of copies behind a transport, and the trust anchors by which tokens are judged."""

    def __init__(self, database: Database, outside: Transport | None, settings: Settings) -> None:
        self._database = database
        self._transaction = transactions(database)
        self._outside = outside
        self._settings = settings

    async def copy_anchors(self, process: Process) -> int:
        """Write one file an anchor, never over another; what stands there already with the same bytes counts."""
        if self._outside is None:
            return 0
        waiting = await asyncio.to_thread(self._list_uncopied)
        for number in waiting:
            copy = await asyncio.to_thread(self._copy, number)
            if copy:
                await _put(self._outside, *copy)
                await asyncio.to_thread(self._mark, number, copy[0])
        return len(waiting)

    def audit_register(self, order: AuditOrder) -> int:
        """Examine everything when ordered, and as long as the last verdict is not whole."""
        with self._transaction() as connection:
            last = verdicts.find_last(connection)
        everything = order.everything or bool(last and last.broken)
        with naming_what_breaks(), self._database.snapshot() as connection:
            verdict = verdicts.examine(
                connection,
                token_check(self._settings.trust),
                everything=everything,
                offsets=self._settings.profile == "development",
            )
        with self._transaction() as connection:
            self._conclude(connection, verdict)
        return len(verdict.broken)

    def _list_uncopied(self) -> list[int]:
        with self._transaction() as connection:
            return anchors.list_uncopied(connection)

    def _copy(self, number: int) -> tuple[str, bytes] | None:
        with self._transaction() as connection:
            return copies.write(connection, number)

    def _mark(self, number: int, name: str) -> None:
        with self._transaction() as connection:
            anchors.mark_copied(connection, number, name)

    def _conclude(self, connection: Connection, verdict: Verdict) -> None:
        verdicts.store(connection, verdict)
        if verdict.broken:
            first = verdict.broken[0]
            _log.error("audit_broken", count=len(verdict.broken), subject=first.subject, seq=first.seq)
            incidents.open_incident(connection, BROKEN, hold(connection, CHAIN))
        else:
            _log.info("audit_whole", events=verdict.events, anchors=verdict.anchors, everything=verdict.everything)
            if verdict.everything:
                incidents.close_incident(connection, BROKEN, hold(connection, CHAIN))


async def _put(outside: Transport, name: str, content: bytes) -> None:
    try:
        await outside.put(name, content)
    except (OSError, SshError, AnotherFileStands) as away:
        _log.warning("anchor_not_copied", name=name, error=type(away).__name__)
        raise ApplicationError(type(away).__name__, type=Part.ANCHORS) from None
