"""A request for pieces as an agent states it, and what the employer supplies (CRPA L. 114-5)."""

from typing import Annotated

from pydantic import Field

from models.bodies.decision import ActId
from models.bodies.filing import FileId
from models.identifiers import Day, Message
from models.texts import Line, Prose, TextForm


class RequestedPiece(Message):
    """A piece that a text requires and that is indispensable (CRPA L. 114-5, L. 114-5-1)."""

    code: Annotated[str, TextForm("line", max_length=80)]
    label: Annotated[str, TextForm("line", max_length=300)]
    text_reference: Line


class CompletionRequestBody(Message):
    """Demande de pièces : what is missing, why, and by which day."""

    id: ActId
    pieces: Annotated[tuple[RequestedPiece, ...], Field(min_length=1, max_length=20)]
    reasons: Annotated[str, TextForm("prose", max_length=4_000)]
    due_on: Day


class CompletionPiece(Message):
    """One piece supplied: a file, or a text where information was requested."""

    code: Annotated[str, TextForm("line", max_length=80)]
    file: FileId | None = None
    text: Prose | None = None


class Completion(Message):
    """What an employer supplies in answer to a request for pieces."""

    pieces: Annotated[tuple[CompletionPiece, ...], Field(min_length=1, max_length=50)]
