"""Jobs: work that a caller waits for and that only a worker can do; the result is read once."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from anyio import CancelScope
from pydantic import TypeAdapter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from models.engine.kinds.jobs import PREVIEW, VERIFICATION, launch_preview, launch_verification
from models.errors import Conflict, Slug
from models.examination.shapes import MAX_DOCUMENT_BYTES
from models.messages.case import Ref
from models.messages.verification import TOO_LARGE, Upload, Verification
from models.store.claims.proposals import Proposed
from models.store.operations import jobs
from models.store.operations.jobs import JobResult
from models.store.people.attempts import Attempt
from starter.auth import rate_limits
from starter.context import Context
from starter.engine import EngineUnavailable
from starter.http.file_bodies import uploaded
from starter.http.problems import fault

JOB_TIMEOUT: Final = timedelta(seconds=30)
"""How long a caller waits for a job."""
_SLUG: Final[TypeAdapter[Slug]] = TypeAdapter(Slug)


async def verify(context: Context, origin: bytes, request: Request) -> Verification:
    """Verify the document of a form, for anybody.

    Raises `InvalidRequest` for an empty one, 413, 429 beyond the limits by address and in all, and `EngineUnavailable`.
    """
    with context.slow_calls.verification(origin):
        pass  # who would be refused in any case need not send a whole file first
    content = await uploaded(request, MAX_DOCUMENT_BYTES, TOO_LARGE)
    if not content:
        raise fault("/file", "file-empty", "Ce fichier est vide.")
    with context.slow_calls.verification(origin):
        attempt = await run_in_threadpool(_count_verification, context, origin)
        result = await _run(
            context,
            content,
            lambda job: context.engine.run(VERIFICATION, launch_verification(Upload(id=job)), JOB_TIMEOUT),
        )
    verdict = Verification.model_validate(result.answer)
    if verdict.registered:  # whoever shows our own documents may go on
        await run_in_threadpool(_take_back, context, attempt)
    return verdict


async def preview(context: Context, proposal: Proposed) -> bytes:
    """Compose the document of an act that is not done.

    Raises the `Conflict` that it meets, 429 beyond the places of its author and in all, and `EngineUnavailable`.
    """

    async def compose(job: str) -> None:
        await context.engine.run(PREVIEW, launch_preview(Ref(reference=proposal.reference, id=job)), JOB_TIMEOUT)

    with context.slow_calls.preview(proposal.actor.account_id or ""):
        result = await _run(context, proposal.model_dump_json(by_alias=True).encode(), compose)
    if result.document is None:
        raise Conflict(_SLUG.validate_python(result.answer["slug"]), str(result.answer["detail"]))
    return result.document


async def _run(context: Context, content: bytes, run: Callable[[str], Awaitable[None]]) -> JobResult:
    """Store the input, run the job, read its result; both are deleted, even if no worker ran the job."""
    job = await _submitted(context, content)
    try:
        await run(job)
    finally:
        with CancelScope(shield=True):  # a caller who leaves leaves nothing behind
            result = await run_in_threadpool(_take_result, context, job)
    if result is None:
        raise EngineUnavailable("dropped")
    return result


async def _submitted(context: Context, content: bytes) -> str:
    """Store the input; a caller who leaves meanwhile cannot stop that, so it is deleted once it is stored."""
    storing = asyncio.create_task(run_in_threadpool(_submit, context, content))
    try:
        return await asyncio.shield(storing)
    except asyncio.CancelledError:
        await asyncio.shield(asyncio.create_task(_forget(context, storing)))
        raise


async def _forget(context: Context, storing: asyncio.Task[str]) -> None:
    await asyncio.wait((storing,))
    if not storing.cancelled() and storing.exception() is None:
        await run_in_threadpool(_take_result, context, storing.result())


def _count_verification(context: Context, origin: bytes) -> Attempt:
    with context.database.begin() as connection:
        attempt = rate_limits.count(connection, "verification", origin)
        rate_limits.note_slowdown(connection, "verification", attempt)
    return attempt


def _take_back(context: Context, attempt: Attempt) -> None:
    with context.database.begin() as connection:
        rate_limits.take_back(connection, attempt)


def _submit(context: Context, content: bytes) -> str:
    with context.database.begin() as connection:
        return jobs.submit(connection, content)


def _take_result(context: Context, job: str) -> JobResult | None:
    with context.database.begin() as connection:
        return jobs.take_result(connection, job)
