"""Récépissé d'une demande de changement de compte bancaire (CRPA R. 112-11-1) : le silence n'y vaut pas acceptation."""

from typing import Final, Literal

from activities.documents.compose import CaseFile
from activities.documents.contents import Content, Line, Text
from activities.documents.descriptor import CaseDocument, ImmediatePublication
from activities.documents.filed import masked
from activities.mail.mail_template import MailTemplate
from models.identifiers import Instant, printed_number
from models.labels import DocumentKind
from models.store.cases import bank_changes


class BankChangeReceipt(Content):
    """What the receipt of a change states; the account is masked but for its ends."""

    kind: Literal[DocumentKind.BANK_CHANGE_RECEIPT] = DocumentKind.BANK_CHANGE_RECEIPT
    author: Line
    received_at: Instant
    account: Line
    reasons: Text


def compose(case: CaseFile, number: str) -> BankChangeReceipt:
    """Read what was asked for."""
    change = bank_changes.get(case.connection, number)
    return BankChangeReceipt.model_validate(
        case.heading
        | {
            "number": number,
            "amends": printed_number(change.reference),
            "author": change.author,
            "received_at": case.local(change.received_at),
            "account": f"{masked(change.iban)}, au nom de {change.holder}",
            "reasons": change.reasons,
        }
    )


DESCRIPTOR: Final = CaseDocument(
    kind=DocumentKind.BANK_CHANGE_RECEIPT,
    content=BankChangeReceipt,
    compose=compose,
    signing_reason="Récépissé électronique de dépôt",
    series="RC",
    subject="bank/{about}",
    publication=ImmediatePublication(
        event="bank_change_receipt_issued",
        recipients=lambda connection, _request, number: [bank_changes.get(connection, number).account_id],
        mail=MailTemplate(
            "Changement de compte demandé pour {subject}",
            "Votre demande de changement de compte bancaire pour l’autorisation {subject} a été reçue. Un agent "
            "décidera ; d’ici là, rien ne change.\nVotre récépissé est dans votre espace.",
        ),
    ),
)
