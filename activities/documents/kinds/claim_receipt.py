"""Récépissé d'une demande d'indemnisation (CRPA L. 112-11, R. 112-11-1 ; délai de paiement : R. 5122-14)."""

from datetime import date
from typing import Final, Literal

from activities.documents.claims import SUBJECT, ClaimContent, claim_fields, recipients, sender
from activities.documents.compose import CaseFile
from activities.documents.contents import Line
from activities.documents.descriptor import CaseDocument, ImmediatePublication
from activities.documents.owners import CLAIM
from activities.mail.mail_template import MailTemplate
from law.payment import payment_delay
from law.texts import Reason
from models.labels import DocumentKind
from models.person_names import printed_name
from models.store.claims import records
from models.store.people import accounts


class ClaimReceipt(ClaimContent):
    """What is acknowledged of a claim: who sent it, when, what it comes to, and until when it is to be paid."""

    kind: Literal[DocumentKind.CLAIM_RECEIPT] = DocumentKind.CLAIM_RECEIPT
    author: Line
    due_on: date
    """Last day of a payment in time."""
    why: tuple[Reason, ...]

    @property
    def mailed_day(self) -> date:
        """The last day of payment."""
        return self.due_on


def compose(case: CaseFile, claim_id: str) -> ClaimReceipt:
    """Read a claim as it was admitted."""
    claim = records.get(case.connection, claim_id)
    fields = claim_fields(case, claim)
    author = accounts.get(case.connection, sender(claim, case.request)).name
    why = payment_delay(case.local(claim.received_at).date()).why if claim.received_at else ()
    return ClaimReceipt.model_validate(fields | {"author": printed_name(author), "due_on": claim.due_on, "why": why})


DESCRIPTOR: Final = CaseDocument(
    kind=DocumentKind.CLAIM_RECEIPT,
    content=ClaimReceipt,
    compose=compose,
    signing_reason="Récépissé électronique de demande d’indemnisation",
    series="RI",
    subject=SUBJECT,
    owner=CLAIM,
    publication=ImmediatePublication(
        event="claim_receipt_issued",
        recipients=recipients,
        mail=MailTemplate(
            "Demande d’indemnisation reçue : {subject}",
            "Votre demande d’indemnisation ({subject}) a été reçue. Complète et conforme, elle est payée au plus tard "
            "le {on}.\nVotre récépissé est dans votre espace.",
        ),
    ),
)
