"""Letters that carry a code to the address of an establishment; using the code proves the authority of an account.

The account asks for a letter, an operator orders its printing, a worker draws it with a new code. Letters are counted
by account and establishment, so that a stranger who asks for one takes none from the firm; once a member has proven an
authority, those who have not get one in all.
"""

import hmac
from collections.abc import Collection
from datetime import timedelta
from typing import Final, Literal

from sqlalchemy import Connection, Select, func, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from models.engine.names import letter_id
from models.errors import Conflict, Unknown
from models.identifiers import Instant
from models.store.journal import outbox
from models.store.journal.events import Actor
from models.store.people import access_log, authorities, postal_addresses
from models.store.records import Record
from models.store.schema.authority import letter
from models.store.schema.cases import establishment

CODE_LIFETIME: Final = timedelta(days=30)
"""How long the code of a letter is valid, from its printing."""
MAX_TRIES: Final = 5
"""Wrong codes after which a letter is dead."""
LETTER_INTERVAL: Final = timedelta(days=14)
"""Between two letters of one account for one establishment."""
PENDING_LIFETIME: Final = timedelta(days=60)
"""How long a letter that nobody printed waits."""
NOW: Final = func.clock_timestamp()

Redemption = Literal["good", "wrong", "dead", "none"]
"""`dead`: that was the last try; `none`: no letter is waiting for its code."""


class LetterRecord(Record):
    """A letter, without its code."""

    id: str
    account_id: str
    siret: str
    requested_at: Instant
    ordered_at: Instant | None
    printed_at: Instant | None
    expires_at: Instant | None
    tries: int


class WaitingLetter(LetterRecord):
    """A letter that an operator may have printed, and the establishment that it goes to."""

    department: str
    name: str


COLUMNS = tuple(letter.c[name] for name in LetterRecord.model_fields)
_LIVING = (letter.c.used_at.is_(None), letter.c.dropped_at.is_(None))
_UNEXPIRED = func.coalesce(letter.c.expires_at, letter.c.requested_at + PENDING_LIFETIME) > NOW


def request(connection: Connection, siret: str, account_id: str) -> LetterRecord:
    """Request a letter; raises `Conflict` when one is on its way, when it is too soon, or without a known address."""
    authorities.hold(connection, siret)
    if postal_addresses.find(connection, siret) is None:
        raise Conflict("letter-impossible", "Le répertoire des établissements ne donne pas d’adresse où écrire.")
    if not may_request(connection, siret, account_id):
        raise Conflict("letter-waiting", "Une lettre a déjà été demandée il y a moins de quatorze jours.")
    mine = (letter.c.account_id == account_id, letter.c.siret == siret)
    connection.execute(update(letter).where(*mine, *_LIVING).values(dropped_at=NOW))
    created = insert(letter).values(account_id=account_id, siret=siret).returning(*COLUMNS)
    return LetterRecord.of(connection.execute(created).mappings().one())


def may_request(connection: Connection, siret: str, account_id: str) -> bool:
    """Whether an account may request a letter, which replaces the one that it waits for: one in `LETTER_INTERVAL`.

    Once somebody has proven an authority, others share one in that time. Until then nobody knows who is the stranger,
    and a bound for all would let the one who asks first shut out the firm.
    """
    recent = select(letter.c.id).where(letter.c.siret == siret, letter.c.requested_at > NOW - LETTER_INTERVAL)
    if not authorities.has_proven_member(connection, siret):
        recent = recent.where(letter.c.account_id == account_id)
    return connection.execute(recent.limit(1)).first() is None


def get(connection: Connection, letter_uuid: str) -> LetterRecord:
    """Return a letter, whatever became of it; raises `Unknown`."""
    found = LetterRecord.first(connection, select(*COLUMNS).where(letter.c.id == letter_uuid))
    if found is None:
        raise Unknown(letter_uuid)
    return found


def find_living(connection: Connection, siret: str, account_id: str) -> LetterRecord | None:
    """Return the letter that an account waits for, or whose code may still be used; None if there is none."""
    mine = (letter.c.account_id == account_id, letter.c.siret == siret)
    return LetterRecord.first(connection, select(*COLUMNS).where(*mine, *_LIVING, _UNEXPIRED))


def list_waiting(
    connection: Connection,
    departments: Collection[str] | None = None,
    *,
    after: str | None = None,
    limit: int | None = None,
) -> list[WaitingLetter]:
    """Return the letters to print, of some départements or of all, oldest first, after a letter."""
    query = _with_establishment().where(letter.c.printed_at.is_(None), *_LIVING, _UNEXPIRED).limit(limit)
    if departments is not None:
        query = query.where(establishment.c.department.in_(departments))
    if after is not None:
        last = letter.alias()
        position = select(last.c.requested_at, last.c.id).where(last.c.id == after).scalar_subquery()
        query = query.where(tuple_(letter.c.requested_at, letter.c.id) > position)
    return WaitingLetter.all(connection, query)


def get_living(connection: Connection, letter_uuid: str) -> WaitingLetter:
    """Return a letter that is neither used, dropped nor expired, locked; raises `Unknown`."""
    living = (letter.c.id == letter_uuid, *_LIVING, _UNEXPIRED)
    query = _with_establishment().where(*living).with_for_update(of=letter)
    found = WaitingLetter.first(connection, query)
    if found is None:
        raise Unknown(letter_uuid)
    return found


def order(connection: Connection, letter_uuid: str, actor: Actor, reason: str = "") -> None:
    """Order the printing of a letter; raises `Conflict` for one that was printed, unless there is a reason to reprint.

    Printing again makes a new code, under the same date of expiry: the code printed before is worth nothing then.
    Raises `Unknown` after that date: the account asks for another letter.
    """
    found = get_living(connection, letter_uuid)
    if found.printed_at and not reason:
        raise Conflict("letter-printed", "Cette lettre est imprimée : pour la refaire, dites pourquoi.")
    emptied = {"ordered_at": NOW, "ordered_by": actor.account_id, "digest": None, "printed_at": None}
    connection.execute(update(letter).where(letter.c.id == letter_uuid).values(emptied))
    outbox.enqueue(connection, letter_id(letter_uuid), "start")
    access_log.write(
        connection, "letter_ordered", actor, letter=letter_uuid, siret=found.siret, again="yes" if reason else "no"
    )


def store_code(connection: Connection, letter_uuid: str, code_digest: bytes) -> bool:
    """Store the digest of the code about to be printed, replacing that of an attempt that failed.

    False when there is nothing to print: the letter is printed already, was not ordered, or is over.
    """
    waiting = (letter.c.ordered_at.is_not(None), letter.c.printed_at.is_(None), *_LIVING, _UNEXPIRED)
    until = func.coalesce(letter.c.expires_at, NOW + CODE_LIFETIME)
    stored = update(letter).where(letter.c.id == letter_uuid, *waiting).values(digest=code_digest, expires_at=until)
    return connection.execute(stored.returning(letter.c.id)).first() is not None


def mark_printed(connection: Connection, letter_uuid: str, code_digest: bytes, actor: Actor) -> None:
    """Record that a letter is in the printing folder, unless a later attempt replaced its code."""
    mine = (letter.c.id == letter_uuid, letter.c.digest == code_digest, letter.c.printed_at.is_(None))
    printed = update(letter).where(*mine).values(printed_at=NOW).returning(letter.c.siret, letter.c.ordered_by)
    if row := connection.execute(printed).first():
        by = {"ordered_by": str(row.ordered_by)}
        access_log.write(connection, "letter_printed", actor, letter=letter_uuid, siret=row.siret, **by)


def drop(connection: Connection, letter_uuid: str, actor: Actor) -> None:
    """Give a letter up: its establishment has no known address any more."""
    connection.execute(update(letter).where(letter.c.id == letter_uuid, *_LIVING).values(dropped_at=NOW))
    access_log.write(connection, "letter_dropped", actor, letter=letter_uuid)


def redeem(connection: Connection, letter_uuid: str, code_digest: bytes) -> Redemption:
    """Use the code of a letter, once; a wrong one is counted, so commit whatever the answer is."""
    found = connection.execute(_VALID, {"id": letter_uuid}).first()
    if found is None:
        return "none"
    mine = update(letter).where(letter.c.id == letter_uuid)
    if hmac.compare_digest(bytes(found.digest), code_digest):
        connection.execute(mine.values(used_at=NOW))
        return "good"
    dead = found.tries + 1 >= MAX_TRIES
    connection.execute(mine.values(tries=letter.c.tries + 1, **({"dropped_at": NOW} if dead else {})))
    return "dead" if dead else "wrong"


_VALID = text(
    "SELECT digest, tries FROM letter WHERE id = CAST(:id AS uuid) AND printed_at IS NOT NULL AND used_at IS NULL"
    " AND dropped_at IS NULL AND expires_at > clock_timestamp() FOR UPDATE"
)


def _with_establishment() -> Select[tuple[object, ...]]:
    return (
        select(*COLUMNS, establishment.c.department, establishment.c.name)
        .join(establishment, establishment.c.siret == letter.c.siret)
        .order_by(letter.c.requested_at, letter.c.id)
    )
