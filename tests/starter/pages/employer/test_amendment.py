"""The page of an amendment: the terms in force to change, errors beside fields, one amendment for one rendering."""

import html

import httpx
import pytest

from models.store.database import Database
from tests.amendments import REASONS
from tests.builders import staff
from tests.cases import let_silence_accept
from tests.starter.pages.browsing import filed, form_token
from tests.starter.pages.employer.acting import hidden
from tests.starter.people import Door, Person

pytestmark = pytest.mark.usefixtures("unhurried")


async def _authorized(door: Door, database: Database, chief: Person) -> str:
    reference = await filed(door, chief)
    let_silence_accept(database, reference)
    return reference


async def _read(browser: httpx.AsyncClient, chief: Person, address: str) -> str:
    page = await browser.get(address, headers=chief.headers)
    return html.unescape(page.text).replace("\u00a0", " ").replace("\u202f", " ")


async def _send(browser: httpx.AsyncClient, chief: Person, page: str, address: str, **typed: str) -> httpx.Response:
    shown = {name: _value(page, name) for name in ("start_on", "end_on", "employees", "hours")}
    stated = {"form_token": form_token(page), "key": hidden(page, "key")} | shown | typed
    return await browser.post(address, data=stated, headers=chief.headers)


def _value(page: str, name: str) -> str:
    return page.split(f'id="{name}"', 1)[1].split('value="', 1)[1].split('"', 1)[0]


async def test_an_amendment_is_asked_for_from_the_case_and_listed_there(
    browser: httpx.AsyncClient, chief: Person, door: Door, database: Database
) -> None:
    reference = await _authorized(door, database, chief)
    case, address = f"/requests/{reference}", f"/requests/{reference}/amendment"
    assert f'href="{address}"' in await _read(browser, chief, case)
    form = await _read(browser, chief, address)
    assert _value(form, "hours") == "12000,00"
    for _ in range(2):
        sent = await _send(browser, chief, form, address, hours="15 000", why=REASONS)
        assert sent.headers["location"].startswith(f"/requests/{reference}01?")
    amendment = await _read(browser, chief, sent.headers["location"])
    assert "Votre demande d’avenant est reçue." in amendment
    assert f'modifie l’autorisation <a href="{case}">' in amendment
    assert f'href="{address}"' not in amendment
    parent = await _read(browser, chief, case)
    assert f'<a href="/requests/{reference}01">' in parent
    assert f'href="{address}"' not in parent  # one at a time
    let_silence_accept(database, f"{reference}01")
    settled = await _read(browser, chief, case)
    assert "15 000 h" in settled
    assert f'href="{address}"' in settled


async def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    browser: httpx.AsyncClient, chief: Person, door: Door, database: Database
) -> None:
    reference = await _authorized(door, database, chief)
    address = f"/requests/{reference}/amendment"
    form = await _read(browser, chief, address)
    empty = await _send(browser, chief, form, address, employees="tous", hours="beaucoup", end_on="")
    text = html.unescape(empty.text)
    assert empty.status_code == 422
    for sentence in (
        "Indiquez un nombre entier d’au moins 1",
        "Indiquez un nombre d’heures supérieur à zéro",
        "Indiquez le dernier jour de la période.",
        "Dites pourquoi l’autorisation doit changer.",
    ):
        assert sentence in text
    assert _value(text, "employees") == "tous"
    same = await _send(browser, chief, form, address, why=REASONS)
    assert "Cet avenant ne change rien" in html.unescape(same.text)
    long = await _send(browser, chief, form, address, why=REASONS, end_on="2027-12-31")
    assert "La période demandée est trop longue" in html.unescape(long.text)


async def test_nothing_is_amended_before_it_is_authorized(
    browser: httpx.AsyncClient, chief: Person, door: Door
) -> None:
    reference = await filed(door, chief)
    page = await browser.get(f"/requests/{reference}/amendment", headers=chief.headers)
    assert (page.status_code, page.headers["location"]) == (303, f"/requests/{reference}")


async def test_an_agent_sees_that_it_is_an_amendment_and_what_it_changes(
    browser: httpx.AsyncClient, chief: Person, door: Door, database: Database
) -> None:
    reference = await _authorized(door, database, chief)
    await door(chief.who).post(f"/requests/{reference}/amendments", json={"hours": "15000", "reasons": REASONS})
    case = (await door(staff(database)).get(f"/desk/requests/{reference}01")).json()
    assert (case["amends"], case["in_force"]["hours"], case["hours"]) == (reference, "12000.00", "15000.00")
