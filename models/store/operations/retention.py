"""What need not be kept any longer, or names people without need: deleted every night."""

from collections.abc import Sequence

from sqlalchemy import Connection, Executable, bindparam, delete, exists, func, select, text, update

from law.enrolment import forgotten_before
from models.store.schema.accounts import mandate
from models.store.schema.cases import account, account_establishment
from models.store.schema.sign_in import code, credential

OLD = (
    "DELETE FROM idempotency WHERE created_at < clock_timestamp() - interval '30 days'",
    # The last message stays: it shows that the database's clock has not gone back.
    "DELETE FROM outbox WHERE done_at < clock_timestamp() - interval '30 days'"
    " AND id < (SELECT max(id) FROM outbox)",
    "DELETE FROM errand WHERE created_at < clock_timestamp() - interval '1 hour'",
    # Longer than any tries are counted for.
    "DELETE FROM attempt WHERE at < clock_timestamp() - interval '1 day'",
    "DELETE FROM challenge WHERE expires_at < clock_timestamp()",
)

# A case's key lives as long as its case; some processes last seconds.
KEYS = (
    "DELETE FROM case_key WHERE created_at < clock_timestamp() - interval '1 day'"
    " AND workflow_id ~ :short_lived"
)

ENROLMENTS = (
    "DELETE FROM enrolment WHERE status = 'redundant' AND requested_at < :before",
    "UPDATE enrolment SET name = '', address = '', person = '', quality = '', email = '',"
    " receipt = NULL, receipt_sha256 = NULL WHERE status = 'lapsed' AND ended_at < :before AND person <> ''",
    # The account of whoever had another one already, or never came to use it.
    "UPDATE account SET name = '', email = '' WHERE name <> '' AND id IN"
    " (SELECT account_id FROM enrolment WHERE status <> 'open' AND ended_at < :before)"
    " AND NOT EXISTS (SELECT FROM credential c WHERE c.account_id = account.id)"
    " AND NOT EXISTS (SELECT FROM account_establishment e WHERE e.account_id = account.id)",
)
"""Requests to enrol that came to nothing: who made them is forgotten."""

_ANSWERED = (
    select(code.c.account_id)
    .where(code.c.purpose == "invitation")
    .group_by(code.c.account_id)
    .having(func.max(func.coalesce(code.c.used_at, code.c.expires_at)) < bindparam("before"))
)
_LINK = account_establishment
INVITATIONS = (
    delete(_LINK).where(_LINK.c.joined_at.is_(None), _LINK.c.account_id.in_(_ANSWERED)),
    delete(mandate).where(mandate.c.accepted_at.is_(None), mandate.c.account_id.in_(_ANSWERED)),
    # Whoever accepted did so under an account that he had, or made this one his own by a password.
    update(account)
    .where(account.c.id.in_(_ANSWERED), account.c.name != "")
    .where(~exists().where(credential.c.account_id == account.c.id))
    .values(name="", email=""),
)
"""Invitations and offers of a mandate, accepted or out of date: the account that held them names nobody any more."""


def forget_old(connection: Connection, short_lived: Sequence[str]) -> int:
    """Drop old keys (30 days), messages, jobs, enrolments and invitations; returns how many rows.

    `short_lived` are prefixes of workflow ids: the data keys of these processes are dropped after a day.
    """
    before = forgotten_before(connection.execute(select(func.clock_timestamp())).scalar_one())
    dropped = sum(connection.execute(text(statement)).rowcount for statement in OLD)
    dropped += connection.execute(text(KEYS), {"short_lived": f"^({'|'.join(short_lived)})"}).rowcount
    statements: tuple[Executable, ...] = (*map(text, ENROLMENTS), *INVITATIONS)
    ended = (connection.execute(statement, {"before": before}) for statement in statements)
    return dropped + sum(each.rowcount for each in ended)
