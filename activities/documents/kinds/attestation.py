"""Attestation d'acceptation implicite (CRPA L. 232-3)."""

from typing import Final, Literal

from activities.documents.compose import CaseFile
from activities.documents.contents import TacitContent, Text
from activities.documents.descriptor import CaseDocument, ImmediatePublication
from activities.mail.mail_template import MailTemplate
from activities.reminders import agents
from models.identifiers import BankAccount
from models.labels import DocumentKind


class Attestation(TacitContent):
    """What is attested of the acceptance that silence gave to the request as it was filed."""

    kind: Literal[DocumentKind.ATTESTATION] = DocumentKind.ATTESTATION
    bank_account: BankAccount
    council_notice: Text
    """The duty to inform the council, named as on the day of the document (R. 5122-4)."""


def compose(case: CaseFile, _about: str) -> Attestation:
    """Read the acceptance of the request."""
    return Attestation.model_validate(case.tacit_acceptance() | case.duties())


DESCRIPTOR: Final = CaseDocument(
    kind=DocumentKind.ATTESTATION,
    content=Attestation,
    compose=compose,
    signing_reason="Attestation d’acceptation implicite",
    publication=ImmediatePublication(
        event="attestation_issued",
        recipients=lambda connection, request, _about: [request.account_id, *agents(connection, request)],
        mail=MailTemplate(
            "Demande {subject} acceptée implicitement",
            "Faute de décision notifiée à temps, la demande {subject} est acceptée implicitement depuis le {at}.\n"
            "L’attestation est au dossier.",
        ),
    ),
)
