"""Agents agree to claims in batches and refuse them: each claim once, whatever becomes of the others."""

import asyncio
from collections import Counter
from time import monotonic

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from cli.environment import OPERATOR
from models.claim_labels import ClaimState
from models.store.claims import ends
from models.store.database import Database
from models.store.journal.events import SYSTEM
from models.store.people import delegations
from starter.context import Context
from tests.builders import Credentials, staff
from tests.cases import an_agent
from tests.models.store.claims import builders, reviewed
from tests.models.store.claims.builders import state, story
from tests.models.store.claims.reviewed import CLAIM_GROUNDS
from tests.starter.claims import waiting
from tests.starter.people import Door

ABSENT = "01a22a88-f8b4-7721-be3f-256ee462b013"


def results(answer: dict[str, list[dict[str, str]]]) -> list[str]:
    return [each["result"] for each in answer["items"]]


async def test_each_claim_of_a_batch_has_its_result_and_a_second_call_doubles_nothing(
    door: Door, agent: Credentials, database: Database
) -> None:
    claims = waiting(database, 4)
    with database.begin() as connection:
        ends.end(connection, claims[1].id, ClaimState.VOID, SYSTEM)
    reviewed.refuse(database, claims[2], an_agent(database))
    ids = [*(each.id for each in claims), ABSENT, claims[0].id]
    answered = await door(agent).post("/claims/visas", json={"ids": ids})
    assert results(answered.json()) == ["agreed", "not-under-review", "refused", "agreed", "not-found"]
    again = await door(agent).post("/claims/visas", json={"ids": ids[:1]})
    assert results(again.json()) == ["already"]
    assert [reviewed.count_visas(database, each) for each in claims] == [1, 0, 1, 1]
    assert builders.broken(database) == []


async def test_claims_of_other_departements_and_without_a_delegation_are_left(door: Door, database: Database) -> None:
    [claim] = waiting(database, 1)
    away = await door(staff(database, "agent", "75")).post("/claims/visas", json={"ids": [claim.id]})
    assert results(away.json()) == ["not-found"]
    powerless = staff(database)
    with database.begin() as connection:
        delegations.revoke_all(connection, powerless.account_id, OPERATOR)
    left = await door(powerless).post("/claims/visas", json={"ids": [claim.id]})
    assert results(left.json()) == ["not-allowed"]
    assert state(database, claim.id) == ClaimState.UNDER_REVIEW
    assert (
        await door(staff(database, "instructor")).post("/claims/visas", json={"ids": [claim.id]})
    ).status_code == 403


async def test_a_claim_whose_signals_changed_since_it_was_shown_is_not_agreed_to(
    door: Door, agent: Credentials, database: Database
) -> None:
    claims, client = waiting(database, 2), door(agent)
    listed = (await client.get("/desk/claims", params={"q": claims[0].reference})).json()["items"]
    seen = {each["id"]: each["signals_digest"] for each in listed}
    ids = [each.id for each in claims]
    reviewed.signal_case(database, claims[0].reference, "Avis du CSE non transmis dans le délai.")
    answer = (await client.post("/claims/visas", json={"ids": ids, "seen": {ids[0]: seen[ids[0]]}})).json()
    assert results(answer) == ["signals-changed", "agreed"], "without a digest it is agreed to as it is shown now"
    assert "n’est pas agréée" in answer["items"][0]["message"]
    now = (await client.get(f"/desk/claims/{ids[0]}")).json()["signals_digest"]
    again = await client.post("/claims/visas", json={"ids": ids[:1], "seen": {ids[0]: now}})
    assert results(again.json()) == ["agreed"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "missing"),
        ({"ids": []}, "too-few"),
        ({"ids": [ABSENT] * 501}, "too-many"),
        ({"ids": ["034AQHV02"]}, "wrong-form"),
        ({"ids": [None]}, "not-a-text"),
        ({"ids": [ABSENT], "more": 1}, "unknown-field"),
        ({"ids": [ABSENT], "seen": {ABSENT: "x" * 17}}, "too-long"),
    ],
)
async def test_a_wrong_batch_is_refused(door: Door, agent: Credentials, body: object, code: str) -> None:
    answer = await door(agent).post("/claims/visas", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)


async def test_a_batch_holds_no_more_than_the_setting_allows(
    door: Door, app: FastAPI, agent: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    context: Context = app.state.context
    monkeypatch.setitem(context.settings.__dict__, "visa_batch", 1)
    answer = await door(agent).post("/claims/visas", json={"ids": [ABSENT, ABSENT[:-1] + "4"]})
    assert answer.json()["errors"][0]["message"] == "Pas plus de 1 demandes d’indemnisation à la fois."


async def test_one_batch_of_an_account_at_a_time(door: Door, agent: Credentials, database: Database) -> None:
    ids = [each.id for each in waiting(database, 20)]
    answers = await asyncio.gather(*(door(agent).post("/claims/visas", json={"ids": ids}) for _ in range(3)))
    assert sorted(each.status_code for each in answers) == [200, 429, 429]


async def test_five_hundred_visas_at_once_by_two_agents_are_given_once_each(door: Door, database: Database) -> None:
    claims = waiting(database, 500)
    ids = [each.id for each in claims]
    began = monotonic()
    first, second = await asyncio.gather(
        *(door(staff(database)).post("/claims/visas", json={"ids": ids}, timeout=120) for _ in range(2))
    )
    assert monotonic() - began < 60
    pairs = Counter(tuple(sorted(pair)) for pair in zip(results(first.json()), results(second.json()), strict=True))
    assert pairs == {("agreed", "already"): 500}
    with database.begin() as connection:
        counted = connection.execute(
            text("SELECT count(*), count(DISTINCT claim_id) FROM visa WHERE claim_id = ANY(CAST(:ids AS uuid[]))"),
            {"ids": ids},
        ).one()
    assert tuple(counted) == (500, 500)


async def test_a_refusal_is_registered_once_and_says_why_another_is_not(
    door: Door, agent: Credentials, database: Database
) -> None:
    first, second = waiting(database, 2)
    client = door(agent)
    unfounded = await client.post(f"/claims/{first.id}/refusal", json={"grounds": ["Non."]})
    assert {each["code"] for each in unfounded.json()["errors"]} == {"reasons-without-law", "reasons-without-facts"}
    empty: list[dict[str, object]] = [{}, {"grounds": []}]
    for wrong in empty:
        answer = await client.post(f"/claims/{first.id}/refusal", json=wrong)
        assert answer.status_code == 422
    body = {"grounds": list(CLAIM_GROUNDS)}
    for _ in range(2):
        refused = await client.post(f"/claims/{first.id}/refusal", json=body)
        assert (refused.status_code, refused.json()["grounds"]) == (202, list(CLAIM_GROUNDS))
    assert story(database, first.id).count("claim_refusal_registered") == 1
    other = await door(staff(database)).post(f"/claims/{first.id}/refusal", json=body)
    assert (other.status_code, other.json()["type"].rpartition("/")[2]) == (409, "claim-settled")
    reviewed.agree(database, second, an_agent(database))
    assert (await client.post(f"/claims/{second.id}/refusal", json=body)).status_code == 409
    for absent in (ABSENT, "x", builders.stage(database, first.reference, builders.a_person(9), part=9)):
        assert (await client.post(f"/claims/{absent}/refusal", json=body)).status_code == 404
