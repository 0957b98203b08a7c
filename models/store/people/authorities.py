"""Authority: the proof that an account may speak for an establishment. Members and mandates inherit their giver's.

An account without it may prepare and file; nothing that it filed is handed to the paying agency. Authority belongs
to the pair (account, establishment): what one person proved says nothing of a stranger who enrolled the same firm.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, literal, select, text

from models.identifiers import Instant
from models.labels import Proof
from models.store.journal import accesses, representation
from models.store.journal.events import SYSTEM
from models.store.people.accounts import Account
from models.store.records import Record
from models.store.schema.authority import authority
from models.store.schema.cases import account


class AuthorityRecord(Record):
    """One proof; `proven_by` is the agent who validated, `evidence` the SHA-256 of what was shown."""

    id: str
    account_id: str
    siret: str
    proof: Proof
    proven_at: Instant
    proven_by: str | None
    inherited_from: str | None
    mandate_id: str | None
    evidence: str | None
    ended_at: Instant | None
    ending: str | None


COLUMNS = tuple(authority.c[name] for name in AuthorityRecord.model_fields)


def hold(connection: Connection, siret: str) -> None:
    """Lock the authorities over an establishment until the end of the transaction; take it before any case."""
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:s))"), {"s": f"authority:{siret}"})


def is_proven(connection: Connection, account_id: str, siret: str) -> bool:
    """Whether an account acts for an establishment now, with an authority that was proven."""
    return siret in list_proven(connection, account_id)


def is_proven_member(connection: Connection, account_id: str, siret: str) -> bool:
    """Whether a member of an establishment has proven its authority, or inherited it; a mandate does not count."""
    who = literal(account_id, authority.c.account_id.type)
    return bool(connection.execute(select(representation.is_proven_member(literal(siret), who))).scalar())


def list_proven(connection: Connection, account_id: str) -> set[str]:
    """Return the SIRET of the establishments for which an account has proven its authority."""
    return {str(siret) for siret in connection.execute(representation.proven_sirets(account_id)).scalars()}


def has_proven_member(connection: Connection, siret: str) -> bool:
    """Whether a member of an establishment has proven an authority over it."""
    return bool(connection.execute(select(representation.is_proven_by_somebody(literal(siret)))).scalar())


def may_join(connection: Connection, account_id: str, siret: str) -> bool:
    """Whether an account may begin to act for an establishment by itself; locks its authorities."""
    hold(connection, siret)
    return is_proven(connection, account_id, siret) or not has_proven_member(connection, siret)


def find_living(connection: Connection, account_id: str, siret: str) -> AuthorityRecord | None:
    """Return the authority of a member over an establishment, or None."""
    mine = (authority.c.account_id == account_id, authority.c.siret == siret, authority.c.ended_at.is_(None))
    query = select(*COLUMNS).where(*mine).order_by(authority.c.mandate_id.is_not(None)).limit(1)
    return AuthorityRecord.first(connection, query)


def list_unproven(connection: Connection, siret: str) -> list[Account]:
    """Return the accounts that act for an establishment, or filed for it and left, without a proven authority."""
    return Account.all(connection, _UNPROVEN, {"siret": siret})


def record(
    connection: Connection,
    siret: str,
    account_id: str,
    proof: Proof,
    *,
    proven_by: str | None = None,
    evidence: str | None = None,
    reason: str | None = None,
) -> bool:
    """Record that an account proved its authority, and let those who hold it from this account inherit.

    False, changing nothing, when the account has it already. Only an employer's account can: raises ValueError.
    The authority of somebody who has left meanwhile has ended as it is recorded: it counts for what they filed.
    """
    hold(connection, siret)
    role = connection.execute(select(account.c.role).where(account.c.id == account_id)).scalar_one()
    if role != "employer":
        raise ValueError("only an employer's account may speak for an establishment")
    row = {"siret": siret, "account": account_id, "proof": proof, "by": proven_by, "evidence": evidence}
    here = representation.is_linked(connection, account_id, siret)
    added = connection.execute(_RECORD, row | {"reason": reason, "here": here}).first() is not None
    _tell(connection, {siret} if added else set())
    spread(connection, siret)
    return added


def list_provers(connection: Connection, siret: str, account_id: str) -> set[str]:
    """Return the agents who validated an authority of an account over an establishment, unless it was revoked.

    Or the authority from which it was inherited.
    """
    return {str(each) for each in connection.execute(_PROVERS, {"siret": siret, "account": account_id}).scalars()}


def spread(connection: Connection, siret: str) -> None:
    """Let members and agents of record inherit the authority of whoever invited or mandated them; idempotent."""
    hold(connection, siret)
    while connection.execute(_INHERIT, {"siret": siret}).rowcount:
        _tell(connection, {siret})


def leave(connection: Connection, siret: str, account_id: str) -> None:
    """End the authority of an account that no longer belongs to an establishment; what it gave to others stands."""
    _tell(connection, connection.execute(_LEAVE, {"siret": siret, "account": account_id}).scalars())


def leave_mandate(connection: Connection, mandate_id: str) -> None:
    """End the authority that a mandate gave."""
    _tell(connection, connection.execute(_LEAVE_MANDATE, {"mandate": mandate_id}).scalars())


def revoke(connection: Connection, siret: str, account_id: str) -> None:
    """Revoke the authority of an account over an establishment, and all that others inherited from it."""
    hold(connection, siret)
    _tell(connection, connection.execute(_REVOKE, {"siret": siret, "account": account_id}).scalars())


def end(connection: Connection, siret: str, accounts: list[str]) -> None:
    """Revoke the living authorities of accounts that were removed; what they once had, and left, stands."""
    hold(connection, siret)
    _tell(connection, connection.execute(_END, {"siret": siret, "accounts": accounts}).scalars())


def _tell(connection: Connection, sirets: Iterable[str]) -> None:
    """Have the end of the transaction state the authorities over establishments as they are then."""
    for siret in sorted(set(sirets)):
        accesses.write_last(connection, "authority_changed", SYSTEM, siret=siret)


_UNPROVEN = text(
    "SELECT id::text, role, name, email, departments FROM account"
    " WHERE role = 'employer' AND closed_at IS NULL AND id IN ("
    " SELECT account_id FROM account_establishment WHERE siret = :siret AND joined_at IS NOT NULL"
    " UNION SELECT account_id FROM mandate WHERE siret = :siret AND accepted_at IS NOT NULL AND revoked_at IS NULL"
    " UNION SELECT account_id FROM request WHERE siret = :siret)"
    " AND NOT EXISTS (SELECT FROM authority a WHERE a.account_id = account.id AND a.siret = :siret"
    "   AND a.ending IS DISTINCT FROM 'revoked' AND (a.ended_at IS NULL AND a.mandate_id IS NULL"
    "   OR NOT EXISTS (SELECT FROM account_establishment l WHERE l.account_id = account.id AND l.siret = :siret"
    "     AND l.joined_at IS NOT NULL))) ORDER BY id"
)
"""What a member once had, and left, does not speak for it today; for somebody who has gone it is what counts."""
_PROVERS = text(
    "WITH RECURSIVE valid AS (SELECT id, proven_by, inherited_from FROM authority WHERE siret = :siret"
    "   AND account_id = CAST(:account AS uuid) AND ending IS DISTINCT FROM 'revoked'"
    "   UNION SELECT g.id, g.proven_by, g.inherited_from FROM authority g JOIN valid v ON g.id = v.inherited_from)"
    " SELECT DISTINCT proven_by FROM valid WHERE proven_by IS NOT NULL"
)
_RECORD = text(
    "INSERT INTO authority (account_id, siret, proof, proven_by, evidence, reason, ended_at, ending)"
    " VALUES (CAST(:account AS uuid), :siret, :proof, CAST(:by AS uuid), :evidence, :reason,"
    " CASE WHEN :here THEN NULL ELSE clock_timestamp() END, CASE WHEN :here THEN NULL ELSE 'left' END)"
    " ON CONFLICT DO NOTHING RETURNING id"
)
_INHERIT = text(
    "INSERT INTO authority (account_id, siret, proof, inherited_from, mandate_id)"
    " SELECT taker.account_id, taker.siret, 'inherited', giver.id, taker.mandate_id"
    " FROM (SELECT account_id, siret, invited_by AS given_by, NULL::uuid AS mandate_id FROM account_establishment"
    "   WHERE siret = :siret AND joined_at IS NOT NULL"
    "   UNION ALL SELECT account_id, siret, given_by, id FROM mandate"
    "   WHERE siret = :siret AND accepted_at IS NOT NULL AND revoked_at IS NULL) taker"
    " JOIN authority giver ON giver.account_id = taker.given_by AND giver.siret = taker.siret"
    "   AND giver.ended_at IS NULL AND giver.mandate_id IS NULL"
    " ON CONFLICT DO NOTHING"
)
"""A mandate gives no right to invite or to mandate: only members give."""
_LEAVE = text(
    "UPDATE authority SET ended_at = clock_timestamp(), ending = 'left'"
    " WHERE siret = :siret AND account_id = CAST(:account AS uuid) AND mandate_id IS NULL AND ended_at IS NULL"
    " RETURNING siret"
)
_LEAVE_MANDATE = text(
    "UPDATE authority SET ended_at = clock_timestamp(), ending = 'left'"
    " WHERE mandate_id = CAST(:mandate AS uuid) AND ended_at IS NULL RETURNING siret"
)
_END = text(
    "UPDATE authority SET ended_at = clock_timestamp(), ending = 'revoked' WHERE siret = :siret"
    " AND account_id = ANY(CAST(:accounts AS uuid[])) AND ended_at IS NULL RETURNING siret"
)
_REVOKE = text(
    "WITH RECURSIVE revoked AS (SELECT id FROM authority WHERE siret = :siret AND account_id = CAST(:account AS uuid)"
    "   UNION SELECT a.id FROM authority a JOIN revoked r ON a.inherited_from = r.id)"
    " UPDATE authority SET ended_at = coalesce(ended_at, clock_timestamp()), ending = 'revoked'"
    " WHERE id IN (SELECT id FROM revoked) RETURNING siret"
)
"""Also what ended before: what was filed under it must not be handed over."""
