"""The employer's space: pages behind a sign-in, the same answers as the API, forms protected against other sites."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from itertools import pairwise

import httpx
import pytest
from fastapi import FastAPI

from local.postgres import Postgres
from models.labels import Status
from models.store.cases import completions, desistments, documents, requests, silence
from models.store.cases.documents import Sealed
from models.store.database import Database, now
from models.store.journal import events
from models.store.journal.events import Actor
from models.store.people import accounts
from tests.builders import Credentials, a_filing, staff
from tests.cases import an_agent, request_pieces
from tests.starter.conftest import Door, one_register
from tests.starter.pages.public.test_home import BROWSER, UNKNOWN, Page
from tests.starter.people import (
    COOKIE,
    PASSWORD,
    SITE,
    Person,
    a_person,
    sign_in,
    unhurry,
    with_password,
)

DOCUMENT = b"%PDF-1.7 scelle"


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture(autouse=True)
def unhurried(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    unhurry(database, monkeypatch)


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    headers = BROWSER | {"Sec-Fetch-Site": "same-origin", "Origin": "null"}
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://door", headers=headers) as client:
        yield client


@pytest.fixture
async def boss(door: Door, database: Database) -> Person:
    person = a_person(database)
    await sign_in(door(), person)
    return person


async def filed(door: Door, person: Person, **changes: object) -> str:
    return str((await door(person.who).post("/requests", json=a_filing(**changes))).json()["reference"])


def published(database: Database, reference: str) -> str:
    """Publish a document of a case in its employer's space; returns its id."""
    with database.begin() as connection:
        at = now(connection)
        stated = {"kind": "receipt", "subject": "1", "number": f"{reference}-01", "sha256": "0" * 64}
        sealed = Sealed.model_validate(stated | {"reference": reference, "bytes": DOCUMENT, "signed_at": at})
        kept = documents.store(connection, sealed)
        documents.publish(connection, reference, "1", at)
    return kept.id


def form_token(page: str) -> str:
    found = re.search(r'name="form_token" value="([0-9a-f]+)"', page)
    assert found is not None
    return found[1]


async def test_signing_in_leads_to_the_page_of_the_mail_and_out_again(
    browser: httpx.AsyncClient, door: Door, database: Database
) -> None:
    person = a_person(database)
    reference = await filed(door, person)
    published(database, reference)
    stranger = await browser.get(f"/requests/{reference}")
    assert f"/sign-in?next=/requests/{reference}" in stranger.text
    form = {"login": person.login, "password": "faux", "next": f"/requests/{reference}"}
    refused = await browser.post("/sign-in", data=form)
    assert refused.status_code == 401
    assert "faux" not in refused.text
    assert f'value="/requests/{reference}"' in refused.text
    entered = await browser.post("/sign-in", data=form | {"password": PASSWORD})
    assert (entered.status_code, entered.headers["location"]) == (303, f"/requests/{reference}")
    person.cookie = entered.headers["set-cookie"].partition("=")[2].partition(";")[0]
    held = {"Cookie": f"{COOKIE}={person.cookie}"}
    shown = await browser.get(f"/requests/{reference}", headers=held)
    words = shown.text.replace("\u00a0", " ")
    assert Status.UNDER_REVIEW.label in words
    assert "Récépissé de dépôt" in words
    assert "sera acceptée implicitement" in words
    left = await browser.post("/sign-out", data={"form_token": form_token(shown.text)}, headers=held)
    assert left.status_code == 303
    after = await browser.get("/account", headers=held)
    assert (after.status_code, after.headers["location"]) == (303, "/sign-in?next=/account")


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
    rows = {each[:9]: each for each in words.split('<a href="/requests/')[1:]}
    said = {
        runs: "sauf décision notifiée avant",
        waits: "Le délai est arrêté",
        tacit: "Acquise depuis le",
    }
    told = {ref: [each for each in said.values() if each in row] for ref, row in rows.items()}
    assert told == {runs: [said[runs]], waits: [said[waits]], tacit: [said[tacit]], desisted: []}


@pytest.mark.parametrize(
    "wanted", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere", "", "x"]
)
async def test_signing_in_leads_nowhere_else(
    wanted: str, browser: httpx.AsyncClient, database: Database
) -> None:
    form = {"login": a_person(database).login, "password": PASSWORD, "next": wanted}
    assert (await browser.post("/sign-in", data=form)).headers["location"] == "/requests"


async def test_signing_in_works_without_the_one_script_that_its_page_offers(
    browser: httpx.AsyncClient,
) -> None:
    answer = await browser.get("/sign-in")
    page = Page(answer.text)
    assert page.all("script") == [{"src": "/static/passkey.js"}]
    assert [each.get("hidden", "-") for each in page.all("form")] == ["-", None]
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'; connect-src 'self'" in policy
    assert "unsafe" not in policy


async def test_pages_of_the_space_are_french_structured_and_run_no_script(
    browser: httpx.AsyncClient, boss: Person, door: Door, database: Database
) -> None:
    reference = await filed(door, boss)
    published(database, reference)
    for address in ("/requests", f"/requests/{reference}", "/account", f"/establishments/{boss.who.siret}"):
        answer = await browser.get(address, headers=boss.headers)
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
    browser: httpx.AsyncClient, boss: Person, door: Door, database: Database
) -> None:
    foreign = await filed(door, a_person(database))
    pages = [await browser.get(f"/requests/{each}", headers=boss.headers) for each in (foreign, UNKNOWN)]
    assert [each.status_code for each in pages] == [404, 404]
    assert pages[0].text == pages[1].text


async def test_a_form_without_the_token_of_its_session_does_nothing(
    browser: httpx.AsyncClient, boss: Person, database: Database
) -> None:
    page = await browser.get("/account", headers=boss.headers)
    other = a_person(database)
    forged = form_token(page.text)[::-1]
    for sent in ({"label": "x"}, {"label": "x", "form_token": forged}):
        assert (await browser.post("/account/tokens", data=sent, headers=boss.headers)).status_code == 403
    elsewhere = boss.headers | {"Sec-Fetch-Site": "cross-site"}
    sent = {"label": "x", "form_token": form_token(page.text)}
    assert (await browser.post("/account/tokens", data=sent, headers=elsewhere)).status_code == 403
    form = {"login": other.login, "password": PASSWORD}
    answer = await browser.post("/sign-in", data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


async def test_tokens_members_and_mandates_are_kept_by_forms(
    browser: httpx.AsyncClient, boss: Person
) -> None:
    place = f"/establishments/{boss.who.siret}"
    token = form_token((await browser.get("/account", headers=boss.headers)).text)

    async def send(address: str, **fields: str) -> httpx.Response:
        return await browser.post(address, data=fields | {"form_token": token}, headers=boss.headers)

    made = await send("/account/tokens", label="Paie", scope="read")
    assert re.search(r"tacite_[\w-]{43}", made.text)
    again = await browser.get("/account", headers=boss.headers)
    assert "Paie" in again.text
    assert "tacite_" not in again.text
    ids = re.findall(r'name="id" value="([0-9a-f-]{36})"', again.text)
    assert (await send("/account/tokens/revocation", id=ids[0])).status_code == 303
    assert "Paie" not in (await browser.get("/account", headers=boss.headers)).text
    assert (await send(f"{place}/members", name="Karim", email="pas une adresse")).status_code == 422
    assert (await send(f"{place}/members", name="Karim", email="karim@tacite.invalid")).status_code == 303
    period = {"starts_on": "2026-12-01", "ends_on": "2026-12-31"}
    mandate = {"name": "Cabinet Lefort", "email": "cabinet@tacite.invalid"} | period
    refused = await send(f"{place}/mandates", **mandate, password="faux")
    assert refused.status_code == 422
    assert 'value="Cabinet Lefort"' in refused.text
    assert (await send(f"{place}/mandates", **mandate, password=PASSWORD)).status_code == 303
    shown = (await browser.get(place, headers=boss.headers)).text
    assert all(each in shown for each in ("Karim", "invitation en attente", "en attente d’acceptation"))
    stays = await send(f"{place}/members/removal", id=boss.who.account_id)
    assert "dernier interlocuteur principal" in stays.text


async def test_a_lost_password_is_asked_for_and_refused_codes_are_told(
    browser: httpx.AsyncClient, boss: Person
) -> None:
    asked = await browser.post("/password/code", data={"login": boss.login})
    unknown = await browser.post("/password/code", data={"login": "personne@tacite.invalid"})
    assert (asked.status_code, asked.text) == (200, unknown.text)
    for address in ("/password", "/invitation"):
        wrong = await browser.post(address, data={"code": "ABCDE", "password": PASSWORD})
        assert (wrong.status_code, "n’est plus bon" in wrong.text) == (422, True)


async def test_the_first_reading_of_a_document_is_recorded_and_shown_to_the_agent(
    browser: httpx.AsyncClient, boss: Person, door: Door, database: Database
) -> None:
    reference = await filed(door, boss)
    document = published(database, reference)
    agent: Credentials = staff(database)
    address = f"/requests/{reference}/documents/{document}"

    async def seen() -> datetime | None:
        view = (await door(agent).get(f"/desk/requests/{reference}")).json()
        at = view["documents"][0]["first_read_at"]
        return datetime.fromisoformat(at) if at else None

    assert (await door(agent).get(address)).status_code == 200
    assert await seen() is None
    assert (await browser.get(address, headers=boss.headers)).content == DOCUMENT
    first = await seen()
    assert first is not None
    assert (await door(boss.who).get(address)).status_code == 200
    assert await seen() == first
    with database.begin() as connection:
        read = [each for each in events.list_of(connection, reference) if each.type == "document_read"]
        assert [(each.data, each.at, each.actor_role) for each in read] == [
            ({"document": document}, first, "employer")
        ]
        assert events.broken_links(connection, reference) == []


async def test_a_session_of_an_agent_opens_no_space_of_an_employer(
    browser: httpx.AsyncClient, door: Door, database: Database
) -> None:
    person = with_password(database, staff(database))
    await sign_in(door(), person)
    assert (await browser.get("/account", headers=person.headers)).status_code == 403
    assert (await door().get("/desk", headers=person.headers | {"Origin": SITE})).status_code == 200
