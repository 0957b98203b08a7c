"""Signing in and out with a browser, and a lost password."""

import unicodedata
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from fastapi import FastAPI

from local.postgres import Postgres
from models.labels import Status
from models.store.database import Database
from models.store.people import credentials
from starter.auth import passwords
from starter.pages.components.assets import address
from tests.starter.conftest import one_register
from tests.starter.pages.browsing import SAME_SITE, Page, filed, form_token, open_browser, published
from tests.starter.people import (
    COOKIE,
    PASSWORD,
    Door,
    Person,
    a_person,
    sign_in,
)

pytestmark = pytest.mark.usefixtures("unhurried")


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with open_browser(app, SAME_SITE) as client:
        yield client


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


@pytest.mark.parametrize("wanted", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere", "", "x"])
async def test_signing_in_leads_nowhere_else(wanted: str, browser: httpx.AsyncClient, database: Database) -> None:
    form = {"login": a_person(database).login, "password": PASSWORD, "next": wanted}
    assert (await browser.post("/sign-in", data=form)).headers["location"] == "/requests"


async def test_signing_in_works_without_the_one_script_that_its_page_offers(
    browser: httpx.AsyncClient,
) -> None:
    answer = await browser.get("/sign-in")
    page = Page(answer.text)
    assert page.all("script") == [{"src": address("passkey.js")}]
    assert [each.get("hidden", "-") for each in page.all("form")] == ["-", None]
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'; connect-src 'self'" in policy
    assert "unsafe" not in policy


async def test_a_lost_password_is_asked_for_and_refused_codes_are_told(
    browser: httpx.AsyncClient, chief: Person
) -> None:
    asked = await browser.post("/password/code", data={"login": chief.login})
    unknown = await browser.post("/password/code", data={"login": "personne@tacite.invalid"})
    assert (asked.status_code, asked.text) == (200, unknown.text)
    for form in ("/password", "/invitation"):
        wrong = await browser.post(form, data={"code": "ABCDE", "password": PASSWORD})
        assert (wrong.status_code, "a expiré" in wrong.text) == (422, True)


TYPED = "  Café-crème-été, 2026 "


async def test_one_password_opens_by_form_and_by_call_from_any_system(
    browser: httpx.AsyncClient, door: Door, database: Database
) -> None:
    """And a hash that an earlier release made of what a form had trimmed is replaced at the first sign-in."""
    person = a_person(database)
    with database.begin() as connection:
        old = passwords.hashed(unicodedata.normalize("NFD", TYPED).strip()).removeprefix("nfkc:")
        credentials.set_password(connection, person.who.account_id, person.login, old)
    form = {"login": f"{person.login.upper()}.", "password": unicodedata.normalize("NFC", TYPED), "next": "/"}
    assert (await browser.post("/sign-in", data=form)).status_code == 303
    for encoding in ("NFC", "NFD"):
        answer = await sign_in(door(), person, password=unicodedata.normalize(encoding, TYPED))
        assert answer.status_code == 200, encoding
    assert (await sign_in(door(), person, password=TYPED.strip())).status_code == 401
    with database.begin() as connection:
        kept = credentials.find_by_account(connection, person.who.account_id)
    assert kept
    assert passwords.is_of_prepared(kept.password_hash)


@pytest.mark.parametrize("address", ["/password", "/invitation", "/activation"])
async def test_a_code_that_was_refused_is_not_shown_again(door: Door, address: str) -> None:
    sent = {"code": "ABCDE-SECRET", "password": PASSWORD}
    refused = await door().post(f"http://door{address}", data=sent, headers=SAME_SITE)
    assert refused.status_code == 422
    assert "ABCDE-SECRET" not in refused.text
