"""The employer's requests as pages: the same answers as the API, French, structured, without a script."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

import httpx
import pytest

from local.postgres import Postgres
from models.labels import HoldReason
from models.store.cases import completions, desistments, holds, requests, silence
from models.store.database import Database
from models.store.journal import events
from models.store.journal.events import Actor
from models.store.people import accounts
from tests.builders import Credentials, staff
from tests.cases import an_agent, request_pieces
from tests.starter.conftest import one_register
from tests.starter.pages.browsing import DOCUMENT, UNKNOWN, Page, filed, published
from tests.starter.people import (
    Door,
    Person,
    a_person,
    sign_in,
)

pytestmark = pytest.mark.usefixtures("unhurried")


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


async def test_the_list_promises_an_acceptance_to_none_but_the_requests_that_run(
    browser: httpx.AsyncClient, door: Door, database: Database
) -> None:
    person = a_person(database, establishments=4)
    await sign_in(door(), person)
    with database.begin() as connection:
        places = accounts.list_establishments(connection, person.who.account_id)
    runs, waits, tacit, desisted = [await filed(door, person, siret=place.siret) for place in places]
    asked = request_pieces(database, waits, an_agent(database))
    with database.begin() as connection:
        completions.notify(connection, asked)
        requests.advance(connection, tacit, timedelta(days=20))
        silence.establish(connection, tacit)
        desistments.desist(connection, desisted, Actor(role="employer"))
    listed = (await door(person.who).get("/requests")).json()["items"]
    assert {each["reference"]: each["outcome"] for each in listed} == {
        runs: None,
        waits: None,
        tacit: "tacit",
        desisted: "desisted",
    }
    words = (await browser.get("/requests", headers=person.headers)).text.replace("\u00a0", " ")
    listed = words.partition('id="resultats"')[2]
    rows = {each[:9]: each for each in listed.split('<a href="/requests/')[1:]}
    said = {
        runs: "Acceptation implicite si rien n’est notifié",
        waits: "Le délai est arrêté",
        tacit: "Acquise, faute de décision",
    }
    told = {ref: [each for each in said.values() if each in row] for ref, row in rows.items()}
    assert told == {runs: [said[runs]], waits: [said[waits]], tacit: [said[tacit]], desisted: []}


async def test_a_piece_to_supply_is_named_by_the_closed_list_before_the_agents_words(
    browser: httpx.AsyncClient, chief: Person, door: Door, database: Database
) -> None:
    reference = await filed(door, chief)
    asked = request_pieces(database, reference, an_agent(database))
    with database.begin() as connection:
        completions.notify(connection, asked)
    shown = (await browser.get(f"/requests/{reference}", headers=chief.headers)).text.replace("\u00a0", " ")
    assert "<li>Motifs justifiant le recours à l’activité partielle : Précisions (R. 5122-2)</li>" in shown


async def test_pages_of_the_space_are_french_structured_and_run_no_script(
    browser: httpx.AsyncClient, chief: Person, door: Door, database: Database
) -> None:
    reference = await filed(door, chief)
    published(database, reference)
    for address in ("/requests", f"/requests/{reference}", "/account", f"/establishments/{chief.who.siret}"):
        answer = await browser.get(address, headers=chief.headers)
        page = Page(answer.text)
        assert answer.status_code == 200, address
        assert [len(page.all(tag)) for tag in ("h1", "main", "title")] == [1] * 3
        levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
        assert all(after - before <= 1 for before, after in pairwise(levels)), address
        names = {each.get("for") for each in page.all("label")}
        fields = [each for each in page.all("input", "select") if each.get("type") != "hidden"]
        assert {each["id"] for each in fields} <= names, address
        ids = [each["id"] for _, each in page.tags if "id" in each]
        assert len(ids) == len(set(ids)), address
        posts = [each for each in page.all("form") if each.get("method") == "post"]
        assert answer.text.count('name="form_token"') == len(posts)
        assert answer.headers["cache-control"] == "no-store"


async def test_a_strangers_case_and_an_unknown_one_are_one_page(
    browser: httpx.AsyncClient, chief: Person, door: Door, database: Database
) -> None:
    foreign = await filed(door, a_person(database))
    pages = [await browser.get(f"/requests/{each}", headers=chief.headers) for each in (foreign, UNKNOWN)]
    assert [each.status_code for each in pages] == [404, 404]
    assert pages[0].text == pages[1].text


async def test_the_first_reading_of_a_document_is_recorded_and_shown_to_the_agent(
    browser: httpx.AsyncClient, chief: Person, door: Door, database: Database
) -> None:
    reference = await filed(door, chief)
    document = published(database, reference)
    agent: Credentials = staff(database)
    address = f"/requests/{reference}/documents/{document}"

    async def seen() -> datetime | None:
        view = (await door(agent).get(f"/desk/requests/{reference}")).json()
        at = view["documents"][0]["first_read_at"]
        return datetime.fromisoformat(at) if at else None

    assert (await door(agent).get(address)).status_code == 200
    assert await seen() is None
    assert (await browser.get(address, headers=chief.headers)).content == DOCUMENT
    first = await seen()
    assert first is not None
    assert (await door(chief.who).get(address)).status_code == 200
    assert await seen() == first
    with database.begin() as connection:
        read = [each for each in events.list_of(connection, reference) if each.type == "document_read"]
        assert [(each.data, each.at, each.actor_role) for each in read] == [({"document": document}, first, "employer")]
        assert events.broken_links(connection, reference) == []


@pytest.mark.parametrize("reason", HoldReason)
async def test_an_employer_reads_why_a_hand_over_waits_and_what_ends_the_wait(
    browser: httpx.AsyncClient, door: Door, database: Database, reason: HoldReason
) -> None:
    person = a_person(database)
    await sign_in(door(), person)
    reference = await filed(door, person)
    with database.begin() as connection:
        holds.hold(connection, reference, reason)
    words = (await browser.get(f"/requests/{reference}", headers=person.headers)).text
    section = words.partition("suspendue</h2>")[2].partition("<h2")[0].replace("\u00a0", " ").replace("\u202f", " ")
    assert reason.told.split(":")[0].split(".")[0].strip() in section
    assert "événement" not in section
    view = (await door(person.who).get(f"/requests/{reference}")).json()
    assert (view["hand_over_held_for"], view["hand_over_held_why"]) == ([reason], [reason.told])
