"""Middleware around every call: trace, limit on concurrent calls, security headers, log line."""

from time import monotonic
from typing import Final

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.telemetry import spans
from models.telemetry.trace_context import TraceContext, following
from starter.http.problems import TYPE_TEMPLATE, problem
from starter.metrics import Calls, route

log = structlog.get_logger()

SECURITY_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}
MAX_CALLS: Final = 2_000
"""Concurrent calls; one more would take longer than its caller waits."""


class Middleware:
    """ASGI middleware; the security headers that a response sets itself are kept."""

    def __init__(self, app: ASGIApp, *, secure: bool, calls: Calls) -> None:
        self._app = app
        self._calls = calls
        self._under_way = 0
        self._headers = SECURITY_HEADERS | (
            {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"} if secure else {}
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one call."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        trail = TraceContext.of(Headers(scope=scope).get("traceparent"))
        with following(trail), spans.step(f"call:{scope['method']}"):
            await self._serve(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        began, status = monotonic(), 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        app = self._app if self._under_way < MAX_CALLS else _too_many()
        self._under_way += 1
        self._calls.under_way.set(self._under_way)
        try:
            await app(scope, receive, answer)
        finally:
            self._under_way -= 1
            self._calls.under_way.set(self._under_way)
            spent = monotonic() - began
            self._calls.answered(scope, status, spent)
            fields = {"method": scope["method"], "route": route(scope), "status": status}
            log.info("call_answered", **fields, ms=round(spent * 1000))


def _too_many() -> JSONResponse:
    refusal = problem("too-many", "Trop de requêtes sont en cours : réessayez dans quelques secondes.")
    content = refusal.marshal(uri=TYPE_TEMPLATE)
    headers = {"Retry-After": "5", "Content-Type": "application/problem+json"}
    return JSONResponse(content, status_code=refusal.status, headers=headers)
