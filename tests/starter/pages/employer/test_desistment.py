"""Desisting: a page asks and says the consequence, and twice is once."""

from collections.abc import Iterator

import httpx
import pytest

from local.postgres import Postgres
from models.labels import Outcome
from models.store.database import Database
from tests.cases import notify_a_decision
from tests.starter.conftest import one_register
from tests.starter.pages.browsing import filed, form_token
from tests.starter.people import Door, Person

pytestmark = pytest.mark.usefixtures("unhurried")


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


async def test_desisting_is_asked_with_its_consequence_and_done_once(
    browser: httpx.AsyncClient, chief: Person, door: Door
) -> None:
    address = f"/requests/{await filed(door, chief)}"
    page = (await browser.get(f"{address}/desistment", headers=chief.headers)).text
    assert "ce choix est définitif" in page
    assert "ni acceptation implicite" in page
    token = {"form_token": form_token(page)}
    without = await browser.post(f"{address}/desistment", data={"form_token": "0"}, headers=chief.headers)
    assert (without.status_code, without.headers["location"]) == (303, f"{address}/desistment")
    assert (await browser.get(without.headers["location"], headers=chief.headers)).status_code == 200
    answers = [await browser.post(f"{address}/desistment", data=token, headers=chief.headers) for _ in range(2)]
    assert [each.status_code for each in answers] == [303, 303]
    shown = (await browser.get(answers[0].headers["location"], headers=chief.headers)).text
    assert "Votre désistement est enregistré." in shown
    assert Outcome.DESISTED.label in shown
    forged = (await browser.get(f"{address}?said=pieces.{'0' * 16}", headers=chief.headers)).text
    assert "le délai entier recommence" not in forged


async def test_nothing_is_asked_once_a_decision_is_notified_and_the_act_names_what_stands(
    browser: httpx.AsyncClient, chief: Person, door: Door, database: Database
) -> None:
    address = f"/requests/{await filed(door, chief)}"
    token = {"form_token": form_token((await browser.get(f"{address}/desistment", headers=chief.headers)).text)}
    notify_a_decision(database, address[-9:])
    assert (await browser.get(f"{address}/desistment", headers=chief.headers)).status_code == 303
    late = await browser.post(f"{address}/desistment", data=token, headers=chief.headers)
    assert late.status_code == 409
    assert "une autorisation notifiée" in late.text
