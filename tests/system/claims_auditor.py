"""The auditor of claims: reads both stores, the agency's book and folder with its own SQL, and trusts no constraint.

No finding means: each claim that was received exists once and ended, or waits for what its employer is told; each is
signed once, under a visa, sent once, and stands in the ledger as it ended; the agency took what the register says.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final, LiteralString

import psycopg

from tests.system.claims_office import REJECTED, taken_by

ENDED: Final = ("accepted", "refused", "rejected", "replaced", "void")
_ENDED: Final = "('accepted', 'refused', 'rejected', 'replaced', 'void')"
_GONE: Final = "('refused', 'rejected', 'replaced', 'void')"
_NAME: Final = "concat_ws(':', c.reference, to_char(c.month, 'YYYY-MM'), c.part, c.version)"
_EVENTS: Final = "(SELECT count(*) FROM event e WHERE e.subject = 'claim:' || c.id AND e.type = {})"
_DOCUMENTS: Final = (
    "(SELECT count(*) FROM document d WHERE d.claim_id = c.id AND d.published_at IS NOT NULL AND d.kind = {})"
)
_RECEIVED, _SIGNED, _HANDED = (_EVENTS.format(f"'claim_{each}'") for each in ("received", "signed", "handed_to_asp"))
_RECEIPTS, _CLAIMS, _REFUSALS = (_DOCUMENTS.format(f"'claim{each}'") for each in ("_receipt", "", "_refusal"))
_STATED: Final = "FROM claim c JOIN claim_person p ON p.claim_id = c.id JOIN claim_week w USING (claim_id, n)"
_HELD_ENTRIES: Final = (
    "(SELECT coalesce(sum(CASE WHEN l.to_account = {0} THEN l.{1} ELSE 0 END), 0)"
    " - coalesce(sum(CASE WHEN l.from_account = {0} THEN l.{1} ELSE 0 END), 0) FROM ledger_entry l"
    " WHERE l.reference = {2})"
)
_HELD_BY_ENTITLEMENT: Final = " + ".join(
    _HELD_ENTRIES.format(f"'{account}'", "hours", "t.reference")
    for account in ("admitted", "handed", "accepted", "ordered", "paid")
)
"""Hours on these accounts, by the entries alone."""

FINDINGS: Final[Mapping[str, LiteralString]] = {
    "stands still, though nothing that its employer is told of holds it": (
        f"SELECT {_NAME} FROM claim c JOIN request r USING (reference) WHERE version IS NOT NULL"
        f" AND state NOT IN {_ENDED} AND NOT (state = 'held' AND c.signals ? 'opinion'"
        " AND (SELECT form = 'pending' AND due_on < (clock_timestamp() + r.clock_offset)::date FROM opinion o"
        "  WHERE o.reference = c.reference ORDER BY version DESC LIMIT 1)"
        " AND NOT EXISTS (SELECT FROM event e WHERE e.subject = c.reference"
        "  AND e.type = 'works_council_opinion_waived') AND EXISTS (SELECT FROM notice n WHERE n.kind = 'claim_held'"
        f" AND n.workflow_id = 'claim:' || {_NAME} AND n.sent_at IS NOT NULL))"
    ),
    "is staged, and nothing becomes of it": "SELECT id::text FROM claim WHERE state = 'checked'",
    "has several living versions": (
        "SELECT concat_ws(':', reference, to_char(month, 'YYYY-MM'), part) FROM claim WHERE version IS NOT NULL"
        f" AND state NOT IN {_GONE} GROUP BY 1 HAVING count(*) > 1"
    ),
    "has not one event of its reception and one of its end": (
        f"SELECT {_NAME} FROM claim c WHERE version IS NOT NULL AND ({_RECEIVED} <> 1"
        f" OR (state IN {_ENDED})::int <> (SELECT count(*) FROM event e WHERE e.subject = 'claim:' || c.id AND e.type"
        " IN ('claim_accepted', 'claim_refused', 'claim_rejected', 'claim_replaced', 'claim_voided'))"
        f" OR state IN {_ENDED} AND NOT EXISTS (SELECT FROM event e WHERE e.subject = 'claim:' || c.id"
        " AND e.type = 'claim_' || CASE state WHEN 'void' THEN 'voided' ELSE state END))"
    ),
    "has not one receipt, or is signed twice, or was sent or refused unsigned": (
        f"SELECT {_NAME} FROM claim c WHERE version IS NOT NULL AND ({_RECEIPTS} <> 1"
        f" OR {_CLAIMS} > 1 OR {_SIGNED} <> {_CLAIMS}"
        f" OR state IN ('accepted', 'rejected') AND {_CLAIMS} <> 1"
        f" OR (state = 'refused')::int <> {_REFUSALS})"
    ),
    "was signed without a visa, or has several": (
        f"SELECT {_NAME} FROM claim c, LATERAL (SELECT count(*) AS visas, min(outcome) AS outcome FROM visa v"
        " WHERE v.claim_id = c.id AND v.lapsed_at IS NULL) v WHERE version IS NOT NULL AND (visas > 1"
        f" OR {_CLAIMS} = 1 AND outcome IS DISTINCT FROM 'agreed'"
        " OR state = 'refused' AND outcome IS DISTINCT FROM 'refused')"
    ),
    "was not sent once, or was sent and replaced, refused or cancelled": (
        f"SELECT {_NAME} FROM claim c WHERE (state IN ('accepted', 'rejected'))::int <> (SELECT count(*)"
        " FROM deposit_row w JOIN deposit d ON d.id = w.deposit_id WHERE w.claim_id = c.id"
        " AND d.written_at IS NOT NULL AND d.channel = 'claims')"
        f" OR (state IN ('accepted', 'rejected'))::int <> {_HANDED}"
    ),
    "is not what the agency answered": (
        f"SELECT {_NAME} FROM claim c, LATERAL (SELECT count(*) FILTER (WHERE code IN ('0000', '3436')) AS taken,"
        f" count(*) FILTER (WHERE code = '{REJECTED}') AS rejected, count(*) AS answers FROM agency_answer a"
        " WHERE a.claim_id = c.id AND a.binding) a WHERE ((state = 'accepted')::int, (state = 'rejected')::int,"
        " (state IN ('accepted', 'rejected'))::int) <> (taken, rejected, answers)"
    ),
    "has a ledger whose accounts are not its entries, or do not add up": (
        "SELECT reference FROM (SELECT reference, account, sum(hours) AS hours, sum(cents) AS cents FROM"
        "   (SELECT reference, to_account AS account, hours, cents FROM ledger_entry UNION ALL"
        "    SELECT reference, from_account, -hours, -cents FROM ledger_entry) e GROUP BY 1, 2) e"
        " FULL JOIN ledger_balance b USING (reference, account) GROUP BY reference"
        " HAVING bool_or((e.hours, e.cents) IS DISTINCT FROM (b.hours, b.cents)) OR sum(b.hours) <> 0"
        " OR sum(b.cents) <> 0"
    ),
    "has other hours admitted than its claims, or than its ledger": (
        "SELECT reference FROM entitlement t WHERE admitted_hours > authorised_hours OR admitted_hours <>"
        " (SELECT coalesce(sum(hours), 0) FROM claim c WHERE c.reference = t.reference AND c.version IS NOT NULL"
        f" AND c.state NOT IN {_GONE}) OR admitted_hours <> {_HELD_BY_ENTITLEMENT}"
    ),
    "has not one entry of its admission, and one that follows from its state": (
        f"SELECT {_NAME} FROM claim c WHERE version IS NOT NULL AND (SELECT array_agg(kind ORDER BY seq)"
        "  FROM ledger_entry l WHERE l.claim_id = c.id) IS DISTINCT FROM CASE state"
        "  WHEN 'accepted' THEN '{admitted,handed,accepted}'::text[] WHEN 'rejected' THEN '{admitted,handed,rejected}'"
        "  WHEN 'replaced' THEN '{admitted,replaced}' WHEN 'refused' THEN '{admitted,refused}'"
        "  WHEN 'void' THEN '{admitted,voided}' ELSE '{admitted}' END"
    ),
    "is an establishment that counts other hours of a person's week than its claims": (
        f"SELECT DISTINCT siret FROM (SELECT p.blind, r.siret, w.week_on, sum(w.payable) AS payable {_STATED}"
        "  JOIN request r USING (reference) WHERE c.version IS NOT NULL"
        f"  AND c.state NOT IN {_GONE} GROUP BY 1, 2, 3) s FULL JOIN person_week t USING (blind, siret, week_on)"
        " WHERE coalesce(s.payable, 0) <> coalesce(t.payable, 0) OR s.payable > 35"
    ),
    "is a key without its one claim": (
        "SELECT key FROM idempotency k WHERE key LIKE 'claim-%' AND 1 <>"
        " (SELECT count(*) FROM claim c WHERE c.id::text = k.answer AND c.account_id = k.account_id)"
    ),
    "is a claim without its one key": (
        f"SELECT {_NAME} FROM claim c WHERE version IS NOT NULL AND 1 <>"
        " (SELECT count(*) FROM idempotency k WHERE k.key LIKE 'claim-%' AND k.answer = c.id::text)"
    ),
    "is a file of a claim that nobody has read": "SELECT id::text FROM upload WHERE state IN ('received', 'reading')",
    "is a file of answers that nobody has dealt with": (
        "SELECT name FROM agency_file WHERE state IN ('seen', 'quarantined')"
    ),
    "is a channel that is still frozen": (
        "SELECT channel FROM channel_state WHERE state = 'frozen'"
        " AND coalesce(until_at, 'infinity') > clock_timestamp()"
    ),
}
"""Findings that the register must not contain once everything has settled, and the SQL that detects each."""


@dataclass(frozen=True)
class ClaimPromise:
    """Content of the 201 answer to a claim."""

    key: str
    id: str
    reference: str
    month: date
    part: int
    version: int
    received_at: datetime

    @classmethod
    def of(cls, key: str, reference: str, answer: Mapping[str, str | int]) -> "ClaimPromise":
        """Return what an answer promises."""
        month, at = date.fromisoformat(f"{answer['month']}-01"), datetime.fromisoformat(str(answer["received_at"]))
        return cls(key, str(answer["id"]), reference, month, int(answer["part"]), int(answer["version"]), at)


@dataclass(frozen=True)
class ClaimsAuditor:
    """The register's session, the engine's database file, the agency's folder with its book and its deposits."""

    database: psycopg.Connection
    engine: Path
    agency: Path

    def findings(self, promises: Sequence[ClaimPromise]) -> list[str]:
        """Return every finding, sorted."""
        found = [*self._in_register(), *self._of_promises(promises), *self._of_agency()]
        return sorted([*found, *self._of_nominal_files(), *self._in_engine()])

    def _in_register(self) -> Iterator[str]:
        for sentence, statement in FINDINGS.items():
            for (subject,) in self.database.execute(statement):
                yield f"{subject} {sentence}"

    def _of_promises(self, promises: Sequence[ClaimPromise]) -> Iterator[str]:
        kept = {
            row[1]: ClaimPromise(*row)
            for row in self.database.execute(
                "SELECT k.key, c.id::text, c.reference, c.month, c.part, c.version, c.received_at FROM claim c"
                " JOIN idempotency k ON k.answer = c.id::text WHERE c.version IS NOT NULL"
            )
        }
        for promise in promises:
            if kept.get(promise.id) != promise:
                yield f"{promise.reference} has not the claim that {promise.key} was promised"
        for claim_id, times in Counter(each.id for each in promises).items():
            if times > 1:
                yield f"claim {claim_id} was promised {times} times"

    def _of_agency(self) -> Iterator[str]:
        """The agency took exactly the documents of the claims that are accepted."""
        taken = taken_by(self.agency)
        accepted = {
            str(key): str(digest)
            for key, digest in self.database.execute(
                "SELECT w.key, d.sha256 FROM deposit_row w JOIN claim c ON c.id = w.claim_id"
                " JOIN document d ON d.id = w.document_id WHERE c.state = 'accepted'"
            )
        }
        yield from (f"row {key} is accepted and the agency has not taken it" for key in accepted.keys() - taken.keys())
        yield from (f"row {key} is taken and not accepted" for key in taken.keys() - accepted.keys())
        yield from (
            f"row {key} is taken with another document"
            for key in accepted.keys() & taken.keys()
            if accepted[key] != taken[key]
        )

    def _of_nominal_files(self) -> Iterator[str]:
        """Each file at the agency is what its name says; each claim that was sent has its own there."""
        there = {each.stem: sha256(each.read_bytes()).hexdigest() for each in self.agency.glob("files/depot/*.p7m")}
        yield from (f"nominal file {name} is not what its name says" for name in there if there[name] != name)
        for (digest,) in self.database.execute(
            "SELECT f.sha256 FROM claim_file f JOIN claim c ON c.id = f.claim_id"
            " WHERE c.state IN ('handed', 'accepted', 'rejected')"
        ):
            if digest not in there:
                yield f"nominal file {digest} is not at the agency"

    def _in_engine(self) -> Iterator[str]:
        """One process a claim, which ended with it; none of a file is left over."""
        claims = {
            f"claim:{name}": (2 if state in ENDED else 1)
            for name, state in self.database.execute(f"SELECT {_NAME}, state FROM claim c WHERE version IS NOT NULL")
        }
        with closing(sqlite3.connect(f"file:{self.engine}?mode=ro", uri=True)) as engine:
            runs = Counter(row[0] for row in engine.execute("SELECT workflow_id FROM executions"))
            states = dict(engine.execute("SELECT workflow_id, status FROM current_executions"))
        for process, status in claims.items():
            if runs[process] != 1 or states.get(process) != status:
                yield f"{process} has {runs[process]} processes, the last of status {states.get(process)}"
        for process in states.keys() - claims.keys():
            if process.startswith("claim:"):
                yield f"{process} is the process of no claim"
