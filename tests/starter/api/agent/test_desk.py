"""The desk of agents: sorted by deadline, filtered, in pages."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from models.store.cases import desistments, requests
from models.store.database import Database
from models.store.journal.events import SYSTEM
from models.store.schema.cases import request
from tests.builders import Credentials, a_filing
from tests.cases import Employer, file_a_case
from tests.starter.people import Door


async def test_the_desk_is_sorted_by_deadline_and_filtered(
    door: Door, boss: Credentials, agent: Credentials, database: Database
) -> None:
    client = door(agent)
    filed = []
    for ground in ("exceptional_circumstances", "supply_difficulties", "restructuring"):
        body = a_filing(ground=ground, employees=10, other_employees=True)
        answer = await door(boss).post("/requests", json=body)
        filed.append(answer.json()["reference"])
    with database.begin() as connection:
        requests.advance(connection, filed[2], timedelta(days=2))
    desk = (await client.get("/desk")).json()["items"]
    assert [item["reference"] for item in desk] == filed
    assert desk[2]["seconds_left"] < desk[0]["seconds_left"]
    assert desk[0].keys() >= {"siret", "name", "department", "ground", "employees", "hours", "signals"}
    here = (await client.get("/desk", params={"department": "034"})).json()["items"]
    assert [item["reference"] for item in here] == filed
    assert (await client.get("/desk", params={"department": "75"})).json()["items"] == []
    assert (await client.get("/desk", params={"before": "2026-01-01T00:00:00Z"})).json()["items"] == []
    await client.post(f"/requests/{filed[1]}/assignment", json={"assigned_to": "me"})
    mine = (await client.get("/desk", params={"assigned_to": "me"})).json()["items"]
    assert [item["reference"] for item in mine] == [filed[1]]
    taken = {name: mine[0][name] for name in ("assigned_to", "assigned_name")}
    assert taken == {"assigned_to": agent.account_id, "assigned_name": "Nadia Perrin"}
    by_id = await client.get("/desk", params={"assigned_to": mine[0]["assigned_to"], "status": "", "cursor": ""})
    assert [item["reference"] for item in by_id.json()["items"]] == [filed[1]]
    wrong = await client.get("/desk", params={"before": "hier", "status": "late", "department": "20", "cursor": "x"})
    assert {error["pointer"] for error in wrong.json()["errors"]} == {
        "/before",
        "/status",
        "/department",
        "/cursor",
    }


async def test_what_runs_comes_first_and_pages_are_whole_though_cases_are_decided_meanwhile(
    door: Door, boss: Credentials, agent: Credentials, database: Database
) -> None:
    client, by = door(agent), Employer(boss.account_id, boss.siret, "34")
    start = datetime(2027, 1, 5, 9, tzinfo=UTC)
    filed = [file_a_case(database, employer=by, received_at=start + timedelta(days=n)) for n in range(60)]
    stopped, decided = filed[7], filed[:3]
    with database.begin() as connection:
        for reference in decided:
            desistments.desist(connection, reference, SYSTEM)
        connection.execute(update(request).where(request.c.reference == stopped).values(deadline_at=None))
    first = (await client.get("/desk")).json()
    last = first["items"][-1]["reference"]
    with database.begin() as connection:
        desistments.desist(connection, last, SYSTEM)
    rest = (await client.get("/desk", params={"cursor": first["next"]})).json()
    assert (len(first["items"]), rest["next"]) == (50, None)
    seen = [item["reference"] for item in first["items"] + rest["items"]]
    running = [reference for reference in filed[3:] if reference != stopped]
    assert seen == [*running, stopped, *decided, last]
    mine = (await door(boss).get("/requests")).json()["items"]
    assert [item["reference"] for item in mine] == seen[:49] + seen[50:51]


async def test_the_desk_is_searched_sorted_and_shows_what_nobody_has_in_charge(
    door: Door, boss: Credentials, agent: Credentials, database: Database
) -> None:
    client, by = door(agent), Employer(boss.account_id, boss.siret, "34")
    start = datetime(2026, 11, 3, 9, tzinfo=UTC)
    filed = [file_a_case(database, employer=by, received_at=start + timedelta(days=n)) for n in (2, 0, 1)]
    await client.post(f"/requests/{filed[0]}/assignment", json={"assigned_to": "me"})

    async def found(**parameters: str) -> list[str]:
        answer = await client.get("/desk", params={"siret": boss.siret} | parameters)
        assert answer.status_code == 200, answer.text
        return [each["reference"] for each in answer.json()["items"]]

    by_reception = [filed[1], filed[2], filed[0]]
    assert await found() == await found(sort="deadline") == await found(sort="received_at") == by_reception
    assert await found(sort="-received_at") == by_reception[::-1]
    assert await found(unassigned="true") == by_reception[:2]
    assert await found(unassigned="false") == by_reception
    assert await found(unassigned="true", assigned_to="me") == []
    assert await found(q=filed[2]) == [filed[2]]
    seen, cursor = [], ""
    while cursor is not None:
        page = await client.get(
            "/desk", params={"siret": boss.siret, "sort": "-received_at", "limit": "1", "cursor": cursor}
        )
        seen += [each["reference"] for each in page.json()["items"]]
        cursor = page.json()["next"]
    assert seen == by_reception[::-1]
    for name, value in (("sort", "name"), ("unassigned", "perhaps"), ("limit", "1000"), ("updated_since", "x")):
        wrong = await client.get("/desk", params={name: value})
        assert [each["pointer"] for each in wrong.json()["errors"]] == [f"/{name}"]
