"""The trace of a case passes through the engine: its acts are logged under it, and a replay logs nothing."""

from collections.abc import Iterator

import pytest
import structlog
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from structlog.typing import EventDict, Processor
from temporalio import workflow
from temporalio.worker import Replayer, Worker

from models.engine.client import plugin
from models.engine.tracing import HEADER
from models.telemetry import logs, spans, trace_context
from models.telemetry.trace_context import TraceContext
from tests.cases import SENTINELS
from tests.workflows.conftest import Stage

SENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
FILED, DECIDED = TraceContext.of(None), TraceContext.of(None)


@pytest.fixture
def log_lines() -> Iterator[list[EventDict]]:
    """The log entries of this process."""
    capture = structlog.testing.LogCapture()
    before = structlog.get_config()
    processors: list[Processor] = [logs.quiet_while_replaying, logs.add_trace, capture]
    structlog.configure(processors=processors, cache_logger_on_first_use=False)
    yield capture.entries
    structlog.configure(**before)


def traces_of(log_lines: list[EventDict], reference: str, *acts: str) -> set[str]:
    """The traces under which acts of a case were logged."""
    return {line["trace"] for line in log_lines if line["case"] == reference and line.get("act") in acts}


async def test_acts_are_logged_under_the_trace_of_what_asked_for_them(stage: Stage, log_lines: list[EventDict]) -> None:
    with trace_context.following(FILED):
        reference = await stage.open()
    await stage.until(lambda: bool(traces_of(log_lines, reference, "send_notices")))
    decision = stage.grant(reference)
    with trace_context.following(DECIDED):
        await stage.send_update("decide", reference, decision)
    await stage.until(lambda: bool(traces_of(log_lines, reference, "hand_over")))
    assert traces_of(log_lines, reference, "issue_receipt", "control") == {FILED.trace}
    assert traces_of(log_lines, reference, "sign_decision", "notify_decision") == {DECIDED.trace}


async def test_the_engine_holds_digits_only(stage: Stage, log_lines: list[EventDict]) -> None:
    with trace_context.following(FILED):
        reference = await stage.open()
    await stage.until(lambda: bool(traces_of(log_lines, reference, "send_notices")))
    history = await stage.handle(reference).fetch_history()
    headers = history.events[0].workflow_execution_started_event_attributes.header.fields
    assert {name: value.data.decode() for name, value in headers.items()} == {HEADER: f'"{FILED.trace}"'}


@workflow.defn(name="Talkative", sandboxed=False)
class TalkativeWorkflow:
    @workflow.run
    async def run(self) -> None:
        structlog.get_logger().info("said_by_a_process")


async def test_a_replay_says_nothing_again(stage: Stage, log_lines: list[EventDict]) -> None:
    async with Worker(stage.client, task_queue="talk", workflows=[TalkativeWorkflow]):
        talk = await stage.client.start_workflow(TalkativeWorkflow.run, id="talk:1", task_queue="talk")
        await talk.result()
    assert [(line["event"], line["case"]) for line in log_lines] == [("said_by_a_process", "1")]
    replayer = Replayer(workflows=[TalkativeWorkflow], plugins=[plugin(None)])
    await replayer.replay_workflow(await talk.fetch_history())
    assert len(log_lines) == 1


async def test_a_process_that_no_message_began_has_its_run_for_a_trace(
    stage: Stage, log_lines: list[EventDict]
) -> None:
    reference = await stage.open()
    await stage.until(lambda: bool(traces_of(log_lines, reference, "send_notices")))
    run = (await stage.handle(reference).describe()).run_id
    assert traces_of(log_lines, reference, "issue_receipt", "control") == {run.replace("-", "")}


@pytest.fixture
def exported() -> Iterator[InMemorySpanExporter]:
    """Spans are created, and collected here."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    spans.set_provider(provider)
    yield exporter
    spans.set_provider(None)
    provider.shutdown()


async def test_spans_are_made_of_a_case_when_asked_for_under_the_trace_of_its_log(
    exported: InMemorySpanExporter, stage: Stage, log_lines: list[EventDict]
) -> None:
    with trace_context.following(TraceContext.of(None)) as filed, spans.step("call:POST"):
        reference = await stage.open()
    await stage.until(lambda: bool(traces_of(log_lines, reference, "send_notices")))
    assert traces_of(log_lines, reference, "issue_receipt") == {filed.trace}
    made = {span.name: span for span in exported.get_finished_spans()}
    assert {f"{span.context.trace_id:032x}" for span in made.values()} == {filed.trace}
    assert made["call:POST"].parent is None
    assert {"StartWorkflow:Authorization", "RunWorkflow:Authorization", "RunActivity:issue_receipt"} <= set(made)
    exported_text = " ".join(span.to_json() for span in made.values())
    assert [sentinel for sentinel in SENTINELS if sentinel in exported_text] == []


async def test_no_span_is_made_otherwise(stage: Stage) -> None:
    assert spans.interceptors() == []
    with trace_context.following(TraceContext.of(SENT)) as trail, spans.step("call:GET"):
        assert trail.parent == SENT


def test_a_span_continues_the_trace_of_a_caller(exported: InMemorySpanExporter) -> None:
    with trace_context.following(TraceContext.of(SENT)) as trail, spans.step("call:GET"):
        assert trail.trace in SENT
        assert trail.parent != SENT
    (made,) = exported.get_finished_spans()
    assert made.parent is not None
    assert f"00-{made.parent.trace_id:032x}-{made.parent.span_id:016x}-01" == SENT
