"""Récépissé de dépôt (R. 5122-26, II ; CRPA R. 112-11-1)."""

from typing import Final, Literal

from activities.documents.compose import CaseFile
from activities.documents.contents import ReceptionContent
from activities.documents.descriptor import CaseDocument, ImmediatePublication
from activities.documents.receptions import reception_fields
from activities.mail.mail_template import MailTemplate
from models.labels import DocumentKind


class Receipt(ReceptionContent):
    """What the receipt of a filing states."""

    kind: Literal[DocumentKind.RECEIPT] = DocumentKind.RECEIPT


def compose(case: CaseFile, rank: str) -> Receipt:
    """Read the first reception, that of the filing."""
    return Receipt.model_validate(reception_fields(case, rank))


DESCRIPTOR: Final = CaseDocument(
    kind=DocumentKind.RECEIPT,
    content=Receipt,
    compose=compose,
    signing_reason="Récépissé électronique de dépôt",
    series="RD",
    publication=ImmediatePublication(
        event="receipt_issued",
        recipients=lambda _connection, request, _rank: [request.account_id],
        mail=MailTemplate(
            "Récépissé de votre demande {subject}",
            "Votre demande d’activité partielle {subject} a été reçue. Si aucune décision ne vous est notifiée "
            "{by}, elle sera acceptée implicitement, sous réserve qu’elle soit complète.\nVotre récépissé est dans "
            "votre espace.",
        ),
    ),
)
