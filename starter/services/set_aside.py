"""Files of answers that were set aside: applied after all, or discarded, in the transaction of an approved act."""

from functools import partial

from sqlalchemy import Connection

from models.agency_answers import AnswerFault, AnswerRefused
from models.claim_labels import AnswerFileState
from models.engine.keys import MasterKey
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


def replay(connection: Connection, file_id: str, master: MasterKey) -> None:
    """Apply a file that was set aside; raises `Conflict` when nothing more of it can be, saying why.

    Rows that were applied before are repeats. The file stays set aside while a row of it cannot be applied.
    """
    file = _get(connection, file_id)
    content = answer_files.content(connection, file, master)
    if content is None:
        raise Conflict("not-set-aside", "Ce fichier était trop volumineux pour être gardé : il est resté à l’ASP.")
    try:
        applied = answers.apply(connection, file, content)
    except AnswerRefused as refused:
        raise _still(refused.fault) from None
    if applied.fault is None:
        answer_files.end(connection, file_id, AnswerFileState.REPLAYED)
    elif not applied.answered:
        raise _still(applied.fault)
    answer_incidents.tell(connection, file.channel, troubled=applied.troubled, answered=applied.answered)


def _still(fault: AnswerFault) -> Conflict:
    detail = f"Ce fichier ne peut toujours pas être appliqué : {fault.label.lower()}."
    return Conflict("not-set-aside", detail)


def discard(connection: Connection, file_id: str) -> None:
    """Set a file down as discarded: nothing more of it is applied, its bytes are kept."""
    _get(connection, file_id)
    answer_files.end(connection, file_id, AnswerFileState.DISCARDED)


def performers(master: MasterKey) -> Performers:
    """Return the exceptional acts about files of answers, by kind."""
    return {"replay_answers": partial(replay, master=master), "discard_answers": discard}
