"""Agents: what they see, take charge of, attest, and the paper requests that they register."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from models.store.cases import desistments, requests
from models.store.database import Database
from models.store.journal.events import SYSTEM
from models.store.schema.cases import request
from tests.builders import Credentials, a_filing, employer, staff
from tests.cases import AUTHOR, CIRCUMSTANCES, Employer, file_a_case
from tests.starter.api.employer.test_files import a_pdf, send
from tests.starter.conftest import Door


async def test_the_desk_is_sorted_by_deadline_and_filtered(
    door: Door, boss: Credentials, agent: Credentials, database: Database
) -> None:
    client = door(agent)
    filed = []
    for ground in ("exceptional_circumstances", "supply_difficulties", "restructuring"):
        answer = await door(boss).post("/requests", json=a_filing(ground=ground))
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
    assert taken == {"assigned_to": agent.account_id, "assigned_name": AUTHOR}
    by_id = await client.get(
        "/desk", params={"assigned_to": mine[0]["assigned_to"], "status": "", "cursor": ""}
    )
    assert [item["reference"] for item in by_id.json()["items"]] == [filed[1]]
    wrong = await client.get(
        "/desk", params={"before": "hier", "status": "late", "department": "20", "cursor": "x"}
    )
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


async def test_a_case_on_the_desk_shows_all_that_is_known(
    door: Door, boss: Credentials, agent: Credentials
) -> None:
    reference = (await door(boss).post("/requests", json=a_filing())).json()["reference"]
    items = [{"code": "ground", "label": "Motif établi", "attested": True}]
    kept = await door(agent).post(f"/requests/{reference}/checklist", json={"items": items})
    assert (kept.status_code, kept.json()) == (200, {"reference": reference, "version": 1})
    case = (await door(agent).get(f"/desk/requests/{reference}")).json()
    assert (case["circumstances"], case["works_council"]) == (CIRCUMSTANCES, "fewer_than_50")
    assert case["checklist"]["items"] == items
    assert case["seconds_left"] > 0
    assert case["legal_bases"][0] == {
        "code": "no_loss_of_activity",
        "article": "L. 5122-1",
        "label": "Absence de fermeture ou de réduction d’horaire",
    }
    assert [event["type"] for event in case["events"]] == ["request_received", "checklist_attested"]


async def test_a_case_is_given_to_an_agent_of_its_departement_only(
    door: Door, boss: Credentials, agent: Credentials, database: Database
) -> None:
    reference = (await door(boss).post("/requests", json=a_filing())).json()["reference"]
    colleague, stranger = staff(database), staff(database, "agent", "75")
    given = await door(agent).post(
        f"/requests/{reference}/assignment", json={"assigned_to": colleague.account_id}
    )
    assert given.json() == {"reference": reference, "assigned_to": colleague.account_id}
    read = (await door(agent).get(f"/desk/requests/{reference}")).json()
    assert read["assigned_to"] == colleague.account_id
    for nobody in (stranger.account_id, boss.account_id, "x", "a\0"):
        wrong = await door(agent).post(f"/requests/{reference}/assignment", json={"assigned_to": nobody})
        assert wrong.status_code == 422
    back = await door(agent).post(f"/requests/{reference}/assignment", json={"assigned_to": None})
    assert back.json()["assigned_to"] is None


async def test_nothing_is_attested_after_the_outcome(
    door: Door, boss: Credentials, agent: Credentials
) -> None:
    reference = (await door(boss).post("/requests", json=a_filing())).json()["reference"]
    await door(boss).post(f"/requests/{reference}/desistment")
    items = [{"code": "ground", "label": "Motif établi", "attested": True}]
    late = await door(agent).post(f"/requests/{reference}/checklist", json={"items": items})
    assert (late.status_code, late.json()["type"]) == (409, "/problems/already-decided")


async def test_a_wrong_checklist_is_refused(door: Door, boss: Credentials, agent: Credentials) -> None:
    reference = (await door(boss).post("/requests", json=a_filing())).json()["reference"]
    item = {"code": "ground", "label": "Motif", "attested": "oui"}
    for body, pointer in (
        ({"items": []}, "/items"),
        ({"items": [item]}, "/items/0/attested"),
        ({}, "/items"),
    ):
        wrong = await door(agent).post(f"/requests/{reference}/checklist", json=body)
        assert [error["pointer"] for error in wrong.json()["errors"]] == [pointer]


def a_paper(siret: str, file_id: str, **changes: object) -> dict[str, object]:
    opinion = {"opinion": "favourable", "given_on": "2014-08-20", "file": file_id}
    period = {"start_on": "2014-10-01", "end_on": "2014-12-31"}
    request = a_filing(siret=siret, period=period, works_council=opinion)
    return {"received_at": "2014-09-01T09:30:00+02:00", "request": request} | changes


async def test_a_paper_request_of_2014_is_registered_at_its_certain_date(
    door: Door, boss: Credentials, agent: Credentials
) -> None:
    file_id = (await send(door(agent), a_pdf())).json()["id"]
    answer = await door(agent).post("/paper-requests", json=a_paper(boss.siret, file_id))
    assert answer.status_code == 201, answer.text
    assert answer.json()["tacit_acceptance_at"] == "2014-09-17T00:00:00+02:00"
    assert "DIRECCTE" in answer.json()["service"]["name"]
    assert (await door(boss).get(f"/requests/{answer.json()['reference']}")).status_code == 200


async def test_a_wrong_paper_request_is_refused(
    door: Door, boss: Credentials, agent: Credentials, database: Database
) -> None:
    file_id = (await send(door(agent), a_pdf())).json()["id"]
    away = employer(database, "75").siret
    for body, expected in (
        (a_paper(boss.siret, file_id, received_at="2014-10-01T00:00:00+02:00"), {"/request": "online-only"}),
        (a_paper(boss.siret, file_id, received_at="2014-09-01T09:30:00"), {"/received_at": "naive-instant"}),
        (a_paper(away, file_id), {"/request/siret": "establishment-unknown"}),
        (a_paper("35600000000048", file_id), {"/request/siret": "establishment-unknown"}),
        ({"received_at": "2014-09-01T09:30:00+02:00", "request": []}, {"/request": "not-an-object"}),
    ):
        answer = await door(agent).post("/paper-requests", json=body)
        assert answer.status_code == 422, answer.text
        errors = {error["pointer"]: error["code"] for error in answer.json()["errors"]}
        assert expected.items() <= errors.items()
