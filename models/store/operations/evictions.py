"""Acts of two operators on an establishment: evict who never should have acted for it, correct its département.

An eviction removes an account with everybody whom it invited, but for those who are entitled without it: an employee
of the firm may have accepted a squatter's invitation and then proven, by a letter, to speak for the firm. It ends the
mandates that they gave; whoever received one keeps what others gave, the firm and its accountant too. The authorities
of everybody removed end. What was filed for them stays: silence and decisions stand, but nothing of it is handed to
the paying agency until somebody entitled to it takes it over.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, Executable, select, text, update

from models.engine.names import announcement_id
from models.errors import Conflict, Unknown
from models.identifiers import UUID
from models.labels import HoldReason
from models.roles import FOLLOWING
from models.store.cases import authority_holds, holds, requests
from models.store.database import now
from models.store.journal import accesses, events, outbox
from models.store.journal.events import Actor
from models.store.people import (
    accounts,
    authorities,
    code_mails,
    codes,
    companies,
    enrolments,
    notices,
    series,
    sessions,
    tokens,
)
from models.store.schema.accounts import mandate, party
from models.store.schema.cases import account_establishment, establishment
from models.store.schema.enrolments import enrolment


def find_establishment(connection: Connection, subject: str, siret: str | None = None) -> str:
    """Return the SIRET that an act is about: stated, or that of an enrolment or of an account.

    Raises `Unknown`, also when `siret` is none of theirs, and `Conflict` for an account of several unless it names one.
    """
    queries: list[Executable] = [select(establishment.c.siret).where(establishment.c.siret == subject)]
    if UUID.fullmatch(subject):
        queries = [
            select(enrolment.c.siret).where(enrolment.c.id == subject),
            select(party.c.siret)
            .where(party.c.account_id == subject)
            .union(select(mandate.c.siret).where(mandate.c.account_id == subject)),
        ]
    found = next((each for each in (_list(connection, query) for query in queries) if each), [])
    if siret:
        found = [each for each in found if each == siret]
    if not found:
        raise Unknown(subject)
    if len(found) > 1:
        listed = ", ".join(found)
        raise Conflict(
            "several-establishments", f"Ce compte agit pour plusieurs établissements. Précisez `siret` : {listed}."
        )
    return found[0]


def _list(connection: Connection, query: Executable) -> list[str]:
    return sorted({str(each) for each in connection.execute(query).scalars()})


def find_department(connection: Connection, subject: str, siret: str | None = None) -> str | None:
    """Return the département of the establishment that an act is about, or None before anybody acts for it."""
    known = accounts.find_establishment(connection, find_establishment(connection, subject, siret))
    return known.department if known else None


def list_evicted(connection: Connection, subject: str, siret: str | None = None) -> list[str]:
    """Return the accounts that an eviction removes first: one, or with a SIRET those who have proven nothing.

    Raises `Unknown` if there is none.
    """
    siret = find_establishment(connection, subject, siret)
    if UUID.fullmatch(subject):
        query = select(enrolment.c.activated_by, enrolment.c.account_id).where(enrolment.c.id == subject)
        row = connection.execute(query).first()
        account_id = (row.activated_by or row.account_id) if row else subject
        if account_id is None:  # a redundant request: it opened no account
            raise Unknown(subject)
        return [account_id]
    link = account_establishment
    founders = (link.c.siret == siret, link.c.joined_at.is_not(None), link.c.invited_by.is_(None))
    linked = connection.execute(select(link.c.account_id).where(*founders).order_by(link.c.account_id)).scalars().all()
    unproven = [each for each in linked if not authorities.is_proven(connection, each, siret)]
    if not unproven:
        raise Unknown(subject)
    return unproven


def evict(connection: Connection, subject: str, actor: Actor, act_id: str, siret: str | None = None) -> None:
    """Remove accounts from one establishment, with those whom they alone let in, and hold what they filed there.

    Raises `Unknown`, and `Conflict` for an account of several establishments unless `siret` names one.
    """
    siret = find_establishment(connection, subject, siret)
    enrolments.hold(connection, siret)
    authorities.hold(connection, siret)
    first = list_evicted(connection, subject, siret)  # held: an activation under way ends first, and goes too
    gone = [str(each) for each in connection.execute(_LET_IN, {"siret": siret, "first": first}).scalars()]
    everybody = {"siret": siret, "gone": gone, "first": first}
    removed = [*gone, *(str(each) for each in connection.execute(_DEPENDENT, everybody).scalars())]
    _sign_out(connection, siret, removed, actor)  # first: a call under way has locked its token, then the establishment
    if accounts.find_establishment(connection, siret):
        requests.hold_establishment(connection, siret)  # a filing under way ends first, and is held below
    filed = connection.execute(_FILED, everybody).scalars().all()
    _end_belonging(connection, siret, first, gone)
    _end_enrolments(connection, siret, removed)
    for reference in filed:
        holds.hold_unsent(connection, reference, HoldReason.EVICTION, actor)
    for each in first:
        events.append(connection, siret, "enrolment_evicted", now(connection), actor, act=act_id, account=each)
    _tell(connection, siret, "establishment_evicted", act_id, accounts.find_establishment(connection, siret))
    for each in removed:
        code_mails.notify(connection, each, "enrolment_evicted", f"evicted-{act_id}", siret=siret)
    for each in first:
        authority_holds.revoke(connection, siret, each, actor)


def _end_belonging(connection: Connection, siret: str, first: list[str], gone: list[str]) -> None:
    """End the authorities, mandates and links of accounts, and what they gave to others."""
    for each in first:
        authorities.revoke(connection, siret, each)
    authorities.end(connection, siret, gone)
    changed = set[str]()
    for statement in (_CLOSE_MANDATES, _CLOSE_LINKS, _FORGET_INVITERS):
        changed |= set(connection.execute(statement, {"siret": siret, "first": first, "gone": gone}).scalars())
    for each in sorted(changed):
        accesses.state_members(connection, each)
    authorities.spread(connection, siret)  # to those whom somebody else had invited or mandated as well


def relocate(connection: Connection, siret: str, department: str, actor: Actor, act_id: str) -> None:
    """Correct the département of an establishment for requests to come, which get a series of references there.

    The event says what the register answered: the act stands until it answers otherwise.
    """
    requests.hold_establishment(connection, siret)
    before = accounts.get_establishment(connection, siret)
    series.hold(connection, department)
    letters = series.free_letters(connection, department)
    series.add(connection, department, letters, siret)
    changed = {"department": department, "letters": letters, "requests": 0, "department_confirmed": True}
    connection.execute(update(establishment).where(establishment.c.siret == siret).values(changed))
    enrolments.hold(connection, siret)
    listed = companies.find_listed(connection, siret)
    stated = {"listed": listed.department} if listed and listed.department else {}
    stated |= {"act": act_id, "before": before.department, "department": department}
    at = now(connection)
    events.append(connection, siret, "establishment_relocated", at, actor, recorded_at=None, **stated)
    _tell(connection, siret, "establishment_relocated", act_id, before, accounts.get_establishment(connection, siret))


def _sign_out(connection: Connection, siret: str, gone: Iterable[str], actor: Actor) -> None:
    """End the sessions of accounts and, of those that act for nobody else, the tokens."""
    for each in gone:
        sessions.end_all(connection, each)
        if {other.siret for other in accounts.list_establishments(connection, each)} <= {siret}:
            tokens.revoke_all(connection, each, actor)


def _end_enrolments(connection: Connection, siret: str, gone: Iterable[str]) -> None:
    """Let the open enrolments of accounts lapse, and their codes and invitations expire."""
    for account_id in gone:
        codes.expire_all(connection, account_id, "activation")
        codes.expire_all(connection, account_id, "invitation")
        record = enrolments.find_by_account(connection, account_id)
        if record and record.status == "open" and record.siret == siret:
            ended = enrolments.now(connection, record.id)
            enrolments.change(connection, record.id, status="lapsed", ended_at=ended)
            outbox.enqueue(connection, record.process, "complete", record.id)


def _tell(connection: Connection, siret: str, kind: str, act_id: str, *where: accounts.Establishment | None) -> None:
    """Tell the agents of the départements concerned."""
    codes_of = {each.department for each in where if each}
    agents = [a.id for code in sorted(codes_of) for a in accounts.list_in_charge(connection, code, *FOLLOWING)]
    if notices.announce(connection, announcement_id(siret), kind, f"{kind}-{act_id}", *agents):
        outbox.enqueue(connection, announcement_id(siret), "announce")


_LET_IN = text(
    "WITH RECURSIVE theirs AS (SELECT id FROM authority WHERE siret = :siret"
    "   AND account_id = ANY(CAST(:first AS uuid[]))"
    "   UNION SELECT a.id FROM authority a JOIN theirs t ON a.inherited_from = t.id),"
    " entitled AS (SELECT a.account_id FROM authority a"
    "   LEFT JOIN account_establishment l ON a.mandate_id IS NULL AND l.account_id = a.account_id"
    "     AND l.siret = a.siret AND l.joined_at IS NOT NULL"
    "   LEFT JOIN mandate m ON m.id = a.mandate_id AND m.revoked_at IS NULL AND m.accepted_at IS NOT NULL"
    "     AND timezone('Europe/Paris', clock_timestamp())::date BETWEEN m.starts_on AND m.ends_on"
    "   WHERE a.siret = :siret AND a.ended_at IS NULL AND a.id NOT IN (SELECT id FROM theirs)"
    "   AND coalesce(l.account_id, m.account_id) IS NOT NULL),"
    " gone AS (SELECT unnest(CAST(:first AS uuid[])) AS id UNION SELECT l.account_id"
    "   FROM account_establishment l JOIN gone g ON l.invited_by = g.id WHERE l.siret = :siret"
    "   AND l.account_id NOT IN (SELECT account_id FROM entitled))"
    " SELECT id FROM gone"
)
"""Whoever they invited, and whoever these invited; never somebody with an authority of today that does not come from
the first ones."""
_DEPENDENT = text(
    "SELECT DISTINCT m.account_id FROM mandate m WHERE m.siret = :siret AND m.revoked_at IS NULL"
    " AND m.given_by = ANY(CAST(:gone AS uuid[])) AND m.account_id <> ALL(CAST(:gone AS uuid[]))"
    " AND NOT EXISTS (SELECT FROM account_establishment l WHERE l.siret = m.siret AND l.account_id = m.account_id)"
    " AND NOT EXISTS (SELECT FROM mandate o WHERE o.siret = m.siret AND o.account_id = m.account_id"
    "   AND o.accepted_at IS NOT NULL AND o.revoked_at IS NULL AND o.given_by <> ALL(CAST(:gone AS uuid[])))"
)
"""Whoever acts for the establishment by the mandates of those who go alone."""
_CLOSE_LINKS = text(
    "DELETE FROM account_establishment l WHERE l.siret = :siret AND (l.account_id = ANY(CAST(:gone AS uuid[]))"
    " OR l.invited_by = ANY(CAST(:gone AS uuid[])) AND NOT EXISTS (SELECT FROM authority a"
    "   WHERE a.account_id = l.account_id AND a.siret = l.siret AND a.ended_at IS NULL AND a.mandate_id IS NULL))"
    " RETURNING l.account_id::text"
)
"""Also the link that they gave to somebody whom an entitled member has mandated: the mandate stays."""
_FORGET_INVITERS = text(
    "UPDATE account_establishment SET invited_by = NULL"
    " WHERE siret = :siret AND invited_by = ANY(CAST(:gone AS uuid[])) RETURNING account_id::text"
)
_CLOSE_MANDATES = text(
    "UPDATE mandate SET revoked_at = clock_timestamp() WHERE siret = :siret AND revoked_at IS NULL"
    " AND (given_by = ANY(CAST(:gone AS uuid[])) OR account_id = ANY(CAST(:first AS uuid[])))"
    " RETURNING account_id::text"
)
_FILED = text(
    "SELECT r.reference FROM request r WHERE r.siret = :siret AND r.closed_at IS NULL AND r.channel <> 'paper'"
    " AND (r.account_id = ANY(CAST(:gone AS uuid[])) OR EXISTS (SELECT FROM mandate m WHERE m.siret = r.siret"
    "   AND m.account_id = r.account_id AND m.given_by = ANY(CAST(:gone AS uuid[]))"
    "   AND r.party IN (m.party, r.account_id))) ORDER BY r.reference"
)
"""Also what an agent of record filed for them, or may have: its other filings stay as they are."""
