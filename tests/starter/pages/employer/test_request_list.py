"""The list of requests: what waits first, then all, searched, filtered and paged in the address."""

from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import text

from local.postgres import Postgres
from models.store.database import Database
from models.store.people import accounts
from starter.pages.components.typography import siret_in_groups
from tests.builders import staff
from tests.cases import GROUNDS, Employer, ask_for_pieces, file_a_case, notify_a_decision
from tests.starter.conftest import one_register
from tests.starter.pages.browsing import filed
from tests.starter.people import Door, Person, a_person, sign_in

pytestmark = pytest.mark.usefixtures("unhurried")


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture
async def many(door: Door, database: Database) -> tuple[Person, list[str]]:
    """A person of four establishments, with a request for each; the name of the last is « Sucrerie du Lez »."""
    person = a_person(database, establishments=4)
    await sign_in(door(), person)
    with database.begin() as connection:
        sirets = [each.siret for each in accounts.list_establishments(connection, person.who.account_id)]
        connection.execute(text("UPDATE establishment SET name = 'Sucrerie du Lez' WHERE siret = :s"), {"s": sirets[3]})
    pending = {"headcount": 60, "works_council": {"pending": True}}
    return person, [await filed(door, person, siret=each, **(pending if each == sirets[1] else {})) for each in sirets]


async def shown(browser: httpx.AsyncClient, person: Person, address: str) -> str:
    answer = await browser.get(address, headers=person.headers)
    assert answer.status_code == 200
    return answer.text.replace("\u00a0", " ")


async def test_what_waits_comes_first_with_the_page_where_it_is_done(
    browser: httpx.AsyncClient, door: Door, database: Database, many: tuple[Person, list[str]]
) -> None:
    person, references = many
    ask_for_pieces(database, references[0])
    notify_a_decision(database, references[2], outcome="refusal", grounds=GROUNDS)
    await door(staff(database)).post(f"/requests/{references[3]}/messages", json={"text": "Bonjour à vous."})
    first, _, rest = (await shown(browser, person, "/requests")).partition("Toutes les demandes")
    links = [f'href="/requests/{references[at]}/{path}"' for at, path in ((0, "pieces"), (1, "works-council-opinion"))]
    assert all(each in first for each in (*links, f'href="/requests/{references[3]}/messages"'))
    assert first.index(links[0]) < first.index(links[1]), "the nearest last day first"
    assert references[2] not in first
    assert all(f'href="/requests/{each}"' in rest for each in references)
    await browser.get(f"/requests/{references[3]}/messages", headers=person.headers)
    assert "Lire un message" not in await shown(browser, person, "/requests")


async def test_what_waits_is_read_page_after_page(browser: httpx.AsyncClient, door: Door, database: Database) -> None:
    person = a_person(database)
    await sign_in(door(), person)
    with database.begin() as connection:
        [own] = accounts.list_establishments(connection, person.who.account_id)
    by = Employer(person.who.account_id, own.siret, own.department)
    for _ in range(20):
        file_a_case(database, employer=by, headcount=60, works_council={"pending": True})
    written = file_a_case(database, employer=by)
    await door(staff(database)).post(f"/requests/{written}/messages", json={"text": "Bonjour à vous."})
    first = await shown(browser, person, "/requests?q=")
    assert (first.count("Envoyer l’avis du CSE"), "Lire un message" in first) == (20, False)
    following = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert following == "/requests?q=&to_do_from=20"
    second = await shown(browser, person, following)
    assert f'href="/requests/{written}/messages"' in second
    assert "Envoyer l’avis du CSE" not in second


async def test_a_partial_grant_is_one_in_the_list_too(
    browser: httpx.AsyncClient, door: Door, database: Database, many: tuple[Person, list[str]]
) -> None:
    person, references = many
    notify_a_decision(database, references[0], employees=10, hours="3600", grounds=GROUNDS)
    assert "Autorisée en partie" in await shown(browser, person, "/requests")
    items = (await door(person.who).get("/requests")).json()["items"]
    assert {each["reference"]: each["partial"] for each in items}[references[0]] is True


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=sucrerie", [3]),
        ("status=refused", []),
        ("status=under_review&q=", [0, 1, 2, 3]),
        ("status=draft", []),
    ],
)
async def test_a_search_is_in_the_address(
    browser: httpx.AsyncClient, many: tuple[Person, list[str]], query: str, found: list[int]
) -> None:
    person, references = many
    results = (await shown(browser, person, f"/requests?{query}")).partition('id="resultats"')[2]
    assert [at for at, each in enumerate(references) if f'href="/requests/{each}"' in results] == found
    assert bool(found) != ("Aucune demande ne correspond" in results)


async def test_a_wrong_filter_says_what_to_do_and_keeps_what_was_typed(
    browser: httpx.AsyncClient, many: tuple[Person, list[str]]
) -> None:
    answer = await browser.get("/requests?siret=12345&q=Lez", headers=many[0].headers)
    assert answer.status_code == 422
    assert 'value="12345"' in answer.text
    assert 'href="#siret"' in answer.text
    assert 'value="Lez"' in answer.text
    table = await browser.get("/requests.csv?siret=12345", headers=many[0].headers)
    assert table.status_code == 422


async def test_much_to_do_shows_the_nearest_and_says_how_much_there_is(
    browser: httpx.AsyncClient,
    door: Door,
    database: Database,
    many: tuple[Person, list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    person, references = many
    monkeypatch.setattr("starter.pages.employer.request_list.MAX_TO_DO", 1)
    ask_for_pieces(database, references[0])
    ask_for_pieces(database, references[2])
    first = (await shown(browser, person, "/requests")).partition("Toutes les demandes")[0]
    assert first.count('/pieces"') == 1
    assert "3 choses à faire en tout" in first


async def test_one_of_very_many_establishments_is_named_by_its_siret(
    browser: httpx.AsyncClient, many: tuple[Person, list[str]], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, _ = many
    monkeypatch.setattr("starter.pages.employer.filing_opening.MAX_OPTIONS", 3)
    asked = await shown(browser, person, "/requests/new")
    assert "L’un des 4 établissements" in asked
    assert "<select" not in asked
    written = siret_in_groups(person.who.siret).replace("\u00a0", " ")
    chosen = await browser.get("/requests/new/ground", params={"siret": written}, headers=person.headers)
    assert (chosen.status_code, f'value="{person.who.siret}"' in chosen.text) == (200, True)
    unknown = await browser.get("/requests/new/ground?siret=123", headers=person.headers)
    refused = await browser.get(unknown.headers["location"], headers=person.headers)
    assert (refused.status_code, "Indiquez le SIRET d’un de vos établissements." in refused.text) == (422, True)


async def test_a_long_list_has_a_following_page_with_the_same_filters(
    browser: httpx.AsyncClient, many: tuple[Person, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    person, references = many
    monkeypatch.setattr("starter.pages.employer.request_list.PAGE_SIZE", 3)
    first = await shown(browser, person, "/requests?status=under_review")
    following = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "status=under_review&cursor=" in following
    second = await shown(browser, person, following)
    assert [f'href="/requests/{each}"' in second for each in references].count(True) == 1
    assert "À faire" not in second
    before = second.partition('rel="prev" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert before == "/requests?status=under_review"
    assert 'rel="prev"' not in first
