"""Récépissé de complétude : la dernière pièce est arrivée, le délai entier recommence (CRPA L. 114-5)."""

from typing import Annotated, Final, Literal

from pydantic import Field

from activities.documents.compose import CaseFile
from activities.documents.contents import ReceptionContent, Text
from activities.documents.descriptor import CaseDocument, ImmediatePublication
from activities.documents.receptions import reception_fields
from activities.mail.mail_template import MailTemplate
from law.completion import piece_name
from models.identifiers import Instant
from models.labels import DocumentKind
from models.store.cases import completions


class CompletionReceipt(ReceptionContent):
    """What the receipt of the last missing piece states."""

    kind: Literal[DocumentKind.COMPLETION_RECEIPT] = DocumentKind.COMPLETION_RECEIPT
    filed_at: Instant
    """Reception of the request itself; `received_at` is that of the last missing piece."""
    pieces: Annotated[tuple[Text, ...], Field(min_length=1)]


def compose(case: CaseFile, rank: str) -> CompletionReceipt:
    """Read the reception of this rank; the first one is that of the filing, which supplies no piece."""
    completion = completions.list_fulfilled(case.connection, case.request.reference)[int(rank) - 2]
    return CompletionReceipt.model_validate(
        reception_fields(case, rank)
        | {
            "filed_at": case.local(case.request.received_at),
            "pieces": tuple(piece_name(piece.code, piece.label) for piece in completion.pieces),
        }
    )


DESCRIPTOR: Final = CaseDocument(
    kind=DocumentKind.COMPLETION_RECEIPT,
    content=CompletionReceipt,
    compose=compose,
    signing_reason="Récépissé de complétude",
    series="RC",
    subject="reception/{about}",
    publication=ImmediatePublication(
        event="receipt_issued",
        recipients=lambda _connection, request, _rank: [request.account_id],
        mail=MailTemplate(
            "Récépissé de complétude de votre demande {subject}",
            "La dernière pièce demandée pour votre demande {subject} a été reçue : le délai entier recommence. Si "
            "aucune décision ne vous est notifiée {by}, la demande sera acceptée implicitement.\nVotre récépissé est "
            "dans votre espace.",
        ),
    ),
)
