"""Jobs that a caller waits for and the HTTP program cannot do itself: verify a document, preview an act.

The input is deleted when the job is finished, the result when it is read. Submitting a job deletes those that
nobody came back for.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select, update

from models.store.records import Record
from models.store.schema.journal import errand as job

ABANDONED_AFTER: Final = timedelta(minutes=2)
"""A job of this age has lost its caller, who waits for less."""


class JobResult(Record):
    """The result of a job: its answer, and the document it made, if any."""

    answer: dict[str, object]
    document: bytes | None


def submit(connection: Connection, content: bytes) -> str:
    """Store the input of a job until it is finished; returns the job's id."""
    connection.execute(delete(job).where(job.c.created_at < func.clock_timestamp() - ABANDONED_AFTER))
    created: str = connection.execute(insert(job).values(given=content).returning(job.c.id)).scalar_one()
    return created


def find_input(connection: Connection, job_id: str) -> bytes | None:
    """Return the input of a job; None once the job is finished or deleted."""
    content: bytes | None = connection.execute(select(job.c.given).where(job.c.id == job_id)).scalar()
    return content


def finish(connection: Connection, job_id: str, answer: dict[str, object], document: bytes | None = None) -> None:
    """Store the result of a job and delete its input."""
    values = {"told": answer, "made": document, "given": None}
    connection.execute(update(job).where(job.c.id == job_id).values(values))


def take_result(connection: Connection, job_id: str) -> JobResult | None:
    """Return the result of a job, or None if it is not finished; the job is deleted either way."""
    columns = (job.c.told.label("answer"), job.c.made.label("document"))
    row = connection.execute(delete(job).where(job.c.id == job_id).returning(*columns)).mappings().first()
    return JobResult.of(row) if row and row["answer"] is not None else None
