"""Spans reach a collector over HTTP before the program ends; without a collector no tracing library is loaded."""

import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from local.processes import ROOT
from models.telemetry import spans, trace_context
from models.telemetry.trace_context import TraceContext


def test_what_was_made_is_sent_at_the_end() -> None:
    sent: list[ExportTraceServiceRequest] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers["Content-Encoding"] is None:
                sent.append(ExportTraceServiceRequest.FromString(body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *told: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Collector) as collector:
        thread = Thread(target=collector.serve_forever)
        thread.start()
        try:
            spans.configure(f"http://127.0.0.1:{collector.server_port}/v1/traces", "doors")
            with trace_context.following(TraceContext.of(None)), spans.step("call:GET"):
                pass
            spans.shutdown()
        finally:
            spans.set_provider(None)
            collector.shutdown()
            thread.join()
    (received,) = sent[0].resource_spans
    named = {each.key: each.value.string_value for each in received.resource.attributes}
    assert named["service.name"] == "tacite-doors"
    assert [span.name for span in received.scope_spans[0].spans] == ["call:GET"]


@pytest.mark.slow
def test_nothing_of_it_is_loaded_when_it_is_off() -> None:
    program = "import sys, starter.app; print([m for m in sys.modules if m.startswith('opentelemetry.sdk')])"
    told = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
