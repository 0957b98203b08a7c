"""The wording of mails about claims; `{subject}` is « avril 2021, version 2, dossier 034AQHV02 »."""

from typing import Final

from activities.mail.mail_template import MailTemplate
from models.claim_labels import ClaimSignal

_HELD: Final = "Votre demande d’indemnisation ({subject}) est reçue, mais elle attend. "
_WHY_HELD: Final = {
    ClaimSignal.AUTHORITY: "La personne qui a déposé la demande d’autorisation n’a pas encore prouvé qu’elle peut agir "
    "pour l’établissement. Votre espace dit comment le prouver. La demande repartira alors d’elle-même.",
    ClaimSignal.BANK_ACCOUNT: "Le compte bancaire du dossier n’est plus celui de l’autorisation. Écrivez au service "
    "chargé du dossier : un agent constate le compte à créditer.",
    ClaimSignal.OPINION: "L’avis du comité social et économique, annoncé avec la demande d’autorisation, n’est pas "
    "parvenu à temps. Transmettez-le depuis votre espace : la demande repartira d’elle-même.",
}
"""What a claim waits for, and what is to be done."""
_REJECTED_SUBJECT: Final = "Demande d’indemnisation rejetée : {subject}"
_REJECTED: Final = "L’agence de services et de paiement a rejeté votre demande d’indemnisation ({subject})"
_ANSWERED: Final = f"{_REJECTED}, sous le code {{answer}}.\n{{advice}}"
_GIVEN_BACK: Final = "Les heures sont rendues à votre autorisation. Votre espace montre la réponse de l’agence"
_AGAIN: Final = "vous pouvez y déposer une nouvelle version jusqu’au {on}."
"""Until the last day to claim; nothing is said of a new version afterwards."""
_CORRECTED: Final = (
    "vous pouvez y déposer une version corrigée jusqu’au {on}. Après la date limite des demandes d’indemnisation, elle "
    "n’ajoute ni salarié, ni heure, ni indemnité."
)
"""Until the last day to put right what was claimed in time, where that is later."""
_REFUSED_SUBJECT: Final = "Demande d’indemnisation refusée : {subject}"
_REFUSED: Final = (
    "L’administration refuse votre demande d’indemnisation ({subject}). Les heures sont rendues à votre autorisation.\n"
    "La décision, ses motifs et les voies de recours sont dans votre espace"
)
_SETTLED: Final = (
    "L’agence de services et de paiement n’a pas répondu à votre demande d’indemnisation ({subject}) : "
    "l’administration la tient pour rejetée.\n{advice}\nLes heures sont rendues à votre autorisation. Votre espace le "
    "montre"
)
CLAIM_MAILS: Final = {
    f"claim_held/{signal}": MailTemplate("Demande d’indemnisation en attente : {subject}", _HELD + why)
    for signal, why in _WHY_HELD.items()
} | {
    "claim_accepted": MailTemplate(
        "Demande d’indemnisation acceptée : {subject}",
        "L’agence de services et de paiement a accepté votre demande d’indemnisation ({subject}). Vous n’avez rien à "
        "faire.",
    ),
    "claim_rejected": MailTemplate(_REJECTED_SUBJECT, f"{_REJECTED}.\n{_GIVEN_BACK}."),
    "claim_rejected/dated": MailTemplate(_REJECTED_SUBJECT, f"{_REJECTED}.\n{_GIVEN_BACK} ; {_AGAIN}"),
    "claim_rejected/corrected": MailTemplate(_REJECTED_SUBJECT, f"{_REJECTED}.\n{_GIVEN_BACK} ; {_CORRECTED}"),
    "claim_rejected/answered": MailTemplate(_REJECTED_SUBJECT, f"{_ANSWERED}\n{_GIVEN_BACK}."),
    "claim_rejected/answered_dated": MailTemplate(_REJECTED_SUBJECT, f"{_ANSWERED}\n{_GIVEN_BACK} ; {_AGAIN}"),
    "claim_rejected/answered_corrected": MailTemplate(_REJECTED_SUBJECT, f"{_ANSWERED}\n{_GIVEN_BACK} ; {_CORRECTED}"),
    "claim_rejected/settled": MailTemplate(_REJECTED_SUBJECT, f"{_SETTLED}."),
    "claim_rejected/settled_dated": MailTemplate(_REJECTED_SUBJECT, f"{_SETTLED} ; {_AGAIN}"),
    "claim_rejected/settled_corrected": MailTemplate(_REJECTED_SUBJECT, f"{_SETTLED} ; {_CORRECTED}"),
    "claim_refusal/dated": MailTemplate(_REFUSED_SUBJECT, f"{_REFUSED} ; {_AGAIN}"),
    "claim_refusal/corrected": MailTemplate(_REFUSED_SUBJECT, f"{_REFUSED} ; {_CORRECTED}"),
}
"""By kind of notice, or by kind and what the claim waits for, or who rejected it and whether a day remains.

A refusal that can no longer be followed by another claim has the wording of its document.
"""
