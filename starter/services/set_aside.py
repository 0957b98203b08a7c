"""Files of answers that were set aside: applied after all, or discarded, in the transaction of an approved act."""

from typing import Final

from sqlalchemy import Connection

from models.agency_answers import AnswerRefused
from models.claim_labels import AnswerFileState
from models.errors import Conflict
from models.store.agency import answer_files, answers
from models.store.agency.answer_files import AnswerFileRecord
from models.store.operations import answer_incidents
from models.store.operations.exceptional_acts import Performers


def _get(connection: Connection, file_id: str) -> AnswerFileRecord:
    """Lock a file that is set aside and return it; raises `Unknown`, or `Conflict` when it is no longer."""
    file = answer_files.hold(connection, file_id)
    if file.state is not AnswerFileState.QUARANTINED:
        raise Conflict("not-set-aside", f"Ce fichier n’est pas mis de côté : {file.state.label.lower()}.")
    return file


def replay(connection: Connection, file_id: str) -> None:
    """Apply a file that was set aside; raises `Conflict` when it still cannot be, saying why."""
    file, content = _get(connection, file_id), answer_files.content(connection, file_id)
    if content is None:
        raise Conflict("not-set-aside", "Ce fichier était trop volumineux pour être gardé : il est resté à l’ASP.")
    try:
        applied = answers.apply(connection, file, content)
    except AnswerRefused as refused:
        detail = f"Ce fichier ne peut toujours pas être appliqué : {refused.fault.label.lower()}."
        raise Conflict("not-set-aside", detail) from None
    answer_files.end(connection, file_id, AnswerFileState.REPLAYED)
    answer_incidents.tell(connection, file.channel, troubled=applied.troubled, answered=applied.answered)


def discard(connection: Connection, file_id: str) -> None:
    """Set a file down as discarded: nothing of it is applied, its bytes are kept."""
    _get(connection, file_id)
    answer_files.end(connection, file_id, AnswerFileState.DISCARDED)


ACTS: Final[Performers] = {"replay_answers": replay, "discard_answers": discard}
"""Exceptional acts about files of answers, by kind."""
