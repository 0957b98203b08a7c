"""The wording of mails about enrolments."""

from typing import Final

from activities.mail.mail_template import TO_CODE, TO_SITE, MailTemplate

ENROLMENT_MAILS: Final = {
    "credentials": MailTemplate(
        "Votre code d’activation pour l’établissement {subject}",
        "Une adhésion au service de l’activité partielle a été demandée pour l’établissement {subject}, avec votre "
        "adresse électronique.\nVotre code d’activation, utilisable une seule fois, jusqu’au {end} :\n\n    {code}"
        "\n\nIl vous permet de choisir un mot de passe ; le récépissé de votre adhésion sera alors dans votre espace.\n"
        "Si vous n’attendiez pas ce courriel, ignorez-le : sans ce code, l’adhésion n’a pas d’effet.",
        TO_CODE,
    ),
    "activation_reminder": MailTemplate(
        "Activez votre adhésion {by}",
        "Le code d’activation de l’établissement {subject} n’a pas encore servi. Il peut servir jusqu’au {end} :\n\n"
        "    {code}\n\nPassé ce délai, vous devrez adhérer à nouveau.",
        TO_CODE,
    ),
    "enrolment_lapsed": MailTemplate(
        "Votre adhésion est caduque",
        "Le code d’activation de l’établissement {subject} n’a pas servi à temps : votre adhésion est caduque. Vous "
        "pouvez adhérer à nouveau.",
        "Adhérez à nouveau :",
    ),
    "enrolment_again": MailTemplate(
        "Accès au service pour l’établissement {subject}",
        "Une autre personne a demandé à adhérer pour l’établissement {subject}, dont vous êtes l’interlocuteur "
        "principal. Rien n’a changé pour vous ; nous lui avons répondu de s’adresser à vous.\nSi quelqu’un de "
        "votre établissement doit accéder au service, invitez-le depuis votre espace. Sinon, vous n’avez rien à faire.",
    ),
    "enrolment_taken": MailTemplate(
        "Votre demande d’adhésion pour l’établissement {subject}",
        "Une adhésion au service de l’activité partielle a été demandée avec votre adresse pour l’établissement "
        "{subject}. Il a déjà un interlocuteur dont l’habilitation est prouvée : demandez-lui de vous inviter.\nSi "
        "vous n’attendiez pas ce courriel, ignorez-le.",
        TO_SITE,
    ),
    "establishment_evicted": MailTemplate(
        "Adhésion retirée pour l’établissement {subject}",
        "Un compte a été écarté de l’établissement {subject} par décision de deux exploitants. Ce qu’il avait déposé "
        "n’est pas transmis à l’ASP ; vérifiez les demandes de cet établissement.",
    ),
    "establishment_relocated": MailTemplate(
        "Département corrigé pour l’établissement {subject}",
        "Le département de l’établissement {subject} a été corrigé par décision de deux exploitants, pour ses demandes "
        "à venir. Les demandes déjà déposées ne changent pas.",
    ),
    "enrolment_unknown": MailTemplate(
        "Établissement {subject} inconnu du répertoire",
        "L’établissement {subject} a adhéré au service ; le répertoire des établissements ne le connaît pas.",
        TO_SITE,
    ),
    "enrolment_ceased": MailTemplate(
        "Établissement {subject} fermé d’après le répertoire",
        "L’établissement {subject} a adhéré au service ; d’après le répertoire des établissements, il est fermé.",
        TO_SITE,
    ),
    "enrolment_away": MailTemplate(
        "Établissement {subject} non vérifié",
        "L’établissement {subject} a adhéré au service pendant que le répertoire des établissements ne répondait pas : "
        "il n’a pas été vérifié.",
        TO_SITE,
    ),
}
"""Mails of enrolments; `{code}` is derived from the master key when the mail is written, and stored nowhere."""
