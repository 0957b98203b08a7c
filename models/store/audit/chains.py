"""Events and their chains: each digest recomputed from the event, each number and position in order.

The digest is computed by a statement of ours, not by the function of the database, which whoever changed an event
could have changed too.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Final

from sqlalchemy import Connection, text

from models.store.audit.findings import JOURNAL, Findings
from models.store.journal.access_grammar import find_fault
from models.store.journal.claim_grammar import ClaimCourse, is_claim_chain
from models.store.journal.course import Course
from models.store.journal.facts import VERSION, Stated, follow, strings

CASE_LENGTHS: Final = (9, 11)
"""Lengths of the subjects that are cases: references, those of amendments among them."""
BEGUN = "facts_begun"
"""Event of the subject `JOURNAL` from whose position on every event states facts."""


@dataclass
class Chain:
    """One subject: what its events state of its rows, and of files by their digests."""

    subject: str
    last: int = 0
    stated: Stated = field(default_factory=dict)
    """Facts of the last event that has them, each with the number of the event that made it so."""
    files: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Id of a document or enrolment → its digest, and the event that says so."""
    deposits: dict[str, int] = field(default_factory=dict)
    """Name of a deposit → event of the hand-over."""
    activated: set[str] = field(default_factory=set)
    """Enrolments whose code was used: what is sealed about them is kept."""

    def facts(self) -> dict[str, str]:
        """Return the facts that the last event states."""
        return {key: value for key, (value, _) in self.stated.items()}


@dataclass(frozen=True)
class EventRow:
    """One event as it is examined."""

    subject: str
    seq: int
    type: str
    position: int
    at: datetime
    actor_role: str
    actor_id: str | None
    data: object
    """An object of strings, unless somebody changed it."""
    facts: object
    """The same, or None in an event of before."""
    altered: bool
    follows: int | None
    """Position of the event before it in the chain."""


def begun_at(connection: Connection, findings: Findings) -> int:
    """Return the position after which every event states facts: 0 in a register that began with them."""
    rows = connection.execute(_BEGUN, {"subject": JOURNAL, "kind": BEGUN}).all()
    for extra in rows[1:]:
        findings.add(JOURNAL, extra.seq, "un second début des empreintes a été inscrit")
    return rows[0].position if rows else 0


_BEGUN = text("SELECT seq, position FROM event WHERE subject = :subject AND type = :kind ORDER BY position")


def read(connection: Connection, after: int, begun: int, findings: Findings) -> Iterator[Chain]:
    """Examine the whole chain of each subject that has an event after a position, and yield what it states."""
    rows = connection.execute(_CHAINS.execution_options(yield_per=5_000), {"after": after})
    events = (EventRow(**dict(row)) for row in rows.mappings())
    for subject, chain in groupby(events, key=lambda each: each.subject):
        yield _examine(Chain(subject), chain, begun, findings)


_DIGEST = (
    "sha256(coalesce(lag(e.digest) OVER chain, '') || convert_to(concat_ws('|', e.subject, e.seq, e.type,"
    " extract(epoch FROM e.at), extract(epoch FROM e.recorded_at), e.actor_role, coalesce(e.actor_id::text, '-'),"
    " e.data::text, e.facts::text), 'UTF8'))"
)
_CHAINS = text(
    "SELECT e.subject, e.seq, e.type, e.position, e.at, e.actor_role, e.actor_id::text AS actor_id, e.data, e.facts,"  # noqa: S608  our own text
    f" e.digest <> {_DIGEST} AS altered,"
    " lag(e.position) OVER chain AS follows FROM event e"
    " WHERE :after = 0 OR e.subject IN (SELECT subject FROM event WHERE position > :after)"
    " WINDOW chain AS (PARTITION BY e.subject ORDER BY e.seq) ORDER BY e.subject, e.seq"
)


def _examine(chain: Chain, events: Iterator[EventRow], begun: int, findings: Findings) -> Chain:
    course = _course(chain.subject)
    for each in events:
        findings.events += 1
        _check(each, chain.last, begun, findings)
        chain.last = each.seq
        facts = strings(each.facts)
        if VERSION in facts:
            chain.stated = follow(chain.stated, each.seq, each.type, facts)
        elif course and each.facts is not None and (chain.stated or each.position > begun):
            findings.add(each.subject, each.seq, "cet événement ne dit rien des lignes de son dossier")
        if course and (wrong := course.follow(each.type, strings(each.data))):
            findings.add(each.subject, each.seq, wrong)
        if each.facts is not None and (wrong := _wrong_access(each)):
            findings.add(each.subject, each.seq, wrong)
        _note_files(chain, each)
    return chain


def _course(subject: str) -> Course | ClaimCourse | None:
    if len(subject) in CASE_LENGTHS:
        return Course()
    return ClaimCourse(subject) if is_claim_chain(subject) else None


def _wrong_access(each: EventRow) -> str | None:
    return find_fault(each.subject, each.type, each.at, (each.actor_role, each.actor_id))


def _check(each: EventRow, last: int, begun: int, findings: Findings) -> None:
    if each.seq != last + 1:
        findings.add(each.subject, each.seq, f"il manque un événement entre les numéros {last} et {each.seq}")
    elif each.altered:
        findings.add(each.subject, each.seq, "l’événement n’est plus celui dont l’empreinte a été chaînée")
    if each.follows is not None and each.follows >= each.position:
        findings.add(each.subject, each.seq, "l’événement est rangé avant celui qu’il suit")
    if each.facts is None and each.position > begun:
        findings.add(each.subject, each.seq, "les empreintes de cet événement ont été retirées")
    if each.facts is not None and each.position < begun:
        findings.add(each.subject, each.seq, "cet événement porte des empreintes d’avant leur début")


def _note_files(chain: Chain, each: EventRow) -> None:
    data = strings(each.data)
    about = data.get("document") or data.get("enrolment")
    if about and (digest := data.get("sha256")):
        chain.files[about] = digest, each.seq
    if each.type == "enrolment_activated":
        chain.activated.add(data.get("enrolment", ""))
    if deposit := data.get("deposit"):
        chain.deposits[deposit] = each.seq
