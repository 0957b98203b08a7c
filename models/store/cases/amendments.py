"""Amendments (avenants): requests that change the terms of an authorization, under its reference and two digits.

Each is a row of `request`, with its own receipt, silence and decision: nothing but its filing and its effect differs.
Its terms are those of the whole authorization, as they shall be: once it is accepted, they are those in force.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import Connection, text

from law.decision import Terms
from law.silence import LegalDelay
from models.engine.keys import MasterKey
from models.engine.names import authorization_id
from models.errors import Conflict
from models.identifiers import Instant, printed_number
from models.labels import CaseEvent, FilingSignal, Outcome
from models.store.cases import requests
from models.store.cases.granted import notified_of, terms_of
from models.store.journal import events, keys, outbox
from models.store.journal.events import Actor
from models.store.records import Record

MAX_AMENDMENTS: Final = 99
"""Two digits of a reference, from 01."""


@dataclass(frozen=True, slots=True)
class NewAmendment:
    """An amendment to be filed: what it amends, the terms of the whole, by whom, and the delay that it starts."""

    amends: str
    terms: Terms
    reasons: str
    account_id: str
    author: str
    silence: LegalDelay
    signals: tuple[FilingSignal, ...] = ()


class AmendmentRecord(Record):
    """An amendment of an authorization: the terms that it asks for, or those granted."""

    reference: str
    received_at: Instant
    status: str
    outcome: Outcome | None
    effect_at: Instant | None
    start_on: date
    end_on: date
    employees: int
    hours: Decimal

    @property
    def terms(self) -> Terms:
        """Terms of the whole authorization under it."""
        return Terms(self.start_on, self.end_on, self.employees, self.hours)


def refuse_unless_alone(connection: Connection, reference: str) -> None:
    """Raise `Conflict` while an amendment of an authorization is under review: two could not tell what they change."""
    pending = next((each for each in list_of(connection, reference) if each.outcome is None), None)
    if pending:
        detail = f"L’avenant {pending.reference} est à l’étude : attendez son issue, ou désistez-vous-en."
        raise Conflict("amendment-pending", detail)


def file(connection: Connection, entry: NewAmendment, master: MasterKey, actor: Actor) -> str:
    """File an amendment of a request that the caller holds, and return its reference; raises `Conflict` after 99."""
    reference = next_reference(connection, entry.amends)
    process, terms = authorization_id(reference), entry.terms
    row = {
        "reference": reference,
        "amends": entry.amends,
        "account_id": entry.account_id,
        "start_on": terms.start_on,
        "end_on": terms.end_on,
        "employees": terms.employees,
        "hours": terms.hours,
        "received_at": entry.silence.received_at,
        "deadline_at": entry.silence.tacit_acceptance_at,
        "signals": f"[{', '.join(f'{chr(34)}{each}{chr(34)}' for each in entry.signals)}]",
        "author": entry.author,
        "reasons": entry.reasons,
    }
    for statement in (_REQUEST, _NOMINAL, _OPINION):
        connection.execute(statement, row)
    requests.add_receipt(connection, reference, 1, entry.silence)
    keys.create(connection, process, master)
    at = entry.silence.received_at
    events.append(connection, reference, CaseEvent.REQUEST_RECEIVED, at, actor, recorded_at=None, amends=entry.amends)
    outbox.enqueue(connection, process, "start")
    return reference


def next_reference(connection: Connection, reference: str) -> str:
    """Return the next number of an amendment of a request that the caller holds; raises `Conflict` after 99."""
    number = connection.execute(_NUMBER, {"reference": reference, "most": MAX_AMENDMENTS}).scalar()
    if number is None:
        detail = f"L’autorisation {printed_number(reference)} a déjà reçu {MAX_AMENDMENTS} avenants."
        raise Conflict("amendments-exhausted", detail)
    return f"{reference}{number:02}"


def list_of(connection: Connection, reference: str) -> list[AmendmentRecord]:
    """Return the amendments of an authorization, oldest first."""
    return AmendmentRecord.all(connection, _LIST, {"reference": reference})


def list_in_force(connection: Connection, reference: str, after: str = "") -> list[AmendmentRecord]:
    """Return the amendments that were accepted, expressly or by silence, oldest first, after one if it is given."""
    return AmendmentRecord.all(connection, _IN_FORCE, {"reference": reference, "after": after})


def received_now(connection: Connection, reference: str) -> datetime:
    """Return the instant of a reception by the clock of the authorization."""
    return requests.received_now(connection, requests.get(connection, reference).clock_offset)


def find_in_force(connection: Connection, reference: str) -> Terms | None:
    """Return the terms in force of an authorization: its own, or those of its last accepted amendment; None without."""
    found = AmendmentRecord.first(connection, _LAST, {"reference": reference})
    return found.terms if found else None


def find_granted(connection: Connection, reference: str) -> Terms | None:
    """Return the terms that a case was granted itself, whatever amends them; None when nothing was."""
    found = AmendmentRecord.first(connection, _OWN, {"reference": reference})
    return found.terms if found else None


_NUMBER = text(
    "UPDATE request SET amendments = amendments + 1 WHERE reference = :reference AND amendments < :most"
    " RETURNING amendments"
)
_REQUEST = text(
    "INSERT INTO request (reference, amends, siret, account_id, party, department, ground, perimeter, placement_on,"
    " start_on, end_on, headcount, employees, hours, direct_payment, other_employees, filing_signals, commitments,"
    " law_on, received_at, deadline_at, clock_offset)"
    " SELECT :reference, p.reference, p.siret, CAST(:account_id AS uuid), p.party, p.department, p.ground,"
    "   p.perimeter, least(p.placement_on, :start_on), :start_on, :end_on, p.headcount, :employees, :hours,"
    "   p.direct_payment, p.other_employees, CAST(:signals AS jsonb), p.commitments, p.law_on, :received_at,"
    "   :deadline_at, p.clock_offset FROM request p WHERE p.reference = :amends"
)
_NOMINAL = text(
    "INSERT INTO nominal (reference, author, circumstances, iban, holder, iban_mark)"
    " SELECT :reference, :author, :reasons, n.iban, n.holder, n.iban_mark FROM nominal n WHERE n.reference = :amends"
)
_OPINION = text(
    "INSERT INTO opinion (reference, version, form, given_on, file_id)"
    " SELECT :reference, 1, o.form, o.given_on, o.file_id FROM opinion o WHERE o.reference = :amends"
    " ORDER BY o.version DESC LIMIT 1"
)
"""What the council was asked stands for the whole authorization; an opinion that follows is awaited there alone."""
_TERMS = (
    "SELECT r.reference, r.received_at, r.status, r.outcome, r.effect_at,"  # noqa: S608  our own text
    f" {terms_of('r')} FROM request r{notified_of('r')}"
    " WHERE r.reference >= :reference AND r.reference <= :reference || '99'"
    " AND (r.amends = :reference OR r.reference = :reference)"
)
"""An authorization and its amendments: bounds of the reference find them by the key of the table."""
_ACCEPTED = f"{_TERMS} AND r.outcome IN ('granted', 'tacit')"
_LIST = text(f"{_TERMS} AND r.amends = :reference ORDER BY r.reference")
_IN_FORCE = text(f"{_ACCEPTED} AND r.amends = :reference AND r.reference > :after ORDER BY r.reference")
_OWN = text(f"{_ACCEPTED} AND r.reference = :reference")
_LAST = text(f"{_ACCEPTED} ORDER BY r.reference DESC LIMIT 1")
