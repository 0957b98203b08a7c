"""Bodies of operators' requests: the reason to resume a process, and an exceptional act to be approved."""

from typing import Annotated, Literal

from pydantic import Field

from models.identifiers import Message

ExceptionKind = Literal["resume", "erase"]
"""`resume`: make a parked process try again; `erase`: destroy the key of a closed case's history."""


class ResumeBody(Message):
    """Why an operator resumes a parked case."""

    reason: Annotated[str, Field(min_length=3, max_length=500, pattern=r"\S")]


class ExceptionBody(Message):
    """An exceptional act: `subject` is the id of an incident, or the reference of a case."""

    kind: ExceptionKind
    subject: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{9,36}$")]
    reason: Annotated[str, Field(min_length=3, max_length=500, pattern=r"\S")]
