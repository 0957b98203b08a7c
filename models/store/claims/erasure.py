"""Erasure of the people of a case’s claims, with the key of the case: no blind index is left that finds them again.

Figures stay: they are the ledger’s. Sums of a person’s year and week stay while another claim of the establishment
that is not erased holds the person; they go on counting what was erased, so that no quota is used twice.
"""

from typing import Final

from sqlalchemy import Connection, text

from models.claim_labels import STANDING
from models.store.database import case_now
from models.store.journal import events
from models.store.journal.claim_grammar import claim_chain
from models.store.journal.events import Actor

ERASED: Final = "EXISTS (SELECT FROM event e WHERE e.subject = 'claim:' || c.id AND e.type = 'claim_people_erased')"
"""Whether the people of the claim `c` are erased: its chain says so, and no column beside it."""


def erase_people(connection: Connection, reference: str, actor: Actor) -> None:
    """Erase who the people of every claim of a case are; the caller has destroyed its key, and holds its request."""
    row = {"reference": reference, "standing": list(STANDING)}
    connection.execute(_FORGET_FILES, row)  # after the request and before the entitlement, as in a submission
    connection.execute(_HOLD_ENTITLEMENT, row)
    claims = connection.execute(_HOLD_CLAIMS, row).all()
    for statement in _TAKE:  # who holds them is asked afterwards: an admission may have ended meanwhile
        connection.execute(statement, row)
    for statement in _DROP:
        connection.execute(statement, row)
    for statement in _FORGET:
        connection.execute(statement, row)
    at = case_now(connection, reference)
    for each in claims:
        if each.version is not None:
            events.append(connection, claim_chain(each.id), "claim_people_erased", at, actor, recorded_at=at)


def is_erased(connection: Connection, claim_id: str) -> bool:
    """Whether the people of a claim are erased."""
    return connection.execute(_IS_ERASED, {"id": claim_id}).first() is not None


_IS_ERASED = text(f"SELECT FROM claim c WHERE c.id = :id AND {ERASED}")
_HOLD_ENTITLEMENT = text("SELECT FROM entitlement WHERE reference = :reference FOR NO KEY UPDATE")
_HOLD_CLAIMS = text(
    f"SELECT c.id::text, c.version FROM claim c WHERE c.reference = :reference AND NOT {ERASED}"  # noqa: S608
    " ORDER BY c.id FOR NO KEY UPDATE"
)
_PEOPLE: Final = "SELECT p.blind FROM claim c JOIN claim_person p ON p.claim_id = c.id WHERE c.reference = :reference"
_SIRET: Final = "(SELECT siret FROM request WHERE reference = :reference)"
_TAKE: Final = tuple(
    text(f"SELECT FROM {table} t WHERE t.siret = {_SIRET} AND t.blind IN ({_PEOPLE}) ORDER BY {order} FOR UPDATE")
    for table, order in (("person_year", "t.blind, t.year"), ("person_week", "t.blind, t.week_on"))
)
_HELD: Final = (
    "SELECT FROM request r JOIN claim c USING (reference) JOIN claim_person p ON p.claim_id = c.id"
    " {weeks} WHERE r.siret = t.siret AND c.reference <> :reference AND c.state = ANY(:standing)"
    " AND p.blind = t.blind AND {same}"
)
"""Claims of the establishment, under another authorization, that hold the person: an erased one has other indexes."""
_DROP: Final = tuple(
    text(
        f"DELETE FROM {table} t WHERE t.siret = {_SIRET} AND t.blind IN ({_PEOPLE})"  # noqa: S608  our own text
        f" AND NOT EXISTS ({held})"
    )
    for table, held in (
        ("person_year", _HELD.format(weeks="", same="extract(year FROM c.month) = t.year")),
        (
            "person_week",
            _HELD.format(
                weeks="JOIN claim_week w ON w.claim_id = p.claim_id AND w.n = p.n", same="w.week_on = t.week_on"
            ),
        ),
    )
)
# Whoever stores what was read in a file holds the request first, as this does; its bytes go within a day.
_FORGET_FILES = text("UPDATE upload SET digest = new_salt() WHERE reference = :reference")
_OF_CASE: Final = "WHERE claim_id IN (SELECT id FROM claim WHERE reference = :reference)"
_FORGET: Final = (
    text(f"UPDATE claim_person SET blind = substring(new_salt() FOR 16), sealed = NULL {_OF_CASE}"),  # noqa: S608
    # Whose account it was is found by its mark; nothing is ordered of a case without its key.
    text(
        "UPDATE payment SET iban_mark = new_salt() WHERE claim_id IN"  # noqa: S608
        f" (SELECT c.id FROM claim c WHERE c.reference = :reference AND NOT {ERASED})"
    ),
    # It is keyed, but whoever has the key may guess the few unknowns of a short body.
    text("UPDATE claim SET body_digest = NULL WHERE reference = :reference"),
    # The paying agency alone could open it, which had it long ago; its digest stays.
    text(f"UPDATE claim_file SET bytes = '' {_OF_CASE}"),  # noqa: S608
)
