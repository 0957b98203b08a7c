"""Nightly deletion of what is no longer needed, or names people without need."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, exists, func, select, text, update

from law.enrolment import forgotten_before
from models.store.claims import staging
from models.store.claims.uploads import ending
from models.store.journal import accesses
from models.store.people import access_log, companies
from models.store.schema.accounts import mandate
from models.store.schema.cases import account, account_establishment
from models.store.schema.sign_in import code, credential

OLD = (
    "DELETE FROM idempotency WHERE created_at < clock_timestamp() - interval '30 days'",
    # The last message stays: it shows that the database's clock has not gone back.
    "DELETE FROM outbox WHERE done_at < clock_timestamp() - interval '30 days' AND id < (SELECT max(id) FROM outbox)",
    "DELETE FROM errand WHERE created_at < clock_timestamp() - interval '2 minutes'",
    # Longer than the longest period in which attempts are counted.
    "DELETE FROM attempt WHERE at < clock_timestamp() - interval '1 day'",
    "DELETE FROM known_browser WHERE seen_at < clock_timestamp() - interval '1 year'",
    "DELETE FROM address_change WHERE asked_at < clock_timestamp() - interval '1 day'",
    "DELETE FROM challenge WHERE expires_at < clock_timestamp()",
    "DELETE FROM daily_use WHERE used_on < CURRENT_DATE - 7",
    "DELETE FROM daily_filings WHERE filed_on < CURRENT_DATE - 7",
    # The process of a file lives for a day; whoever reads its history afterwards has some days more.
    "DELETE FROM case_key WHERE created_at < clock_timestamp() - interval '3 days' AND workflow_id LIKE 'upload:%'",
)

# A case's key lives as long as its case, but some processes last seconds.
KEYS = "DELETE FROM case_key WHERE created_at < clock_timestamp() - interval '1 day' AND workflow_id ~ :short_lived"

# An admission under way holds its claim, which is left alone.
STAGED = (
    "SELECT id::text FROM claim WHERE state = 'checked' AND staged_at < clock_timestamp() - interval '1 day'"
    " AND NOT EXISTS (SELECT FROM upload u WHERE u.claim_id = claim.id)"
    " FOR UPDATE SKIP LOCKED"
)
"""Claims whose lines were staged and that were never admitted."""

# Bodies of drafts and pieces are JSON: whatever has the form of an id there may cite a file.
_UNCITED = """id::text NOT IN (
    SELECT file_id::text FROM opinion WHERE file_id IS NOT NULL
    UNION SELECT scan_id::text FROM request WHERE scan_id IS NOT NULL
    UNION SELECT file_id::text FROM quota_exception
    UNION SELECT jsonb_array_elements_text(files) FROM message WHERE files <> '[]'::jsonb
    UNION SELECT unnest(regexp_matches(body::text, :id, 'g')) FROM draft WHERE body <> '{}'
    UNION SELECT unnest(regexp_matches(supplied::text, :id, 'g')) FROM completion WHERE supplied <> '{}')"""
# A call under way may be about to cite one, and holds it (`files.find`): it is left alone. No other call can hold one
# that is locked here; what cited one before is seen by the second statement, if not by the first.
LOCK_UNCITED = (
    "SELECT id::text FROM file WHERE created_at < clock_timestamp() - interval '30 days'"  # noqa: S608  our own text
    f" AND {_UNCITED} FOR UPDATE SKIP LOCKED"
)
DROP_UNCITED = f"DELETE FROM file WHERE id = ANY(CAST(:locked AS uuid[])) AND {_UNCITED}"  # noqa: S608  our own text
"""Drop files that no request, draft, piece, message or decision on a quota cites."""
ID_PATTERN = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"

ENROLMENTS = (
    "UPDATE enrolment SET name = '', address = '', person = '', quality = '', email = '',"
    " receipt = NULL, receipt_sha256 = NULL WHERE status = 'lapsed' AND ended_at < :before AND person <> ''",
    # The account that the enrolment created, if its holder used another one or never used it.
    "UPDATE account SET name = '', email = '' WHERE name <> '' AND id IN"
    " (SELECT account_id FROM enrolment WHERE status <> 'open' AND ended_at < :before)"
    " AND NOT EXISTS (SELECT FROM credential c WHERE c.account_id = account.id)"
    " AND NOT EXISTS (SELECT FROM account_establishment e WHERE e.account_id = account.id)",
    "DELETE FROM enrolment WHERE status = 'redundant' AND requested_at < :before",
)
"""Forget who made a request to enrol that came to nothing."""

_ANSWERED = (
    select(code.c.account_id)
    .where(code.c.purpose.in_(["invitation", "email"]))
    .group_by(code.c.account_id)
    .having(func.max(func.coalesce(code.c.used_at, code.c.expires_at)) < bindparam("before"))
)
_LINK = account_establishment
INVITATIONS = (
    delete(_LINK).where(_LINK.c.joined_at.is_(None), _LINK.c.account_id.in_(_ANSWERED)).returning(_LINK.c.account_id),
    delete(mandate)
    .where(mandate.c.accepted_at.is_(None), mandate.c.account_id.in_(_ANSWERED))
    .returning(mandate.c.account_id),
)
HOLDERS = (
    # A person who accepted has another account, or made this one theirs by choosing a password.
    update(account)
    .where(account.c.id.in_(_ANSWERED), account.c.name != "")
    .where(~exists().where(credential.c.account_id == account.c.id))
    .values(name="", email="")
)
"""Drop expired invitations and mandate offers (`INVITATIONS`); the account that held them names nobody any more."""


def forget_old(connection: Connection, short_lived: Sequence[str]) -> int:
    """Delete old keys (30 days), messages, jobs, files, staged claims, enrolments and invitations; returns how many.

    Refusals that were only counted are logged.

    `short_lived` are prefixes of workflow ids: the data keys of these processes are deleted after a day.
    """
    access_log.log_refusals(connection)
    before = forgotten_before(connection.execute(select(func.clock_timestamp())).scalar_one())
    deleted = sum(connection.execute(text(statement)).rowcount for statement in OLD)
    deleted += companies.forget_old(connection)
    deleted += connection.execute(text(KEYS), {"short_lived": f"^({'|'.join(short_lived)})"}).rowcount
    deleted += _drop_uncited_files(connection)
    deleted += ending.forget_due(connection)  # before the claims: one staged of a file is the file's
    deleted += staging.drop(connection, connection.execute(text(STAGED)).scalars().all())
    deleted += sum(connection.execute(text(statement), {"before": before}).rowcount for statement in ENROLMENTS)
    left = [account_id for each in INVITATIONS for account_id in connection.execute(each, {"before": before}).scalars()]
    for account_id in sorted(set(left)):
        accesses.state_members(connection, account_id)
    return deleted + len(left) + connection.execute(HOLDERS, {"before": before}).rowcount


def _drop_uncited_files(connection: Connection) -> int:
    locked = connection.execute(text(LOCK_UNCITED), {"id": ID_PATTERN}).scalars().all()
    return connection.execute(text(DROP_UNCITED), {"id": ID_PATTERN, "locked": list(locked)}).rowcount
