"""What is said about an enrolment (R. 5122-26, I): by whoever enrols, then between processes, without any name."""

from typing import Annotated, Final, Literal

from pydantic import Field

from models.identifiers import Department, Email, Instant, Message, Siret
from models.mailed_codes import Code, OneTime

Line = Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]
Status = Literal["open", "activated", "lapsed"]
"""`open` until the credentials are used, or can be used no more."""
Listed = Literal["active", "ceased", "unknown", "away", "unasked"]
"""What the register of establishments says of one; the last two: nothing."""

TO_BE_TOLD: Final = frozenset[Listed]({"ceased", "unknown", "away"})
"""What agents are told of."""


class Person(Message):
    """Personne physique habilitée à adhérer au nom de l'employeur, et sa qualité."""

    name: Line
    quality: Line


class Acceptance(Message):
    """The version of the terms of use that was read and accepted."""

    version: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    accepted: Literal[True]


class EnrolmentBody(Message):
    """Adhésion : l'employeur, la personne habilitée, son adresse électronique, les conditions acceptées."""

    siret: Siret
    name: Line
    address: Line
    department: Department = "75"
    person: Person
    email: Email
    terms: Acceptance


class ResendBody(Message):
    """Another code is asked for, at the address that was given."""

    siret: Siret
    email: Email


class ReaddressBody(Message):
    """The address is corrected, by whoever holds the key given when enrolling."""

    id: Annotated[str, Field(pattern=r"^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$")]
    key: Annotated[str, Field(min_length=1, max_length=100)]
    email: Email


class ActivationBody(Message):
    """The code received by mail, and the password chosen; or one's own, with a one-time code if one asks for them."""

    code: Code
    password: Annotated[str, Field(min_length=1, max_length=1_000, repr=False)]
    one_time: OneTime | None = None


class Enrolment(Message):
    """Input of the process of one enrolment: its id and its instants."""

    id: str
    siret: str
    department: str
    requested_at: Instant
    alert_at: Instant
    due_at: Instant


class EnrolmentState(Message):
    """How an enrolment stands in the register, by its clock."""

    id: str
    status: Status
    listed: Listed | None
    sent_at: Instant | None
    """When the first credentials left."""
    watch_at: Instant | None
    """Next instant at which credentials that have not left are looked for: alert, then limit; None after it."""
    issued_at: Instant | None
    expires_at: Instant | None
    """When the last credentials issued can be used no more."""
    now: Instant
