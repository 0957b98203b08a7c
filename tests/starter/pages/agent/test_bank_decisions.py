"""The page on which an agent decides on a change of account."""

import html

import pytest

from models.store.database import Database
from tests.bank_changes import OTHER_IBAN, ask
from tests.builders import Credentials, staff
from tests.cases import let_silence_accept
from tests.starter.pages.agent.conftest import Desk
from tests.starter.pages.browsing import filed, form_token
from tests.starter.pages.employer.acting import hidden
from tests.starter.people import Door, Person

pytestmark = pytest.mark.usefixtures("unhurried")


async def test_an_agent_finds_the_change_in_its_case_and_decides_once(
    signed_in: Desk, chief: Person, door: Door, database: Database, agent: Credentials
) -> None:
    reference, desk = await filed(door, chief), signed_in(agent)
    let_silence_accept(database, reference)
    number = ask(database, reference)
    address = f"/desk/requests/{reference}/bank-changes/{number}"
    assert address in (await desk.get(f"/desk/requests/{reference}")).text
    page = (await desk.get(address)).text
    assert "FR76 3000 6000 0112 3456 7890 189" in page.replace("\u00a0", " ")
    stated = {"form_token": form_token(page), "id": hidden(page, "id")}
    empty = await desk.post(address, data=stated)
    assert "Choisissez ce que vous décidez." in html.unescape(empty.text)
    bare = await desk.post(address, data=stated | {"outcome": "refusal"})
    assert "Dites pourquoi vous refusez ce compte." in html.unescape(bare.text)
    for _ in range(2):
        done = await desk.post(address, data=stated | {"outcome": "grant"})
        assert (done.status_code, done.headers["location"]) == (303, address)
    shown = html.unescape((await desk.get(address)).text)
    assert "décision en cours de signature" in shown
    assert OTHER_IBAN not in done.headers["location"]
    assert "Votre décision" not in shown


async def test_an_agent_of_another_departement_decides_nothing(chief: Person, door: Door, database: Database) -> None:
    reference = await filed(door, chief)
    let_silence_accept(database, reference)
    number = ask(database, reference)
    away = door(staff(database, "agent", "75"))
    answer = await away.post(
        f"/requests/{reference}/bank-changes/{number}/decision", json={"id": "B1", "outcome": "grant"}
    )
    assert answer.status_code == 404
