"""Public endpoints: deadlines, filing windows, the OpenAPI description."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from law.silence import silence
from local.postgres import Postgres
from models.store.database import Database
from starter.app import create_app
from tests.starter.conftest import a_setting, one_register
from tests.starter.people import Door


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


DAY = "2026-11-22T10:00:00+01:00"


@pytest.mark.parametrize(
    ("received_at", "department", "rule", "instant"),
    [
        (DAY, "75", "15_days", "2026-12-08T00:00:00+01:00"),
        ("2020-03-28T23:59:59+01:00", "075", "2_days", "2020-03-31T00:00:00+02:00"),
        ("2020-04-03T10:11:12+02:00", "2a", "48_hours", "2020-04-05T10:11:12+02:00"),
        ("2026-11-22T02:00:00Z", "971", "15_days", "2026-12-07T00:00:00-04:00"),
    ],
)
async def test_a_deadline_is_that_of_the_law(
    received_at: str, department: str, rule: str, instant: str, door: Door
) -> None:
    answer = await door().get("/deadlines", params={"received_at": received_at, "department": department})
    body = answer.json()
    assert (answer.status_code, body["rule"], body["tacit_acceptance_at"]) == (200, rule, instant)
    assert all(reason.keys() == {"article", "text", "value", "source"} for reason in body["why"])


async def test_a_plus_that_was_not_encoded_is_understood(door: Door) -> None:
    answer = await door().get(f"/deadlines?received_at={DAY}")
    assert answer.json()["tacit_acceptance_at"] == "2026-12-08T00:00:00+01:00"


async def test_a_deadline_comes_as_a_calendar_file(door: Door) -> None:
    answer = await door().get(
        "/deadlines", params={"received_at": DAY, "department": "974"}, headers={"Accept": "text/calendar"}
    )
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    lines = answer.text.split("\r\n")
    assert (lines[0], lines[-2], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR", "")
    assert all(len(line.encode()) <= 75 for line in lines)
    at = silence(datetime.fromisoformat(DAY), "974").tacit_acceptance_at
    assert f"DTSTART:{at.timestamp() and '20261207T200000Z'}" in lines
    unfolded = answer.text.replace("\r\n ", "")
    [stamp] = [line for line in lines if line.startswith("DTSTAMP:")]
    stamped = datetime.strptime(stamp, "DTSTAMP:%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    assert timedelta() <= datetime.now(UTC) - stamped < timedelta(minutes=1)
    assert "SUMMARY:Activité partielle : acceptation implicite" in unfolded
    assert "elle est acceptée implicitement (R. 5122-4)." in unfolded


async def test_scripts_of_any_site_may_read_the_calculators_and_nothing_else(door: Door) -> None:
    asked = {"received_at": DAY, "department": "974"}
    for accept in ("application/json", "text/calendar"):
        answer = await door().get("/deadlines", params=asked, headers={"Accept": accept})
        assert answer.headers["access-control-allow-origin"] == "*"
    for path in ("/requests", "/health"):
        assert "access-control-allow-origin" not in (await door().get(path)).headers


async def test_a_filing_window_is_that_of_the_law(door: Door) -> None:
    asked = {"ground": "exceptional_circumstances", "placement_on": "2020-03-20"}
    body = (await door().get("/filing-windows", params=asked)).json()
    assert body["closes_at"] == "2020-04-21T00:00:00+02:00"
    assert body["accepted_until"] == "2020-05-01T00:00:00+02:00"
    assert body["why"]


WRONG = {
    "no instant": ("/deadlines", {}, {"/received_at"}),
    "a naive instant": ("/deadlines", {"received_at": "2026-11-22T10:00:00"}, {"/received_at"}),
    "no instant but a day": ("/deadlines", {"received_at": "2026-11-22"}, {"/received_at"}),
    "a number of seconds": ("/deadlines", {"received_at": "1796083200"}, {"/received_at"}),
    "before the first text": ("/deadlines", {"received_at": "2013-06-30T10:00:00+02:00"}, {"/received_at"}),
    "the first instant": ("/deadlines", {"received_at": "0001-01-01T00:00:00+14:00"}, {"/received_at"}),
    "the last instant": ("/deadlines", {"received_at": "9999-12-31T23:59:59-12:00"}, {"/received_at"}),
    "no such département": ("/deadlines", {"received_at": DAY, "department": "20"}, {"/department"}),
    "two errors": ("/deadlines", {"department": "99"}, {"/received_at", "/department"}),
    "a parameter too many": ("/deadlines", {"received_at": DAY, "zone": "Z"}, {""}),
    "an unknown ground": ("/filing-windows", {"ground": "x", "placement_on": "2026-12-01"}, {"/ground"}),
    "no such day": (
        "/filing-windows",
        {"ground": "restructuring", "placement_on": "2026-02-30"},
        {"/placement_on"},
    ),
    "a placement of long ago": (
        "/filing-windows",
        {"ground": "restructuring", "placement_on": "2012-01-01"},
        {"/placement_on"},
    ),
}


@pytest.mark.parametrize("name", WRONG)
async def test_a_wrong_question_is_told_its_errors(name: str, door: Door) -> None:
    address, asked, pointers = WRONG[name]
    answer = await door().get(address, params=asked)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-input")
    assert {error["pointer"] for error in answer.json()["errors"]} == pointers


async def test_the_calls_are_described_in_openapi(door: Door) -> None:
    document = (await door().get("/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    body = document["paths"]["/api/v1/requests"]["post"]["requestBody"]["content"]["application/json"]
    assert "circumstances" in body["schema"]["properties"]
    assert "$defs" not in str(document)
    schemas = document["components"]["schemas"]
    assert schemas["Period"]["required"] == ["start_on", "end_on"]
    assert (schemas["Filing"]["properties"]["hours"]["type"], "number" in str(schemas["GrantBody"])) == (
        "string",
        False,
    )


async def test_every_refusal_is_described_as_our_problem(door: Door) -> None:
    document = (await door().get("/openapi.json")).json()
    ours = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    calls = [call for path in document["paths"].values() for call in path.values()]
    problems = document["components"]["responses"]
    for status in ("default", "422"):
        described = {str(call["responses"][status]) for call in calls if status in call["responses"]}
        assert described == {str({"$ref": f"#/components/responses/Problem{status.capitalize()}"})}
    assert {str(each["content"]) for each in problems.values()} == {str(ours)}
    assert "ValidationError" not in str(document)
    refused = (await door().get("/deadlines")).json()
    described = document["components"]["schemas"]["Problem"]["properties"]
    assert refused.keys() == described.keys()
    assert refused["errors"][0].keys() == document["components"]["schemas"]["Fault"]["properties"].keys()


async def test_the_doors_live_and_say_what_answers(door: Door) -> None:
    assert (await door().get("/health")).json() == {"status": "alive"}
    answer = await door().get("/ready")
    assert (answer.status_code, answer.json()) == (
        200,
        {"database": "ready", "engine": "away", "examining": "ready"},
    )


async def test_the_doors_say_that_no_file_is_taken_and_stay_in_service(database: Database, tmp_path: Path) -> None:
    app = create_app(a_setting(database, tmp_path, examining=f"unix:{tmp_path}/nobody"))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://door/api/v1") as client,
    ):
        answer = await client.get("/ready")
    assert (answer.status_code, answer.json()["examining"]) == (200, "away")


async def test_a_call_that_does_not_exist_is_a_problem(door: Door) -> None:
    answer = await door().get("/nowhere")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")
    answer = await door().put("/requests")
    assert (answer.status_code, answer.json()["type"]) == (405, "/problems/method-not-allowed")
    assert "GET" in answer.headers["allow"] or "POST" in answer.headers["allow"]
