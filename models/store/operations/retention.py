"""Nightly deletion of what is no longer needed, or names people without need."""

from collections.abc import Sequence

from sqlalchemy import Connection, Executable, bindparam, delete, exists, func, select, text, update

from law.enrolment import forgotten_before
from models.store.schema.accounts import mandate
from models.store.schema.cases import account, account_establishment
from models.store.schema.sign_in import code, credential

OLD = (
    "DELETE FROM idempotency WHERE created_at < clock_timestamp() - interval '30 days'",
    # The last message stays: it shows that the database's clock has not gone back.
    "DELETE FROM outbox WHERE done_at < clock_timestamp() - interval '30 days' AND id < (SELECT max(id) FROM outbox)",
    "DELETE FROM errand WHERE created_at < clock_timestamp() - interval '1 hour'",
    # Longer than the longest period in which attempts are counted.
    "DELETE FROM attempt WHERE at < clock_timestamp() - interval '1 day'",
    "DELETE FROM challenge WHERE expires_at < clock_timestamp()",
)

# A case's key lives as long as its case, but some processes last seconds.
KEYS = "DELETE FROM case_key WHERE created_at < clock_timestamp() - interval '1 day' AND workflow_id ~ :short_lived"

ENROLMENTS = (
    "DELETE FROM enrolment WHERE status = 'redundant' AND requested_at < :before",
    "UPDATE enrolment SET name = '', address = '', person = '', quality = '', email = '',"
    " receipt = NULL, receipt_sha256 = NULL WHERE status = 'lapsed' AND ended_at < :before AND person <> ''",
    # The account that the enrolment created, if its holder used another one or never used it.
    "UPDATE account SET name = '', email = '' WHERE name <> '' AND id IN"
    " (SELECT account_id FROM enrolment WHERE status <> 'open' AND ended_at < :before)"
    " AND NOT EXISTS (SELECT FROM credential c WHERE c.account_id = account.id)"
    " AND NOT EXISTS (SELECT FROM account_establishment e WHERE e.account_id = account.id)",
)
"""Forget who made a request to enrol that came to nothing."""

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
    # A person who accepted has another account, or made this one theirs by choosing a password.
    update(account)
    .where(account.c.id.in_(_ANSWERED), account.c.name != "")
    .where(~exists().where(credential.c.account_id == account.c.id))
    .values(name="", email=""),
)
"""Drop expired invitations and mandate offers; the account that held them names nobody any more."""


def forget_old(connection: Connection, short_lived: Sequence[str]) -> int:
    """Delete old keys (30 days), messages, jobs, enrolments and invitations; returns how many rows.

    `short_lived` are prefixes of workflow ids: the data keys of these processes are deleted after a day.
    """
    before = forgotten_before(connection.execute(select(func.clock_timestamp())).scalar_one())
    deleted = sum(connection.execute(text(statement)).rowcount for statement in OLD)
    deleted += connection.execute(text(KEYS), {"short_lived": f"^({'|'.join(short_lived)})"}).rowcount
    statements: tuple[Executable, ...] = (*map(text, ENROLMENTS), *INVITATIONS)
    ended = (connection.execute(statement, {"before": before}) for statement in statements)
    return deleted + sum(each.rowcount for each in ended)
