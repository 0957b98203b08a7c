"""Requested pieces, supplied one by one in the page: text or file, once, and nothing typed is lost."""

import re
from collections.abc import Iterator
from secrets import token_hex

import httpx
import pytest
from sqlalchemy import text

from local.postgres import Postgres
from models.store.database import Database
from tests.cases import ask_for_pieces
from tests.starter.conftest import one_register
from tests.starter.files import PNG
from tests.starter.pages.browsing import filed, form_token
from tests.starter.pages.employer.acting import fill, hidden, post
from tests.starter.people import Door, Person, a_person, sign_in

pytestmark = pytest.mark.usefixtures("unhurried")
TWO = [{"code": code, "label": "Précisions", "text_reference": "R. 5122-2"} for code in ("circumstances", "period")]


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture
async def asked(chief: Person, door: Door, database: Database) -> str:
    """The address of the page of a case in which two pieces are requested."""
    reference = await filed(door, chief)
    ask_for_pieces(database, reference, pieces=TWO)
    return f"/requests/{reference}/pieces"


async def pieces(door: Door, person: Person, address: str) -> list[tuple[str, bool]]:
    """The pieces that the register holds, and whether each is a file."""
    view = (await door(person.who).get(address.removesuffix("/pieces"))).json()
    return [(each["code"], bool(each["file"])) for each in view["pieces"]]


async def test_pieces_come_one_by_one_and_the_last_makes_the_delay_run_again(
    browser: httpx.AsyncClient, chief: Person, door: Door, asked: str
) -> None:
    first = await fill(browser, chief, asked, code="circumstances", text="Deux ateliers sur trois.")
    assert first.status_code == 303
    page = (await browser.get(first.headers["location"], headers=chief.headers)).text
    assert "La pièce est reçue. Il en reste à fournir." in page
    assert page.count("Envoyer cette pièce") == 1
    last = await fill(browser, chief, asked, PNG, code="period")
    shown = (await browser.get(last.headers["location"], headers=chief.headers)).text
    assert "le délai entier recommence" in shown
    assert "C’est au service d’agir" in shown
    assert await pieces(door, chief, asked) == [("circumstances", False), ("period", True)]


async def test_a_form_sent_twice_supplies_once(
    browser: httpx.AsyncClient, chief: Person, door: Door, database: Database, asked: str
) -> None:
    page = (await browser.get(asked, headers=chief.headers)).text
    stated = {"form_token": form_token(page), "key": hidden(page, "key"), "code": "period"}
    answers = [await post(browser, chief, asked, PNG, **stated) for _ in range(2)]
    assert [each.status_code for each in answers] == [303, 303]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    with database.begin() as connection:
        files = "SELECT count(*) FROM file WHERE account_id = CAST(:a AS uuid)"
        assert connection.execute(text(files), {"a": chief.who.account_id}).scalar_one() == 1
    other = await post(browser, chief, asked, None, **stated | {"text": "Autre réponse."})
    assert other.status_code == 422
    assert "Ce formulaire a déjà été envoyé" in other.text


@pytest.mark.parametrize(
    ("file", "fields", "said"),
    [
        (None, {}, "Fournissez un fichier ou un texte, l’un des deux."),
        (PNG, {"text": "Deux ateliers."}, "Fournissez un fichier ou un texte, l’un des deux."),
        (b"PK\x03\x04 rien", {}, ""),
        (b"x" * 300_000, {"text": ""}, "Le fichier dépasse 195 Ko."),
        (None, {"text": "a\u202eb"}, "Réponse"),
    ],
)
async def test_a_wrong_piece_comes_back_with_what_was_typed(
    browser: httpx.AsyncClient, chief: Person, asked: str, file: bytes | None, fields: dict[str, str], said: str
) -> None:
    answer = await fill(browser, chief, asked, file, code="circumstances", **fields)
    assert answer.status_code == 422
    assert "<title>Erreur" in answer.text.replace("\u00a0", " ")
    assert said in answer.text
    assert 'role="alert"' in answer.text
    assert re.search(r'href="#circumstances-(text|file)"', answer.text)
    assert fields.get("text", "") in answer.text


async def test_another_sessions_form_and_an_ended_session_do_nothing_and_lose_nothing(
    browser: httpx.AsyncClient, chief: Person, door: Door, asked: str
) -> None:
    typed = {"code": "period", "text": "Jusqu’en mars."}
    stale = await fill(browser, chief, asked, None, **typed | {"form_token": "0" * 64})
    assert "Votre session avait pris fin" in stale.text
    assert "Jusqu’en mars." in stale.text
    for cookie in ("", "0" * 43):
        gone = Person(chief.who, chief.login, cookie)
        ended = await post(browser, gone, asked, None, **typed)
        assert ended.status_code == 401
        assert 'value="Jusqu’en mars."' in ended.text
    again = await browser.post(asked, data=typed, headers=chief.headers)
    assert "Jusqu’en mars." in again.text
    assert await pieces(door, chief, asked) == []


async def test_fields_beyond_a_forms_size_are_refused_with_or_without_a_session(
    browser: httpx.AsyncClient, chief: Person, door: Door, asked: str
) -> None:
    vast = {f"text{number}": "x" * 3_000 for number in range(38)}
    for cookie in (chief.cookie, "", "0" * 43):
        refused = await post(browser, Person(chief.who, chief.login, cookie), asked, PNG, **vast)
        assert (refused.status_code, "xxx" in refused.text) == (413, False)
    assert await pieces(door, chief, asked) == []


async def test_a_key_that_no_form_carries_is_replaced(
    browser: httpx.AsyncClient, chief: Person, door: Door, asked: str
) -> None:
    answer = await fill(browser, chief, asked, code="period", text="Jusqu’en mars.", key=token_hex(5_000))
    assert answer.status_code == 303
    assert await pieces(door, chief, asked) == [("period", False)]


async def test_nobody_else_supplies_and_nothing_is_shown_once_nothing_is_asked(
    browser: httpx.AsyncClient, chief: Person, door: Door, database: Database, asked: str
) -> None:
    stranger = a_person(database)
    await sign_in(door(), stranger)
    assert (await browser.get(asked, headers=stranger.headers)).status_code == 404
    other = a_person(database)
    await sign_in(door(), other)
    quiet = await filed(door, other)
    page = await browser.get(f"/requests/{quiet}/pieces", headers=other.headers)
    assert (page.status_code, page.headers["location"]) == (303, f"/requests/{quiet}")
