"""The process that draws one letter for the printing channel."""

from typing import Final

from sqlalchemy import Connection

from models.engine.names import letter_id
from models.engine.process_kind import Launch, ProcessKind
from models.messages.acts import Process


def launch_letter(letter: str) -> Launch:
    """Describe the printing of a letter."""
    return Launch(letter, Process(id=letter_id(letter)), "Impression d’une lettre")


def _load(connection: Connection, letter: str) -> Launch:
    return launch_letter(letter)


LETTER: Final = ProcessKind(
    workflow="Letter", prefix="letter", input=Process, load=_load, repeats=True, short_lived=True
)
"""Lives for seconds, unless the printing folder is unavailable. A letter that is printed again has another run."""
