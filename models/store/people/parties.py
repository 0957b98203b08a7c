"""Parties: the people who act together for an establishment. Several may act for one until one proves its authority.

What is filed names the party that it was filed for, for good: a stranger who enrols the same establishment neither
sees nor touches it, whomever they then invite or mandate. The rule:

* Whoever enrols an establishment founds a party; whoever accepts an invitation becomes one of the inviter's, unless
  they act for another party already: then nobody but a proven member can have them.
* A mandate opens what the giver's party filed to its holder, from its first day to its last or its revocation. It
  opens nothing of the holder's to the giver, and makes nobody a member of anything.
* A member files for its own party, whatever mandates it holds; an agent of record for the party that mandated it.
  Under mandates of several parties nothing tells for which of them: then neither of them sees what is filed, but its
  filer and, as of everything, whoever proves an authority (`journal.representation.acting_party`).
"""

from sqlalchemy import ColumnElement, Connection, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from models.store.journal.representation import acting_party, acts_for, is_proven
from models.store.schema.accounts import party
from models.store.schema.cases import establishment


def found(connection: Connection, siret: str, account_id: str, *, anew: bool = False) -> None:
    """Let an account act for an establishment on its own, unless it belongs to a party already; `anew`, in any case.

    Somebody who had left, or was evicted, shares nothing any more with those whom they acted with.
    """
    row = {"siret": siret, "account_id": account_id}
    founded = insert(party).values(row)
    if anew:
        fresh, known = {"party": founded.excluded.party, "department": None}, [party.c.account_id, party.c.siret]
        connection.execute(founded.on_conflict_do_update(index_elements=known, set_=fresh))
    else:
        connection.execute(founded.on_conflict_do_nothing())


def acting_for(connection: Connection, siret: str, account_id: str) -> str | None:
    """Return the party for which an account files for an establishment now; None for an agent."""
    who = literal(account_id, party.c.account_id.type)
    filed_for: str | None = connection.execute(select(acting_party(literal(siret), who))).scalar()
    return filed_for


def find(connection: Connection, siret: str, account_id: str) -> str | None:
    """Return the party that an account belongs to, or belonged to before it left."""
    query = select(party.c.party).where(party.c.siret == siret, party.c.account_id == account_id)
    own: str | None = connection.execute(query).scalar()
    return own


def state_department(connection: Connection, siret: str, account_id: str, department: str) -> None:
    """Keep the département that an account states for its party."""
    mine = (party.c.siret == siret, party.c.account_id == account_id)
    own = select(party.c.party).where(*mine).scalar_subquery()
    together = (party.c.siret == siret, party.c.party == own)
    connection.execute(update(party).where(*together).values(department=department))


def list_departments(connection: Connection, siret: str) -> list[str]:
    """Return the départements that the parties of an establishment state, while that of none is confirmed."""
    query = select(party.c.department).join(establishment, establishment.c.siret == party.c.siret).distinct()
    query = query.where(party.c.siret == siret, party.c.department.is_not(None), ~establishment.c.department_confirmed)
    return [str(each) for each in connection.execute(query).scalars()]


def join(connection: Connection, siret: str, account_id: str, of: str) -> None:
    """Let an account act together with another one, leaving the party that it may have had."""
    own = select(party.c.party).where(party.c.siret == siret, party.c.account_id == of).scalar_subquery()
    stated = select(party.c.department).where(party.c.siret == siret, party.c.account_id == of).scalar_subquery()
    row = {"siret": siret, "account_id": account_id, "party": func.coalesce(own, func.uuidv7()), "department": stated}
    joined = insert(party).values(row)
    taken = {name: joined.excluded[name] for name in ("party", "department")}
    known = [party.c.account_id, party.c.siret]
    connection.execute(joined.on_conflict_do_update(index_elements=known, set_=taken))


def join_first(connection: Connection, siret: str, account_id: str) -> None:
    """Let an account act together with those who act for an establishment, or on its own if nobody does."""
    mine = party.c.account_id == account_id
    first = select(party.c.account_id).where(party.c.siret == siret).order_by(mine.desc(), party.c.party).limit(1)
    join(connection, siret, account_id, connection.execute(first).scalar() or account_id)


def together(siret: ColumnElement[str], account: ColumnElement[str], other_id: str) -> ColumnElement[bool]:
    """Whether two accounts belong to one party of an establishment; an invitation that waits is its inviter's."""
    theirs, own = party.alias(), party.alias()
    of_account = select(theirs.c.party).where(theirs.c.siret == siret, theirs.c.account_id == account).scalar_subquery()
    of_other = select(own.c.party).where(own.c.siret == siret, own.c.account_id == other_id).scalar_subquery()
    return or_(account == other_id, of_account.is_(None), of_account == of_other)


def is_filed_for(filed_for: ColumnElement[str], of: str | None) -> ColumnElement[bool]:
    """Whether something was filed for a party, or for everybody by an agent who registered it on paper."""
    return or_(filed_for.is_(None), filed_for.is_not_distinct_from(literal(of, party.c.party.type)))


def may_read(siret: ColumnElement[str], filed_for: ColumnElement[str], reader_id: str) -> ColumnElement[bool]:
    """Whether a reader sees what was filed for a party: who acts for it or, once proven, everything."""
    return or_(is_proven(siret, reader_id), acts_for(siret, filed_for, reader_id))


def is_readable(connection: Connection, siret: str, filed_for: str | None, reader_id: str) -> bool:
    """The same for one request or draft."""
    of = literal(filed_for, party.c.party.type)
    return bool(connection.execute(select(may_read(literal(siret), of, reader_id))).scalar())
