"""Messages between the employer and the agents of a case; they never touch the clock."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Annotated, NamedTuple

from pydantic import Field

from law.calendar import local
from models.bodies.messages import MessageBody
from models.identifiers import UUID, Message
from models.store.cases import messages
from models.store.cases.files import StoredFile
from models.store.cases.messages import ReadMessage, Side
from models.store.cases.records import RequestRecord
from models.store.paging import PAGE_SIZE, Limit
from models.store.people import quotas
from models.store.people.accounts import Account
from starter.auth.caller import Caller
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import Fault, InvalidRequest
from starter.http.request_body import ListParameters, Submission
from starter.services.case_schemas import here
from starter.services.files import file_faults


class MessageView(Message):
    """One message of a case."""

    id: str
    side: Side
    """Who wrote: the employer’s side, or the agents’."""
    author: str
    sent_at: datetime
    text: str | None
    """None once the history of the case is erased."""
    files: tuple[StoredFile, ...]
    read_at: datetime | None
    """First reading by the other side."""


class Messages(Message):
    """A page of messages, newest first; `next` is the cursor of the older ones."""

    items: tuple[MessageView, ...]
    next: str | None


class MessageListing(ListParameters):
    """Which page of the messages."""

    cursor: Annotated[
        str | None, Field(pattern=f"^{UUID.pattern}$", description="Valeur de `next` de la page précédente.")
    ] = None
    limit: Limit = PAGE_SIZE


class MessageList(NamedTuple):
    """A page of messages, and the account that reads it."""

    reader: Account
    page: Messages


def list_messages(
    context: Context,
    credential: PresentedCredential,
    reference: str,
    listing: MessageListing,
    how_many: Callable[[Sequence[str]], int] = len,
) -> MessageList:
    """Return messages of a case, newest first, and mark those of the other side as read; raises `Unknown`.

    `how_many` says, by their texts, how many of them are returned, if not all that the listing asks.
    """
    with context.admit(credential, Verb.READ_MESSAGES) as caller:
        case = caller.request(reference)
        caller.note_reading(case.reference)
        cursor, limit = listing.cursor, listing.limit
        found = messages.list_page(caller.connection, case.reference, context.master, before=cursor, limit=limit)
        read = found[: how_many([each.text or "" for each in found])]
        if Verb.SEND_MESSAGE.rule.scope(caller.account.role):  # whoever only looks on has not read for their side
            messages.mark_read(caller.connection, case.reference, read, _side(caller))
    after = read[-1].record.id if len(found) == limit or len(read) < len(found) else None
    return MessageList(caller.account, Messages(items=tuple(_view(each, case) for each in read), next=after))


def send(
    context: Context, credential: PresentedCredential, reference: str, submission: Submission[MessageBody]
) -> MessageView:
    """Send a message to the other side; raises `Unknown`, `InvalidRequest`, `QuotaReached`, `Conflict`."""
    with context.admit(credential, Verb.SEND_MESSAGE) as caller:
        case = caller.request(reference)
        sent = caller.once(submission.key, submission.digest, lambda: _send(context, caller, case, submission.read()))
        caller.note_reading(case.reference)
        return _view(messages.get(caller.connection, sent, context.master), case)


def _send(context: Context, caller: Caller, case: RequestRecord, body: MessageBody) -> str:
    if faults := [*_faults(caller, body.files)]:
        raise InvalidRequest(faults)
    kind: quotas.Kind = "messages" if caller.is_employer else "agent_messages"
    quotas.use(caller.connection, caller.account.id, kind, 1, caller.shares())
    return messages.send(caller.connection, case.reference, body, _side(caller), caller.actor, context.master)


def _faults(caller: Caller, cited: Sequence[str]) -> Iterator[Fault]:
    for at, file_id in enumerate(cited):
        yield from file_faults(caller, file_id, f"/files/{at}")


def _side(caller: Caller) -> Side:
    return "employer" if caller.is_employer else "agent"


def _view(read: ReadMessage, case: RequestRecord) -> MessageView:
    record = read.record
    return MessageView(
        id=record.id,
        side=record.side,
        author=record.author,
        sent_at=local(record.sent_at, case.department),
        text=read.text,
        files=tuple(read.files),
        read_at=here(record.read_at, case.department),
    )
