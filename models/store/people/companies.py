"""What the register of establishments answered, kept for a day so that nobody asks it twice.

Only the acts of workers ask it; whoever answers a caller reads what is here.
"""

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, delete, false, func, literal, or_, select, text
from sqlalchemy.dialects.postgresql import insert

from models.errors import Unknown
from models.establishments import DirectoryAnswer, ListedEstablishment, Outcome, PostalAddress, Source
from models.store.schema.companies import company, company_answer

KEPT: Final[dict[Outcome, timedelta]] = {
    "listed": timedelta(days=1),
    "undisclosed": timedelta(days=1),
    "unknown": timedelta(hours=1),
}
"""How long an answer is used without asking again: a new establishment may be unknown for some hours."""
CLAIM: Final = timedelta(seconds=20)
"""How long one process may take to ask before another one asks in its place."""
FORGOTTEN_AFTER: Final = timedelta(days=30)
"""An answer may name a person (sole trader) who has since asked not to be disclosed."""
_NOW: Final = func.clock_timestamp()
_KEPT_STILL: Final = ((company.c.outcome == each) & (company.c.asked_at > _NOW - kept) for each, kept in KEPT.items())
_FRESH: Final = func.coalesce(or_(*_KEPT_STILL), false())


def find(connection: Connection, siret: str) -> DirectoryAnswer | None:
    """Return the last answer about an establishment, fresh or not; None if there is none."""
    c = company.c
    columns = (c.siret, c.outcome, c.listed, c.source, c.asked_at, _FRESH.label("fresh"))
    row = connection.execute(select(*columns).where(c.siret == siret, c.outcome.is_not(None))).mappings().first()
    # Through JSON, because the record is as strict as a message: its tuples and dates are lists and texts in the row.
    return DirectoryAnswer.model_validate_json(json.dumps(dict(row), default=str)) if row else None


def get(connection: Connection, siret: str) -> DirectoryAnswer:
    """Return the last answer about an establishment; raises `Unknown`."""
    answer = find(connection, siret)
    if answer is None:
        raise Unknown(siret)
    return answer


def find_listed(connection: Connection, siret: str) -> ListedEstablishment | None:
    """Return an establishment as it was last listed, or None."""
    answer = find(connection, siret)
    return answer.listed if answer else None


def find_mailing_address(connection: Connection, siret: str) -> PostalAddress | None:
    """Return where the register says that letters reach the firm: its head office, if that is elsewhere.

    None when it is not known, not disclosed or not complete; never the address that somebody stated.
    """
    listed = find_listed(connection, siret)
    if listed and not listed.head_office:
        listed = find_listed(connection, listed.head_office_siret) if listed.head_office_siret else None
    return listed.address if listed and listed.address and listed.address.is_complete else None


def claim(connection: Connection, siret: str) -> bool:
    """Become the one process that asks about an establishment; False while another one does, or just did."""
    row = insert(company).values(siret=siret, claimed_at=_NOW)
    free = or_(company.c.claimed_at.is_(None), company.c.claimed_at < _NOW - CLAIM)
    taken = row.on_conflict_do_update(index_elements=["siret"], set_={"claimed_at": _NOW}, where=free & ~_FRESH)
    return connection.execute(taken.returning(company.c.siret)).first() is not None


def release(connection: Connection, siret: str) -> None:
    """Let another process ask about an establishment."""
    connection.execute(company.update().where(company.c.siret == siret).values(claimed_at=None))


def store(
    connection: Connection,
    siret: str,
    outcome: Outcome,
    source: Source,
    listed: Iterable[ListedEstablishment] = (),
) -> None:
    """Keep an answer, and the other establishments that it describes."""
    rows: dict[str, dict[str, object]] = {siret: {"outcome": outcome, "listed": None}}
    rows |= {each.siret: {"outcome": "listed", "listed": each.model_dump(mode="json")} for each in listed}
    for subject in sorted(rows):  # in one order, because two answers may describe the same head office
        values = rows[subject] | {"siret": subject, "source": source, "asked_at": _NOW, "claimed_at": None}
        statement = insert(company).values(values)
        connection.execute(statement.on_conflict_do_update(index_elements=["siret"], set_=values))


def count(connection: Connection, source: Source, outcome: str) -> None:
    """Count an answer of a source."""
    row = insert(company_answer).values(source=source, outcome=outcome, count=1)
    more = {"count": company_answer.c.count + literal(1)}
    connection.execute(row.on_conflict_do_update(index_elements=["source", "outcome"], set_=more))


def counts(connection: Connection) -> list[tuple[str, str, int]]:
    """Return how many answers of each kind each source gave."""
    query = select(company_answer).order_by(company_answer.c.source, company_answer.c.outcome)
    return [(source, outcome, number) for source, outcome, number in connection.execute(query)]


def forget_old(connection: Connection) -> int:
    """Delete answers that nobody renewed; returns how many."""
    last = func.coalesce(company.c.asked_at, company.c.claimed_at, text("'-infinity'::timestamptz"))
    return connection.execute(delete(company).where(last < _NOW - FORGOTTEN_AFTER)).rowcount
