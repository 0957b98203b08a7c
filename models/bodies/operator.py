"""What an operator states: why a parked process resumes, and an exceptional act that another operator approves."""

from typing import Annotated, Literal

from pydantic import Field

from models.identifiers import Message

ExceptionKind = Literal["resume", "erase"]
"""Make a parked process try again; destroy the key of a closed case's history."""


class ResumeBody(Message):
    """Why an operator resumes a parked case."""

    reason: Annotated[str, Field(min_length=3, max_length=500, pattern=r"\S")]


class ExceptionBody(Message):
    """An exceptional act: `subject` is the id of an incident, or the reference of a case."""

    kind: ExceptionKind
    subject: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{9,36}$")]
    reason: Annotated[str, Field(min_length=3, max_length=500, pattern=r"\S")]
