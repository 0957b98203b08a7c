"""Tokens for the tools of agents: allowed by a head, made in a strong session, short, and ended with the access."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from law.calendar import local
from law.directory import PARIS
from models.engine.names import account_process
from models.settings import Settings
from models.store.database import Database, now
from models.store.people import notices, quotas, sessions
from starter.auth import cookies
from tests.builders import Credentials, a_grant, staff
from tests.cases import file_a_case
from tests.starter.people import Door, Person, accesses


def in_session(database: Database, who: Credentials, method: sessions.Method = "totp") -> Person:
    with database.begin() as connection:
        return Person(who, "", sessions.open_session(connection, who.account_id, method, cookies.SESSION_LIFETIME))


def today(database: Database) -> date:
    with database.begin() as connection:
        return local(now(connection), PARIS).date()


@pytest.fixture
def head(database: Database) -> Person:
    return in_session(database, staff(database, "head"))


@pytest.fixture
def body(database: Database) -> dict[str, object]:
    until = today(database) + timedelta(days=90)
    return {"label": "Tableur", "scope": "decide", "until_on": until.isoformat()}


async def allowed(door: Door, head: Person, agent: Credentials) -> None:
    assert (await door(head).post(f"/unit/agents/{agent.account_id}/tool-access")).status_code == 200


async def test_an_agent_makes_a_token_that_decides_once_a_head_allows_it(
    door: Door, head: Person, agent: Credentials, database: Database, body: dict[str, object]
) -> None:
    mine = door(in_session(database, agent))
    refused = await mine.post("/tool-tokens", json=body)
    assert (refused.status_code, "chef d’unité" in refused.json()["detail"]) == (403, True)
    for _ in range(2):
        await allowed(door, head, agent)
    made, again = [await mine.post("/tool-tokens", json=body, headers={"Idempotency-Key": "1"}) for _ in range(2)]
    assert (made.status_code, made.json()) == (201, again.json())
    tool = Credentials(agent.account_id, made.json()["token"])
    case = file_a_case(database)
    assert (await door(tool).post(f"/requests/{case}/decision", json=a_grant(id=f"T-{case}"))).status_code == 202
    assert (await door(tool).post("/unit/agents", json={})).status_code == 403
    assert (await door(tool).post("/tool-tokens", json=body)).status_code == 403
    (listed,) = [each for each in (await mine.get("/tool-tokens")).json()["items"] if each["label"] != "Essai"]
    assert (listed["label"], listed["scope"], "token" in listed) == ("Tableur", "decide", False)
    assert (await mine.delete(f"/tool-tokens/{listed['id']}")).status_code == 204
    assert (await door(tool).get("/desk")).status_code == 401


async def test_tokens_of_a_day_have_a_quota_and_each_is_told_to_the_agent_once(
    door: Door,
    head: Person,
    agent: Credentials,
    database: Database,
    body: dict[str, object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(quotas.QUOTAS, "tokens", replace(quotas.QUOTAS["tokens"], most=2))
    await allowed(door, head, agent)
    mine = door(in_session(database, agent))
    for key in ("1", "2", "2"):
        made = await mine.post("/tool-tokens", json=body, headers={"Idempotency-Key": key})
        assert made.status_code == 201
    refused = await mine.post("/tool-tokens", json=body, headers={"Idempotency-Key": "3"})
    assert (refused.status_code, "jetons" in refused.json()["detail"]) == (429, True)
    with database.begin() as connection:
        told = notices.list_unsent(connection, account_process(agent.account_id))
    assert [each.kind for each in told] == ["token_issued", "token_issued"]


async def test_the_end_of_the_access_ends_every_token_and_is_told_once(
    door: Door, head: Person, agent: Credentials, database: Database, body: dict[str, object]
) -> None:
    await allowed(door, head, agent)
    made = (await door(in_session(database, agent)).post("/tool-tokens", json=body)).json()
    for _ in range(2):
        assert (await door(head).delete(f"/unit/agents/{agent.account_id}/tool-access")).status_code == 200
    assert (await door(Credentials(agent.account_id, made["token"])).get("/desk")).status_code == 401
    assert (await door(in_session(database, agent)).post("/tool-tokens", json=body)).status_code == 403
    head_id = head.who.account_id
    assert accesses(database, "tools_allowed") == accesses(database, "tools_revoked") == [head_id]


async def test_a_password_alone_makes_no_token(
    door: Door, head: Person, agent: Credentials, database: Database, body: dict[str, object], settings: Settings
) -> None:
    await allowed(door, head, agent)
    for method in ("password", "oidc"):  # no level is required of the provider here
        weak = await door(in_session(database, agent, method)).post("/tool-tokens", json=body)
        assert (weak.status_code, "second facteur" in weak.json()["detail"]) == (403, True)
    assert settings.oidc_acr == ()
    strong = await door(in_session(database, agent, "passkey")).post("/tool-tokens", json=body)
    assert strong.status_code == 201


async def test_a_token_lasts_ninety_days_at_most_and_gives_no_more_than_the_role(
    door: Door, head: Person, database: Database, body: dict[str, object]
) -> None:
    instructor = staff(database, "instructor")
    await allowed(door, head, instructor)
    mine = door(in_session(database, instructor))
    late = (today(database) + timedelta(days=91)).isoformat()
    for changes, pointer, code in (
        ({"scope": "instruct", "until_on": late}, "/until_on", "too-late"),
        ({"scope": "instruct", "until_on": "2020-01-01"}, "/until_on", "already-past"),
        ({"scope": "decide"}, "/scope", "scope-beyond-role"),
        ({"scope": "write"}, "/scope", "not-admitted"),
        ({"label": ""}, "/label", "empty"),
    ):
        answer = await mine.post("/tool-tokens", json=body | changes)
        faults = [(each["pointer"], each["code"]) for each in answer.json()["errors"]]
        assert answer.status_code == 422
        assert (pointer, code) in faults or (code == "not-admitted" and faults[0][0] == pointer), faults
    assert (await mine.post("/tool-tokens", json=body | {"scope": "instruct"})).status_code == 201


async def test_a_head_reaches_no_agent_of_another_unit(door: Door, head: Person, database: Database) -> None:
    stranger = staff(database, "agent", "75")
    assert (await door(head).post(f"/unit/agents/{stranger.account_id}/tool-access")).status_code == 404


async def test_a_closed_account_keeps_neither_the_access_nor_its_tokens(
    door: Door, head: Person, agent: Credentials, database: Database, body: dict[str, object]
) -> None:
    await allowed(door, head, agent)
    await door(in_session(database, agent)).post("/tool-tokens", json=body)
    for closed in (True, False):
        await door(head).patch(f"/unit/agents/{agent.account_id}", json={"closed": closed})
    with database.begin() as connection:
        left = "SELECT count(*) FROM token WHERE account_id = :a AND revoked_at IS NULL"
        assert connection.execute(text(left), {"a": agent.account_id}).scalar() == 0
    assert (await door(in_session(database, agent)).post("/tool-tokens", json=body)).status_code == 403
