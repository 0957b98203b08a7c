"""A file of a claim is read, and forgotten after a day; what is broken parks it, and its day ends all the same."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import pytest
from temporalio.client import WorkflowExecutionStatus, WorkflowHandle
from temporalio.service import RPCError
from temporalio.testing import TimeSkipper

from models.claim_files.profile import ImportProfile
from models.claim_labels import UploadState
from models.engine.kinds.upload import UPLOAD
from models.engine.names import upload_process
from models.labels import Part
from models.messages.upload import UploadProgress
from models.store.claims.uploads import reading
from starter.engine import EngineClient
from tests.cases import an_agent
from tests.judging import a_reader_of_claims
from tests.models.store.claims.builders import authorize
from tests.uploads import A_LINE, a_file, receive, standing, state_profile
from tests.workflows.conftest import Stage
from workflows.upload import UploadWorkflow


@asynccontextmanager
async def with_a_reader(stage: Stage) -> AsyncIterator[None]:
    async with stage.without_workers():
        stage.examiner = a_reader_of_claims()
    yield


async def start(stage: Stage, upload_id: str) -> WorkflowHandle[UploadWorkflow, UploadProgress]:
    """Start the process, or signal it, as the relay does."""
    assert UPLOAD.load
    with stage.database.begin() as connection:
        launch = UPLOAD.load(connection, upload_id)
    assert launch
    await EngineClient(stage.client).start(UPLOAD, launch)
    return stage.client.get_workflow_handle_for(UploadWorkflow.run, upload_process(upload_id))


def sent(stage: Stage, content: bytes | None = None) -> str:
    an_agent(stage.database)
    return receive(stage.database, authorize(stage.database), content)


async def becomes(stage: Stage, upload_id: str, *states: UploadState) -> None:
    await stage.until(lambda: standing(stage.database, upload_id).state in states)


async def expire(stage: Stage, handle: WorkflowHandle[UploadWorkflow, UploadProgress]) -> UploadProgress:
    skipper = TimeSkipper(stage.client)
    while (await handle.describe()).status is WorkflowExecutionStatus.RUNNING:
        with suppress(TimeoutError, RPCError):  # it may be busy, or end meanwhile
            await asyncio.wait_for(skipper.fast_forward(handle, timedelta(days=1, minutes=1)), 5)
    return await handle.result()


async def upload_read_and_forgotten(stage: Stage) -> str:
    async with with_a_reader(stage):
        upload_id = sent(stage)
        handle = await start(stage, upload_id)
        await becomes(stage, upload_id, UploadState.READ)
        assert (await expire(stage, handle)).state is UploadState.EXPIRED
    return handle.id


async def upload_read_again_with_a_profile(stage: Stage) -> str:
    async with with_a_reader(stage):
        upload_id = sent(stage, a_file({("N° interne" if name == "nir" else name): A_LINE[name] for name in A_LINE}))
        handle = await start(stage, upload_id)
        await becomes(stage, upload_id, UploadState.UNREADABLE)
        reference = standing(stage.database, upload_id).reference
        stated = ImportProfile.model_validate({"name": "Paie", "headers": {"N° interne": "nir"}})
        with stage.database.begin() as connection:
            profile = state_profile(connection, reference, stated)
            reading.read_again(connection, upload_id, profile)
        await start(stage, upload_id)
        await becomes(stage, upload_id, UploadState.READ)
        await expire(stage, handle)
    return handle.id


async def upload_never_read(stage: Stage) -> str:
    upload_id = sent(stage)
    handle = await start(stage, upload_id)
    await stage.until(lambda: bool(stage.incidents(upload_id)))
    assert (await expire(stage, handle)).state is UploadState.EXPIRED
    return handle.id


PATHS = (upload_read_and_forgotten, upload_read_again_with_a_profile, upload_never_read)


async def test_a_file_is_read_and_forgotten_after_a_day(stage: Stage) -> None:
    await upload_read_and_forgotten(stage)


async def test_a_profile_has_it_read_again_at_once(stage: Stage) -> None:
    await upload_read_again_with_a_profile(stage)


@pytest.mark.slow
async def test_what_cannot_be_read_is_visible_and_goes_with_its_day(stage: Stage) -> None:
    await upload_never_read(stage)


@pytest.mark.slow
async def test_without_the_program_it_is_parked_visible_and_read_once_it_is_back(stage: Stage) -> None:
    upload_id = sent(stage)
    handle = await start(stage, upload_id)
    await stage.until(lambda: bool(stage.incidents(upload_id)))
    assert [(each.act, each.part) for each in stage.incidents(upload_id)] == [("read_upload", Part.EXAMINER)]
    async with with_a_reader(stage):
        await handle.signal("resume")
        await becomes(stage, upload_id, UploadState.READ)
        await stage.until(lambda: all(each.closed_at for each in stage.incidents(upload_id)))
        await expire(stage, handle)
