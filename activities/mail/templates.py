"""The wording of each kind of notice: short plain text, without names of people, bank accounts or reasons."""

from collections.abc import Callable
from datetime import date, datetime
from email.message import EmailMessage
from hashlib import sha256
from typing import Final

from activities.documents.descriptor import CaseDocument
from activities.documents.kinds import KINDS
from activities.mail.mail_template import MailTemplate
from law.texts import NO_BREAK_SPACE, in_french, instant_in_french
from models.engine.names import subject_of
from models.engine.processes import find_kind
from models.store.people.notices import Notice

DOCUMENT_MAILS: Final = {
    kind.value: described.publication.mail
    for kind, described in KINDS.items()
    if isinstance(described, CaseDocument) and described.publication
}
"""Mails of documents that are published as soon as they are stored, by kind."""

CASE_MAILS: Final = DOCUMENT_MAILS | {
    "completion_requested": MailTemplate(
        "Pièces demandées pour votre demande {subject}",
        "Des pièces indispensables manquent à votre demande {subject} : le délai est arrêté jusqu’à leur réception.\n"
        "La demande de pièces est dans votre espace, où vous pouvez les fournir.",
    ),
    "completion_request_voided": MailTemplate(
        "Demande de pièces caduque pour {subject}",
        "Votre demande de pièces pour {subject} n’a pas pu être notifiée à temps : elle est sans effet.",
    ),
    "completion_overdue": MailTemplate(
        "Pièces non reçues pour {subject}",
        "Le délai laissé pour fournir les pièces de la demande {subject} s’est achevé le {on}. Le délai de décision "
        "reste arrêté ; les pièces peuvent encore être fournies.",
    ),
    "decision_notified": MailTemplate(
        "Décision sur votre demande {subject}",
        "Une décision a été prise sur votre demande d’activité partielle {subject}. Elle vous est notifiée dans votre "
        "espace.",
    ),
    "silence_reminder": MailTemplate(
        "À décider avant le {at} : {subject}",
        "Sans décision notifiée avant le {at}, la demande {subject} sera acceptée implicitement.",
    ),
    "opinion_reminder": MailTemplate(
        "Avis du CSE attendu pour {subject}",
        "L’avis du comité social et économique sur la demande {subject} est attendu au plus tard le {on}.",
    ),
    "opinion_missing": MailTemplate(
        "Avis du CSE non reçu pour {subject}",
        "L’avis du comité social et économique sur la demande {subject} était attendu au plus tard le {on} : il n’est "
        "pas parvenu. Il peut encore être transmis.",
    ),
    "council_reminder": MailTemplate(
        "Informer le CSE de l’issue de la demande {subject}",
        "L’employeur informe le comité social et économique de la décision prise sur la demande {subject} (code du "
        "travail, article R. 5122-4).",
    ),
    "draft_reminder": MailTemplate(
        "Votre brouillon est à déposer avant le {at}",
        "Votre brouillon de demande d’activité partielle peut être déposé jusqu’au {at}. Après cet instant, il sera "
        "caduc.",
    ),
    "draft_lapsed": MailTemplate(
        "Votre brouillon est caduc",
        "Le délai de dépôt est passé : votre brouillon de demande d’activité partielle est caduc. Aucune demande n’a "
        "été déposée.",
    ),
}
"""Mails of cases and drafts, by kind of notice."""

ENROLMENT_MAILS: Final = {
    "credentials": MailTemplate(
        "Votre code d’activation pour l’établissement {subject}",
        "Vous avez adhéré au service de l’activité partielle pour l’établissement {subject}.\nVotre code "
        "d’activation, valable une fois et jusqu’au {at} :\n\n    {code}\n\nIl vous permet de choisir un mot de passe "
        "; le récépissé de votre adhésion sera alors dans votre espace.\nSi vous n’avez rien demandé, ne faites rien.",
    ),
    "activation_reminder": MailTemplate(
        "Votre adhésion est à activer avant le {at}",
        "Le code d’activation de l’établissement {subject} n’a pas encore servi. Il est valable jusqu’au {at} :\n\n"
        "    {code}\n\nAprès cet instant, l’adhésion sera à refaire.",
    ),
    "enrolment_lapsed": MailTemplate(
        "Votre adhésion est caduque",
        "Le code d’activation de l’établissement {subject} n’a pas servi à temps : votre adhésion est caduque. Vous "
        "pouvez adhérer à nouveau.",
    ),
    "enrolment_again": MailTemplate(
        "Une autre personne demande à adhérer pour l’établissement {subject}",
        "Une demande d’adhésion a été faite pour l’établissement {subject}, dont vous êtes l’interlocuteur "
        "principal. Il n’y a pas été donné suite.\nSi quelqu’un de votre établissement doit accéder au service, "
        "c’est à vous de l’inviter.",
    ),
    "enrolment_unknown": MailTemplate(
        "Établissement {subject} inconnu du répertoire",
        "L’établissement {subject} a adhéré au service ; le répertoire des établissements ne le connaît pas.",
    ),
    "enrolment_ceased": MailTemplate(
        "Établissement {subject} fermé d’après le répertoire",
        "L’établissement {subject} a adhéré au service ; d’après le répertoire des établissements, il est fermé.",
    ),
    "enrolment_away": MailTemplate(
        "Établissement {subject} non vérifié",
        "L’établissement {subject} a adhéré au service pendant que le répertoire des établissements ne répondait pas : "
        "il n’a pas été vérifié.",
    ),
}
"""Mails of enrolments; `{code}` is derived from the master key when the mail is written, and stored nowhere."""

ACCOUNT_MAILS: Final = {
    "password_code": MailTemplate(
        "Choisir un nouveau mot de passe",
        "Quelqu’un, vous sans doute, a demandé à choisir un nouveau mot de passe pour cette adresse.\nVotre code, "
        "valable une fois et jusqu’au {at} :\n\n    {code}\n\nSi vous n’avez rien demandé, ne faites rien : votre mot "
        "de passe ne change pas.",
    ),
    "password_changed": MailTemplate(
        "Votre mot de passe a changé",
        "Le mot de passe de votre compte vient d’être changé, et toutes vos sessions ont été fermées.\nSi ce n’est pas "
        "vous, demandez aussitôt un nouveau mot de passe et révoquez vos jetons d’accès.",
    ),
    "invitation": MailTemplate(
        "Invitation à agir pour l’établissement {siret}",
        "L’interlocuteur principal de l’établissement {siret} vous invite à agir pour lui dans le service de "
        "l’activité partielle.\nVotre code, valable une fois et jusqu’au {at} :\n\n    {code}\n\nSi vous n’attendiez "
        "rien, ne faites rien.",
    ),
    "mandate_offered": MailTemplate(
        "Mandat pour l’établissement {siret}",
        "L’établissement {siret} vous donne mandat de faire ses démarches dans le service de l’activité partielle, du "
        "{from_on} au {until_on}.\nVotre code pour l’accepter, valable une fois et jusqu’au {at} :\n\n    {code}\n\nSi "
        "vous n’attendiez rien, ne faites rien.",
    ),
}
"""Mails of accounts; their codes too are derived when the mail is written."""

_GREETING: Final = "Bonjour,\n\n{text}\n\n{link}\n\nTacite, service de l’activité partielle\n"
_FOOTER: Final = "Ce courriel est une information : seul compte ce qui est dans votre espace. N’y répondez pas.\n"


def write(notice: Notice, process: str, site: str, sender: str, code: str = "") -> EmailMessage:
    """Write the mail of a notice; each attempt has the same Message-ID and the same text."""
    words = {"subject": subject_of(process), "code": code}
    words |= {name: _IN_FRENCH[name](value) for name, value in notice.data.items() if name in _IN_FRENCH}
    template = (CASE_MAILS | ENROLMENT_MAILS | ACCOUNT_MAILS)[notice.kind]
    message = EmailMessage()
    message["From"] = sender
    message["To"] = notice.account.email
    # A header that is folded at a non-breaking space loses the space before the word that it is in.
    message["Subject"] = template.subject.format(**words).replace(NO_BREAK_SPACE, " ")
    message["Message-ID"] = message_id(notice.key, sender)
    message["Auto-Submitted"] = "auto-generated"
    link = f"{site.rstrip('/')}{_path(process, notice, code)}"
    message.set_content(
        _GREETING.format(text=template.text.format(**words), link=link) + "\n" + _FOOTER,
        cte="quoted-printable",
    )
    return message


def message_id(key: str, sender: str) -> str:
    """Return the Message-ID of a notice; it lets receivers recognise a repeat."""
    return f"<{sha256(key.encode()).hexdigest()[:32]}@{sender.rpartition('@')[2]}>"


def _path(process: str, notice: Notice, code: str) -> str:
    kind = find_kind(process)
    return kind.link(notice, subject_of(process), code) if kind and kind.link else "/"


_IN_FRENCH: Final[dict[str, Callable[[str], str]]] = {
    "at": lambda value: instant_in_french(datetime.fromisoformat(value)),
    **dict.fromkeys(("on", "from_on", "until_on"), lambda value: in_french(date.fromisoformat(value))),
    "siret": lambda value: value,
}
"""Data that a notice may print besides its subject → how it reads in French."""
