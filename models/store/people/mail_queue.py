"""The queue of mails that people who are not signed in cause: all of them together have so many in an hour.

Limits by mailbox and by network address do not hold whoever has many of both. Beyond the rate, requests are received
as ever and their mails leave later, in order.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Interval, bindparam, func
from sqlalchemy.dialects.postgresql import insert

from models.store.database import before_commit
from models.store.people import notices
from models.store.schema.enrolments import mail_queue

MAILS_AN_HOUR: Final = 10_000
"""More than the country enrolled in the busiest hour of spring 2020, so that only an attack waits."""
AT_ONCE: Final = 1_000
"""How many may leave together, ahead of the even pace of the hour."""
PACE: Final = timedelta(hours=1) / MAILS_AN_HOUR


def take(connection: Connection) -> datetime | None:
    """Take the next place; returns when its mail may leave, None if at once. Locks the queue until the commit."""
    row = connection.execute(_TAKE, {"pace": PACE, "ahead": PACE * AT_ONCE}).one()
    leaves_at: datetime = row.leaves_at
    return leaves_at if leaves_at > row.now else None


def line_up(connection: Connection, workflow_id: str, kind: str) -> None:
    """Give the notices of a kind that a process just announced their places, at the end of the transaction."""

    def wait(last: Connection) -> None:
        for key in notices.list_new(last, workflow_id, kind):
            notices.wait_until(last, key, take(last))

    before_commit(connection, wait)


_NOW = func.clock_timestamp()
_TAKE = (
    insert(mail_queue)
    .values(name="strangers", upto=_NOW + bindparam("pace", type_=Interval))
    .on_conflict_do_update(
        index_elements=[mail_queue.c.name],
        set_={"upto": func.greatest(mail_queue.c.upto, _NOW) + bindparam("pace", type_=Interval)},
    )
    .returning((mail_queue.c.upto - bindparam("ahead", type_=Interval)).label("leaves_at"), _NOW.label("now"))
)
