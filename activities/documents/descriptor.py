"""What the service knows of one kind of document; each module of `kinds` describes one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection

from activities.documents.compose import CaseFile
from activities.documents.contents import Content
from activities.documents.owners import CASE, CaseOwner
from activities.mail.mail_template import MailTemplate
from models.labels import DocumentKind
from models.store.cases.documents import DocumentRecord
from models.store.cases.records import RequestRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDescriptor:
    """A kind of document: its content, and the reason that readers of its signature see (French)."""

    kind: DocumentKind
    """Names the template too: `templates/<kind>.typ`."""
    content: type[Content]
    signing_reason: str
    series: str
    """Letters of the numbers of this kind, « DA » in « 034AQHV0200-DA1 »."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImmediatePublication:
    """How a document that is published as soon as it is stored is announced."""

    event: str | None
    """Type of the event recorded; None if the step has an event of its own."""
    mail: MailTemplate
    """The notice is of the document's kind. It prints `Content.acceptance_at` as `{at}`, or as the deadline `{by}`, and
    `Content.mailed_day` as `{on}`."""
    recipients: Callable[[Connection, RequestRecord, str], list[str]]
    """Accounts to notify, from the request and what the document is about."""
    step: Callable[[Connection, str, DocumentRecord], None] | None = None
    """The step that the publication is, in the same transaction, from what the document is about."""
    said: Callable[[Connection, str], dict[str, str]] | None = None
    """What the notice says besides, asked after the step: `sense` names the wording, as the mails of claims have it."""


class SigningPower(NamedTuple):
    """Who decided, the certificate of the delegation (None for an early decision), and by what, if it may change."""

    decider: str
    certificate: str | None
    given_by: str = ""
    """Id of the visa or decision, where another may follow before it is signed, and of what else it depends on."""


def always(_connection: Connection, _about: str) -> bool:
    """The default `is_due`: the document is always due."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDocument(DocumentDescriptor):
    """A kind of document that the register stores in a case.

    `about` is what the document is about, as the message of its act names it (`Ref.id`): the rank of a reception,
    the id of a decision or a claim, or nothing.
    """

    compose: Callable[[CaseFile, str], Content]
    """Reads the register and returns the content for `about`."""
    subject: str = ""
    """Business key within the case and the kind; `{about}` stands for `about`. What the service publishes itself has
    a slash, which the ids of agents cannot have: publishing goes by subject, and must never reach a decision."""
    owner: CaseOwner = CASE
    """The case, or the claim that `about` is the id of."""
    publication: ImmediatePublication | None = None
    """None: the document stays unreadable until another act notifies it."""
    power: Callable[[Connection, str], SigningPower] | None = None
    """Set for a document that a person signs. The others are sealed by the service."""
    is_due: Callable[[Connection, str], bool] = always
    """Whether the document is still to be made; checked before it is composed and again before it is stored."""
    on_stored: Callable[[Connection, str], None] | None = None
    """Records in the same transaction that the document exists."""

    def subject_of(self, about: str) -> str:
        """Return the business key of the document about `about`."""
        return self.subject.format(about=about)
