"""Request bodies are read within limits, whatever they declare."""

from collections.abc import MutableMapping

import pytest
from fastapi_problem.error import Problem
from starlette.requests import Request

from starter.http.request_body import limited


def a_request(declared: bytes) -> Request:
    async def receive() -> MutableMapping[str, object]:
        return {"type": "http.request", "body": b"12345", "more_body": False}

    return Request({"type": "http", "headers": [(b"content-length", declared)]}, receive)


async def test_a_length_that_is_no_number_is_not_believed() -> None:
    assert b"".join([chunk async for chunk in limited(a_request(b"\xb2"), 10)]) == b"12345"


async def test_a_length_beyond_the_limit_is_refused_before_it_is_read() -> None:
    with pytest.raises(Problem):
        [chunk async for chunk in limited(a_request(b"11"), 10)]
