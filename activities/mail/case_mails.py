"""The wording of mails about cases and drafts."""

from typing import Final

from activities.documents.descriptor import CaseDocument
from activities.documents.kinds import KINDS
from activities.mail.mail_template import MailTemplate

DOCUMENT_MAILS: Final = {
    kind.value: described.publication.mail
    for kind, described in KINDS.items()
    if isinstance(described, CaseDocument) and described.publication
}
"""Mails of documents that are published as soon as they are stored, by kind."""

_TO_DESK: Final = "Le dossier :"
CASE_MAILS: Final = DOCUMENT_MAILS | {
    "completion_requested": MailTemplate(
        "Pièces demandées pour votre demande {subject}",
        "Des pièces indispensables manquent à votre demande {subject} : le délai est arrêté jusqu’à leur réception.\n"
        "La demande de pièces est dans votre espace ; elle dit lesquelles, pourquoi, et jusqu’à quand.",
        "Fournissez les pièces dans votre espace :",
    ),
    "completion_request_voided": MailTemplate(
        "Demande de pièces caduque pour {subject}",
        "Votre demande de pièces pour {subject} n’a pas pu être notifiée à temps : elle est sans effet.",
        _TO_DESK,
    ),
    "completion_overdue": MailTemplate(
        "Pièces non reçues pour {subject}",
        "Le délai laissé pour fournir les pièces de la demande {subject} s’est achevé le {on} à minuit. Le délai de "
        "décision reste arrêté ; les pièces peuvent encore être fournies tant qu’aucune décision n’est notifiée.",
    ),
    "decision_notified": MailTemplate(
        "Décision sur votre demande {subject}",
        "Une décision a été prise sur votre demande d’activité partielle {subject}. Elle vous est notifiée dans votre "
        "espace.",
    ),
    "silence_reminder": MailTemplate(
        "À décider {by} : {subject}",
        "Si aucune décision n’est notifiée {by}, la demande {subject} sera acceptée implicitement.",
        _TO_DESK,
    ),
    "opinion_reminder": MailTemplate(
        "Avis du CSE attendu pour {subject}",
        "L’avis du comité social et économique sur la demande {subject} est attendu au plus tard le {on}.",
        "Transmettez-le depuis votre espace :",
    ),
    "opinion_missing": MailTemplate(
        "Avis du CSE non reçu pour {subject}",
        "L’avis du comité social et économique sur la demande {subject} était attendu au plus tard le {on} : il n’est "
        "pas parvenu. Il peut encore être transmis.",
    ),
    "council_reminder": MailTemplate(
        "Informer le CSE de l’issue de la demande {subject}",
        "L’employeur informe le comité social et économique de l’issue de la demande {subject} (code du travail, "
        "article R. 5122-4).",
    ),
    "authority_missing": MailTemplate(
        "Autorisation {subject} : habilitation à prouver",
        "Votre demande {subject} est autorisée, mais rien n’est transmis à l’agence de services et de paiement tant "
        "que la personne qui l’a déposée n’a pas prouvé qu’elle peut agir pour l’établissement.\nVotre espace dit "
        "comment : un code reçu par lettre, le fournisseur d’identité des entreprises ou la validation d’un agent.",
    ),
    "draft_reminder": MailTemplate(
        "Votre brouillon est à déposer {by}",
        "Votre brouillon de demande d’activité partielle peut être déposé jusqu’au {end}. Passé ce délai, il sera "
        "caduc.",
        "Reprenez-le dans votre espace :",
    ),
    "draft_lapsed": MailTemplate(
        "Votre brouillon est caduc",
        "Le délai de dépôt est passé : votre brouillon de demande d’activité partielle est caduc. Aucune demande n’a "
        "été déposée.",
        "Votre espace :",
    ),
}
"""Mails of cases and drafts, by kind of notice."""

_CONTEST: Final = (
    " Vous pouvez la contester devant le tribunal administratif au plus tard le {contest_on} ; la décision dit devant "
    "lequel et comment."
)
PRECISE_MAILS: Final = {
    "decision_notified/granted": MailTemplate(
        "Décision sur votre demande {subject} : autorisée",
        "Votre demande d’activité partielle {subject} est autorisée pour tout ce que vous demandiez. La décision vous "
        "est notifiée dans votre espace ; elle dit ce qu’il vous reste à faire.",
    ),
    "decision_notified/partial": MailTemplate(
        "Décision sur votre demande {subject} : autorisée en partie",
        "Votre demande d’activité partielle {subject} est autorisée en partie. La décision vous est notifiée dans "
        "votre espace, avec ses limites et ses motifs : lisez-les avant de placer vos salariés." + _CONTEST,
    ),
    "decision_notified/refused": MailTemplate(
        "Décision sur votre demande {subject} : refusée",
        "Votre demande d’activité partielle {subject} est refusée. La décision vous est notifiée dans votre espace, "
        "avec ses motifs." + _CONTEST,
    ),
    "completion_requested/dated": MailTemplate(
        "Pièces à fournir au plus tard le {on} pour votre demande {subject}",
        "Des pièces indispensables manquent à votre demande {subject} : fournissez-les au plus tard le {on} à minuit. "
        "Le délai de décision est arrêté jusqu’à leur réception, et recommencera en entier.\nLa demande de pièces dit "
        "lesquelles et pourquoi.",
        "Fournissez les pièces dans votre espace :",
    ),
}
"""Mails of kinds whose notices say more since: `sense` of a decision, or the last day for pieces."""
