"""The opinion that was to follow the request, sent in the page, with its file kept across errors."""

from collections.abc import Iterator

import httpx
import pytest

from local.postgres import Postgres
from models.store.database import Database
from tests.starter.conftest import one_register
from tests.starter.files import a_pdf
from tests.starter.pages.browsing import filed
from tests.starter.pages.employer.acting import fill, hidden, post
from tests.starter.people import Door, Person

pytestmark = pytest.mark.usefixtures("unhurried")


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture
async def awaited(chief: Person, door: Door) -> str:
    """The address of the page of a case whose opinion is to follow."""
    reference = await filed(door, chief, headcount=60, works_council={"pending": True})
    return f"/requests/{reference}/works-council-opinion"


async def test_the_opinion_is_sent_once_and_is_then_awaited_no_more(
    browser: httpx.AsyncClient, chief: Person, door: Door, awaited: str
) -> None:
    sent = await fill(browser, chief, awaited, a_pdf(), opinion="unfavourable", given_on="2026-11-20")
    assert sent.status_code == 303
    page = (await browser.get(sent.headers["location"], headers=chief.headers)).text.replace("\u00a0", " ")
    assert "L’avis du comité social et économique est reçu." in page
    assert "défavorable, rendu le 20 novembre 2026" in page
    assert "Envoyer l’avis du CSE" not in page
    assert (await browser.get(awaited, headers=chief.headers)).status_code == 303


async def test_every_wrong_field_says_what_to_do_and_the_file_is_not_sent_again(
    browser: httpx.AsyncClient, chief: Person, door: Door, awaited: str
) -> None:
    empty = await fill(browser, chief, awaited)
    assert empty.status_code == 422
    said = ("Choisissez le sens de l’avis.", "Indiquez le jour où l’avis a été rendu.", "Choisissez un fichier.")
    assert [each in empty.text for each in said] == [True] * 3
    late = await fill(browser, chief, awaited, a_pdf(), opinion="favourable", given_on="2031-01-01")
    assert "L’avis joint ne peut pas être postérieur" in late.text
    assert 'value="2031-01-01"' in late.text
    assert "Votre fichier est reçu" in late.text
    kept = {name: hidden(late.text, name) for name in ("form_token", "key", "stored")}
    done = await post(browser, chief, awaited, None, opinion="favourable", given_on="2026-11-20", **kept)
    assert done.status_code == 303


async def test_a_file_of_somebody_else_is_refused_whatever_the_hidden_field_says(
    browser: httpx.AsyncClient, chief: Person, awaited: str
) -> None:
    foreign = {"stored": "0196d0a0-0000-7000-8000-000000000000"}
    answer = await fill(browser, chief, awaited, None, opinion="favourable", given_on="2026-11-20", **foreign)
    assert answer.status_code == 422
    assert "Aucun fichier envoyé par votre compte" in answer.text
