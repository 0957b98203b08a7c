"""Drafts: opened in a window, completed, filed; wrong ones refused."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from models.labels import TokenScope
from models.store.cases import drafts, requests
from models.store.database import Database
from models.store.journal import events, outbox
from models.store.people import quotas, tokens
from tests.builders import Credentials, a_draft, a_filing, employer
from tests.starter.people import Door


async def test_a_draft_is_completed_then_filed_as_a_request(door: Door, boss: Credentials, database: Database) -> None:
    client = door(boss)
    opened = await client.post("/drafts", json=a_draft())
    assert opened.status_code == 201
    draft = opened.json()
    assert draft["closes_at"] == draft["accepted_until"] == "2027-01-01T00:00:00+01:00"
    assert set(draft["missing"]) == a_filing().keys() - {"ground"}
    stated = a_filing()
    del stated["circumstances"]
    changed = (await client.patch(f"/drafts/{draft['id']}", json=stated)).json()
    assert changed["missing"] == ["circumstances"]
    refused = await client.post(f"/drafts/{draft['id']}/filing")
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/circumstances"]
    await client.patch(f"/drafts/{draft['id']}", json={"circumstances": "Crue de la rivière."})
    filed = await client.post(f"/drafts/{draft['id']}/filing", headers={"Idempotency-Key": "f"})
    assert (filed.status_code, filed.json()["status"]) == (201, "under_review")
    again = await client.post(f"/drafts/{draft['id']}/filing", headers={"Idempotency-Key": "f"})
    assert again.text == filed.text
    ended = await client.post(f"/drafts/{draft['id']}/filing")
    assert (ended.status_code, ended.json()["type"]) == (409, "/problems/draft-ended")
    assert filed.json()["reference"] in ended.json()["detail"]
    read = (await client.get(f"/drafts/{draft['id']}")).json()
    assert (read["status"], read["reference"]) == ("filed", filed.json()["reference"])
    assert read["missing"] == []
    with database.begin() as connection:
        assert drafts.get(connection, draft["id"]).body == {}
        letters = [(letter.workflow_id.partition(":")[0], letter.kind) for letter in outbox.list_waiting(connection, 9)]
    assert letters == [("draft", "start"), ("authorization", "start"), ("draft", "complete")]


async def test_a_draft_of_an_advanced_clock_is_received_by_that_clock(
    door: Door, boss: Credentials, database: Database
) -> None:
    client = door(boss)
    draft = (await client.post("/drafts", json=a_draft())).json()["id"]
    await client.patch(f"/drafts/{draft}", json=a_filing())
    with database.begin() as connection:
        drafts.advance(connection, draft, timedelta(days=3))
        expected = requests.received_now(connection, timedelta(days=3))
    filed = (await client.post(f"/drafts/{draft}/filing")).json()
    case = (await client.get(f"/requests/{filed['reference']}")).json()
    assert timedelta() <= datetime.fromisoformat(case["events"][0]["at"]) - expected < timedelta(minutes=1)


async def test_a_moved_placement_moves_the_window_and_the_process_is_told(
    door: Door, boss: Credentials, database: Database
) -> None:
    client = door(boss)
    draft = (await client.post("/drafts", json=a_draft())).json()["id"]
    moved = await client.patch(f"/drafts/{draft}", json={"placement_on": "2026-12-10"})
    assert moved.json()["closes_at"] == "2027-01-12T00:00:00+01:00"  # the 30th day is a Saturday
    with database.begin() as connection:
        assert [letter.kind for letter in outbox.list_waiting(connection, 9)] == ["start", "complete"]
        assert drafts.get(connection, draft).placement_on == date(2026, 12, 10)


async def test_moving_a_draft_without_end_has_the_quota_of_drafts(
    door: Door, boss: Credentials, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(quotas.QUOTAS, "drafts", replace(quotas.QUOTAS["drafts"], most=3))
    client = door(boss)
    address = f"/drafts/{(await client.post('/drafts', json=a_draft())).json()['id']}"
    moved = [await client.patch(address, json={"placement_on": f"2026-12-{day}"}) for day in (10, 11, 12, 13)]
    assert [each.status_code for each in moved] == [200, 200, 429, 429]
    assert (await client.patch(address, json={"placement_on": "2026-12-11", "hours": "10"})).status_code == 200
    with database.begin() as connection:
        assert [each.kind for each in outbox.list_waiting(connection, 9)] == ["start", "complete", "complete"]


async def test_drafts_are_listed_by_status_and_a_lapsed_one_is_empty(
    door: Door, boss: Credentials, database: Database
) -> None:
    client = door(boss)
    late, early = [
        (await client.post("/drafts", json=a_draft(placement_on=on))).json() for on in ("2026-12-10", "2026-12-01")
    ]
    (await client.patch(f"/drafts/{late['id']}", json=a_filing())).raise_for_status()
    listed = (await client.get("/requests", params={"status": "draft", "cursor": ""})).json()
    assert [item["id"] for item in listed["items"]] == [early["id"], late["id"]]
    assert listed["items"][0] == {
        "id": early["id"],
        "siret": boss.siret,
        "status": "draft",
        "ground": "exceptional_circumstances",
        "placement_on": "2026-12-01",
        **{name: early[name] for name in ("closes_at", "accepted_until", "links")},
    }
    with database.begin() as connection:
        drafts.advance(connection, late["id"], timedelta(days=200))
        assert drafts.lapse(connection, late["id"]).status == "lapsed"
        assert drafts.get(connection, late["id"]).body == {}
    lapsed = (await client.get("/requests", params={"status": "lapsed"})).json()
    assert [item["id"] for item in lapsed["items"]] == [late["id"]]
    assert (await client.get(f"/drafts/{late['id']}")).json()["missing"] == []
    assert (await door(employer(database)).get("/requests", params={"status": "draft"})).json()["items"] == []


async def test_drafts_are_paged(door: Door, boss: Credentials) -> None:
    client = door(boss)
    opened = [(await client.post("/drafts", json=a_draft())).json()["id"] for _ in range(51)]
    first = (await client.get("/requests", params={"status": "draft"})).json()
    rest = (await client.get("/requests", params={"status": "draft", "cursor": first["next"]})).json()
    assert [item["id"] for item in first["items"] + rest["items"]] == opened
    assert (len(rest["items"]), rest["next"]) == (1, None)


async def test_a_member_can_be_taken_back(door: Door, boss: Credentials) -> None:
    client = door(boss)
    draft = (await client.post("/drafts", json=a_draft())).json()["id"]
    assert "hours" not in (await client.patch(f"/drafts/{draft}", json={"hours": "10"})).json()["missing"]
    assert "hours" in (await client.patch(f"/drafts/{draft}", json={"hours": None})).json()["missing"]


async def test_a_draft_of_somebody_else_is_unknown(door: Door, boss: Credentials, database: Database) -> None:
    draft = (await door(boss).post("/drafts", json=a_draft())).json()["id"]
    for address in (draft, "0" * 8 + draft[8:], "x", "%00"):
        answer = await door(employer(database)).get(f"/drafts/{address}")
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")


WRONG_OPENING = {
    "a closed window": (a_draft(placement_on="2026-08-03"), {"/placement_on": "filing-window-closed"}),
    "a placement before the first text": (
        a_draft(ground="restructuring", placement_on="2013-06-30"),
        {"/placement_on": "before-first-text"},
    ),
    "a law before the first text": (a_draft(law_on="2013-06-30"), {"/law_on": "before-first-text"}),
    "no placement": ({"ground": "restructuring"}, {"/placement_on": "missing"}),
    "a member of the filing": (a_draft(hours="12"), {"": "unknown-field"}),
    "somebody's SIRET": (a_draft(siret="35600000000048"), {"/siret": "establishment-unknown"}),
}
WRONG_CHANGE: dict[str, tuple[dict[str, object], dict[str, str]]] = {
    "a wrong member": ({"hours": "0", "headcount": 0}, {"/hours": "too-small", "/headcount": "too-small"}),
    "a member that is not asked": ({"colour": "red"}, {"": "unknown-field"}),
    "half a member": ({"period": {"start_on": "2026-12-01"}}, {"/period/end_on": "missing"}),
    "another SIRET": ({"siret": "35600000000048"}, {"/siret": "fixed"}),
    "a closed window": ({"placement_on": "2026-08-03"}, {"/placement_on": "filing-window-closed"}),
}


@pytest.mark.parametrize("name", WRONG_OPENING)
async def test_a_wrong_opening_is_refused(name: str, door: Door, boss: Credentials) -> None:
    body, expected = WRONG_OPENING[name]
    answer = await door(boss).post("/drafts", json=body)
    assert answer.status_code == 422
    assert {error["pointer"]: error["code"] for error in answer.json()["errors"]} == expected


@pytest.mark.parametrize("name", WRONG_CHANGE)
async def test_a_wrong_change_is_refused_whole(name: str, door: Door, boss: Credentials) -> None:
    body, expected = WRONG_CHANGE[name]
    draft = (await door(boss).post("/drafts", json=a_draft())).json()
    answer = await door(boss).patch(f"/drafts/{draft['id']}", json=body | {"employees": 3})
    assert answer.status_code == 422
    assert {error["pointer"]: error["code"] for error in answer.json()["errors"]} == expected
    assert (await door(boss).get(f"/drafts/{draft['id']}")).json() == draft


async def test_the_content_of_a_draft_is_read_back_as_it_was_posted(door: Door, boss: Credentials) -> None:
    client = door(boss)
    draft = (await client.post("/drafts", json=a_draft())).json()
    assert draft["content"] == a_draft(siret=boss.siret)
    stated = a_filing(circumstances=None) | {"hours": "12.5"}
    (await client.patch(f"/drafts/{draft['id']}", json=stated)).raise_for_status()
    read = (await client.get(f"/drafts/{draft['id']}")).json()
    assert (read["siret"], read["content"]) == (boss.siret, a_draft(siret=boss.siret) | stated)
    again = {name: value for name, value in read["content"].items() if name not in ("siret", "law_on")}
    assert (await client.patch(f"/drafts/{draft['id']}", json=again)).json()["content"] == read["content"]


async def test_a_deleted_draft_is_unknown_empty_and_its_process_is_told(
    door: Door, boss: Credentials, database: Database
) -> None:
    client, key = door(boss), {"Idempotency-Key": "d"}
    draft = (await client.post("/drafts", json=a_draft(), headers=key)).json()["id"]
    (await client.patch(f"/drafts/{draft}", json=a_filing())).raise_for_status()
    assert (await client.delete(f"/drafts/{draft}")).status_code == 204
    for method, address in (("GET", ""), ("DELETE", ""), ("POST", "/filing")):
        assert (await client.request(method, f"/drafts/{draft}{address}")).status_code == 404, method
    assert (await client.post("/drafts", json=a_draft(), headers=key)).status_code == 404
    assert (await client.get("/requests", params={"status": "draft"})).json()["items"] == []
    with database.begin() as connection:
        assert drafts.get(connection, draft).body == {}
        assert [each.type for each in events.list_of(connection, draft)] == ["draft_opened", "draft_deleted"]
        assert [each.kind for each in outbox.list_waiting(connection, 9)] == ["start", "complete"]


async def test_a_draft_that_was_filed_or_is_somebody_elses_is_not_deleted(
    door: Door, boss: Credentials, database: Database
) -> None:
    client = door(boss)
    draft = (await client.post("/drafts", json=a_draft())).json()["id"]
    assert (await door(employer(database)).delete(f"/drafts/{draft}")).status_code == 404
    (await client.patch(f"/drafts/{draft}", json=a_filing())).raise_for_status()
    (await client.post(f"/drafts/{draft}/filing")).raise_for_status()
    ended = await client.delete(f"/drafts/{draft}")
    assert (ended.status_code, ended.json()["type"]) == (409, "/problems/draft-ended")
    assert (await client.get(f"/drafts/{draft}")).json()["content"] == {}


async def test_a_token_that_only_reads_reads_drafts(door: Door, boss: Credentials, database: Database) -> None:
    draft = (await door(boss).post("/drafts", json=a_draft())).json()["id"]
    with database.begin() as connection:
        secret, _ = tokens.issue(connection, boss.account_id, "Lecture", TokenScope.READ, None)
    reader = door(Credentials(boss.account_id, secret))
    assert (await reader.get(f"/drafts/{draft}")).status_code == 200
    assert (await reader.delete(f"/drafts/{draft}")).status_code == 403
