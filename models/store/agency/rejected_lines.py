"""Lines of people whom the agency rejects: those of the nominal file, restated as those of the employer's own file."""

from sqlalchemy import Connection

from models.agency_answers import AnswerLine
from models.store.claims import people


def restate(connection: Connection, claim_id: str, answer: AnswerLine) -> AnswerLine | None:
    """Return an answer with the lines at which an employer first stated whom it rejects; None without such a line.

    The agency has the nominal file alone, with a line a person and week: shown as they are, its numbers would have
    somebody else corrected. No text says how it counts: a line is one of the opened file, from 1, the header included.
    """
    if not answer.rejected_lines:
        return answer
    found = people.find_stated_lines(connection, claim_id, answer.rejected_lines)
    if any(each not in found for each in answer.rejected_lines):
        return None
    return answer.model_copy(update={"rejected_lines": sorted({*found.values()})})
