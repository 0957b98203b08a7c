"""The wording of mails about accounts, and of those that reach people whatever their cases."""

from typing import Final

from activities.mail.mail_template import TO_ACCOUNT, TO_CODE, MailTemplate
from activities.mail.security_mails import SECURITY_MAILS

ACCOUNT_MAILS: Final = SECURITY_MAILS | {
    "password_code": MailTemplate(
        "Choisir un nouveau mot de passe",
        "Vous avez demandé à choisir un nouveau mot de passe.\nVotre code, utilisable une seule fois, jusqu’au {end} :"
        "\n\n    {code}\n\nSi ce n’est pas vous, ignorez ce courriel : votre mot de passe ne change pas.",
        TO_CODE,
    ),
    "password_changed": MailTemplate(
        "Votre mot de passe a changé",
        "Le mot de passe de votre compte vient d’être changé, et toutes vos sessions ont été fermées.\nSi ce n’est pas "
        "vous, demandez aussitôt un nouveau mot de passe et révoquez vos jetons d’accès (encore valables : {tokens}).",
        TO_ACCOUNT,
    ),
    "message_received": MailTemplate(
        "Nouveau message sur la demande {reference}",
        "Un message vous attend dans le dossier de la demande {reference}. Connectez-vous pour le lire et y répondre."
        "\nUn message ne change rien aux délais et ne vaut pas demande de pièces.",
    ),
    "desistment_received": MailTemplate(
        "Désistement de la demande {reference}",
        "L’employeur s’est désisté de la demande d’activité partielle {reference}, à la date de ce courriel. Elle est "
        "close : elle ne sera ni instruite ni acceptée implicitement. Une nouvelle demande peut être déposée.",
    ),
    "new_requests": MailTemplate(
        "Nouvelles demandes à instruire",
        "De nouvelles demandes d’activité partielle sont arrivées dans vos départements. Votre bureau les présente, "
        "l’échéance la plus proche d’abord.\nCe courriel n’est envoyé qu’une fois par jour.",
    ),
    "pieces_received": MailTemplate(
        "Pièces reçues pour {reference}",
        "La dernière pièce demandée dans le dossier {reference} a été reçue : le délai entier recommence. L’échéance "
        "et les pièces sont dans le dossier.",
    ),
    "decision_cancelled": MailTemplate(
        "Votre décision sur {reference} a été reprise",
        "Votre décision sur la demande {reference}, qui n’était pas encore signée, a été reprise par un chef d’unité. "
        "Sans autre décision notifiée avant l’échéance, la demande sera acceptée implicitement.",
    ),
    "completion_again": MailTemplate(
        "Nouvelle demande de pièces dans le dossier {reference}",
        "Des pièces sont demandées de nouveau dans le dossier {reference}, ce qui retarde encore l’échéance. À partir "
        "de la troisième, une demande de pièces est faite par un chef d’unité.",
    ),
    "completion_cancelled": MailTemplate(
        "Demande de pièces reprise pour {reference}",
        "La demande de pièces du dossier {reference} a été reprise : le délai court de nouveau, jusqu’à l’échéance du "
        "dernier récépissé.",
    ),
    "enrolment_evicted": MailTemplate(
        "Votre accès à l’établissement {siret} est retiré",
        "Vous n’avez plus accès à l’établissement {siret} dans le service de l’activité partielle : votre adhésion a "
        "été retirée. Si vous pensez que c’est une erreur, écrivez au service qui instruit ses demandes.",
    ),
    "invitation": MailTemplate(
        "Invitation à agir pour l’établissement {siret}",
        "L’interlocuteur principal de l’établissement {siret} vous invite à agir au nom de cet établissement dans le "
        "service de l’activité partielle.\nVotre code, utilisable une seule fois, jusqu’au {end} :\n\n    {code}\n\n"
        "Si vous n’attendiez pas ce courriel, ignorez-le.",
        TO_CODE,
    ),
    "authority_validated": MailTemplate(
        "Habilitation validée pour l’établissement {siret}",
        "Un agent du service de l’activité partielle a validé votre habilitation à agir pour l’établissement {siret}. "
        "Ses autorisations ne sont plus retenues pour ce motif : elles sont transmises à l’agence de services et de "
        "paiement, sauf si un autre motif les retient.",
    ),
    "mandate_offered": MailTemplate(
        "Mandat pour l’établissement {siret}",
        "L’établissement {siret} vous donne mandat de faire ses démarches dans le service de l’activité partielle, du "
        "{from_on} au {until_on}.\nVotre code pour l’accepter, utilisable une seule fois, jusqu’au {end} :\n\n"
        "    {code}\n\nSi vous n’attendiez pas ce courriel, ignorez-le.",
        TO_CODE,
    ),
    "token_issued": MailTemplate(
        "Un jeton d’accès a été créé",
        "Un jeton d’accès vient d’être créé pour votre compte : un logiciel peut désormais agir ou lire en votre nom.\n"
        "Si ce n’est pas vous, révoquez-le depuis la page qui montre vos jetons et, si vous avez un mot de passe"
        ", changez-le aussitôt.",
        TO_ACCOUNT,
    ),
    "codes_set": MailTemplate(
        "Les codes à usage unique sont activés",
        "Un code à usage unique est désormais demandé à chaque connexion à votre compte par mot de passe.\nSi ce n’est "
        "pas vous, changez aussitôt votre mot de passe et écrivez au service.",
        TO_ACCOUNT,
    ),
    "codes_dropped": MailTemplate(
        "Les codes à usage unique ne sont plus demandés",
        "La connexion à votre compte ne demande plus de code à usage unique.\nSi ce n’est pas vous, changez aussitôt "
        "votre mot de passe et activez de nouveau les codes.",
        TO_ACCOUNT,
    ),
    "passkey_added": MailTemplate(
        "Une clé d’accès a été ajoutée",
        "Une clé d’accès vient d’être ajoutée à votre compte : elle suffit pour s’y connecter.\nSi ce n’est pas vous, "
        "retirez-la depuis la page de votre compte et changez aussitôt votre mot de passe.",
        TO_ACCOUNT,
    ),
    "passkey_dropped": MailTemplate(
        "Une clé d’accès a été retirée",
        "Une clé d’accès vient d’être retirée de votre compte : elle ne permet plus de s’y connecter.\nSi ce n’est pas "
        "vous, changez aussitôt votre mot de passe.",
        TO_ACCOUNT,
    ),
    "daily_digest": MailTemplate(
        "Ce qui vous attend dans votre espace : {count}",
        "Actions qui vous attendent dans votre espace de l’activité partielle : {count} (messages à lire, mandats à "
        "accepter).\nVous recevez ce courriel une fois par jour parce que vous l’avez demandé ; la page de votre "
        "compte permet d’y renoncer.",
        TO_ACCOUNT,
    ),
    "daily_digest_due": MailTemplate(
        "À faire au plus tard le {on} : {count}",
        "Actions qui vous attendent dans votre espace de l’activité partielle : {count}. La plus urgente est à faire "
        "au plus tard le {on}.\nVous recevez ce courriel une fois par jour parce que vous l’avez demandé ; la page de "
        "votre compte permet d’y renoncer.",
        TO_ACCOUNT,
    ),
}
"""Mails of accounts; their codes too are derived when the mail is written."""
