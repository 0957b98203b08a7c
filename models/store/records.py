"""Rows of the register as typed, frozen records."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Self

from pydantic import ConfigDict
from sqlalchemy import Connection, Executable, RowMapping

from law.decision import Terms
from law.grounds import Ground
from models.bodies.decision import PieceAsked
from models.bodies.filing import Commitment
from models.identifiers import Instant, Message
from models.labels import Outcome
from models.messages.case import Receipt
from models.store.paging import Place


class Record(Message):
    """A row: built from the columns that the record names."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Build the record from a row that has at least its columns."""
        return cls.model_validate({name: row[name] for name in cls.model_fields})

    @classmethod
    def first(
        cls, connection: Connection, query: Executable, named: Mapping[str, object] | None = None
    ) -> Self | None:
        """Return the first row of a query, or None."""
        row = connection.execute(query, named).mappings().first()
        return cls.of(row) if row else None

    @classmethod
    def all(
        cls, connection: Connection, query: Executable, named: Mapping[str, object] | None = None
    ) -> list[Self]:
        """Return every row of a query."""
        return [cls.of(row) for row in connection.execute(query, named).mappings()]


class RequestRecord(Record):
    """A request as the register arbitrates it."""

    reference: str
    siret: str
    account_id: str
    department: str
    channel: str
    ground: Ground
    perimeter: str
    placement_on: date
    start_on: date
    end_on: date
    headcount: int
    employees: int
    hours: Decimal
    direct_payment: bool
    commitments: tuple[Commitment, ...]
    law_on: date | None
    received_at: Instant
    deadline_at: Instant | None
    clock_offset: timedelta
    outcome: Outcome | None
    effect_at: Instant | None
    notified_at: Instant | None
    recorded_at: Instant | None
    closed_at: Instant | None
    status: str
    assigned_to: str | None
    signals: tuple[str, ...]

    @property
    def terms(self) -> Terms:
        """What the request asks for."""
        return Terms(self.start_on, self.end_on, self.employees, self.hours)


class NominalRecord(Record):
    """What names persons or accounts in a request."""

    author: str
    circumstances: str
    iban: str
    holder: str


class ReasonRecord(Message):
    """One line of an explanation, as it was when it was fixed (see `law.texts.Reason`)."""

    article: str
    text: str
    value: str
    source: str


class ReceiptRecord(Receipt):
    """A receipt with its explanation."""

    why: tuple[ReasonRecord, ...]


class DecisionRecord(Record):
    """An agent's decision and where it stands."""

    id: str
    reference: str
    agent_id: str
    delegation_id: str | None
    outcome: str
    start_on: date | None
    end_on: date | None
    employees: int | None
    hours: Decimal | None
    partial: bool
    reasons: tuple[str, ...]
    commitments: tuple[Commitment, ...]
    state: str
    registered_at: Instant
    signed_at: Instant | None
    notified_at: Instant | None
    voided_at: Instant | None


class CompletionRecord(Record):
    """A request for pieces; `supplied` holds what came, by piece code."""

    id: str
    reference: str
    agent_id: str
    pieces: tuple[PieceAsked, ...]
    reasons: str
    due_on: date
    state: str
    supplied: dict[str, dict[str, str | None]]
    registered_at: Instant
    notified_at: Instant | None
    ended_at: Instant | None


class OpinionRecord(Record):
    """A works-council opinion, or the reason why there is none yet."""

    version: int
    form: str
    given_on: date | None
    file_id: str | None
    due_on: date | None


class DocumentRecord(Record):
    """A sealed document, without its bytes."""

    id: str
    reference: str
    kind: str
    subject: str
    number: str
    sha256: str
    signed_at: Instant
    published_at: Instant | None


class DraftRecord(Record):
    """A draft and its filing window; `body` is empty once it was filed or has lapsed."""

    id: str
    account_id: str
    siret: str
    department: str
    ground: str
    placement_on: date
    body: dict[str, object]
    law_on: date | None
    closes_at: Instant
    accepted_until: Instant
    status: str
    reference: str | None

    @property
    def cursor(self) -> str:
        """What the page after this row is asked with."""
        return Place(self.status != "draft", self.accepted_until, self.id).cursor
