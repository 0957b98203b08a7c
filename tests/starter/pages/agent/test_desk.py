"""The desk as a page: the answers of the API by deadline, filters in the address, nothing of other départements."""

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

import httpx
import pytest

from local.postgres import Postgres
from models.bodies.unit import AgentChange
from models.store.cases import requests
from models.store.database import Database
from models.store.journal.events import SYSTEM
from models.store.people import agents
from tests.builders import Credentials, a_filing, employer, staff
from tests.starter.conftest import one_register
from tests.starter.pages.agent.conftest import Desk
from tests.starter.pages.browsing import Page
from tests.starter.people import Door


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


def plain(answer: httpx.Response) -> str:
    text = html.unescape(re.sub(r"<[^>]+>", " ", answer.text))
    return re.sub(r"\s+", " ", text)


def listed(answer: httpx.Response) -> list[str]:
    return re.findall(r'href="/desk/requests/(\w+)"', answer.text)


def neighbour(answer: httpx.Response, where: str) -> str:
    """The address of the page before or after, to which a button or a link leads, or nothing."""
    found = re.search(rf'<button [^>]*formaction="/desk" name="to" value="([^"]*)">{where}<', answer.text)
    if found:
        return f"/desk?{urlencode({'to': html.unescape(found[1])})}"
    link = re.search(rf'href="([^"]*)">{where}<', answer.text)
    return html.unescape(link[1]) if link else ""


async def file(door: Door, who: Credentials, **changes: object) -> str:
    answer = await door(who).post("/requests", json=a_filing(**{"other_employees": True, "employees": 10} | changes))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["reference"])


async def test_the_desk_says_by_when_silence_accepts_and_what_is_left(
    signed_in: Desk, door: Door, database: Database
) -> None:
    agent = staff(database, "agent", "30")
    empty = plain(await signed_in(agent).get("/desk"))
    assert "Aucune demande n’a encore été déposée dans vos départements." in empty
    boss = employer(database, department="30")
    late, soon = [await file(door, boss, ground=each) for each in ("restructuring", "supply_difficulties")]
    with database.begin() as connection:
        requests.advance(connection, soon, timedelta(days=13))
    shown = await signed_in(agent).get("/desk")
    assert sorted(listed(shown)) == sorted([late, soon])
    words = plain(shown)
    assert re.search(r"\d{4} à minuit \(heure de Paris\) il reste 15 jours", words)
    assert "il reste 2 jours" in words
    assert Page(shown.text).all("table")


async def test_filters_are_in_the_address_and_kept_in_the_form(signed_in: Desk, door: Door, database: Database) -> None:
    agent = staff(database, "agent", "11", "66")
    colleague = staff(database, "instructor", "11")
    first = await file(door, employer(database, department="11"), ground="restructuring")
    second = await file(door, employer(database, department="66"), ground="supply_difficulties")
    desk = signed_in(agent)
    api = door(agent)
    await api.post(f"/requests/{first}/assignment", json={"assigned_to": colleague.account_id})
    until = {each["reference"]: each["tacit_acceptance_at"][:10] for each in (await api.get("/desk")).json()["items"]}
    wanted = {
        "department=11": [first],
        "ground=supply_difficulties": [second],
        "status=refused": [],
        f"q={second}": [second],
        "assigned_to=nobody": [second],
        "assigned_to=me": [],
        f"assigned_to={colleague.account_id}": [first],
        f"until_on={until[first]}": [first, second],
        "until_on=2026-01-01": [],
        "until_on=2099-12-31": [first, second],
        "before=2026-01-01T00:00:00Z": [],
        "limit=1": [first],
        "utm_source=mail": [first, second],
    }
    for query, found in wanted.items():
        answer = await desk.get(f"/desk?{query}")
        assert (answer.status_code, sorted(listed(answer))) == (200, sorted(found)), query
    kept = Page((await desk.get(f"/desk?department=11&q={first}&until_on=2030-01-01")).text)
    values = {
        each.get("name"): each.get("value")
        for each in kept.all("input")
        if each.get("type") not in ("hidden", "checkbox")
    }
    assert values == {"q": first, "until_on": "2030-01-01"}
    assert [each["value"] for each in kept.all("option") if "selected" in each] == ["11"]


@pytest.mark.parametrize(
    "query",
    [
        "status=late",
        "department=34%27%20OR%201=1--",
        "ground=%3Cscript%3E",
        "until_on=hier",
        "until_on=0000-00-00",
        "until_on=9999-12-31",
        "before=hier",
        "assigned_to=%00",
        "q=%00",
        f"q={'x' * 500}",
        "cursor=x",
        "limit=0",
        "limit=99999999999999999999",
        "sort=name",
        "unassigned=maybe",
    ],
)
async def test_a_wrong_filter_is_said_and_shows_nothing_that_was_typed_unescaped(
    query: str, signed_in: Desk, agent: Credentials
) -> None:
    answer = await signed_in(agent).get(f"/desk?{query}")
    assert answer.status_code == 422
    assert "<title>Erreur : " in answer.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Ces filtres ne sont pas appliqués" in answer.text
    assert "<script>" not in answer.text


async def test_a_long_desk_is_read_page_after_page(signed_in: Desk, door: Door, database: Database) -> None:
    agent, boss = staff(database, "agent", "48"), employer(database, department="48")
    filed = {await file(door, boss) for _ in range(3)}
    desk = signed_in(agent)
    seen: list[list[str]] = []
    address = "/desk?limit=1&department=48"
    while address:
        shown = await desk.get(address)
        seen.append(listed(shown))
        address = neighbour(shown, "Page suivante")
    assert ([len(each) for each in seen], {each for page in seen for each in page}) == ([1, 1, 1, 0], filed)
    for before in seen[-2::-1]:
        shown = await desk.get(neighbour(shown, "Page précédente"))
        assert listed(shown) == before
    assert neighbour(shown, "Page précédente") == ""


async def test_an_agent_sees_the_requests_of_his_departements_only(
    signed_in: Desk, door: Door, database: Database
) -> None:
    mine, foreign = staff(database, "agent", "12"), employer(database, department="46")
    reference = await file(door, foreign)
    assert listed(await signed_in(mine).get("/desk")) == []
    assert listed(await signed_in(mine).get("/desk?department=46")) == []
    assert reference in listed(await signed_in(staff(database, "reader", "46")).get("/desk"))


async def test_the_desk_belongs_to_agents(signed_in: Desk, boss: Credentials, operator: Credentials) -> None:
    for who in (boss, operator):
        for address in ("/desk", "/desk/load"):
            assert (await signed_in(who).get(address)).status_code == 403


async def test_the_load_of_colleagues_is_counted_with_the_nearest_deadline(
    signed_in: Desk, door: Door, database: Database
) -> None:
    agent = staff(database, "agent", "81")
    idle, closed = staff(database, "instructor", "81"), staff(database, "instructor", "81")
    with database.begin() as connection:
        agents.change(connection, closed.account_id, AgentChange(closed=True), SYSTEM)
    first, _ = [await file(door, employer(database, department="81")) for _ in range(2)]
    await door(agent).post(f"/requests/{first}/assignment", json={"assigned_to": "me"})
    shown = await signed_in(agent).get("/desk/load")
    rows = re.findall(r'assigned_to=([0-9a-f-]{36})".*?data-label="Dossiers" class="number">(\d+)<', shown.text, re.S)
    assert dict(rows) == {agent.account_id: "1", idle.account_id: "0"}
    assert "Dossiers que personne n’a en charge : 1" in plain(shown)
    assert "à minuit" in plain(shown)
