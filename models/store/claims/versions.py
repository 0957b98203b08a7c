"""Versions of the claim of a month as their employer and the agents see them: documents and answers beside each."""

from datetime import date

from sqlalchemy import Connection, bindparam, select

from models.agency_answers import ACCEPTING
from models.identifiers import Instant
from models.store.cases.documents import COLUMNS, DocumentRecord
from models.store.claims import records
from models.store.claims.records import ClaimRecord
from models.store.records import Record
from models.store.schema.agency import agency_answer
from models.store.schema.journal import document


class AnswerRecord(Record):
    """An answer of the paying agency to a claim; `lines` are those of the people whom it rejects."""

    code: str
    label: str
    lines: tuple[int, ...]
    binding: bool
    answered_at: Instant

    @property
    def accepts(self) -> bool:
        """Whether the agency has the whole claim by it."""
        return self.code in ACCEPTING and not self.lines


def list_of_month(connection: Connection, reference: str, month: date, part: int) -> list[ClaimRecord]:
    """Return every version of a month and part, in their order; none that is only staged."""
    return [each for each in records.list_of(connection, reference) if (each.month, each.part) == (month, part)]


def list_last(connection: Connection, reference: str) -> list[ClaimRecord]:
    """Return the last version of each month and part of an authorization, in their order."""
    return [*{(each.month, each.part): each for each in records.list_of(connection, reference)}.values()]


def list_answers(connection: Connection, claim_id: str) -> list[AnswerRecord]:
    """Return what the agency answered to a claim, in the order of the answers."""
    return AnswerRecord.all(connection, _ANSWERS, {"of": claim_id})


def list_documents(connection: Connection, claim_id: str) -> list[DocumentRecord]:
    """Return the published documents of a claim, in the order of their signatures."""
    return DocumentRecord.all(connection, _DOCUMENTS, {"of": claim_id})


_ANSWERS = (
    select(*(agency_answer.c[name] for name in AnswerRecord.model_fields))
    .where(agency_answer.c.claim_id == bindparam("of"))
    .order_by(agency_answer.c.answered_at, agency_answer.c.nth)
)
_DOCUMENTS = (
    select(*COLUMNS)
    .where(document.c.claim_id == bindparam("of"), document.c.published_at.is_not(None))
    .order_by(document.c.signed_at, document.c.id)
)
