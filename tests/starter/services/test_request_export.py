"""The list as a table for spreadsheets: every page of it, French, and no formula."""

import csv
from collections.abc import Iterator
from io import StringIO

import pytest
from sqlalchemy import text

from local.postgres import Postgres
from models.store.database import Database
from starter.auth.credentials import PresentedCredential
from starter.context import Context
from starter.services import request_export
from starter.services.request_export import guarded
from starter.services.requests import Listing
from tests.builders import a_draft, a_filing, employer
from tests.starter.conftest import one_register
from tests.starter.people import Door


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.mark.parametrize("cell", ["=1+1", "+33", "-2", "@SUM(A1)", "\tx", "\rx"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"
    assert guarded("Ateliers Durand") == "Ateliers Durand"


async def test_a_table_holds_every_page_of_a_list_and_guards_names(
    app: object, door: Door, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    context: Context = app.state.context  # type: ignore[attr-defined]
    who = employer(database)
    with database.begin() as connection:
        connection.execute(text("UPDATE establishment SET name = '=cmd|x' WHERE siret = :s"), {"s": who.siret})
    bodies = [a_filing(employees=1, other_employees=True) for _ in range(3)]
    references = [(await door(who).post("/requests", json=each)).json()["reference"] for each in bodies]
    credential = PresentedCredential(who.token, None, b"x")
    monkeypatch.setattr(request_export, "MAX_PAGE_SIZE", 2)
    written = request_export.table(context, credential, Listing(limit=1), "https://site/")
    rows = [*csv.reader(StringIO(written.removeprefix("\ufeff")), delimiter=";")]
    assert rows[0] == [*request_export.COLUMNS]
    assert sorted(each[0] for each in rows[1:]) == sorted(references)
    assert {each[2] for each in rows[1:]} == {"'=cmd|x"}
    assert {each[7] for each in rows[1:]} == {f"https://site/requests/{each}" for each in references}
    monkeypatch.setattr(request_export, "MAX_PAGES", 1)
    cut = request_export.table(context, credential, Listing(limit=1), "https://site/").splitlines()
    assert len(cut) == 4, "two lines of the largest page, whatever the size that a page shows"
    assert cut[-1].startswith("Ce tableau s’arrête à 2 lignes et la liste continue")
    draft = (await door(who).post("/drafts", json=a_draft())).json()
    drafts = request_export.table(context, credential, Listing(status="draft"), "https://site")
    assert draft["id"] in drafts
