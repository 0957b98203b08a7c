"""An employer's account by forms: tokens, members, mandates; forms are protected against other sites."""

import re
from collections.abc import Iterator

import httpx
import pytest

from local.postgres import Postgres
from models.store.database import Database
from tests.builders import staff
from tests.starter.conftest import one_register
from tests.starter.pages.browsing import form_token
from tests.starter.people import (
    PASSWORD,
    SITE,
    Door,
    Person,
    a_person,
    sign_in,
    with_password,
)

pytestmark = pytest.mark.usefixtures("unhurried")


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


async def test_a_form_without_the_token_of_its_session_does_nothing(
    browser: httpx.AsyncClient, chief: Person, database: Database
) -> None:
    page = await browser.get("/account", headers=chief.headers)
    other = a_person(database)
    forged = form_token(page.text)[::-1]
    for sent in ({"label": "x"}, {"label": "x", "form_token": forged}):
        shown = await browser.post("/account/tokens", data=sent, headers=chief.headers)
        assert (shown.status_code, 'value="x"' in shown.text, "tacite_" in shown.text) == (422, True, False)
    assert "<h3>x</h3>" not in (await browser.get("/account", headers=chief.headers)).text
    elsewhere = chief.headers | {"Sec-Fetch-Site": "cross-site"}
    sent = {"label": "x", "form_token": form_token(page.text)}
    assert (await browser.post("/account/tokens", data=sent, headers=elsewhere)).status_code == 403
    form = {"login": other.login, "password": PASSWORD}
    answer = await browser.post("/sign-in", data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


async def test_tokens_members_and_mandates_are_kept_by_forms(browser: httpx.AsyncClient, chief: Person) -> None:
    place = f"/establishments/{chief.who.siret}"

    async def opened() -> httpx.Response:
        return await browser.get("/account", headers=chief.headers)

    token = form_token((await opened()).text)

    async def send(address: str, **fields: str) -> httpx.Response:
        return await browser.post(address, data=fields | {"form_token": token}, headers=chief.headers)

    keys = [re.findall('name="key" value="(.+?)"', each.text)[0] for each in (await opened(), await opened())]
    typed = {"label": "Paie", "scope": "read", "key": keys[0]}
    made, twice = [await send("/account/tokens", **typed) for _ in range(2)]
    assert (found := re.findall(r"tacite_[\w-]{43}", made.text)) == re.findall(r"tacite_[\w-]{43}", twice.text)
    assert (len(found), len({*keys})) == (1, 2)
    changed = await send("/account/tokens", **typed | {"scope": "write"})
    assert (changed.status_code, "a déjà été envoyé" in changed.text, keys[0] in changed.text) == (422, True, False)
    again = await opened()
    assert again.text.count("<h3>Paie</h3>") == 1
    assert "tacite_" not in again.text
    ids = re.findall(r'/account/tokens/revocation\?id=([0-9a-f-]{36})"', again.text)
    assert (await send("/account/tokens/revocation", id=ids[0])).status_code == 303
    assert "Paie" not in (await browser.get("/account", headers=chief.headers)).text
    assert "est révoqué ou a pris fin" in (await send("/account/tokens", **typed)).text
    assert (await send(f"{place}/members", name="Karim", email="pas une adresse")).status_code == 422
    for _ in range(2):
        assert (await send(f"{place}/members", name="Karim", email="karim@tacite.invalid", key="k")).status_code == 303
    period = {"starts_on": "2026-12-01", "ends_on": "2026-12-31"}
    mandate = {"name": "Cabinet Lefort", "email": "cabinet@tacite.invalid"} | period
    refused = await send(f"{place}/mandates", **mandate, password="faux")
    assert refused.status_code == 422
    assert 'value="Cabinet Lefort"' in refused.text
    for _ in range(2):
        assert (await send(f"{place}/mandates", **mandate, password=PASSWORD, key="m")).status_code == 303
    shown = (await browser.get(place, headers=chief.headers)).text
    assert (shown.count("<h3>Karim</h3>"), shown.count("<h3>Cabinet Lefort</h3>")) == (1, 1)
    assert len({*re.findall('name="key" value="(.+?)"', shown)}) == 2
    assert all(each in shown for each in ("Karim", "invitation en attente", "en attente d’acceptation"))
    stays = await send(f"{place}/members/removal", id=chief.who.account_id)
    assert "dernier interlocuteur principal" in stays.text


async def test_a_session_of_an_agent_opens_no_space_of_an_employer(
    browser: httpx.AsyncClient, door: Door, database: Database
) -> None:
    person = with_password(database, staff(database))
    await sign_in(door(), person)
    assert (await browser.get("/account", headers=person.headers)).status_code == 403
    assert (await door().get("/desk", headers=person.headers | {"Origin": SITE})).status_code == 200
