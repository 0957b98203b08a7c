"""Messages between the employer and the agents of a case: sealed under the case's key, erased with it.

A message never starts, stops or restarts the clock, and no process hears of it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from os import urandom
from typing import Final, Literal, NamedTuple

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, func, insert, select, text, update

from models.bodies.messages import MessageBody
from models.engine.keys import KeyDestroyed, MasterKey, seal, unseal
from models.engine.names import authorization_id
from models.errors import Conflict, QuotaReached
from models.identifiers import Instant
from models.labels import CaseEvent
from models.store.cases import files, followers, requests
from models.store.cases.files import StoredFile
from models.store.cases.records import RequestRecord
from models.store.database import case_now
from models.store.journal import events, keys, representation
from models.store.journal.events import Actor
from models.store.people import code_mails
from models.store.records import Record
from models.store.schema.cases import account
from models.store.schema.messages import SEALED_DIGEST, message

Side = Literal["employer", "agent"]
SALT_BYTES: Final = 32
MAX_A_DAY: Final = 50
"""Messages of one side in one case within a day, whoever writes: each is an event, and a case is read whole."""


class MessageRecord(Record):
    """A message as it is stored, with the name of its author."""

    id: str
    reference: str
    account_id: str
    author: str
    side: Side
    sealed: bytes
    salt: bytes
    files: tuple[str, ...]
    sent_at: Instant
    read_at: Instant | None
    """First reading by the other side."""


class ReadMessage(NamedTuple):
    """A message and its text, which is None once the case's key is destroyed."""

    record: MessageRecord
    text: str | None
    files: list[StoredFile]


def send(connection: Connection, reference: str, body: MessageBody, side: Side, actor: Actor, master: MasterKey) -> str:
    """Store a message, its event and the mails that tell the other side; returns its id.

    Raises `Conflict` once the case is closed, `QuotaReached` beyond `MAX_A_DAY`.
    """
    case = requests.get(connection, reference, hold=True)
    if case.closed_at is not None:
        raise Conflict("case-closed", "Ce dossier est clos : aucun message ne peut plus y être envoyé.")
    at, salt = case_now(connection, reference), urandom(SALT_BYTES)
    _refuse_too_many(connection, reference, side, at)
    cipher = AESGCM(keys.get(connection, authorization_id(reference), master))
    row = {
        "reference": reference,
        "account_id": actor.account_id,
        "side": side,
        "sealed": seal(cipher, body.text.encode(), _bound_to(reference, salt)),
        "salt": salt,
        "files": list(dict.fromkeys(body.files)),
        "sent_at": at,
    }
    sent = connection.execute(_INSERT, row).one()
    events.append(connection, reference, CaseEvent.MESSAGE_SENT, at, actor, message=sent.id, digest=sent.digest)
    _tell_other_side(connection, case, side)
    return str(sent.id)


def _refuse_too_many(connection: Connection, reference: str, side: Side, at: datetime) -> None:
    recent = (message.c.reference == reference, message.c.side == side, message.c.sent_at > at - A_DAY)
    many, first = connection.execute(select(func.count(), func.min(message.c.sent_at)).where(*recent)).one()
    if many >= MAX_A_DAY:
        told = "Les messages qu’un dossier reçoit de chaque côté en une journée y sont déjà : réessayez demain."
        raise QuotaReached(told, int((first + A_DAY - at).total_seconds()) + 1)


A_DAY: Final = timedelta(days=1)
_INSERT = insert(message).returning(message.c.id, text(SEALED_DIGEST.format("message") + " AS digest"))


def _bound_to(reference: str, salt: bytes) -> bytes:
    return b"message " + reference.encode() + salt


def _tell_other_side(connection: Connection, case: RequestRecord, side: Side) -> None:
    """Announce what waits to be read: one mail a day to each, until it is read."""
    unread = select(message.c.id).where(message.c.reference == case.reference, message.c.side == side)
    oldest = connection.execute(unread.where(message.c.read_at.is_(None)).order_by(message.c.id).limit(1)).scalar()
    key = f"message/{oldest}/{followers.today(connection, case).isoformat()}"
    for each in followers.list_agents(connection, case) if side == "employer" else _list_employers(connection, case):
        code_mails.notify(connection, each, "message_received", key, reference=case.reference)


def _list_employers(connection: Connection, case: RequestRecord) -> list[str]:
    """Whoever filed the case and whoever wrote for the employer last; another member for one who left."""
    last = select(message.c.account_id).where(message.c.reference == case.reference, message.c.side == "employer")
    wrote = connection.execute(last.order_by(message.c.id.desc()).limit(1)).scalars().all()
    found = [representation.find_recipient(connection, each, case.reference) for each in (case.account_id, *wrote)]
    return [*dict.fromkeys(found)]


def get(connection: Connection, message_id: str, master: MasterKey) -> ReadMessage:
    """Return a message that exists."""
    row = connection.execute(_MESSAGES.where(message.c.id == message_id)).mappings().one()
    return _opened(connection, [MessageRecord.of(row)], master)[0]


def list_page(
    connection: Connection, reference: str, master: MasterKey, *, before: str | None, limit: int
) -> list[ReadMessage]:
    """Return the latest messages of a case, newest first; `before` is the id of the last one that was read."""
    query = _MESSAGES.where(message.c.reference == reference)
    if before is not None:
        query = query.where(message.c.id < before)
    records = MessageRecord.all(connection, query.order_by(message.c.id.desc()).limit(limit))
    return _opened(connection, records, master)


_MESSAGES = select(message, account.c.name.label("author")).join(account, account.c.id == message.c.account_id)


def count_unread(connection: Connection, reference: str, side: Side) -> int:
    """Return how many messages of a side the other one has not read."""
    query = select(func.count()).select_from(message)
    unread = (message.c.reference == reference, message.c.side == side, message.c.read_at.is_(None))
    return connection.execute(query.where(*unread)).scalar_one()


def mark_read(connection: Connection, reference: str, read: Sequence[ReadMessage], side: Side) -> None:
    """Note that a side has read, for the first time, these messages of the other one."""
    new = [each.record.id for each in read if each.record.side != side and each.record.read_at is None]
    if new:
        unread = (message.c.id.in_(new), message.c.read_at.is_(None))
        connection.execute(update(message).where(*unread).values(read_at=case_now(connection, reference)))


def _opened(connection: Connection, records: Sequence[MessageRecord], master: MasterKey) -> list[ReadMessage]:
    """Return messages of one case with their texts."""
    if not records:
        return []
    cipher = _find_cipher(connection, records[0].reference, master)
    cited = {each.id: each for each in files.list_of(connection, [id_ for record in records for id_ in record.files])}
    return [
        ReadMessage(record, _text(record, cipher), [cited[each] for each in record.files if each in cited])
        for record in records
    ]


def _find_cipher(connection: Connection, reference: str, master: MasterKey) -> AESGCM | None:
    try:
        return AESGCM(keys.get(connection, authorization_id(reference), master))
    except KeyDestroyed:
        return None


def _text(record: MessageRecord, cipher: AESGCM | None) -> str | None:
    if cipher is None:
        return None
    return unseal(cipher, record.sealed, _bound_to(record.reference, record.salt)).decode()
