"""Spans of OpenTelemetry, once a program has been told where to send them; nothing of it is loaded otherwise.

They continue the trail of the work at hand (`models.telemetry.trace_context`), under the same trace: what a log
says can be looked up.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from models.telemetry import trace_context

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider
    from temporalio.contrib.opentelemetry import TracingInterceptor

    from models.telemetry.trace_context import Trail

_provider: "TracerProvider | None" = None


def configure(address: str, program: str) -> None:
    """Send the spans of this program to an address (OTLP over HTTP); an empty one: make none."""
    if not address:
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": f"tacite-{program}"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(address)))
    use(provider)


def use(provider: "TracerProvider | None") -> None:
    """Make spans by a provider, or none."""
    global _provider
    _provider = provider


def end() -> None:
    """Send what is left, at the end of a program."""
    if _provider is not None:
        _provider.shutdown()


def interceptors() -> "list[TracingInterceptor]":
    """What the plugin of the engine carries: spans of messages, processes and acts, or nothing."""
    if _provider is None:
        return []
    from temporalio.contrib.opentelemetry import TracingInterceptor

    return [TracingInterceptor(_provider.get_tracer("tacite"))]


@contextmanager
def step(name: str) -> Iterator[None]:
    """Make a span of a block, of which the trail goes on from there; does nothing where no spans are made."""
    at_hand = trace_context.current()
    if _provider is None or at_hand is None:
        yield
        return
    tracer = _provider.get_tracer("tacite")
    with tracer.start_as_current_span(name, _parent(at_hand)) as span:
        context = span.get_span_context()
        at_hand.trace, at_hand.span = f"{context.trace_id:032x}", f"{context.span_id:016x}"
        yield


def _parent(at_hand: "Trail") -> "Context | None":
    """The step that asked for this work, elsewhere; None when the trace begins here."""
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    sent = {} if at_hand.begun else {"traceparent": at_hand.parent}
    return TraceContextTextMapPropagator().extract(sent)
