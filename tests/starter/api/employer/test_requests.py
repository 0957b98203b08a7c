"""Filing and reading a request, without an engine."""

import asyncio
from datetime import datetime
from typing import get_args
from zoneinfo import ZoneInfo

from sqlalchemy import text

from law.calendar import local
from law.directory import PARIS
from law.silence import silence
from models.labels import Status
from models.store.cases import decisions
from models.store.database import Database, now
from models.store.journal import outbox
from models.store.people import accounts
from models.store.people.series import MAX_FILINGS_A_DAY
from starter.services.requests import ListedStatus
from tests.builders import Credentials, a_draft, a_filing, employer, staff
from tests.cases import GROUNDS, SENTINELS, an_agent, register_a_decision
from tests.starter.files import a_pdf, send
from tests.starter.people import Door


async def test_a_filing_is_answered_with_the_instant_of_silence_and_why(door: Door, boss: Credentials) -> None:
    answer = await door(boss).post("/requests", json=a_filing())
    assert answer.status_code == 201
    body = answer.json()
    received = datetime.fromisoformat(body["received_at"])
    assert received.utcoffset() == received.astimezone(ZoneInfo("Europe/Paris")).utcoffset()
    expected = silence(received, "34")
    assert body["tacit_acceptance_at"] == expected.tacit_acceptance_at.isoformat()
    assert (body["rule"], body["status"], body["reference"][:3]) == ("15_days", "under_review", "034")
    assert [reason["text"] for reason in body["why"]] == [reason.text for reason in expected.why]
    assert body["service"]["name"] == "DDETS de l’Hérault"
    assert body["links"]["self"] == f"/api/v1/requests/{body['reference']}"


async def test_the_same_key_twenty_times_at_once_makes_one_case(
    door: Door, boss: Credentials, database: Database
) -> None:
    client, key = door(boss), {"Idempotency-Key": "once"}
    answers = await asyncio.gather(*(client.post("/requests", json=a_filing(), headers=key) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    with database.begin() as connection:
        assert len(outbox.list_waiting(connection, 100)) == 1


async def test_the_same_key_with_another_body_is_refused_and_another_account_may_use_it(
    door: Door, boss: Credentials, database: Database
) -> None:
    key = {"Idempotency-Key": "once"}
    assert (await door(boss).post("/requests", json=a_filing(), headers=key)).status_code == 201
    again = await door(boss).post("/requests", json=a_filing(employees=41), headers=key)
    assert (again.status_code, again.json()["type"]) == (422, "/problems/idempotency-key-reused")
    other = await door(employer(database)).post("/requests", json=a_filing(), headers=key)
    assert other.status_code == 201


async def test_a_refused_filing_leaves_no_trace_and_gives_its_key_back(
    door: Door, boss: Credentials, database: Database
) -> None:
    client, key = door(boss), {"Idempotency-Key": "once"}
    assert (await client.post("/requests", json=a_filing(hours="0"), headers=key)).status_code == 422
    filed = await client.post("/requests", json=a_filing(), headers=key)
    assert filed.status_code == 201
    assert filed.json()["reference"].endswith("01")


async def test_a_case_is_read_by_9_or_11_characters_with_its_clock_and_events(door: Door, boss: Credentials) -> None:
    client = door(boss)
    filed = (await client.post("/requests", json=a_filing())).json()
    case = (await client.get(f"/requests/{filed['reference'].lower()}")).json()
    assert case == (await client.get(f"/requests/{filed['reference']}00")).json()
    assert case["clock"] == {
        "state": "running",
        "rule": "15_days",
        "tacit_acceptance_at": filed["tacit_acceptance_at"],
        "why": filed["why"],
    }
    assert [event["type"] for event in case["events"]] == ["request_received"]
    assert (case["outcome"], case["documents"], case["hours"]) == (None, [], "12000.00")


async def test_unknown_and_foreign_are_the_same_answer(door: Door, boss: Credentials, database: Database) -> None:
    reference = (await door(boss).post("/requests", json=a_filing())).json()["reference"]
    for who in (employer(database), staff(database, "agent", "75")):
        foreign = await door(who).get(f"/requests/{reference}")
        unknown = await door(who).get("/requests/034ZZZZ99")
        odd = await door(who).get("/requests/%00")
        assert foreign.status_code == 404
        assert foreign.text == unknown.text == odd.text


async def test_lists_are_paged_by_deadline(door: Door, database: Database) -> None:
    boss = employer(database, establishments=3)
    client = door(boss)
    with database.begin() as connection:
        sirets = [place.siret for place in accounts.list_establishments(connection, boss.account_id)]
    for number in range(51):
        siret, month = sirets[number % 3], number // 3
        day = 1 + month // 12 * 2
        period = {"start_on": f"2027-{month % 12 + 1:02}-{day:02}", "end_on": f"2027-{month % 12 + 1:02}-{day + 1:02}"}
        ground = ("supply_difficulties", "restructuring")[month // 12]
        filed = await client.post("/requests", json=a_filing(siret=siret, period=period, ground=ground))
        assert filed.status_code == 201, filed.text
    first = (await client.get("/requests")).json()
    assert len(first["items"]) == 50
    rest = (await client.get("/requests", params={"cursor": first["next"]})).json()
    assert (len(rest["items"]), rest["next"]) == (1, None)
    assert len({item["reference"] for item in first["items"] + rest["items"]}) == 51
    assert (await client.get("/requests?status=&cursor=")).json() == first
    none = (await client.get("/requests", params={"status": "refused"})).json()
    assert none == {"items": [], "next": None}


async def test_what_a_partial_grant_refused_may_be_asked_again(
    door: Door, boss: Credentials, database: Database
) -> None:
    client = door(boss)
    reference = (await client.post("/requests", json=a_filing())).json()["reference"]
    granted = {"start_on": "2026-12-01", "end_on": "2026-12-31"}
    grant = register_a_decision(database, reference, an_agent(database), period=granted, grounds=GROUNDS)
    rest = a_filing(period={"start_on": "2027-01-01", "end_on": "2027-02-28"})
    with database.begin() as connection:
        decisions.sign(connection, grant)
    assert (await client.post("/requests", json=rest)).status_code == 409
    with database.begin() as connection:
        decisions.notify(connection, grant)
    again = await client.post("/requests", json=a_filing())
    assert again.json()["type"] == "/problems/overlapping-request"
    assert (await client.post("/requests", json=rest)).status_code == 201


async def test_a_desistment_ends_the_case_and_may_be_repeated(door: Door, boss: Credentials) -> None:
    client = door(boss)
    reference = (await client.post("/requests", json=a_filing())).json()["reference"]
    first = await client.post(f"/requests/{reference}/desistment")
    assert (first.status_code, first.json()["status"]) == (200, "desisted")
    assert (await client.post(f"/requests/{reference}/desistment")).json() == first.json()
    case = (await client.get(f"/requests/{reference}")).json()
    assert (case["outcome"], case["clock"]["state"]) == ("desisted", "ended")


async def test_no_answer_of_an_agent_or_problem_repeats_what_was_refused(door: Door, boss: Credentials) -> None:
    wrong = a_filing(headcount="Jeanne Martin", circumstances=["Inondation"], bank_account={"iban": "FR76 1"})
    answer = await door(boss).post("/requests", json=wrong)
    assert answer.status_code == 422
    assert not any(sentinel in answer.text for sentinel in (*SENTINELS, "FR76 1"))


async def test_an_opinion_that_follows_is_kept_once_and_answered_alike_under_its_key(
    door: Door, boss: Credentials, database: Database
) -> None:
    client = door(boss)
    body = a_filing(headcount=60, works_council={"pending": True})
    reference = (await client.post("/requests", json=body)).json()["reference"]
    opinion = {
        "opinion": "favourable",
        "given_on": "2026-11-20",
        "file": (await send(client, a_pdf())).json()["id"],
    }
    call = f"/requests/{reference}/works-council-opinion"
    first = await client.post(call, json=opinion, headers={"Idempotency-Key": "o"})
    assert (first.status_code, first.json()["opinion"]) == (200, "favourable")
    assert (await client.post(call, json=opinion, headers={"Idempotency-Key": "o"})).json() == first.json()
    unkeyed = await client.post(call, json=opinion)
    assert (unkeyed.status_code, unkeyed.json()["type"]) == (409, "/problems/opinion-not-awaited")


async def test_filings_of_a_day_are_bounded_and_giving_up_gives_nothing_back(
    door: Door, boss: Credentials, database: Database
) -> None:
    client = door(boss)
    with database.begin() as connection:
        connection.execute(
            text("INSERT INTO daily_filings SELECT siret, party, :today, :n FROM party WHERE siret = :siret"),
            {"today": local(now(connection), PARIS).date(), "n": MAX_FILINGS_A_DAY - 1, "siret": boss.siret},
        )
    filed = await client.post("/requests", json=a_filing())
    assert filed.status_code == 201
    assert (await client.post(f"/requests/{filed.json()['reference']}/desistment")).status_code < 300
    refused = await client.post("/requests", json=a_filing())
    assert (refused.status_code, refused.json()["type"]) == (429, "/problems/too-many")
    assert "demain" in refused.json()["detail"]
    assert 0 < int(refused.headers["retry-after"]) <= 25 * 3600


async def test_a_list_is_narrowed_by_its_parameters_and_a_wrong_one_is_one_error(
    door: Door, database: Database
) -> None:
    boss = employer(database, establishments=2)
    client = door(boss)
    with database.begin() as connection:
        places = accounts.list_establishments(connection, boss.account_id)
    filed = [(await client.post("/requests", json=a_filing(siret=each.siret))).json() for each in places]
    mine, other = [each["reference"] for each in filed]

    async def found(**parameters: str) -> list[str]:
        answer = await client.get("/requests", params=parameters)
        assert answer.status_code == 200, answer.text
        return [each["reference"] for each in answer.json()["items"]]

    for words in ({"siret": places[0].siret}, {"q": mine}, {"q": places[0].siret}):
        assert await found(**words) == [mine]
    assert await found(q="", siret="", updated_since="") == [mine, other]
    assert await found(siret=employer(database).siret) == []
    since = filed[0]["received_at"]
    assert await found(updated_since=since, status="under_review") == [mine, other]
    assert await found(updated_since="2099-01-01T00:00:00+01:00") == []
    page = (await client.get("/requests", params={"limit": "1"})).json()
    assert [each["reference"] for each in page["items"]] == [mine]
    assert await found(limit="1", cursor=page["next"]) == [other]
    for name, value in (
        ("status", "bogus"),
        ("limit", "201"),
        ("limit", "0"),
        ("limit", "beaucoup"),
        ("siret", "123"),
        ("q", "a" * 101),
        ("q", "\0"),
        ("updated_since", "hier"),
        ("updated_since", "2026-11-22T10:00:00"),
        ("cursor", "x"),
    ):
        wrong = await client.get("/requests", params={name: value})
        assert (wrong.status_code, [each["pointer"] for each in wrong.json()["errors"]]) == (422, [f"/{name}"]), name
    drafts = await client.get("/requests", params={"status": "draft", "updated_since": since})
    assert [each["code"] for each in drafts.json()["errors"]] == ["not-for-drafts"]


async def test_drafts_are_searched_too(door: Door, database: Database) -> None:
    boss = employer(database, establishments=2)
    client = door(boss)
    with database.begin() as connection:
        first, second = [each.siret for each in accounts.list_establishments(connection, boss.account_id)]
    opened = [(await client.post("/drafts", json=a_draft(siret=each))).json()["id"] for each in (first, second)]
    for parameters in ({"siret": first}, {"q": first}):
        listed = (await client.get("/requests", params={"status": "draft"} | parameters)).json()["items"]
        assert [each["id"] for each in listed] == opened[:1]
    page = (await client.get("/requests", params={"status": "draft", "limit": "1"})).json()
    rest = (await client.get("/requests", params={"status": "draft", "limit": "1", "cursor": page["next"]})).json()
    assert [each["id"] for each in page["items"] + rest["items"]] == opened


def test_every_status_of_a_request_and_of_a_draft_may_be_listed() -> None:
    assert {*get_args(ListedStatus)} == {*Status, "draft", "lapsed"}
