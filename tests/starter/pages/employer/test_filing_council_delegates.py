"""Before 2018, staff delegates were consulted where there was no works council: asked, filed and shown as such."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx
import pytest

from local.postgres import Postgres
from models.settings import Settings
from models.store.database import Database
from tests.builders import staff
from tests.starter.conftest import a_setting, one_register
from tests.starter.files import PNG
from tests.starter.pages.employer.filing_forms import STEPS, Filer, hidden, on
from tests.starter.people import Door, Person

pytestmark = pytest.mark.usefixtures("unhurried")


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    """Training under the law of March 2015."""
    return a_setting(database, tmp_path, law_on=date(2015, 3, 2))


@pytest.fixture
async def filer(browser: httpx.AsyncClient, chief: Person) -> Filer:
    """Somebody who has answered everything but the question about the council."""
    filer = Filer(browser, chief)
    await filer.open()
    for name, fields in STEPS.items():
        if name != "council":
            assert (await filer.fill(name, fields)).status_code == 303, name
    return filer


async def test_an_opinion_of_staff_delegates_is_asked_filed_and_shown_as_theirs(
    filer: Filer, door: Door, database: Database
) -> None:
    asked = (await filer.get(f"{filer.base}/council")).text
    assert "Qui a été consulté, et avec quel avis ?" in asked.replace("\u00a0", " ")
    assert "les délégués ont donné un avis favorable" in asked
    assert 'value="no_council"' not in asked
    chosen = await filer.fill("council", {"opinion": "delegates_unfavourable"})
    page = await filer.get(chosen.headers["location"])
    form = hidden(page.text) | {"given_on": on(9)}
    files, headers = {"file": ("avis.png", PNG, "image/png")}, filer.person.headers
    late = await filer.browser.post(f"{filer.base}/opinion", data=form, files=files, headers=headers)
    assert (late.status_code, 'href="#given_on"' in late.text) == (422, True)
    kept = hidden(late.text) | {"given_on": on(-3)}
    assert (await filer.post(f"{filer.base}/opinion", kept)).status_code == 303
    check = (await filer.get(f"{filer.base}/check")).text
    assert "les délégués ont donné un avis défavorable" in check
    filed = await filer.file(check)
    reference = filed.headers["location"].split("/")[2]
    request = (await door(filer.person.who).get(f"/requests/{reference}")).json()
    assert request["works_council"]["delegates"] | {"file": ""} == {
        "opinion": "unfavourable",
        "given_on": on(-3),
        "file": "",
    }
    assert request["opinions"][0]["form"] == "delegates_unfavourable"
    shown = (await filer.get(f"/requests/{reference}")).text.replace("\u00a0", " ")
    assert "Avis des délégués du personnel" in shown
    assert "comité social et économique" not in shown
    agent = staff(database)
    desk = (await door(agent).get(f"/desk/requests/{reference}")).json()
    assert desk["opinions"][0]["form"] == "delegates_unfavourable"


async def test_the_choice_of_a_draft_is_shown_again(filer: Filer, door: Door) -> None:
    given = {"opinion": "favourable", "given_on": on(-3), "file": "00000000-0000-0000-0000-000000000000"}
    draft = f"/drafts/{filer.base.rpartition('/')[2]}"
    answer = await door(filer.person.who).patch(draft, json={"works_council": {"delegates": given}})
    assert answer.status_code == 200, answer.text
    page = (await filer.get(f"{filer.base}/council")).text
    assert 'value="delegates_favourable" checked' in page
