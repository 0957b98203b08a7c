"""Bodies of enrolment requests (R. 5122-26, I): enrolling, another code, a new address, activation."""

from typing import Annotated, Literal

from pydantic import Field

from models.email_address import EmailAddress
from models.identifiers import UUID, Department, Message, Siret
from models.mailed_codes import Code, OneTime
from models.person_names import PersonName, Quality
from models.texts import Line


class Person(Message):
    """Personne physique habilitée à adhérer au nom de l'employeur, et sa qualité."""

    name: PersonName
    quality: Quality


class Acceptance(Message):
    """The version of the terms of use that was read and accepted."""

    version: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    accepted: Literal[True]


class EnrolmentBody(Message):
    """Adhésion : l'employeur, la personne habilitée, son adresse électronique, les conditions acceptées."""

    siret: Siret
    name: Line
    address: Line
    department: Department | None = None
    """Required until the register of establishments has given it; it wins over what is stated."""
    person: Person
    email: EmailAddress
    terms: Acceptance


class ResendBody(Message):
    """A request for another code, at the address stated when enrolling."""

    siret: Siret
    email: EmailAddress


class ReaddressBody(Message):
    """A corrected address; `key` was given to the person who enrolled."""

    id: Annotated[str, Field(pattern=f"^{UUID.pattern}$")]
    key: Annotated[str, Field(min_length=1, max_length=100)]
    email: EmailAddress


class ActivationBody(Message):
    """The code received by mail, and a new password, or that of one's account with its one-time code."""

    code: Code
    password: Annotated[str, Field(min_length=1, max_length=1_000, repr=False)]
    one_time: OneTime | None = None
