"""The end of a draft: what is left, the check, the confirmation, deletion, and a window that closed meanwhile."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from local.postgres import Postgres
from models.store.cases import drafts
from models.store.database import Database
from tests.starter.conftest import one_register
from tests.starter.pages.browsing import Page, published
from tests.starter.pages.employer.filing_forms import FIGURES, Filer, hidden
from tests.starter.people import Door, Person, a_person, sign_in

pytestmark = pytest.mark.usefixtures("unhurried")


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture
def filer(browser: httpx.AsyncClient, chief: Person) -> Filer:
    return Filer(browser, chief)


async def test_a_draft_says_what_is_left_and_is_resumed_from_the_list(filer: Filer) -> None:
    await filer.open()
    await filer.fill("figures", FIGURES)
    assert filer.base in (await filer.get("/requests")).text
    tasks = (await filer.get(filer.base)).text
    assert (tasks.count("À compléter"), tasks.count(">Complet<"), "Il reste 3 étapes" in tasks) == (3, 2, True)
    assert f'href="{filer.base}/circumstances">Continuer' in tasks
    check = await filer.check()
    assert "Déposer la demande" not in check
    assert f"{filer.base}/account?then=check" in check
    forced = await filer.post(f"{filer.base}/filing", hidden(check))
    assert forced.status_code == 422


async def test_a_draft_is_deleted_after_a_question_and_is_then_unknown(filer: Filer) -> None:
    await filer.open()
    asked = await filer.get(f"{filer.base}/deletion")
    assert "ne pourront pas être retrouvées" in asked.text
    done = [await filer.post(f"{filer.base}/deletion", hidden(asked.text)) for _ in range(2)]
    assert "Le brouillon est supprimé" in (await filer.get(done[0].headers["location"])).text
    assert done[1].status_code == 404
    assert filer.base not in (await filer.get("/requests")).text
    assert (await filer.get(filer.base)).status_code == 404


async def test_a_draft_whose_window_has_closed_says_so_in_plain_words(filer: Filer, database: Database) -> None:
    await filer.prepare()
    check = await filer.check()
    with database.begin() as connection:
        drafts.advance(connection, filer.base.rpartition("/")[2], timedelta(days=60))
    late = await filer.file(check)
    assert (late.status_code, "Le délai de dépôt s’est achevé" in late.text) == (422, True)
    with database.begin() as connection:
        drafts.lapse(connection, filer.base.rpartition("/")[2])
    for address in (filer.base, f"{filer.base}/check", f"{filer.base}/figures", f"{filer.base}/deletion"):
        lapsed = await filer.get(address)
        assert (lapsed.status_code, "ne peut plus être déposé" in lapsed.text) == (409, True), address
    assert (await filer.file(check)).status_code == 409


async def test_the_confirmation_has_the_receipt_once_it_is_sealed(filer: Filer, database: Database) -> None:
    await filer.prepare()
    filed = await filer.file(await filer.check())
    before = (await filer.get(filed.headers["location"])).text
    assert "en cours de délivrance" in before
    reference = filed.headers["location"].split("/")[2]
    document = published(database, reference)
    after = Page((await filer.get(filed.headers["location"])).text)
    assert f"/requests/{reference}/documents/{document}" in {each.get("href") for each in after.all("a")}


async def test_a_strangers_draft_is_unknown_on_every_page(filer: Filer, door: Door, database: Database) -> None:
    await filer.open()
    stranger = a_person(database)
    await sign_in(door(), stranger)
    other = Filer(filer.browser, stranger)
    token = hidden((await other.get("/account")).text)
    pages = (
        "",
        "/ground",
        "/figures",
        "/council",
        "/opinion?opinion=favourable",
        "/commitments",
        "/check",
        "/deletion",
    )
    assert {(await other.get(f"{filer.base}{each}")).status_code for each in pages} == {404}
    acts = ("/ground", "/figures", "/council", "/commitments", "/filing", "/deletion")
    sent = [(await other.post(f"{filer.base}{each}", token | FIGURES)).status_code for each in acts]
    assert set(sent) == {404}


async def test_the_link_of_a_mail_leads_to_the_draft(filer: Filer) -> None:
    await filer.open()
    draft = filer.base.rpartition("/")[2]
    assert (await filer.get(f"/drafts/{draft}")).headers["location"] == filer.base
    signed_out = await filer.browser.get(f"/drafts/{draft}")
    assert f"/sign-in?next=/requests/new/{draft}" in signed_out.text
