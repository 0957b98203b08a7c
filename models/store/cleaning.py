"""What has served its purpose, or names people to no purpose: dropped every night."""

from sqlalchemy import Connection, func, select, text

from law.enrolment import forgotten_before

OLD = (
    "DELETE FROM idempotency WHERE created_at < clock_timestamp() - interval '30 days'",
    # The last letter stays: it shows that the database's clock has not gone back.
    "DELETE FROM outbox WHERE done_at < clock_timestamp() - interval '30 days'"
    " AND id < (SELECT max(id) FROM outbox)",
    "DELETE FROM errand WHERE created_at < clock_timestamp() - interval '1 hour'",
    # An errand's process lasts seconds; a case's key lives as long as its case.
    "DELETE FROM case_key WHERE created_at < clock_timestamp() - interval '1 day'"
    " AND workflow_id ~ '^(verification|preview|announcement|account|chain)'",
    # Longer than any tries are counted for.
    "DELETE FROM attempt WHERE at < clock_timestamp() - interval '1 day'",
    "DELETE FROM challenge WHERE expires_at < clock_timestamp()",
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


def forget_old(connection: Connection) -> int:
    """Drop old idempotency keys (30 days), messages, errands and their keys, enrolments; returns how many rows."""
    before = forgotten_before(connection.execute(select(func.clock_timestamp())).scalar_one())
    dropped = sum(connection.execute(text(statement)).rowcount for statement in OLD)
    names = sum(connection.execute(text(each), {"before": before}).rowcount for each in ENROLMENTS)
    return dropped + names
