"""Series of references: four letters of an establishment in its département, for ninety-nine requests each.

The hundredth request opens another series of the same establishment. A series is never given twice, not even after
the register was restored from an older copy: those seen on receipts are reserved.
"""

from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    Update,
    bindparam,
    case,
    func,
    insert,
    literal_column,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from models.store.journal.representation import acting_party
from models.store.people import quotas
from models.store.schema.accounts import stated_place
from models.store.schema.cases import establishment, series
from models.store.schema.quotas import daily_filings

LETTER_CODES: Final = 26**4
"""How many combinations of four letters a département has."""
SPREAD: Final = 15_731
"""Coprime with 26⁴: every number has its own letters, and neighbours differ."""

MAX_REQUESTS_OF_SERIES = 99
"""Two digits of the reference, from 01; the hundredth request opens a second series of letters."""
MAX_FILINGS_A_DAY = 100
"""Requests that one party may file for an establishment in a day, desisted ones included. Each costs a seal and a
time-stamp; an establishment files a few in a year. A stranger who enrolled it too uses up nothing of its own."""


def hold(connection: Connection, department: str) -> None:
    """Lock the series of a département until the end of the transaction, so that each number is given once."""
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:d))"), {"d": f"letters:{department}"})


def free_letters(connection: Connection, department: str) -> str:
    """Return four letters that no series of a département has; `hold` it before."""
    number: int = connection.execute(_COUNT, {"of": department}).scalar_one()
    while connection.execute(_GIVEN, {"of": department, "wanted": id_letters(number)}).first():
        number += 1
    return id_letters(number)


_COUNT = select(func.count()).select_from(series).where(series.c.department == bindparam("of"))
_GIVEN = select(series.c.siret).where(series.c.department == bindparam("of"), series.c.letters == bindparam("wanted"))


def add(connection: Connection, department: str, letters: str, siret: str) -> None:
    """Note that a series belongs to an establishment."""
    connection.execute(insert(series).values(department=department, letters=letters, siret=siret))


def open_next(connection: Connection, siret: str) -> None:
    """Open the next series of an establishment that is held."""
    department: str = connection.execute(_DEPARTMENT, {"of": siret}).scalar_one()
    hold(connection, department)
    letters = free_letters(connection, department)
    add(connection, department, letters, siret)
    connection.execute(update(establishment).where(establishment.c.siret == siret).values(letters=letters, requests=0))


def open_beside(connection: Connection, siret: str, department: str) -> None:
    """Open the first or the next series of an establishment that is held, in a département that a party states."""
    hold(connection, department)
    letters = free_letters(connection, department)
    add(connection, department, letters, siret)
    row = upsert(stated_place).values(siret=siret, department=department, letters=letters)
    keys = [stated_place.c.siret, stated_place.c.department]
    connection.execute(row.on_conflict_do_update(index_elements=keys, set_={"letters": letters, "requests": 0}))


_DEPARTMENT = select(establishment.c.department).where(establishment.c.siret == bindparam("of"))


def next_reference(connection: Connection, siret: str, account_id: str, department: str | None = None) -> str:
    """Return the next reference of an establishment that is held, numbered 01 to 99 in its series.

    The hundredth request opens another series. Raises `QuotaReached` after `MAX_FILINGS_A_DAY` of the filer's party.
    `department` is the one that this party states, in which it has a series beside that of the establishment.
    """
    by: dict[str, str | None] = {"of": siret, "account": account_id}
    beside = department is not None and connection.execute(_IS_BESIDE, by | {"stated": department}).scalar_one()
    statement = _NEXT_BESIDE if beside else _NEXT_REFERENCE
    by |= {"stated": department} if beside else {}
    row = connection.execute(statement, by).first()
    if row is None:
        if connection.execute(_FILINGS, by).scalar_one() >= MAX_FILINGS_A_DAY:
            done = f"Vous avez déposé pour cet établissement {MAX_FILINGS_A_DAY} demandes aujourd’hui"
            quotas.refuse(connection, done)
        if beside and department:
            open_beside(connection, siret, department)
        else:
            open_next(connection, siret)
        row = connection.execute(statement, by).one()
    return f"{row.department:0>3}{row.letters}{row.requests:02}"


_ACCOUNT = bindparam("account", type_=daily_filings.c.party.type)
_PARTY = select(func.coalesce(acting_party(bindparam("of"), _ACCOUNT), _ACCOUNT)).scalar_subquery()
"""Whoever the filings are counted for. An agent who registers a request on paper has no party: they count alone."""
_USED_TODAY = case((daily_filings.c.filed_on == quotas.TODAY, daily_filings.c.filings), else_=0)
_FILINGS = select(func.coalesce(func.max(_USED_TODAY), 0)).where(
    daily_filings.c.siret == bindparam("of"), daily_filings.c.party == _PARTY
)
_IS_BESIDE = select(establishment.c.department != bindparam("stated")).where(establishment.c.siret == bindparam("of"))


def _numbering(place: Table, *where: ColumnElement[bool]) -> Update:
    """Return a statement that counts a filing of the day and gives it the next number of a place's series."""
    has_number = (place.c.siret == bindparam("of"), place.c.requests < MAX_REQUESTS_OF_SERIES, *where)
    counted = (
        upsert(daily_filings)
        .from_select(
            ["siret", "party", "filed_on", "filings"],
            select(place.c.siret, _PARTY, quotas.TODAY, literal_column("1")).where(*has_number),
        )
        .on_conflict_do_update(
            index_elements=[daily_filings.c.siret, daily_filings.c.party],
            set_={"filed_on": quotas.TODAY, "filings": _USED_TODAY + 1},
            where=_USED_TODAY < MAX_FILINGS_A_DAY,
        )
        .returning(daily_filings.c.siret)
        .cte("counted")
    )
    numbered = update(place).where(*has_number, place.c.siret.in_(select(counted.c.siret)))
    return numbered.values(requests=place.c.requests + 1)


_NEXT_REFERENCE = _numbering(establishment).returning(
    establishment.c.department, establishment.c.letters, establishment.c.requests
)
_NEXT_BESIDE = _numbering(stated_place, stated_place.c.department == bindparam("stated")).returning(
    stated_place.c.department, stated_place.c.letters, stated_place.c.requests
)
"""One statement counts and numbers: filing is the hottest path of all."""


def id_letters(number: int) -> str:
    """Return the four letters of the n-th series of a département."""
    spread = number * SPREAD % LETTER_CODES
    return "".join(chr(ord("A") + spread // 26**power % 26) for power in (3, 2, 1, 0))
