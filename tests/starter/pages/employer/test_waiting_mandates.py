"""Mandates that wait for one mailbox, accepted at once by its account, and by nobody else."""

from collections.abc import Iterator

import httpx
import pytest

from local.postgres import Postgres
from models.store.database import Database
from starter.pages.components.typography import siret_in_groups
from tests.starter.conftest import one_register
from tests.starter.pages.browsing import Page, form_token
from tests.starter.people import PASSWORD, Door, Person, a_person, knocking, sign_in
from tests.starter.services.test_mandates import a_mandate

pytestmark = pytest.mark.usefixtures("unhurried")


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


def plain(text: str) -> str:
    """A text without unbreakable spaces."""
    return text.replace("\u00a0", " ")


async def offered(door: Door, database: Database, email: str) -> list[Person]:
    """Three employers who each give a mandate to one mailbox."""
    givers = [a_person(database) for _ in range(3)]
    for each in givers:
        await sign_in(door(), each)
        answer = await knocking(door(), each).post("/mandates", json=a_mandate(each, email=email.upper()))
        assert answer.status_code == 201, answer.text
    return givers


async def test_every_mandate_of_a_mailbox_is_accepted_at_once(
    browser: httpx.AsyncClient, chief: Person, door: Door, database: Database
) -> None:
    givers = await offered(door, database, chief.login)
    revoked = await knocking(door(), givers[2]).get("/mandates")
    await knocking(door(), givers[2]).delete(f"/mandates/{revoked.json()['items'][0]['id']}")
    listed = plain((await browser.get("/requests", headers=chief.headers)).text)
    assert "Accepter 2 mandats" in listed
    page = (await browser.get("/mandates", headers=chief.headers)).text
    shown = [siret_in_groups(each.who.siret) in page for each in givers]
    assert shown == [True, True, False]
    token = {"form_token": form_token(page), "shown": hidden(page)}
    wrong = await browser.post("/mandates", data=token | {"password": "faux"}, headers=chief.headers)
    assert wrong.status_code == 422
    assert 'href="#password"' in wrong.text
    done = await browser.post("/mandates", data=token | {"password": PASSWORD}, headers=chief.headers)
    assert done.status_code == 303
    assert "Les mandats sont acceptés" in (await browser.get(done.headers["location"], headers=chief.headers)).text
    account = (await door(chief.who).get("/account")).json()
    parts = {each["siret"]: each["part"] for each in account["establishments"]}
    assert parts == {chief.who.siret: "main", **dict.fromkeys((each.who.siret for each in givers[:2]), "mandate")}
    assert (await knocking(door(), chief).get("/mandates")).json()["waiting"] == []


async def test_a_call_accepts_the_mandates_that_it_names_and_no_other(
    chief: Person, door: Door, database: Database
) -> None:
    givers = await offered(door, database, chief.login)
    client = knocking(door(), chief)
    waiting = {each["siret"]: each["id"] for each in (await client.get("/mandates")).json()["waiting"]}
    assert list(waiting) == [each.who.siret for each in givers]
    first, second, _ = waiting.values()
    wrong: list[dict[str, list[str]]] = [{}, {"mandates": []}, {"mandates": ["x"]}]
    for named in wrong:
        refused = await client.post("/mandates/acceptance", json={"password": PASSWORD, **named})
        pointers = {each["pointer"] for each in refused.json()["errors"]}
        assert (refused.status_code, pointers <= {"/mandates", "/mandates/0"}) == (422, True)
    body = {"password": PASSWORD, "mandates": [first, second]}
    accepted = await client.post("/mandates/acceptance", json=body)
    assert accepted.json() == {"accepted": [first, second]}
    assert (await client.post("/mandates/acceptance", json=body)).json() == {"accepted": []}
    account = (await client.get("/account")).json()
    assert {each["siret"] for each in account["establishments"]} == {chief.who.siret, *list(waiting)[:2]}


async def test_a_mandate_that_came_after_the_page_was_read_is_shown_before_it_is_accepted(
    browser: httpx.AsyncClient, chief: Person, door: Door, database: Database
) -> None:
    read = await offered(door, database, chief.login)
    page = (await browser.get("/mandates", headers=chief.headers)).text
    late = await offered(door, database, chief.login)
    sent = {"form_token": form_token(page), "shown": hidden(page), "password": PASSWORD}
    done = await browser.post("/mandates", data=sent, headers=chief.headers)
    account = (await door(chief.who).get("/account")).json()
    own = {each["siret"] for each in account["establishments"]}
    assert own == {chief.who.siret, *(each.who.siret for each in read)}
    rest = plain((await browser.get(done.headers["location"], headers=chief.headers)).text)
    assert "Ceux-ci attendent encore" in rest
    assert [plain(siret_in_groups(each.who.siret)) in rest for each in (*read, *late)] == [False] * 3 + [True] * 3
    again = await browser.post("/mandates", data=sent, headers=chief.headers)
    assert again.headers["location"] == "/mandates", "the form of the first page accepts nothing that came later"
    last = await browser.post("/mandates", data=sent | {"shown": hidden(rest)}, headers=chief.headers)
    assert last.headers["location"].startswith("/account?")


def hidden(page: str) -> str:
    """The ids of the mandates that a page shows."""
    [shown] = [each["value"] for each in Page(page).all("input") if each.get("name") == "shown"]
    return str(shown)


async def test_no_other_account_and_no_token_accepts_them(door: Door, chief: Person, database: Database) -> None:
    [giver, *_] = await offered(door, database, "cabinet@tacite.invalid")
    [offer] = (await door(giver.who).get("/mandates")).json()["items"]
    body = {"password": PASSWORD, "mandates": [offer["id"]]}
    assert (await knocking(door(), chief).get("/mandates")).json()["waiting"] == []
    mine = await knocking(door(), chief).post("/mandates/acceptance", json=body)
    assert mine.json() == {"accepted": []}
    by_token = await door(chief.who).post("/mandates/acceptance", json=body)
    assert by_token.status_code == 403
