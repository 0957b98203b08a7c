"""Demande de pièces indispensables (CRPA L. 114-5, L. 114-5-1)."""

from datetime import date
from typing import Annotated, Final, Literal

from pydantic import Field
from sqlalchemy import Connection

from activities.documents.compose import CaseFile
from activities.documents.contents import Content, Line, Piece, Text
from activities.documents.descriptor import CaseDocument
from law.completion import piece_name
from models.bodies.completion import RequestedPiece
from models.identifiers import Instant
from models.labels import DocumentKind
from models.roles import LABELS
from models.store.cases import completions
from models.store.people import accounts


class CompletionRequest(Content):
    """What a request for pieces states, as its agent wrote it."""

    kind: Literal[DocumentKind.COMPLETION_REQUEST] = DocumentKind.COMPLETION_REQUEST
    received_at: Instant
    tacit_acceptance_at: Instant
    """Notified at or after this instant, the request is void."""
    pieces: Annotated[tuple[Piece, ...], Field(min_length=1)]
    reasons: Text
    due_on: date
    agent: Line
    """Name of who is in charge of the case (CRPA L. 111-2)."""
    agent_quality: Line | None = None


def compose(case: CaseFile, completion_id: str) -> CompletionRequest:
    """Read a request for pieces and the last reception, whose delay it will stop."""
    completion = completions.get(case.connection, completion_id)
    agent = accounts.get(case.connection, completion.agent_id)
    last = case.receipts()[-1]
    return CompletionRequest.model_validate(
        case.heading
        | {
            "received_at": case.local(last.received_at),
            "tacit_acceptance_at": case.local(last.tacit_acceptance_at),
            "pieces": tuple(_piece(each) for each in completion.pieces),
            "reasons": completion.reasons,
            "due_on": completion.due_on,
            "agent": agent.name,
            "agent_quality": LABELS[agent.role],
        }
    )


def _piece(requested: RequestedPiece) -> Piece:
    words = piece_name(requested.code, requested.label)
    return Piece(code=requested.code, label=words, text_reference=requested.text_reference)


def _is_registered(connection: Connection, completion_id: str) -> bool:
    return completions.get(connection, completion_id).state == "registered"


DESCRIPTOR: Final = CaseDocument(
    kind=DocumentKind.COMPLETION_REQUEST,
    content=CompletionRequest,
    compose=compose,
    signing_reason="Demande de pièces",
    series="DP",
    subject="{about}",
    is_due=_is_registered,
)
