"""Writes the mail of a notice: short plain text, without names of people, bank accounts or reasons."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from hashlib import sha256
from typing import Final

from activities.mail.account_mails import ACCOUNT_MAILS
from activities.mail.case_mails import CASE_MAILS, PRECISE_MAILS
from activities.mail.claim_mails import CLAIM_MAILS
from activities.mail.enrolment_mails import ENROLMENT_MAILS
from activities.mail.mail_template import MailTemplate
from law.calendar import local
from law.directory import PARIS, department
from law.texts import NO_BREAK_SPACE, deadline_in_french, in_french, instant_in_french, named_end_in_french
from models.agency_advice import advise
from models.email_address import email_address
from models.engine.names import subject_of
from models.engine.processes import find_kind
from models.store.people.mail_firms import Firm
from models.store.people.notices import Notice

ALL_MAILS: Final = CASE_MAILS | CLAIM_MAILS | ENROLMENT_MAILS | ACCOUNT_MAILS | PRECISE_MAILS
"""Every wording, by kind of notice, or by kind and what the notice says besides."""
SENDER_NAME: Final = "Activité partielle (Tacite)"
_GREETING: Final = "Bonjour,\n\n{text}\n{firm}\n{lead}\n{link}\n\nTacite, service de l’activité partielle\n"
_FIRM: Final = "\nÉtablissement : {}\n"
_FOOTER: Final = (
    "Ce courriel est une information : seuls les documents de votre espace font foi. Merci de ne pas répondre à ce "
    "message.\n"
)


def write(
    notice: Notice, process: str, site: str, sender: str, code: str = "", firm: Firm | None = None
) -> EmailMessage:
    """Write the mail of a notice; each attempt has the same Message-ID and the same text.

    `firm` is the establishment that it is about, whose legal hour it names; that of Paris without one. Raises
    ValueError for an address of before that no mail can be sent to.
    """
    words = {"subject": notice.data.get("siret") or _named(process), "code": code, "tokens": "à vérifier"}
    words |= dict(_words(notice, firm.department if firm else PARIS))
    template = _template(notice)
    message = EmailMessage()
    message["From"] = Address(SENDER_NAME, addr_spec=sender)
    message["To"] = Address(addr_spec=email_address(notice.account.email))
    # A header that is folded at a non-breaking space loses the space before the word that it is in.
    message["Subject"] = template.subject.format(**words).replace(NO_BREAK_SPACE, " ")
    message["Message-ID"] = message_id(notice.key, sender)
    message["Auto-Submitted"] = "auto-generated"
    text = _GREETING.format(
        text=template.text.format(**words),
        firm=_FIRM.format(firm.words) if firm else "",
        lead=template.lead,
        link=f"{site.rstrip('/')}{_path(process, notice, code)}",
    )
    message.set_content(f"{text}\n{_FOOTER}", cte="quoted-printable")
    return message


def message_id(key: str, sender: str) -> str:
    """Return the Message-ID of a notice; it lets receivers recognise a repeat."""
    return f"<{sha256(key.encode()).hexdigest()[:32]}@{sender.rpartition('@')[2]}>"


def _named(process: str) -> str:
    kind, subject = find_kind(process), subject_of(process)
    return kind.name(subject) if kind and kind.name else subject


def _template(notice: Notice) -> MailTemplate:
    """Return the wording of a notice: that of what it says, which those of earlier releases do not say."""
    said = notice.data.get("sense") or ("dated" if "on" in notice.data else "")
    return ALL_MAILS.get(f"{notice.kind}/{said}") or ALL_MAILS[notice.kind]


def _path(process: str, notice: Notice, code: str) -> str:
    kind = find_kind(process)
    return kind.link(notice, subject_of(process), code) if kind and kind.link else "/"


def _words(notice: Notice, where: str) -> Iterator[tuple[str, str]]:
    """Yield what a notice may print besides its subject, in French."""
    if "at" in notice.data:
        at, hour = local(datetime.fromisoformat(notice.data["at"]), where), department(where).legal_time
        yield "at", f"{instant_in_french(at)} ({hour})"
        yield "end", named_end_in_french(at, hour)
        yield "by", deadline_in_french(at, hour)
    if "answer" in notice.data:
        yield "advice", advise(notice.data["answer"], of_people="of_people" in notice.data)
    for name, value in notice.data.items():
        if name in _IN_FRENCH:
            yield name, _IN_FRENCH[name](value)


_IN_FRENCH: Final[dict[str, Callable[[str], str]]] = {
    **dict.fromkeys(("on", "from_on", "until_on", "contest_on"), lambda value: in_french(date.fromisoformat(value))),
    **dict.fromkeys(("siret", "reference", "tokens", "count", "answer"), lambda value: value),
}
