"""Mails by which an account is kept safe: recovery codes, a new browser, another address."""

from typing import Final

from activities.mail.mail_template import TO_ACCOUNT, TO_CODE, MailTemplate

SECURITY_MAILS: Final = {
    "recovery_codes_made": MailTemplate(
        "De nouveaux codes de secours ont été créés",
        "De nouveaux codes de secours viennent d’être créés pour votre compte : les précédents ne servent plus.\nSi ce "
        "n’est pas vous, changez aussitôt votre mot de passe.",
        TO_ACCOUNT,
    ),
    "recovery_code_used": MailTemplate(
        "Un code de secours a servi",
        "Un de vos codes de secours vient de remplacer un code à usage unique pour entrer dans votre compte. Codes de "
        "secours restants : {count}.\nSi ce n’est pas vous, changez aussitôt votre mot de passe.",
        TO_ACCOUNT,
    ),
    "signed_in_elsewhere": MailTemplate(
        "Connexion depuis un nouveau navigateur",
        "Votre compte vient d’être ouvert depuis un navigateur qui n’avait pas encore servi.\nSi c’est vous, vous "
        "n’avez rien à faire. Sinon, changez aussitôt votre mot de passe : toutes les sessions seront fermées.",
        TO_ACCOUNT,
    ),
    "address_code": MailTemplate(
        "Confirmer votre nouvelle adresse électronique",
        "Vous avez demandé à utiliser cette adresse pour votre compte du service de l’activité partielle.\nVotre code, "
        "utilisable une seule fois, jusqu’au {end} :\n\n    {code}\n\nSi vous n’attendiez pas ce courriel, "
        "ignorez-le : rien ne change.",
        TO_CODE,
    ),
    "address_changed": MailTemplate(
        "L’adresse de votre compte a changé",
        "Votre compte du service de l’activité partielle utilise désormais une autre adresse : celle-ci ne permet plus "
        "de s’y connecter.\nSi ce n’est pas vous, écrivez aussitôt au service qui instruit vos demandes.",
        TO_ACCOUNT,
    ),
}
"""Mails about an account itself, by kind of notice."""
