"""The wording of the mails of one kind of notice."""

from typing import Final, NamedTuple

TO_SPACE: Final = "Connectez-vous à votre espace pour en prendre connaissance :"
"""What stands before the link of a mail about a case."""
TO_ACCOUNT: Final = "Connectez-vous à votre compte :"
TO_SITE: Final = "Le site du service :"
"""The same where nobody reads it in a space of their own: no account yet, or nothing to see there."""
TO_CODE: Final = "La page où saisir ce code :"


class MailTemplate(NamedTuple):
    """Subject, sentences, and the sentence before the link.

    `{subject}` is the reference or SIRET; `{on}` a day; `{at}` an instant, `{end}` the same as the end of a day, « 13
    décembre 2026 à minuit (heure de Paris) », `{by}` the same as a deadline, « au plus tard le 13 décembre… ». These
    three name their legal hour.
    """

    subject: str
    text: str
    lead: str = TO_SPACE
