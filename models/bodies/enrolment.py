"""Bodies of enrolment requests (R. 5122-26, I): enrolling, another code, a new address, activation."""

from typing import Annotated, Literal

from pydantic import Field

from models.identifiers import UUID, Department, Email, Message, Siret
from models.mailed_codes import Code, OneTime

Line = Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]


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
    """A request for another code, at the address stated when enrolling."""

    siret: Siret
    email: Email


class ReaddressBody(Message):
    """A corrected address; `key` was given to the person who enrolled."""

    id: Annotated[str, Field(pattern=f"^{UUID.pattern}$")]
    key: Annotated[str, Field(min_length=1, max_length=100)]
    email: Email


class ActivationBody(Message):
    """The code received by mail, and a new password, or that of one's account with its one-time code."""

    code: Code
    password: Annotated[str, Field(min_length=1, max_length=1_000, repr=False)]
    one_time: OneTime | None = None
