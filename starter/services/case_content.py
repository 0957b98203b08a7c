"""What a case contains, in the response shapes: what was filed, what came afterwards, what was granted."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from pydantic import TypeAdapter
from sqlalchemy import Connection

from law.calendar import local
from law.opinion import OpinionForm, given_by_delegates, sense
from models.bodies.filing import WorksCouncil
from models.identifiers import Period
from models.labels import Outcome
from models.store.cases import completions
from models.store.cases.records import (
    CompletionRecord,
    DecisionRecord,
    NominalRecord,
    OpinionRecord,
    RequestRecord,
)
from starter.services.content_schemas import EarlierRequest, FiledAccount, GivenOpinion, Granted, SuppliedPiece

STATED: Final = {
    "siret",
    "ground",
    "perimeter",
    "placement_on",
    "headcount",
    "employees",
    "hours",
    "commitments",
    "direct_payment",
    "other_employees",
}
"""What a request states, under the names of the body that was posted."""
_WORKS_COUNCIL: Final[TypeAdapter[WorksCouncil]] = TypeAdapter(WorksCouncil)


def works_council(filed: OpinionRecord) -> WorksCouncil:
    """Return what the filing stated about the opinion, in the shape of the body that was posted."""
    if filed.form == OpinionForm.PENDING:
        return _WORKS_COUNCIL.validate_python({"pending": True})
    if filed.file_id is None:
        return _WORKS_COUNCIL.validate_python({"not_required": filed.form})
    given = {"opinion": sense(filed.form), "given_on": filed.given_on, "file": filed.file_id}
    return _WORKS_COUNCIL.validate_python({"delegates": given} if given_by_delegates(filed.form) else given)


def given_opinions(versions: Sequence[OpinionRecord], department: str) -> tuple[GivenOpinion, ...]:
    """Return every version of the opinion."""
    return tuple(
        GivenOpinion(
            version=each.version,
            form=each.form,
            given_on=each.given_on,
            file=each.file_id,
            received_at=local(each.received_at, department),
        )
        for each in versions
    )


def supplied_pieces(connection: Connection, reference: str) -> tuple[SuppliedPiece, ...]:
    """Return every piece that came, in the order in which it was requested."""
    answered = completions.list_supplied(connection, reference)
    return tuple(piece for each in answered for piece in _pieces(each))


def _pieces(record: CompletionRecord) -> Iterator[SuppliedPiece]:
    for piece in record.pieces:
        if piece.code in record.supplied:
            given = record.supplied[piece.code]
            file, text = given.get("file"), given.get("text")
            yield SuppliedPiece(completion=record.id, code=piece.code, label=piece.label, file=file, text=text)


def bank_account(nominal: NominalRecord | None) -> FiledAccount | None:
    """Return the bank account of a request; None once it is erased."""
    return FiledAccount(iban=nominal.iban, holder=nominal.holder) if nominal else None


def granted(record: RequestRecord, decided: DecisionRecord | None) -> Granted | None:
    """Return what was granted: by the decision, or by silence everything asked for; None if nothing is."""
    if record.outcome is Outcome.TACIT:
        terms, commitments, partial = record.terms, record.commitments, False
    elif record.outcome is Outcome.GRANTED and decided and decided.terms:
        terms, commitments, partial = decided.terms, decided.commitments, decided.partial
    else:
        return None
    return Granted(
        period=Period(start_on=terms.start_on, end_on=terms.end_on),
        employees=terms.employees,
        hours=terms.hours,
        commitments=commitments,
        partial=partial,
    )


def earlier_request(record: RequestRecord, received_at: datetime) -> EarlierRequest:
    """Return the view of another request of the establishment."""
    same = {"reference", "ground", "employees", "hours", "status", "outcome"}
    period = Period(start_on=record.start_on, end_on=record.end_on)
    return EarlierRequest.model_validate(
        record.model_dump(include=same) | {"period": period, "received_at": received_at}
    )
