"""Response shapes of what a case contains: what was filed, what came afterwards, what was granted."""

from datetime import date, datetime
from decimal import Decimal

from models.identifiers import Message, Period
from models.store.cases.records import CommitmentRecord


class FiledAccount(Message):
    """The bank account of a request."""

    iban: str
    holder: str


class GivenOpinion(Message):
    """One version of the works council’s opinion: that stated at filing, or one sent afterwards."""

    version: int
    form: str
    """`favourable`, `unfavourable`, `none_given`, each after `delegates_` if staff delegates gave it (before 2018); or
    why there is none: `pending`, `fewer_than_50`, `no_council`."""
    given_on: date | None
    file: str | None
    """Id of the file."""
    received_at: datetime


class SuppliedPiece(Message):
    """A piece that came: a file, or a text."""

    completion: str
    """Id of the request for pieces that it answers."""
    code: str
    label: str
    file: str | None
    """Id of the file."""
    text: str | None


class Granted(Message):
    """What was granted, by decision or by silence, beside what was asked for."""

    period: Period
    employees: int
    hours: Decimal
    commitments: tuple[CommitmentRecord, ...]
    partial: bool
    """Whether it is less than was asked for."""


class EarlierRequest(Message):
    """Another request of the same establishment."""

    reference: str
    ground: str
    period: Period
    employees: int
    hours: Decimal
    status: str
    outcome: str | None
    received_at: datetime
