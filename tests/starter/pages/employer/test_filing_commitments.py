"""Commitments of a draft: asked for when the law does, added once, taken back."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from local.postgres import Postgres
from models.store.cases import requests, silence
from models.store.database import Database
from tests.builders import a_filing
from tests.starter.conftest import one_register
from tests.starter.pages.employer.filing_forms import FIGURES, STEPS, Filer, on
from tests.starter.people import Door, Person

pytestmark = pytest.mark.usefixtures("unhurried")

PROMISE = {"kind": "keep_jobs", "detail": "Maintien de tous les emplois de l’atelier.", "until_on": on(120)}


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture
async def filer(browser: httpx.AsyncClient, chief: Person, door: Door, database: Database) -> Filer:
    """Somebody whose establishment was authorized a week ago."""
    period = {"start_on": on(-6), "end_on": on(1)}
    body = a_filing(placement_on=on(-6), period=period, hours="100")
    reference = (await door(chief.who).post("/requests", json=body)).json()["reference"]
    with database.begin() as connection:
        requests.advance(connection, reference, timedelta(days=20))
        silence.establish(connection, reference)
    return Filer(browser, chief)


async def test_commitments_are_a_step_when_the_law_asks_for_them(filer: Filer, door: Door) -> None:
    await filer.open()
    for name, fields in STEPS.items():
        assert (await filer.fill(name, fields)).status_code == 303
    assert "Déposer la demande" not in await filer.check()
    assert (await filer.fill("council", STEPS["council"])).headers["location"].endswith("/commitments")
    added = await filer.fill("commitments", PROMISE)
    again = await filer.fill("commitments", PROMISE)
    assert [added.status_code, again.status_code] == [303, 303]
    check = await filer.check()
    assert check.count("Maintien de tous les emplois") == 1
    filed = await filer.file(check)
    view = (await door(filer.person.who).get(f"/requests/{filed.headers['location'].split('/')[2]}")).json()
    assert [each["kind"] for each in view["commitments"]] == ["keep_jobs"]


async def test_a_wrong_commitment_is_not_added_and_a_right_one_can_be_taken_back(filer: Filer) -> None:
    await filer.open()
    await filer.fill("figures", FIGURES)
    empty = await filer.fill("commitments", {})
    assert (empty.status_code, all(f'href="#{each}"' in empty.text for each in PROMISE)) == (422, True)
    short = await filer.fill("commitments", PROMISE | {"until_on": on(10)})
    assert (short.status_code, "court au moins jusqu’à" in short.text) == (422, True)
    assert PROMISE["detail"] in short.text
    assert "Engagements proposés" not in (await filer.get(f"{filer.base}/commitments")).text
    await filer.fill("commitments", PROMISE)
    shown = await filer.get(f"{filer.base}/commitments")
    assert "Engagements proposés" in shown.text
    named = f"keep_jobs {PROMISE['until_on']} {PROMISE['detail']}"
    assert (await filer.fill("commitments", {"removed": named})).status_code == 303
    assert "Engagements proposés" not in (await filer.get(f"{filer.base}/commitments")).text
