"""Avis de caducité : un acte enregistré n'a pas été notifié à temps, l'acceptation tacite demeure (R. 5122-4)."""

from typing import Final, Literal

from activities.documents.compose import CaseFile
from activities.documents.contents import TacitContent
from activities.documents.decisions import decision_kind
from activities.documents.descriptor import CaseDocument, ImmediatePublication
from activities.mail.mail_template import MailTemplate
from models.identifiers import Instant
from models.labels import DocumentKind
from models.store.cases import decisions


class VoidNotice(TacitContent):
    """What the notice states of the act that silence overtook."""

    kind: Literal[DocumentKind.VOID_NOTICE] = DocumentKind.VOID_NOTICE
    voided: Literal[
        DocumentKind.GRANT,
        DocumentKind.PARTIAL_GRANT,
        DocumentKind.REFUSAL,
        DocumentKind.COMPLETION_REQUEST,
    ]
    registered_at: Instant


def compose(case: CaseFile, decision_id: str) -> VoidNotice:
    """Read a decision that was registered in time and not notified in time."""
    decision = decisions.get(case.connection, decision_id)
    return VoidNotice.model_validate(
        case.tacit_acceptance()
        | {"voided": decision_kind(decision), "registered_at": case.local(decision.registered_at)}
    )


DESCRIPTOR: Final = CaseDocument(
    kind=DocumentKind.VOID_NOTICE,
    content=VoidNotice,
    compose=compose,
    signing_reason="Avis de caducité",
    series="AC",
    subject="overtaken/{about}",
    publication=ImmediatePublication(
        event="void_notice_issued",
        recipients=lambda connection, request, decision_id: [
            request.account_id,
            decisions.get(connection, decision_id).agent_id,
        ],
        mail=MailTemplate(
            "Décision caduque pour {subject}",
            "Une décision enregistrée pour la demande {subject} n’a pas été notifiée à temps : elle est sans effet. "
            "L’acceptation implicite née le {at} demeure.\nL’avis de caducité est dans l’espace.",
        ),
    ),
)
