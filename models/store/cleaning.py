"""What has served its purpose and names nobody: dropped every night."""

from sqlalchemy import Connection, text

OLD = (
    "DELETE FROM idempotency WHERE created_at < clock_timestamp() - interval '30 days'",
    # The last letter stays: it shows that the database's clock has not gone back.
    "DELETE FROM outbox WHERE done_at < clock_timestamp() - interval '30 days'"
    " AND id < (SELECT max(id) FROM outbox)",
    "DELETE FROM errand WHERE created_at < clock_timestamp() - interval '1 hour'",
    # An errand's process lasts seconds; a case's key lives as long as its case.
    "DELETE FROM case_key WHERE created_at < clock_timestamp() - interval '1 day'"
    " AND workflow_id ~ '^(verification|preview|announcement|chain)'",
)


def forget_old(connection: Connection) -> int:
    """Drop old idempotency keys (30 days), delivered messages, errands and their keys; returns how many rows."""
    return sum(connection.execute(text(statement)).rowcount for statement in OLD)
