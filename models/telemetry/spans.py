"""OpenTelemetry spans, if a program is configured to send them; otherwise the library is not even loaded.

They continue the current trace (`models.telemetry.trace_context`), so that a log line leads to its spans.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from models.telemetry import trace_context

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider
    from temporalio.contrib.opentelemetry import TracingInterceptor

    from models.telemetry.trace_context import TraceContext

_provider: "TracerProvider | None" = None


def configure(address: str, program: str) -> None:
    """Send the spans of this program to an address (OTLP over HTTP); with an empty one, create none."""
    if not address:
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": f"tacite-{program}"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(address)))
    set_provider(provider)


def set_provider(provider: "TracerProvider | None") -> None:
    """Create spans with a provider, or none at all."""
    global _provider
    _provider = provider


def shutdown() -> None:
    """Send the remaining spans at the end of a program."""
    if _provider is not None:
        _provider.shutdown()


def interceptors() -> "list[TracingInterceptor]":
    """Return the interceptors that trace messages, processes and acts; none when no spans are created."""
    if _provider is None:
        return []
    from temporalio.contrib.opentelemetry import TracingInterceptor

    return [TracingInterceptor(_provider.get_tracer("tacite"))]


@contextmanager
def step(name: str) -> Iterator[None]:
    """Run a block in a span, which later work continues; does nothing when no spans are created."""
    work = trace_context.current()
    if _provider is None or work is None:
        yield
        return
    tracer = _provider.get_tracer("tacite")
    with tracer.start_as_current_span(name, _parent(work)) as span:
        started = span.get_span_context()
        work.trace, work.span = f"{started.trace_id:032x}", f"{started.span_id:016x}"
        yield


def _parent(work: "TraceContext") -> "Context | None":
    """Return the context of the span that caused this work; an empty one when the trace begins here."""
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    sent = {} if work.begun else {"traceparent": work.parent}
    return TraceContextTextMapPropagator().extract(sent)
