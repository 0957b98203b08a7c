"""Jobs: work that a caller waits for and that only a worker can do; the result is read once."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from pydantic import TypeAdapter
from starlette.concurrency import run_in_threadpool

from models.engine.kinds.jobs import PREVIEW, VERIFICATION, launch_preview, launch_verification
from models.errors import Conflict, Slug
from models.messages.case import Ref
from models.messages.verification import Upload, Verification
from models.store.cases.decisions import Proposal
from models.store.operations import jobs
from models.store.operations.jobs import JobResult
from starter.context import Context
from starter.engine import EngineUnavailable
from starter.http.problems import fault

JOB_TIMEOUT: Final = timedelta(seconds=30)
"""How long a caller waits for a job."""
_SLUG: Final[TypeAdapter[Slug]] = TypeAdapter(Slug)


async def verify(context: Context, content: bytes) -> Verification:
    """Verify a document; raises `InvalidRequest` for an empty one, and `EngineUnavailable`."""
    if not content:
        raise fault("/file", "file-empty", "Ce fichier est vide.")
    result = await _run(
        context,
        content,
        lambda job: context.engine.run(VERIFICATION, launch_verification(Upload(id=job)), JOB_TIMEOUT),
    )
    return Verification.model_validate(result.answer)


async def preview(context: Context, proposal: Proposal) -> bytes:
    """Compose a decision without taking it; raises the `Conflict` that it would meet, and `EngineUnavailable`."""
    result = await _run(
        context,
        proposal.model_dump_json(by_alias=True).encode(),
        lambda job: context.engine.run(PREVIEW, launch_preview(Ref(reference=proposal.reference, id=job)), JOB_TIMEOUT),
    )
    if result.document is None:
        raise Conflict(_SLUG.validate_python(result.answer["slug"]), str(result.answer["detail"]))
    return result.document


async def _run(context: Context, content: bytes, run: Callable[[str], Awaitable[None]]) -> JobResult:
    """Store the input, run the job, read its result; both are deleted, even if no worker ran the job."""
    job = await run_in_threadpool(_submit, context, content)
    try:
        await run(job)
    finally:
        result = await run_in_threadpool(_take_result, context, job)
    if result is None:
        raise EngineUnavailable("dropped")
    return result


def _submit(context: Context, content: bytes) -> str:
    with context.database.begin() as connection:
        return jobs.submit(connection, content)


def _take_result(context: Context, job: str) -> JobResult | None:
    with context.database.begin() as connection:
        return jobs.take_result(connection, job)
