"""The audit itself, and its verdicts: stored each night, and written to the journal, where they are chained too."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, select, text

from models.identifiers import Instant
from models.store.audit import chains, copies, guards, orphans, rows, stamps
from models.store.audit.chains import Chain
from models.store.audit.findings import JOURNAL, Broken, Findings, Verdict
from models.store.audit.stamps import TokenCheck
from models.store.claims import ledger_checks
from models.store.database import now
from models.store.journal import anchors, events
from models.store.records import Record
from models.store.schema.journal import audit

BATCH: Final = 300
"""Subjects whose rows are compared in one statement."""
AUDITED: Final = "journal_audited"
"""Event of each stored verdict: a night without one, and without its anchor, is seen."""


def examine(
    connection: Connection,
    check_token: TokenCheck,
    *,
    everything: bool,
    offsets: bool,
    outside: Path | None = None,
) -> Verdict:
    """Audit everything, or what is new since the last whole verdict, on a snapshot; changes nothing.

    `offsets` permits clocks that run ahead (development profile); `outside` is a folder of copies of anchors.
    """
    findings = Findings()
    after = 0 if everything else _examined(connection)
    last = anchors.find_last(connection)  # every earlier transaction has ended: no position will be filled later
    begun = chains.begun_at(connection, findings)
    began = connection.execute(_FIRST_AUDIT, {"kind": AUDITED}).scalar_one() if begun else None
    for some in _batches(chains.read(connection, after, begun, findings)):
        rows.check(connection, some, findings)
    orphans.check(connection, findings, offsets=offsets)
    rows.check_attached(connection, findings, everything=everything)
    rows.check_people(connection, began, findings)
    stamps.check(connection, after, check_token, findings)
    guards.check(connection, findings, offsets=offsets)
    _check_stored(connection, findings)
    for each in ledger_checks.check(connection).differences:
        findings.add(each.reference or JOURNAL, 0, f"grand livre : {each.what}")
    if outside:
        copies.check(connection, outside, after, findings)
    return findings.verdict(last.upto if last else 0, everything=everything)


# Until the first night of this release, programs of the one before may still have opened accounts.
_FIRST_AUDIT = text("SELECT coalesce(min(recorded_at), clock_timestamp()) FROM event WHERE type = :kind")


def _batches(every: Iterator[Chain]) -> Iterator[list[Chain]]:
    while some := list(islice(every, BATCH)):
        yield some


def _examined(connection: Connection) -> int:
    """Return the position up to which the last whole verdict goes, by the chained events and no further than anchors.

    The table of verdicts is not asked: a row inserted there would blind the audits of what is new.
    """
    return connection.execute(_EXAMINED, {"subject": JOURNAL, "kind": AUDITED}).scalar() or 0


_EXAMINED = text(
    "SELECT max((data->>'upto')::bigint) FROM event WHERE subject = :subject AND type = :kind"
    " AND data->>'broken' = '0' AND data->>'upto' ~ '^[0-9]{1,18}$'"
    " AND CASE WHEN data->>'upto' ~ '^[0-9]{1,18}$' THEN (data->>'upto')::bigint <= (SELECT max(upto) FROM anchor)"
    " AND (data->>'upto')::bigint < position END"
)


def _check_stored(connection: Connection, findings: Findings) -> None:
    """Compare the stored verdicts with the events that chain them: each has one, and says the same."""
    for row in connection.execute(_UNCHAINED, {"subject": JOURNAL, "kind": AUDITED}):
        what = "un verdict d’audit du registre n’est pas celui qu’un événement a inscrit"
        findings.add(JOURNAL, 0, f"{what} (jusqu’à la position {row.upto})")


_UNCHAINED = text(
    "WITH stored AS (SELECT upto::text AS upto, events::text, anchors::text,"
    "   jsonb_array_length(broken)::text AS broken,"
    "   CASE WHEN everything THEN 'yes' ELSE 'no' END AS everything FROM audit),"
    " chained AS (SELECT data->>'upto' AS upto, data->>'events' AS events, data->>'anchors' AS anchors,"
    "   data->>'broken' AS broken, data->>'everything' AS everything"
    "   FROM event WHERE subject = :subject AND type = :kind)"
    " (SELECT * FROM stored EXCEPT ALL SELECT * FROM chained)"
    " UNION ALL (SELECT * FROM chained EXCEPT ALL SELECT * FROM stored)"
)


class StoredVerdict(Record):
    """A verdict of a night."""

    everything: bool
    upto: int
    events: int
    anchors: int
    broken: tuple[Broken, ...]
    ended_at: Instant


def store(connection: Connection, verdict: Verdict) -> None:
    """Store a verdict and append its event to the journal."""
    row = verdict.model_dump(mode="json", include={"everything", "upto", "events", "anchors", "broken"})
    connection.execute(audit.insert().values(row))
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:s))"), {"s": JOURNAL})
    at: datetime = now(connection)
    events.append(
        connection,
        JOURNAL,
        AUDITED,
        at,
        upto=str(verdict.upto),
        events=str(verdict.events),
        anchors=str(verdict.anchors),
        broken=str(len(verdict.broken)),
        everything="yes" if verdict.everything else "no",
    )


def find_last(connection: Connection, *, everything: bool = False) -> StoredVerdict | None:
    """Return the last verdict, of everything or of any extent; or None."""
    query = select(*(audit.c[name] for name in StoredVerdict.model_fields)).order_by(audit.c.id.desc()).limit(1)
    return StoredVerdict.first(connection, query.where(audit.c.everything) if everything else query)
