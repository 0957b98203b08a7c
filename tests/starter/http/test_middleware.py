"""A call is logged under its trace and its case; the case of somebody else is not named."""

import asyncio

import pytest
from prometheus_client import CollectorRegistry
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send
from structlog.typing import EventDict

from models.store.database import Database
from starter.http import limits
from starter.http.middleware import Middleware
from starter.metrics import Calls
from tests.builders import Credentials, a_filing
from tests.cases import file_a_case
from tests.starter.people import Door

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SENT = f"00-{TRACE}-00f067aa0ba902b7-01"


async def test_a_call_that_sends_its_trace_is_logged_under_it_with_its_case(
    door: Door, boss: Credentials, lines: list[EventDict]
) -> None:
    answer = await door(boss).post("/requests", json=a_filing(), headers={"traceparent": SENT})
    reference = answer.json()["reference"]
    await door(boss).get(f"/requests/{reference}")
    filed, read = lines
    assert (filed["event"], filed["trace"], filed["case"]) == ("call_answered", TRACE, reference)
    assert read["case"] == reference
    assert len(read["trace"]) == 32
    assert read["trace"] != TRACE


async def test_an_answer_has_an_id_of_ours_which_every_line_of_the_call_has_too(
    door: Door, boss: Credentials, lines: list[EventDict]
) -> None:
    theirs = {"X-Request-Id": "theirs-" + "x" * 200}
    answers = [await door(boss).get(address, headers=theirs) for address in ("/requests", "/nowhere", "/requests")]
    ids = [each.headers["x-request-id"] for each in answers]
    assert [each["request"] for each in lines] == ids
    assert len({*ids}) == 3
    assert not any("theirs" in str(each) for each in (*lines, *ids))


async def test_a_call_refused_before_it_is_read_has_an_id_too() -> None:
    _, headers = await answer_to_a_post("gzip", WHOLE)
    assert len(headers[b"x-request-id"]) == 32


async def test_a_case_of_somebody_else_is_not_named(
    door: Door, database: Database, boss: Credentials, lines: list[EventDict]
) -> None:
    await door(boss).get(f"/requests/{file_a_case(database)}")
    assert lines[0]["case"] is None


async def test_calls_are_bounded_by_the_address_that_our_proxy_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_CALLS_BY_ADDRESS", 1)
    statuses, go_on = [], asyncio.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await go_on.wait()
        await Response()(scope, receive, send)

    async def silent() -> Message:
        raise AssertionError("no body is read")

    async def heard(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    behind = Middleware(slow, secure=False, calls=Calls(CollectorRegistry()), proxies=1)
    async with asyncio.TaskGroup() as calls:
        for address in ("192.0.2.1", "192.0.2.1", "192.0.2.2", "198.51.100.9, 192.0.2.1"):
            headers = [(b"x-forwarded-for", address.encode())]
            scope = {"type": "http", "method": "GET", "path": "/", "headers": headers, "client": ("127.0.0.1", 1)}
            calls.create_task(behind(scope, silent, heard))
        await asyncio.sleep(0.1)
        go_on.set()
    assert statuses == [429, 429, 200, 200]


async def test_a_call_that_is_cancelled_is_counted_as_its_caller_s_departure(lines: list[EventDict]) -> None:
    async def endless(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.Event().wait()

    async def silent() -> Message:
        raise AssertionError("no body is read")

    async def deaf(message: Message) -> None:
        raise AssertionError("nothing is sent")

    served = Middleware(endless, secure=False, calls=Calls(CollectorRegistry()))
    scope = {"type": "http", "method": "A" * 5_000, "path": "/", "headers": []}
    call = asyncio.create_task(served(scope, silent, deaf))
    await asyncio.sleep(0.05)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert [(each["method"], each["status"]) for each in lines] == [("-", 499)]


async def answer_to_a_post(coding: str, message: Message) -> tuple[list[int], dict[bytes, bytes]]:
    async def reading(scope: Scope, receive: Receive, send: Send) -> None:
        await Request(scope, receive).body()
        await Response()(scope, receive, send)

    statuses, headers = [], dict[bytes, bytes]()

    async def body() -> Message:
        return message

    async def heard(sent: Message) -> None:
        if sent["type"] == "http.response.start":
            statuses.append(sent["status"])
            headers.update(sent["headers"])

    scope = {"type": "http", "method": "POST", "path": "/", "headers": [(b"transfer-encoding", coding.encode())]}
    await Middleware(reading, secure=False, calls=Calls(CollectorRegistry()))(scope, body, heard)
    return statuses, headers


WHOLE: Message = {"type": "http.request", "body": b"{}", "more_body": False}


@pytest.mark.parametrize("coding", ["gzip, chunked", "identity", "chunked, chunked", "x"])
async def test_a_body_in_a_coding_that_nobody_undoes_is_refused(coding: str, lines: list[EventDict]) -> None:
    statuses, headers = await answer_to_a_post(coding, WHOLE)
    assert (statuses, headers[b"connection"]) == ([415], b"close")
    assert [each["status"] for each in lines] == [415]


async def test_a_body_that_is_chunked_is_read() -> None:
    assert (await answer_to_a_post("Chunked", WHOLE))[0] == [200]


async def test_who_breaks_off_a_body_and_is_still_there_hears_why(lines: list[EventDict]) -> None:
    statuses, headers = await answer_to_a_post("chunked", {"type": "http.disconnect"})
    assert statuses == [400]
    assert headers[b"content-type"] == b"application/problem+json"
    assert headers[b"x-frame-options"] == b"DENY"
    assert headers[b"referrer-policy"] == b"same-origin", "else an older browser cannot say that a form is ours"
    assert [each["status"] for each in lines] == [499]
