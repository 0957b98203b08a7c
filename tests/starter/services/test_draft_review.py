"""A draft as its employer prepares it: the law judges what is stated, and says nothing of what is not."""

from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI

from starter.auth.credentials import PresentedCredential
from starter.context import Context
from starter.services import draft_review
from starter.services.draft_review import DraftReading
from tests.builders import Credentials, a_filing
from tests.starter.people import Door


def on(days: int) -> str:
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


async def reading(door: Door, app: FastAPI, boss: Credentials, **members: object) -> DraftReading:
    client = door(boss)
    opened = await client.post("/drafts", json={"ground": "economic_conditions", "placement_on": on(5)})
    draft = opened.json()["id"]
    (await client.patch(f"/drafts/{draft}", json=members)).raise_for_status()
    context: Context = app.state.context
    return draft_review.read(context, PresentedCredential(boss.token, None, b""), draft)


async def test_an_empty_draft_lacks_everything_and_nothing_in_it_is_wrong(
    door: Door, app: FastAPI, boss: Credentials
) -> None:
    found = await reading(door, app, boss)
    assert (found.faults, found.odd, found.beside) == ((), (), ())
    assert set(found.missing) == a_filing().keys() - {"ground"}
    assert (found.opinion, found.file, found.own.proven) == (None, None, True)
    assert found.window is not None
    assert found.window.closed == ""
    assert found.window.accepted_until > found.window.now


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"period": {"start_on": on(5), "end_on": on(4)}}, "/period/end_on"),
        ({"period": {"start_on": on(4), "end_on": on(20)}}, "/period/start_on"),
        ({"period": {"start_on": on(5), "end_on": on(400)}}, "/period/end_on"),
        ({"headcount": 60, "works_council": {"not_required": "fewer_than_50"}}, "/works_council"),
        ({"works_council": {"pending": True}}, "/works_council"),
    ],
)
async def test_what_is_stated_is_judged_at_once(
    door: Door, app: FastAPI, boss: Credentials, members: dict[str, object], pointer: str
) -> None:
    found = await reading(door, app, boss, **members)
    assert {each.pointer for each in found.faults} == {pointer}


async def test_what_the_law_would_say_of_missing_members_is_not_told(
    door: Door, app: FastAPI, boss: Credentials
) -> None:
    found = await reading(door, app, boss, headcount=60)
    assert found.faults == ()
    assert found.opinion is not None
    assert found.opinion.required


async def test_a_living_request_for_the_same_days_is_named(door: Door, app: FastAPI, boss: Credentials) -> None:
    period = {"start_on": on(5), "end_on": on(30)}
    body = a_filing(placement_on=on(5), period=period, hours="100")
    reference = (await door(boss).post("/requests", json=body)).json()["reference"]
    found = await reading(door, app, boss, period=period)
    assert [each.reference for each in found.beside] == [reference]
