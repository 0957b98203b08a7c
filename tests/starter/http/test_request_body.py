"""Request bodies are read within limits, whatever they declare."""

from collections.abc import MutableMapping
from gzip import compress

import pytest
from fastapi_problem.error import Problem
from starlette.requests import Request

from starter.http.request_body import limited
from tests.builders import Credentials, a_filing
from tests.starter.people import Door


def a_request(declared: bytes) -> Request:
    async def receive() -> MutableMapping[str, object]:
        return {"type": "http.request", "body": b"12345", "more_body": False}

    return Request({"type": "http", "headers": [(b"content-length", declared)]}, receive)


async def test_a_length_that_is_no_number_is_not_believed() -> None:
    assert b"".join([chunk async for chunk in limited(a_request(b"\xb2"), 10)]) == b"12345"


async def test_a_length_beyond_the_limit_is_refused_before_it_is_read() -> None:
    with pytest.raises(Problem):
        [chunk async for chunk in limited(a_request(b"11"), 10)]


async def test_nothing_rejected_is_echoed_wherever_it_stands(door: Door, boss: Credentials) -> None:
    secret, iban = "1840575113042", "FR1420041010050500013M02606"
    odd = {secret: {"x": "a\0"}, "period": {iban: 1, "start_on": secret}, iban: [0] * 300, "ground": iban}
    client = door(boss)
    answers = [
        await client.post("/requests", json=a_filing(**odd)),
        await client.post("/requests", json=a_filing(**{f"{iban}{n}": 1 for n in range(150)})),
        await client.post("/requests", json=a_filing(siret=iban)),
        await client.post("/requests", json=a_filing(), headers={"Idempotency-Key": f"{iban} {secret}"}),
        await client.post("/requests", json=a_filing(), headers={"Content-Type": secret}),
        await client.get("/requests", params={iban: secret, "limit": secret, "cursor": iban}),
        await client.get("/deadlines", params={"received_at": secret, "department": iban, secret: iban}),
        await client.get(f"/requests/{iban}"),
        await client.get(f"/{secret}/{iban}"),
        await client.patch(f"/{secret}"),
    ]
    for answer in answers:
        assert 400 <= answer.status_code < 500
        assert secret not in answer.text + str(answer.headers)
        assert iban not in answer.text + str(answer.headers)
        assert len(answer.text) < 20_000


@pytest.mark.parametrize("encoding", ["gzip", "br", "GZIP", "deflate, gzip", "x"])
async def test_a_compressed_body_is_refused_as_such(encoding: str, door: Door, boss: Credentials) -> None:
    for path, kind in {"/requests": "application/json", "/files": "multipart/form-data; boundary=b"}.items():
        headers = {"Content-Encoding": encoding, "Content-Type": kind}
        answer = await door(boss).post(path, content=compress(b"{}"), headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (415, "/problems/unsupported-media-type")
        assert "compression" in answer.json()["detail"]
