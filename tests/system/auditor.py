"""The auditor: reads both stores with its own SQL and reports every disagreement.

It shares nothing with the product but the names of tables, and trusts none of their constraints. Each finding is a
sentence about a subject. No finding means: every case has one process and, once due, one outcome, the right one by
the recorded instants (`deadline_oracle`); every document is sealed once (`seals`), every authorization deposited
once; nothing is lost, nothing doubled, no legal instant moved.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, LiteralString

import psycopg

from tests.system import deadline_oracle, seals

LAST: Final = (  # the instant fixed by the last receipt of a request r
    "(SELECT tacit_acceptance_at FROM receipt c WHERE c.reference = r.reference ORDER BY version DESC LIMIT 1)"
)
RUNNING, COMPLETED = 1, 2
"""Status of a process in the engine's tables."""
REACHING: Final = "SELECT key FROM deposit_row WHERE claim_id IS NULL OR deposit_id IS NOT NULL"
"""Rows that reach the agency: that of a claim which was replaced or cancelled in time does not."""
ENDS: Final = "'authorization_tacitly_granted', 'decision_notified', 'request_desisted'"
FITTING: Final = (
    "(r.outcome = 'tacit' AND e.type = 'authorization_tacitly_granted' OR r.outcome = 'desisted' AND"
    " e.type = 'request_desisted' OR r.outcome IN ('granted', 'refused') AND e.type = 'decision_notified')"
)

FINDINGS: Final[Mapping[str, LiteralString]] = {
    "is due and has no outcome": (
        "SELECT reference FROM request WHERE outcome IS NULL AND deadline_at <= clock_timestamp() + clock_offset"
    ),
    "was not tacitly accepted at the instant of its last receipt": (
        f"SELECT reference FROM request r WHERE outcome = 'tacit' AND (effect_at, deadline_at) <> ({LAST}, {LAST})"
    ),
    "was tacitly accepted early, or also notified": (
        "SELECT reference FROM request WHERE outcome = 'tacit' AND (recorded_at < effect_at OR notified_at IS NOT NULL)"
    ),
    "was notified at its instant or after it": (
        "SELECT reference FROM request WHERE outcome IN ('granted', 'refused') AND"
        " (notified_at IS NULL OR notified_at <> effect_at OR notified_at >= coalesce(deadline_at, 'infinity'))"
    ),
    "was given up at its instant or after it": (
        "SELECT reference FROM request WHERE outcome = 'desisted' AND effect_at >= coalesce(deadline_at, 'infinity')"
    ),
    "has not one event of its outcome": (
        "SELECT reference FROM request r WHERE (outcome IS NOT NULL)::int <>"
        f" (SELECT count(*) FROM event e WHERE e.subject = r.reference AND e.type IN ({ENDS}))"
        " OR outcome IS NOT NULL AND NOT EXISTS"
        f" (SELECT FROM event e WHERE e.subject = r.reference AND {FITTING})"
    ),
    "has not one notified decision of its outcome": (
        "SELECT reference FROM request r WHERE (outcome IN ('granted', 'refused') AND outcome IS NOT NULL)::int <>"
        " (SELECT count(*) FROM decision d WHERE d.reference = r.reference AND d.state = 'notified'"
        " AND (d.outcome = 'grant') = (r.outcome = 'granted'))"
    ),
    "has a decision that nobody signs any more": (
        "SELECT d.reference FROM decision d JOIN request r USING (reference)"
        " WHERE r.outcome IS NOT NULL AND d.state IN ('registered', 'signed')"
    ),
    "has a request for pieces that nobody seals any more": (
        "SELECT c.reference FROM completion c JOIN request r USING (reference)"
        " WHERE r.outcome IS NOT NULL AND c.state = 'registered'"
    ),
    "has a void decision that was registered at its instant or after it": (
        "SELECT d.reference FROM decision d JOIN request r USING (reference)"
        " WHERE d.state = 'void' AND (r.outcome <> 'tacit' OR d.registered_at >= r.effect_at)"
    ),
    "has not one notice of each decision that silence overtook": (
        "SELECT reference FROM request r WHERE"
        " (SELECT count(*) FROM decision d WHERE d.reference = r.reference AND d.state = 'void') <>"
        " (SELECT count(*) FROM document v WHERE v.reference = r.reference AND v.kind = 'void_notice'"
        " AND v.published_at IS NOT NULL)"
    ),
    "is a draft that has outlived its window": (
        "SELECT id FROM draft WHERE status = 'draft' AND accepted_until <= clock_timestamp() + clock_offset"
    ),
    "is a draft that lapsed early, or not once, or was filed too late": (
        "SELECT id FROM draft d WHERE (status <> 'draft') AND 1 <> (SELECT count(*) FROM event e"
        " WHERE e.subject = d.id::text AND (e.type, d.status) IN (('draft_lapsed', 'lapsed'), ('draft_filed', 'filed'))"
        " AND (e.recorded_at >= accepted_until) = (d.status = 'lapsed'))"
    ),
    "is an enrolment whose code neither left in time nor was said to be late": (
        "SELECT siret FROM enrolment WHERE status <> 'redundant' AND due_at <= clock_timestamp() + clock_offset"
        " AND coalesce(sent_at, 'infinity') > due_at AND breached_at IS NULL"
    ),
    "is an enrolment without its sealed receipt": (
        "SELECT siret FROM enrolment WHERE status = 'activated'"
        " AND coalesce(encode(sha256(receipt), 'hex'), '-') IS DISTINCT FROM receipt_sha256"
    ),
    "was activated and nobody may file for it, or was not and somebody may": (
        "SELECT siret FROM enrolment n WHERE status <> 'redundant' AND (status = 'activated') <> EXISTS"
        " (SELECT FROM account_establishment e WHERE e.siret = n.siret AND e.joined_at IS NOT NULL"
        " AND e.account_id = coalesce(n.activated_by, n.account_id))"
    ),
    "has a document twice": ("SELECT reference FROM document GROUP BY reference, kind, subject HAVING count(*) > 1"),
    "has not one published document of what happened": (
        "SELECT reference FROM request r, LATERAL (SELECT"
        " count(*) FILTER (WHERE kind = 'receipt') AS receipts,"
        " count(*) FILTER (WHERE kind = 'completion_receipt') AS completions,"
        " count(*) FILTER (WHERE kind = 'attestation') AS attestations,"
        " count(*) FILTER (WHERE kind IN ('grant', 'partial_grant')) AS grants,"
        " count(*) FILTER (WHERE kind = 'refusal') AS refusals"
        " FROM document d WHERE d.reference = r.reference AND d.published_at IS NOT NULL) d"
        " WHERE receipts <> 1"
        " OR completions + 1 <> (SELECT count(*) FROM receipt c WHERE c.reference = r.reference)"
        " OR attestations <> (coalesce(outcome, '') = 'tacit')::int"
        " OR grants <> (coalesce(outcome, '') = 'granted')::int"
        " OR refusals <> (coalesce(outcome, '') = 'refused')::int"
    ),
    "has a document whose digest is not its own": (
        "SELECT reference FROM document WHERE encode(sha256(bytes), 'hex') <> sha256"
    ),
    "has not one row for the agency, though nothing holds it": (
        "SELECT reference FROM request r WHERE (coalesce(outcome, '') IN ('granted', 'tacit'))::int <>"
        " (SELECT count(*) FROM deposit_row w WHERE w.reference = r.reference AND w.claim_id IS NULL) AND NOT EXISTS"
        " (SELECT FROM hand_over_hold h WHERE h.reference = r.reference AND h.released_at IS NULL)"
    ),
    "has a row in no written file, though nothing holds it": (
        "SELECT reference FROM deposit_row w LEFT JOIN deposit d ON d.id = w.deposit_id WHERE d.written_at IS NULL"
        " AND w.claim_id IS NULL"
        " AND NOT EXISTS (SELECT FROM hand_over_hold h WHERE h.reference = w.reference AND h.released_at IS NULL)"
    ),
    "was handed over while something held it": (
        "SELECT w.reference FROM deposit_row w JOIN deposit d ON d.id = w.deposit_id JOIN hand_over_hold h"
        " ON h.reference = w.reference WHERE h.held_at < d.reserved_at"
        " AND coalesce(h.released_at, 'infinity') > d.reserved_at + interval '1 second'"
    ),
    # `earlier` stands for what an account could do before proofs existed: its row is younger than such a hand-over.
    "was handed over for somebody who had proven nothing": (
        "SELECT r.reference FROM request r JOIN deposit_row w ON w.reference = r.reference"
        " JOIN deposit d ON d.id = w.deposit_id WHERE r.channel = 'online' AND NOT EXISTS (SELECT FROM authority a"
        " WHERE a.account_id = r.account_id AND a.siret = r.siret"
        " AND (a.proof = 'earlier' OR a.proven_at < d.reserved_at + interval '1 second'))"
    ),
    "was handed over not once": (
        "SELECT reference FROM deposit_row w WHERE w.claim_id IS NULL AND 1 <>"
        " (SELECT count(*) FROM event e WHERE e.subject = w.reference AND e.type = 'handed_to_asp')"
    ),
    "has a broken chain of events": (
        "SELECT subject FROM (SELECT subject, seq, digest, row_number() OVER w AS place,"
        " sha256(coalesce(lag(digest) OVER w, '') || convert_to(concat_ws('|', subject, seq, type,"
        " extract(epoch FROM at), extract(epoch FROM recorded_at), actor_role, coalesce(actor_id::text, '-'),"
        " data::text, facts::text), 'UTF8')) AS due FROM event WINDOW w AS (PARTITION BY subject ORDER BY seq)) chain"
        " WHERE seq <> place OR digest <> due"
    ),
    "is a key without its one case": (
        "SELECT key FROM idempotency k WHERE key LIKE 'filing-%' AND 1 <>"
        " (SELECT count(*) FROM request r WHERE r.reference = k.answer AND r.account_id = k.account_id)"
    ),
    "is a case without its one key": (
        "SELECT reference FROM request r WHERE 1 <>"
        " (SELECT count(*) FROM idempotency k WHERE k.key LIKE 'filing-%' AND k.answer = r.reference)"
    ),
    "is an establishment whose requests are not counted rightly": (
        "SELECT siret FROM establishment e WHERE requests <> (SELECT count(*) FROM request r WHERE r.siret = e.siret"
        " AND r.amends IS NULL)"
    ),
    "is a letter that was not delivered": "SELECT workflow_id || ' ' || kind FROM outbox WHERE done_at IS NULL",
    "is a notice that was not sent": "SELECT key FROM notice WHERE sent_at IS NULL",
    "has an open incident": "SELECT workflow_id FROM incident WHERE closed_at IS NULL",
}
"""Findings that the register must not contain, and the SQL that detects each."""


@dataclass(frozen=True)
class Promise:
    """Content of the 201 answer to a filing."""

    key: str
    reference: str
    received_at: datetime
    tacit_acceptance_at: datetime


@dataclass(frozen=True)
class Auditor:
    """The stores: the register's session, the engine's database file, the agency's and the mailbox's folders.

    `trust` is the folder of the trust anchors to which seals must chain.
    """

    database: psycopg.Connection
    engine: Path
    deposits: Path
    mails: Path
    trust: Path

    def findings(self, promises: list[Promise]) -> list[str]:
        """Return every finding, sorted."""
        found = [*self._in_register(), *self._of_promises(promises), *self._of_deposits(), *self._of_mails()]
        return sorted([*found, *deadline_oracle.findings(self.database), *self._in_engine()])

    def of_documents(self) -> list[str]:
        """Return what is wrong with the seals; each is read and verified, which takes milliseconds."""
        return sorted(seals.findings(self.database, self.trust))

    def _in_register(self) -> Iterator[str]:
        for sentence, statement in FINDINGS.items():
            for (subject,) in self.database.execute(statement):
                yield f"{subject} {sentence}"

    def _of_promises(self, promises: list[Promise]) -> Iterator[str]:
        """The answer, the key and the receipt agree, whatever was killed in between."""
        kept = {
            row[0]: Promise(*row)
            for row in self.database.execute(
                "SELECT k.key, c.reference, c.received_at, c.tacit_acceptance_at FROM idempotency k"
                " JOIN receipt c ON c.reference = k.answer WHERE c.version = 1"
            )
        }
        for promise in promises:
            if kept.get(promise.key) != promise:
                yield f"{promise.reference} is not what {promise.key} was promised"
        for reference, times in Counter(promise.reference for promise in promises).items():
            if times > 1:
                yield f"{reference} was promised {times} times"

    def _of_deposits(self) -> Iterator[str]:
        """The agency holds exactly the register's bytes, each authorization on one line of one file."""
        kept = {str(name): bytes(content) for name, content in self.database.execute("SELECT name, bytes FROM deposit")}
        there = _files(self.deposits)
        yield from (f"{name} differs at the agency" for name in kept if there.get(name) != kept[name])
        yield from (f"{name} is at the agency only" for name in there.keys() - kept.keys())
        lines = Counter(line["cleLigne"] for file in there.values() for line in _lines(file))
        rows = {str(key) for (key,) in self.database.execute(REACHING)}
        yield from (f"row {key} is sent {lines[key]} times" for key in rows if lines[key] != 1)
        yield from (f"row {key} is sent and unknown" for key in lines.keys() - rows)

    def _of_mails(self) -> Iterator[str]:
        """Every notice was sent at least once; a repeat has the same Message-ID."""
        heads = [file.read_bytes().partition(b"\r\n\r\n")[0].splitlines() for file in self.mails.glob("*.eml")]
        names = {line for head in heads for line in head if line.lower().startswith(b"message-id:")}
        row = self.database.execute("SELECT count(*) FROM notice WHERE sent_at IS NOT NULL").fetchone()
        if row is None or row[0] != len(names):
            yield f"{row and row[0]} notices were sent and {len(names)} arrived"

    def _in_engine(self) -> Iterator[str]:
        """One process per case, running while the case is open, with search attributes equal to the register."""
        cases = {
            f"authorization:{reference}": (RUNNING if closed_at is None else COMPLETED, outcome)
            for reference, closed_at, outcome in self.database.execute(
                "SELECT reference, closed_at, outcome FROM request"
            )
        }
        cases |= {
            f"draft:{draft}": (RUNNING if status == "draft" else COMPLETED, None)
            for draft, status in self.database.execute("SELECT id, status FROM draft")
        }
        cases |= {
            f"enrolment:{subject}": (RUNNING if status == "open" else COMPLETED, None)
            for subject, status in self.database.execute(
                "SELECT CASE WHEN runs_by_siret THEN siret ELSE id::text END, status FROM enrolment"
                " WHERE status <> 'redundant'"
            )
        }
        with closing(sqlite3.connect(f"file:{self.engine}?mode=ro", uri=True)) as engine:
            runs = Counter(_column(engine, "SELECT workflow_id FROM executions"))
            states = dict(engine.execute("SELECT workflow_id, status FROM current_executions"))
            shown = dict(engine.execute("SELECT workflow_id, status || search_attributes FROM executions_visibility"))
        for process, (status, outcome) in cases.items():
            if runs[process] != 1 or states.get(process) != status:
                yield f"{process} has {runs[process]} processes, the last of status {states.get(process)}"
            seen = str(shown.get(process))
            if not seen.startswith(str(status)) or (outcome and f'"{outcome}"' not in seen):
                yield f"{process} is shown as {seen} and is {outcome}"
        for process in states.keys() - cases.keys():
            if process.startswith("deposit:") and states[process] != COMPLETED:
                yield f"{process} has status {states[process]}"
            if process.startswith(("authorization:", "draft:", "enrolment:")):
                yield f"{process} is the process of no case"


def _files(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder but the nominal ones; one that is renamed meanwhile is found the next time."""
    found: dict[str, bytes] = {}
    for file in (each for each in folder.iterdir() if each.suffix != ".p7m"):
        with suppress(FileNotFoundError):
            found[file.name] = file.read_bytes()
    return found


def _lines(file: bytes) -> list[dict[str, str]]:
    """Return the lines of an agency file, none while it is being written: its name is reported anyway."""
    try:
        lines: list[dict[str, str]] = json.loads(file)["lignesTelechargement"]
    except ValueError:
        return []
    return lines


def _column(store: sqlite3.Connection, statement: str) -> list[str]:
    return [row[0] for row in store.execute(statement)]
