"""A message between the employer and the agents of a case, as it is sent."""

from typing import Annotated, Final

from pydantic import Field

from models.bodies.filing import FileId
from models.identifiers import Message
from models.texts import TextForm

MAX_TEXT: Final = 4_000
"""Characters of a message."""


class MessageBody(Message):
    """Message ; it is no request for pieces, and never touches the clock."""

    text: Annotated[str, TextForm("prose", max_length=MAX_TEXT)]
    files: Annotated[tuple[FileId, ...], Field(max_length=10)] = ()
