"""Messages in the page of a case: written, read, and never touching the clock."""

import html
from collections.abc import Iterator

import httpx
import pytest

from local.postgres import Postgres
from models.bodies.messages import MAX_TEXT
from models.store.database import Database
from tests.builders import staff
from tests.starter.conftest import one_register
from tests.starter.files import PNG
from tests.starter.pages.browsing import filed
from tests.starter.pages.employer.acting import fill, hidden, post
from tests.starter.people import Door, Person

pytestmark = pytest.mark.usefixtures("unhurried")
WORDS = "Quand pensez-vous décider ?\n\nNos salariés attendent <ici>."


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


async def test_a_message_with_a_file_reaches_the_service_and_changes_no_delay(
    browser: httpx.AsyncClient, chief: Person, door: Door, database: Database
) -> None:
    reference = await filed(door, chief)
    address = f"/requests/{reference}/messages"
    before = (await door(chief.who).get(f"/requests/{reference}")).json()["clock"]
    sent = await fill(browser, chief, address, PNG, text=WORDS)
    assert sent.status_code == 303
    page = (await browser.get(sent.headers["location"], headers=chief.headers)).text.replace("\u00a0", " ")
    assert "Votre message est envoyé." in page
    assert "Nos salariés attendent &lt;ici&gt;." in page
    assert "Pas encore lu" in page
    assert "Un message ne fait courir, n’arrête et ne recommence aucun délai." in page
    assert (await door(chief.who).get(f"/requests/{reference}")).json()["clock"] == before
    agent = door(staff(database))
    (received,) = (await agent.get(address)).json()["items"]
    assert (len(received["files"]), received["side"]) == (1, "employer")
    await agent.post(address, json={"text": "Cette semaine."})
    shown = (await browser.get(address, headers=chief.headers)).text
    assert "Cette semaine." in shown
    assert "Le service" in shown


async def test_an_empty_message_keeps_its_file_and_one_sent_twice_is_sent_once(
    browser: httpx.AsyncClient, chief: Person, door: Door
) -> None:
    address = f"/requests/{await filed(door, chief)}/messages"
    empty = await fill(browser, chief, address, PNG)
    assert empty.status_code == 422
    assert "Écrivez votre texte." in empty.text
    kept = {name: hidden(empty.text, name) for name in ("form_token", "key", "stored")}
    for _ in range(2):
        assert (await post(browser, chief, address, None, text=WORDS, **kept)).status_code == 303
    items = (await door(chief.who).get(address)).json()["items"]
    assert [len(each["files"]) for each in items] == [1]


async def test_long_messages_are_fewer_a_page_and_none_is_read_before_it_is_shown(
    browser: httpx.AsyncClient, chief: Person, door: Door, database: Database
) -> None:
    address = f"/requests/{await filed(door, chief)}/messages"
    agent = door(staff(database))
    for at in range(3):
        await agent.post(address, json={"text": f"{at} " + "&" * (MAX_TEXT // 2)})
    wrong = await fill(browser, chief, address, None, text="&" * (MAX_TEXT + 1))
    assert (wrong.status_code, wrong.text.count('<p class="typed">')) == (422, 2)
    first = (await browser.get(address, headers=chief.headers)).text
    assert [f'"typed">{at} &amp;' in first for at in range(3)] == [False, True, True]
    items = (await agent.get(address)).json()["items"]
    assert [each["read_at"] is None for each in items] == [False, False, True]
    following = html.unescape(first.partition('rel="next" href="')[2].partition('"')[0])
    last = (await browser.get(following, headers=chief.headers)).text
    assert '"typed">0 &amp;' in last
    assert 'rel="next"' not in last
