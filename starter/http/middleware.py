"""Middleware around every call: request id, trace, limits and what is left of them, HEAD, 304, security, log line."""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Final

import structlog
from fastapi_problem.error import Problem
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models import limits
from models.telemetry import spans
from models.telemetry.trace_context import TraceContext, current, following
from starter.http.address import caller_address
from starter.http.conditional import NOT_MODIFIED, conditional
from starter.http.heads import answering
from starter.http.problems import TYPE_TEMPLATE, problem
from starter.http.reception import CLOSE, Bounds
from starter.metrics import Calls, known_method, route

log = structlog.get_logger()

SECURITY_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with `no-referrer`, our own forms would come with `Origin: null`
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}
RefusalPage = Callable[[Scope, dict[str, object]], Response | None]
"""Returns the page of a call that is refused before it is looked at; None for software."""
CALLER_GONE: Final = 499
"""Status under which a call is counted whose caller left, or broke off its body, before its answer."""
BROKEN_OFF: Final = "Le corps de l’envoi est incomplet ou mal formé."
CODED: Final = "Envoyez le corps sans codage de transfert autre que « chunked »."


class Middleware:
    """ASGI middleware; the security headers that a response sets itself are kept."""

    def __init__(
        self, app: ASGIApp, *, secure: bool, calls: Calls, proxies: int = 0, refusal_page: RefusalPage | None = None
    ) -> None:
        self._app = app
        self._calls = calls
        self._proxies = proxies
        self._refusal_page = refusal_page
        self._bounds = Bounds()
        self._headers = SECURITY_HEADERS | (
            {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"} if secure else {}
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one call."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        trail = TraceContext.of(Headers(scope=scope).get("traceparent"))
        # Ours alone: an id that a caller chooses is neither trusted nor logged. Callers send `traceparent` instead.
        trail.request = secrets.token_hex(16)
        with following(trail), spans.step(f"call:{known_method(scope)}"):
            await self._serve(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        began, status, started = monotonic(), 500, False

        async def answer(message: Message) -> None:
            nonlocal status, started
            if message["type"] == "http.response.start":
                message = conditional(asked, message) if inner["method"] == "GET" else message
                status, started = message["status"], True
                self._complete(MutableHeaders(scope=message), limits.headers(noted.values()))
            elif message["type"] == "http.response.body" and (scope["method"] == "HEAD" or status == NOT_MODIFIED):
                message = {**message, "body": b""}
            await send(message)

        asked = Headers(scope=scope)
        inner = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
        try:
            with answering(scope["method"]), limits.noting() as noted:
                await self._within_bounds(self._app, inner, receive, answer)
        except ClientDisconnect:
            if not started:  # who broke off the framing of the body is still there and hears why
                refusal = problem("malformed", BROKEN_OFF, dict(CLOSE))
                await self._answer_to(inner, refusal)(inner, receive, answer)
            status = CALLER_GONE
        except asyncio.CancelledError:
            status = CALLER_GONE
            raise
        finally:
            spent = monotonic() - began
            scope.setdefault("route", inner.get("route"))
            self._calls.answered(scope, status, spent)
            fields = {"method": known_method(scope), "route": route(scope), "status": status}
            log.info("call_answered", **fields, ms=round(spent * 1000))

    async def _within_bounds(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        with self._bounds.call(scope, receive, caller_address(scope, self._proxies)) as reception:
            refusal = _refuse_coding(Headers(scope=scope)) or await reception.start()
            self._calls.under_way.set(self._bounds.calls.taken)
            try:
                await (self._answer_to(scope, refusal) if refusal else app)(scope, reception.receive, send)
            finally:
                self._calls.under_way.set(self._bounds.calls.taken)

    def _answer_to(self, scope: Scope, refusal: Problem) -> Response:
        content = refusal.marshal(uri=TYPE_TEMPLATE)
        shown = self._refusal_page(scope, content) if self._refusal_page else None
        answer = shown or JSONResponse(content, refusal.status, media_type="application/problem+json")
        answer.headers.update(refusal.headers or {})
        return answer

    def _complete(self, headers: MutableHeaders, stated: Mapping[str, str]) -> None:
        context = current()
        headers["X-Request-Id"] = context.request if context else ""
        headers.update(stated)
        for name, value in self._headers.items():
            headers.setdefault(name, value)
        if "GET" in headers.get("allow", "").split(", "):
            headers["allow"] += ", HEAD"


def _refuse_coding(headers: Headers) -> Problem | None:
    """Return the refusal of a body in a coding that nobody here undoes: it would be read as if it were plain."""
    codings = ",".join(headers.getlist("transfer-encoding")).strip().lower()
    return None if codings in ("", "chunked") else problem("unsupported-media-type", CODED, dict(CLOSE))
