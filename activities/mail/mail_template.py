"""The wording of the mails of one kind of notice."""

from typing import NamedTuple


class MailTemplate(NamedTuple):
    """Subject and sentences; `{subject}` is the reference, `{at}` an instant, `{on}` a day."""

    subject: str
    text: str
