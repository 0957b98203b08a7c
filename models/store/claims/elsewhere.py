"""Claims of other establishments for the same people in the same weeks."""

from typing import Final

from sqlalchemy import Connection, text

from models.store.claims import ends

MAX_TOLD: Final = 50
"""Other claims that the control of one changes: it holds each of them, and whoever waits for one waits for all."""


def is_claimed(connection: Connection, claim_id: str) -> bool:
    """Whether another establishment claims hours of a person of the claim for a week of it."""
    return connection.execute(_IS_CLAIMED, {"claim": claim_id}).first() is not None


def list_to_tell(connection: Connection, claim_id: str) -> list[str]:
    """Return claims of other establishments, not handed over yet, that have hours of the same people and weeks.

    `MAX_TOLD` at most. None of those that are admitted from now on: their own control finds this one.
    """
    row = {"claim": claim_id, "states": list(ends.BEFORE_HAND_OVER), "most": MAX_TOLD}
    return list(connection.execute(_TO_TELL, row).scalars())


_ELSEWHERE: Final = (
    "FROM claim own JOIN request ON request.reference = own.reference JOIN claim_person p ON p.claim_id = own.id"
    " JOIN claim_week w ON w.claim_id = p.claim_id AND w.n = p.n AND w.payable > 0 JOIN person_week o"
    " ON o.blind = p.blind AND o.week_on = w.week_on AND o.siret <> request.siret AND o.payable > 0"
)
_IS_CLAIMED = text(f"SELECT {_ELSEWHERE} WHERE own.id = :claim LIMIT 1")
_TO_TELL = text(
    f"SELECT DISTINCT c.id::text {_ELSEWHERE} JOIN request r ON r.siret = o.siret JOIN claim c"
    " ON c.reference = r.reference AND c.state = ANY(:states)"
    " AND c.month IN (date_trunc('month', w.week_on)::date, date_trunc('month', w.week_on + 6)::date)"
    " JOIN claim_person q ON q.claim_id = c.id AND q.blind = p.blind"
    " JOIN claim_week v ON v.claim_id = q.claim_id AND v.n = q.n AND v.week_on = w.week_on AND v.payable > 0"
    " WHERE own.id = :claim ORDER BY 1 LIMIT :most"
)
