"""What an operator asks for and another approves: an act that no procedure foresees, and why."""

from typing import Annotated, Literal

from pydantic import Field

from models.identifiers import Message

Kind = Literal["resume", "erase"]
"""Make a parked process try again; destroy the key of a closed case's history."""


class ExceptionBody(Message):
    """An exceptional act: `subject` is the id of an incident, or the reference of a case."""

    kind: Kind
    subject: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{9,36}$")]
    reason: Annotated[str, Field(min_length=3, max_length=500, pattern=r"\S")]
