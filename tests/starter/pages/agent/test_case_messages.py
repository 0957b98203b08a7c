"""Messages with the employer as pages: what was typed is kept, nothing is sent twice, no delay moves."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from local.postgres import Postgres
from models.store.cases import requests
from models.store.database import Database
from tests.builders import Credentials, employer, staff
from tests.starter.conftest import one_register
from tests.starter.pages.agent.conftest import Desk
from tests.starter.pages.agent.test_attached_files import a_pdf
from tests.starter.pages.agent.test_desk import file, plain
from tests.starter.pages.browsing import SAME_SITE, Page, form_token, open_browser
from tests.starter.people import Door, readings

WORDS = "Quels ateliers sont fermés ?"


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


def fields_of(page: str) -> dict[str, str]:
    hidden = [each for each in Page(page).all("input") if each.get("type") == "hidden"]
    return {str(each["name"]): str(each["value"]) for each in hidden} | {"form_token": form_token(page)}


async def test_an_agent_reads_answers_and_sends_once_what_is_sent_twice(
    signed_in: Desk, door: Door, boss: Credentials, agent: Credentials, database: Database
) -> None:
    reference = await file(door, boss)
    attached = await door(boss).post("/files", files={"file": ("a.pdf", a_pdf(1))})
    message = {"text": "Nous sommes <fermés>.", "files": [attached.json()["id"]]}
    await door(boss).post(f"/requests/{reference}/messages", json=message)
    desk, address = signed_in(agent), f"/desk/requests/{reference}/messages"
    assert "1 à lire" in plain(await desk.get(f"/desk/requests/{reference}"))
    with database.begin() as connection:
        before = requests.get(connection, reference)
    shown = await desk.get(address)
    assert "Nous sommes &lt;fermés&gt;." in shown.text
    assert f"/desk/requests/{reference}/files/{attached.json()['id']}" in shown.text
    assert "1 à lire" not in plain(await desk.get(f"/desk/requests/{reference}"))
    form = fields_of(shown.text) | {"text": WORDS}
    for _ in range(2):
        sent = await desk.post(address, data=form)
        assert sent.status_code == 303
    after = await desk.get(sent.headers["location"])
    assert "Votre message est envoyé." in plain(after)
    assert after.text.count(WORDS.replace(" ?", "\N{NO-BREAK SPACE}?")) == 1
    assert [each["text"] for each in (await door(boss).get(f"/requests/{reference}/messages")).json()["items"]] == [
        WORDS,
        message["text"],
    ]
    with database.begin() as connection:
        assert requests.get(connection, reference) == before
    assert readings(database, agent).count(reference) >= 3


async def test_an_empty_message_or_a_file_that_is_refused_is_said_beside_its_field_and_words_are_kept(
    signed_in: Desk, door: Door, boss: Credentials, agent: Credentials
) -> None:
    reference = await file(door, boss)
    desk, address = signed_in(agent), f"/desk/requests/{reference}/messages"
    form = fields_of((await desk.get(address)).text)
    empty = await desk.post(address, data=form | {"text": "  "})
    assert (empty.status_code, "Le message n’est pas envoyé" in empty.text) == (422, True)
    refused = await desk.post(address, data=form | {"text": WORDS}, files={"file": ("a.docx", b"PK\x03\x04")})
    assert (refused.status_code, WORDS in refused.text.replace("\N{NO-BREAK SPACE}", " ")) == (422, True)
    assert 'id="file-wrong"' in refused.text


async def test_a_session_that_ended_loses_nothing_that_was_typed(
    app: FastAPI, signed_in: Desk, door: Door, boss: Credentials, agent: Credentials
) -> None:
    reference = await file(door, boss)
    address = f"/desk/requests/{reference}/messages"
    form = fields_of((await signed_in(agent).get(address)).text) | {"text": WORDS}
    async with open_browser(app, SAME_SITE) as stranger:
        ended = await stranger.post(address, data=form)
    assert WORDS in ended.text.replace("\N{NO-BREAK SPACE}", " ")
    assert (await door(boss).get(f"/requests/{reference}/messages")).json()["items"] == []


async def test_messages_of_other_departements_are_not_found_and_readers_only_read(
    signed_in: Desk, door: Door, database: Database
) -> None:
    reference = await file(door, employer(database, department="21"))
    address = f"/desk/requests/{reference}/messages"
    assert (await signed_in(staff(database, "agent", "25")).get(address)).status_code == 404
    reader = signed_in(staff(database, "reader", "21"))
    shown = await reader.get(address)
    assert 'name="text"' not in shown.text
    form = {"form_token": form_token(shown.text), "text": WORDS, "key": "k"}
    assert (await reader.post(address, data=form)).status_code == 403
