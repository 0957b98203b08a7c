"""A grid that begins with the people of a DSN: their month is spread over weeks, and the DSN is dropped once filed."""

import re
from collections.abc import Iterator
from itertools import groupby

import httpx
import pytest

from local.payrolls import PERSON_COLUMNS
from local.postgres import Postgres
from models.claim_files.claim import weeks_of_month
from models.claim_files.fields import Field
from models.claim_labels import UploadState
from models.store.claims.uploads import ending
from models.store.database import Database
from starter.services import dsn_people
from tests.models.store.claims.builders import broken
from tests.starter.claimed import authorized_for
from tests.starter.conftest import one_register
from tests.starter.pages.browsing import form_token
from tests.starter.pages.employer.grids import fields_of, plain, send, shown
from tests.starter.pages.employer.test_claim_files import sent
from tests.starter.people import Person
from tests.uploads import A_LINE, MONTH, a_dsn, a_file, a_payroll, rows, standing

pytestmark = pytest.mark.usefixtures("unhurried")
BEGIN = "Saisir les heures de ces salariés"


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture
def month(chief: Person, database: Database) -> str:
    return f"/requests/{authorized_for(database, chief.who, employees=9, hours='2000')}/claims/2026-12"


@pytest.fixture
async def at(browser: httpx.AsyncClient, chief: Person, database: Database, month: str) -> str:
    """The page of a DSN of three people that was read."""
    return await sent(browser, chief, database, month, a_dsn(chief.who.siret))


async def begin(browser: httpx.AsyncClient, chief: Person, at: str, token: str = "") -> httpx.Response:
    """Press the button of the page of a DSN."""
    token = token or form_token(await shown(browser, chief, at))
    return await browser.post(f"{at}/grid", data={"form_token": token}, headers=chief.headers)


def typed_weeks() -> dict[str, str]:
    """What the payroll of the DSN says of each person and week, typed in the grid."""
    weeks, found = weeks_of_month(MONTH), dict[str, str]()
    for number, (person, lines) in enumerate(groupby(a_payroll(), key=lambda each: each.person), start=1):
        found[f"p{number}.hourly_gross"] = dict(zip(PERSON_COLUMNS, person, strict=True))[Field.HOURLY_GROSS]
        for line in lines:
            week = weeks.index(line.week)
            found |= {f"p{number}.w{week}": f"{line.worked}", f"p{number}.i{week}": f"{line.idle}".replace(".", ",")}
    return found


async def test_the_people_of_a_dsn_and_their_contracts_stand_in_the_grid_and_no_address_names_them(
    browser: httpx.AsyncClient, chief: Person, at: str
) -> None:
    assert BEGIN in await shown(browser, chief, at)
    answer = await begin(browser, chief, at)
    assert answer.status_code == 200, answer.text
    typed = fields_of(answer.text)
    people = [dict(zip(PERSON_COLUMNS, person, strict=True)) for person, _ in groupby(a_payroll(), lambda e: e.person)]
    for number, person in enumerate(people, start=1):
        for field in (Field.NIR, Field.FIRST_NAME, Field.MODE, Field.CONTRACT_HOURS):
            assert typed[f"p{number}.{field.value}"] == person[field], field
        assert "Votre DSN déclare" in plain(answer)
        assert not any(typed.get(f"p{number}.{name}") for name in ("hourly_gross", "w0", "i0"))
    assert "p4.nir" not in typed
    assert answer.headers["cache-control"] == "no-store"
    assert not any(person[Field.NIR] in str(answer.url) for person in people)


async def test_hours_are_spread_until_nothing_is_left_then_filed_and_the_dsn_is_dropped(
    browser: httpx.AsyncClient, chief: Person, database: Database, month: str, at: str
) -> None:
    page, grid = (await begin(browser, chief, at)).text, f"{month}/grid"
    whole = typed_weeks()
    last = next(name for name in reversed(whole) if name.startswith("p3.i") and whole[name] != "0,00")
    short = await send(browser, chief, page, grid, **whole | {last: "0"}, do="check")
    assert short.status_code == 200, short.text
    assert re.search(r"Salarié 3, [^:]* : Votre DSN déclare [\d,]+ heures pour ce mois : il en reste", plain(short))
    edited = await send(browser, chief, short.text, grid, do="edit")
    assert "à répartir" in plain(edited)
    checked = await send(browser, chief, edited.text, grid, **whole, do="check")
    assert "Votre DSN déclare" not in plain(checked), "nothing is left"
    assert standing(database, at[-36:]).state is UploadState.READ, "a check drops nothing"
    file = checked.text.replace(at[-36:], at[-36:].upper())  # the same file
    filed = [await send(browser, chief, file, grid, do="file") for _ in range(2)]
    assert [each.status_code for each in filed] == [303, 303], filed[0].text
    assert standing(database, at[-36:]).state is UploadState.EXPIRED
    found = rows(database, "SELECT sealed FROM upload WHERE id = CAST(:of AS uuid)", of=at[-36:])
    assert found == [(None,)]
    assert broken(database) == []


async def test_what_is_no_dsn_or_is_not_kept_any_more_gives_nobody(
    browser: httpx.AsyncClient, chief: Person, database: Database, month: str, at: str
) -> None:
    table = await sent(browser, chief, database, month, a_file(A_LINE | {"heures_chomees": "0"}))
    page = await shown(browser, chief, table)
    assert BEGIN not in page
    with database.begin() as connection:
        ending.forget(connection, at[-36:])
    for each in (table, at):
        refused = await begin(browser, chief, each, form_token(page))
        assert refused.status_code == 422
        assert dsn_people.NO_DSN in plain(refused)
    away = await begin(browser, chief, f"{month}/uploads/{'0' * 8}-0000-4000-8000-{'0' * 12}", form_token(page))
    assert away.status_code == 404


async def test_more_people_than_a_grid_holds_are_sent_in_a_file(
    browser: httpx.AsyncClient, chief: Person, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await shown(browser, chief, at)
    monkeypatch.setattr(dsn_people, "MAX_PEOPLE", 2)
    assert BEGIN not in await shown(browser, chief, at)
    refused = await begin(browser, chief, at, form_token(page))
    assert (refused.status_code, dsn_people.TOO_MANY in plain(refused)) == (422, True)


async def test_a_stale_form_reads_nothing_and_another_file_named_in_a_grid_is_left_as_it_is(
    browser: httpx.AsyncClient, chief: Person, database: Database, month: str, at: str
) -> None:
    stale = await begin(browser, chief, at, "0" * 64)
    assert (stale.status_code, "Votre session avait pris fin" in plain(stale)) == (422, True)
    page = (await begin(browser, chief, at)).text
    table = await sent(
        browser, chief, database, month, a_file(A_LINE | {"heures_chomees": "7", "heures_travaillees": "28"})
    )
    named = {"dsn": table[-36:], "p1.dsn": "NaN"}
    checked = await send(browser, chief, page, f"{month}/grid", **typed_weeks(), **named, do="check")
    filed = await send(browser, chief, checked.text, f"{month}/grid", do="file")
    assert filed.status_code == 303, filed.text
    assert standing(database, table[-36:]).state is UploadState.READ
    assert standing(database, at[-36:]).state is UploadState.READ
