"""The works council's opinion in a draft: the answers that the law admits, a file neither lost nor doubled."""

from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import text

from local.postgres import Postgres
from models.store.database import Database
from tests.starter.conftest import one_register
from tests.starter.files import PNG
from tests.starter.pages.browsing import Page
from tests.starter.pages.employer.filing_forms import FIGURES, Filer, hidden, on
from tests.starter.people import Door, Person

pytestmark = pytest.mark.usefixtures("unhurried")

LARGE = FIGURES | {"headcount": "120"}


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture
async def filer(browser: httpx.AsyncClient, chief: Person) -> Filer:
    """Somebody of a firm of 120 who has come to the question about the council."""
    filer = Filer(browser, chief)
    await filer.open()
    await filer.fill("figures", LARGE)
    return filer


async def attach(filer: Filer, page: httpx.Response, content: bytes, **fields: str) -> httpx.Response:
    form = next(each for each in Page(page.text).all("form") if each.get("enctype") == "multipart/form-data")
    return await filer.browser.post(
        str(form["action"]),
        data=hidden(page.text) | {"given_on": on(-3)} | fields,
        files={"file": ("avis.png", content, "image/png")},
        headers=filer.person.headers,
    )


async def asked_for_the_file(filer: Filer) -> httpx.Response:
    chosen = await filer.fill("council", {"opinion": "favourable"})
    return await filer.get(chosen.headers["location"])


def count(database: Database, filer: Filer) -> int:
    with database.begin() as connection:
        query = text("SELECT count(*) FROM file WHERE account_id = CAST(:a AS uuid)")
        return int(connection.execute(query, {"a": filer.person.who.account_id}).scalar_one())


async def test_an_opinion_is_attached_once_and_filed_with_the_request(
    filer: Filer, door: Door, database: Database
) -> None:
    page = await asked_for_the_file(filer)
    first, again = await attach(filer, page, PNG), await attach(filer, page, PNG)
    assert [first.status_code, again.status_code] == [303, 303]
    assert first.headers["location"] == f"{filer.base}/account"
    assert count(database, filer) == 1
    draft = (await door(filer.person.who).get(f"/drafts/{filer.base.rpartition('/')[2]}")).json()
    council = draft["content"]["works_council"]
    assert (council["opinion"], council["given_on"]) == ("favourable", on(-3))
    shown = await asked_for_the_file(filer)
    assert f"/files/{council['file']}" in shown.text
    kept = await attach(filer, shown, b"", given_on=on(-5))
    assert (kept.status_code, count(database, filer)) == (303, 1)


async def test_a_refused_file_is_said_beside_its_field_and_what_was_typed_stays(filer: Filer) -> None:
    page = await asked_for_the_file(filer)
    none = await attach(filer, page, b"")
    wrong = await attach(filer, page, b"MZ not a picture at all")
    large = await attach(filer, page, b"\x89PNG" + b"0" * 400_000)
    for answer, said in ((none, "Choisissez le fichier"), (wrong, "Envoyez un PDF"), (large, "Le fichier dépasse")):
        assert answer.status_code in (422, 413)
        assert "<title>Erreur" in answer.text
        assert said in answer.text or "C’est" in answer.text
        assert 'href="#file"' in answer.text
        assert "un avis favorable" in answer.text
    assert all(f'value="{on(-3)}"' in each.text for each in (none, wrong))


async def test_an_admitted_file_is_kept_while_the_day_is_wrong(filer: Filer, database: Database) -> None:
    page = await asked_for_the_file(filer)
    refused = await attach(filer, page, PNG, given_on="")
    assert (refused.status_code, "Votre fichier est reçu" in refused.text) == (422, True)
    later = await attach(filer, refused, b"", given_on=on(20))
    assert (later.status_code, "postérieur" in later.text) == (422, True)
    assert (await attach(filer, later, b"", given_on=on(-1))).status_code == 303
    assert count(database, filer) == 1


async def test_a_file_named_by_somebody_elses_id_is_not_attached(filer: Filer, door: Door) -> None:
    page = await asked_for_the_file(filer)
    forged = await attach(filer, page, b"", stored="0196d0a0-0000-7000-8000-000000000000")
    assert (forged.status_code, 'href="#file"' in forged.text) == (422, True)


async def test_only_the_answers_that_the_law_admits_are_offered(filer: Filer) -> None:
    shown = (await filer.get(f"{filer.base}/council")).text
    assert 'value="pending"' in shown
    assert "Au plus tard le" in shown
    assert "fewer_than_50" not in shown
    refused = await filer.fill("council", {"opinion": "fewer_than_50"})
    assert (refused.status_code, "Dites ce qu’il en est" in refused.text) == (422, True)
    assert (await filer.fill("council", {"opinion": "pending"})).status_code == 303
    assert "avis à transmettre plus tard" in await filer.check()


async def test_a_headcount_that_changes_makes_an_answer_wrong_and_the_draft_says_so(filer: Filer) -> None:
    await filer.fill("figures", FIGURES)
    assert (await filer.fill("council", {"opinion": "fewer_than_50"})).status_code == 303
    await filer.fill("figures", LARGE)
    tasks = (await filer.get(filer.base)).text
    assert "À corriger" in tasks
    assert "Déposer la demande" not in await filer.check()


async def test_the_address_of_the_file_without_an_answer_leads_back_to_the_question(filer: Filer) -> None:
    back = await filer.get(f"{filer.base}/opinion")
    assert back.headers["location"] == f"{filer.base}/council"
