"""Trace propagation through the engine: a header carries the trace, so that acts are logged under it.

A process continues the trace of the message that it handles: the filing that started it, or a decision. A
process started by a schedule takes its run id as its trace.
"""

from collections.abc import Mapping
from time import monotonic
from typing import Final

import structlog
from temporalio import activity, client, worker, workflow
from temporalio.api.common.v1 import Payload

from models.engine.names import subject_of
from models.telemetry import trace_context
from models.telemetry.trace_context import TraceContext

HEADER: Final = "tacite-trace"
_log = structlog.get_logger()
Headers = Mapping[str, Payload]


class Tracing(client.Interceptor, worker.Interceptor):
    """Interceptor that passes the trace on with every message and every act."""

    def intercept_client(self, next: client.OutboundInterceptor) -> client.OutboundInterceptor:
        """Intercept the messages of a program that calls the engine."""
        return _ClientOutbound(next)

    def intercept_activity(self, next: worker.ActivityInboundInterceptor) -> worker.ActivityInboundInterceptor:
        """Intercept the acts of a worker."""
        return _ActivityInbound(next)

    def workflow_interceptor_class(
        self, input: worker.WorkflowInterceptorClassInput
    ) -> type[worker.WorkflowInboundInterceptor]:
        """Intercept the processes of a worker."""
        return _WorkflowInbound


def _with_trace(headers: Headers) -> Headers:
    current = trace_context.current()
    if current is None:
        return headers
    written = Payload(metadata={"encoding": b"json/plain"}, data=f'"{current.trace}"'.encode())
    return {**headers, HEADER: written}


def _trace(headers: Headers) -> str | None:
    return headers[HEADER].data.decode().strip('"') if HEADER in headers else None


class _ClientOutbound(client.OutboundInterceptor):
    async def start_workflow(self, input: client.StartWorkflowInput) -> client.WorkflowHandle[object, object]:
        input.headers = _with_trace(input.headers)
        return await super().start_workflow(input)

    async def signal_workflow(self, input: client.SignalWorkflowInput) -> None:
        input.headers = _with_trace(input.headers)
        await super().signal_workflow(input)

    async def start_workflow_update(
        self, input: client.StartWorkflowUpdateInput
    ) -> client.WorkflowUpdateHandle[object]:
        input.headers = _with_trace(input.headers)
        return await super().start_workflow_update(input)


class _WorkflowInbound(worker.WorkflowInboundInterceptor):
    """Each message is handled in its own task, which has its own trace context."""

    def init(self, outbound: worker.WorkflowOutboundInterceptor) -> None:
        super().init(_WorkflowOutbound(outbound))

    async def execute_workflow(self, input: worker.ExecuteWorkflowInput) -> object:
        self._continue(input.headers)
        return await super().execute_workflow(input)

    async def handle_signal(self, input: worker.HandleSignalInput) -> None:
        self._continue(input.headers)
        await super().handle_signal(input)

    async def handle_update_handler(self, input: worker.HandleUpdateInput) -> object:
        self._continue(input.headers)
        return await super().handle_update_handler(input)

    @staticmethod
    def _continue(headers: Headers) -> None:
        running = workflow.info()
        trace = _trace(headers) or running.run_id.replace("-", "")
        trace_context.take(TraceContext(trace, trace[:16], subject_of(running.workflow_id)))


class _WorkflowOutbound(worker.WorkflowOutboundInterceptor):
    def start_activity(self, input: worker.StartActivityInput) -> workflow.ActivityHandle[object]:
        input.headers = _with_trace(input.headers)
        return super().start_activity(input)

    def start_local_activity(self, input: worker.StartLocalActivityInput) -> workflow.ActivityHandle[object]:
        input.headers = _with_trace(input.headers)
        return super().start_local_activity(input)


class _ActivityInbound(worker.ActivityInboundInterceptor):
    async def execute_activity(self, input: worker.ExecuteActivityInput) -> object:
        """Perform the act under its trace, and log it."""
        performed, began = activity.info(), monotonic()
        trace = _trace(input.headers) or (performed.workflow_run_id or "").replace("-", "")
        with trace_context.following(TraceContext(trace, trace[:16], subject_of(performed.workflow_id or ""))):
            result: object = await super().execute_activity(input)
            spent = round((monotonic() - began) * 1000)
            _log.info("act_done", act=performed.activity_type, attempt=performed.attempt, ms=spent)
            return result
