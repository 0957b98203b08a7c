"""The trace of a case goes through the engine: its acts are logged under it, and a replay says nothing."""

from collections.abc import Iterator

import pytest
import structlog
from structlog.typing import EventDict, Processor
from temporalio import workflow
from temporalio.worker import Replayer, Worker

from models import logs, trail
from models.engine import plugin
from models.tracing import HEADER
from models.trail import Trail
from tests.workflows.conftest import Stage

FILED, DECIDED = Trail.of(None), Trail.of(None)


@pytest.fixture
def lines() -> Iterator[list[EventDict]]:
    """What the logs of this process say."""
    heard = structlog.testing.LogCapture()
    before = structlog.get_config()
    processors: list[Processor] = [logs.quiet_while_replaying, logs.tell_trail, heard]
    structlog.configure(processors=processors, cache_logger_on_first_use=False)
    yield heard.entries
    structlog.configure(**before)


def said(lines: list[EventDict], reference: str, *acts: str) -> set[str]:
    """The traces under which acts of a case were logged."""
    return {line["trace"] for line in lines if line["case"] == reference and line.get("act") in acts}


async def test_acts_are_logged_under_the_trace_of_what_asked_for_them(
    stage: Stage, lines: list[EventDict]
) -> None:
    with trail.following(FILED):
        reference = await stage.open()
    await stage.until(lambda: bool(said(lines, reference, "send_notices")))
    decision = stage.grant(reference)
    with trail.following(DECIDED):
        await stage.tell("decide", reference, decision)
    await stage.until(lambda: bool(said(lines, reference, "hand_over")))
    assert said(lines, reference, "issue_receipt", "control") == {FILED.trace}
    assert said(lines, reference, "sign_decision", "notify_decision") == {DECIDED.trace}


async def test_the_engine_holds_digits_only(stage: Stage, lines: list[EventDict]) -> None:
    with trail.following(FILED):
        reference = await stage.open()
    await stage.until(lambda: bool(said(lines, reference, "send_notices")))
    history = await stage.handle(reference).fetch_history()
    headers = history.events[0].workflow_execution_started_event_attributes.header.fields
    assert {name: value.data.decode() for name, value in headers.items()} == {HEADER: f'"{FILED.trace}"'}


@workflow.defn(name="Talkative", sandboxed=False)
class TalkativeWorkflow:
    @workflow.run
    async def run(self) -> None:
        structlog.get_logger().info("said_by_a_process")


async def test_a_replay_says_nothing_again(stage: Stage, lines: list[EventDict]) -> None:
    async with Worker(stage.client, task_queue="talk", workflows=[TalkativeWorkflow]):
        talk = await stage.client.start_workflow(TalkativeWorkflow.run, id="talk:1", task_queue="talk")
        await talk.result()
    assert [(line["event"], line["case"]) for line in lines] == [("said_by_a_process", "1")]
    replayer = Replayer(workflows=[TalkativeWorkflow], plugins=[plugin(None)])
    await replayer.replay_workflow(await talk.fetch_history())
    assert len(lines) == 1


async def test_a_process_that_no_message_began_has_its_run_for_a_trace(
    stage: Stage, lines: list[EventDict]
) -> None:
    reference = await stage.open()
    await stage.until(lambda: bool(said(lines, reference, "send_notices")))
    run = (await stage.handle(reference).describe()).run_id
    assert said(lines, reference, "issue_receipt", "control") == {run.replace("-", "")}
