"""Authority and hand-over: proving an authority releases the cases that were filed under it; revoking it holds them."""

from contextlib import suppress
from typing import Final

from sqlalchemy import Connection, text

from law.calendar import local
from models.email_address import same_login
from models.errors import NotAllowed
from models.labels import HoldReason, Proof
from models.store.cases import holds, waiting_claims
from models.store.database import now
from models.store.journal.events import SYSTEM, Actor
from models.store.people import access_log, accounts, authorities, delegations, parties


def prove(
    connection: Connection,
    siret: str,
    account_id: str,
    proof: Proof,
    actor: Actor,
    *,
    evidence: str | None = None,
    reason: str | None = None,
) -> bool:
    """Record that an account may speak for an establishment and release what it held; False if it was proven.

    Raises ValueError for an account that is not an employer's. Writes to the access log, so call it last.
    """
    by = actor.account_id if actor.account_id != account_id else None
    added = authorities.record(connection, siret, account_id, proof, proven_by=by, evidence=evidence, reason=reason)
    release_proven(connection, siret, actor)
    if added:
        access_log.write(connection, "authority_proven", actor, siret=siret, account=account_id, proof=proof)
    return added


def validate(connection: Connection, siret: str, account_id: str, actor: Actor, reason: str) -> bool:
    """The same by an agent, under a delegation to grant in force there: it may release an authorization.

    There: in the département of the register of establishments or, until it is known, in one that a party stated.
    Raises `NotAllowed`, also for an account that has the agent's own address.
    """
    mine, theirs = (accounts.get(connection, each).email for each in (actor.account_id or account_id, account_id))
    if actor.account_id and same_login(mine) == same_login(theirs):
        raise NotAllowed("Un autre agent valide l’habilitation d’un compte qui a votre adresse électronique.")
    known = accounts.get_establishment(connection, siret).department
    for department in parties.list_departments(connection, siret):
        with suppress(NotAllowed):
            _require_delegation(connection, actor, department)
            break
    else:
        _require_delegation(connection, actor, known)
    return prove(connection, siret, account_id, Proof.VALIDATION, actor, reason=reason)


def _require_delegation(connection: Connection, actor: Actor, department: str) -> None:
    today = local(now(connection), department).date()
    delegations.require(connection, actor.account_id, department, today, "grant")


def revoke(connection: Connection, siret: str, account_id: str, actor: Actor) -> None:
    """Revoke the authority of an account and of all who inherited it, and hold what was filed under it."""
    authorities.revoke(connection, siret, account_id)
    for reference in connection.execute(_AUTHORIZED, {"siret": siret}).scalars().all():
        hold_if_unproven(connection, reference, siret, actor)
    access_log.write(connection, "authority_revoked", actor, siret=siret, account=account_id)


def hold_if_unproven(connection: Connection, reference: str, siret: str, actor: Actor = SYSTEM) -> None:
    """Hold what is not sent of a case, or of its claims, whose filer has proven no authority over its establishment."""
    authorities.hold(connection, siret)
    if not was_filed_with_authority(connection, reference):
        holds.hold_unsent(connection, reference, HoldReason.AUTHORITY, actor)


def release_proven(connection: Connection, siret: str, actor: Actor = SYSTEM) -> None:
    """Release the cases of an establishment, and wake its claims, that were held until an authority was proven."""
    authorities.hold(connection, siret)
    for reference in holds.list_held(connection, siret, HoldReason.AUTHORITY):
        if was_filed_with_authority(connection, reference):
            holds.release(connection, reference, HoldReason.AUTHORITY, actor)
    waiting_claims.wake_held_of_establishment(connection, siret)


def was_filed_with_authority(connection: Connection, reference: str) -> bool:
    """Whether the account that filed a case has proven its authority over the establishment, then or since.

    Somebody who left afterwards, or whose mandate ended, was still entitled to file. A mandate vouches for nothing
    that its holder filed for another party, whose mandate it held too. A request on paper was registered by an agent,
    who holds it signed.
    """
    return bool(connection.execute(_FILED_WITH_AUTHORITY, {"reference": reference}).scalar())


AUTHORITY_OF_FILER: Final = (
    "a.account_id = request.account_id AND a.siret = request.siret AND a.ending IS DISTINCT FROM 'revoked'"
    " AND (a.ended_at IS NULL OR a.ended_at > request.received_at) AND CASE WHEN m.id IS NULL THEN"
    " NOT EXISTS (SELECT FROM mandate f JOIN party o ON o.siret = f.siret AND o.account_id = f.account_id"
    " WHERE f.account_id = request.account_id AND f.siret = request.siret AND f.party = request.party"
    " AND f.party <> o.party) ELSE coalesce(request.party IN (m.party, request.account_id), true)"
    " AND timezone('Europe/Paris', request.received_at)::date BETWEEN m.starts_on AND m.ends_on END"
)
"""Condition on an authority `a`, perhaps of a mandate `m`, that entitles whoever filed a row of `request`."""
FILED_WITH_AUTHORITY: Final = (
    "(request.channel = 'paper' OR EXISTS (SELECT FROM authority a LEFT JOIN mandate m ON m.id = a.mandate_id"
    f" WHERE {AUTHORITY_OF_FILER}))"
)
"""Condition of `was_filed_with_authority` on a row of `request`."""
_FILED_WITH_AUTHORITY = text(f"SELECT {FILED_WITH_AUTHORITY} FROM request WHERE reference = :reference")  # noqa: S608
_AUTHORIZED = text(
    "SELECT reference FROM request WHERE siret = :siret AND outcome IN ('granted', 'tacit') AND closed_at IS NULL"
    " ORDER BY reference"
)
