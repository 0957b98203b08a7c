"""Attestation d'acceptation implicite (CRPA L. 232-3)."""

from typing import Final, Literal

from activities.documents.compose import CaseFile
from activities.documents.contents import PrintedAccount, TacitContent, Text
from activities.documents.descriptor import CaseDocument, ImmediatePublication
from activities.mail.mail_template import MailTemplate
from law.opinion import tacit_council_notice
from models.labels import DocumentKind
from models.store.cases import followers


class Attestation(TacitContent):
    """What is attested of the acceptance that silence gave to the request as it was filed."""

    kind: Literal[DocumentKind.ATTESTATION] = DocumentKind.ATTESTATION
    bank_account: PrintedAccount
    council_notice: Text
    """The duty to inform the council, named as on the day of the document (R. 5122-4)."""
    effects: tuple[Text, ...] = ()
    """What the employer is told to do and to know next; nothing in the data of earlier documents."""


def compose(case: CaseFile, _about: str) -> Attestation:
    """Read the acceptance of the request."""
    return Attestation.model_validate(
        case.tacit_acceptance()
        | {
            "bank_account": case.account(),
            "council_notice": tacit_council_notice(case.day),
            "effects": case.effects(case.request.end_on),
        }
    )


DESCRIPTOR: Final = CaseDocument(
    kind=DocumentKind.ATTESTATION,
    content=Attestation,
    compose=compose,
    signing_reason="Attestation d’acceptation implicite",
    series="AT",
    publication=ImmediatePublication(
        event="attestation_issued",
        recipients=lambda connection, request, _about: [
            request.account_id,
            *followers.list_agents(connection, request),
        ],
        mail=MailTemplate(
            "Demande {subject} acceptée implicitement",
            "Faute de décision notifiée à temps, la demande {subject} est acceptée implicitement depuis le {at}.\n"
            "L’attestation est dans votre espace.",
        ),
    ),
)
