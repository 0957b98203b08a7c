"""A grid that begins with what was claimed before, and what a claim that is gone can still be given."""

import re
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import text

from local.postgres import Postgres
from models.claim_labels import ClaimState
from models.store.claims import ends
from models.store.database import Database
from models.store.journal.events import SYSTEM
from starter.pages.components.claim_grid import SHOWN
from starter.services.claim_grids import MAX_PEOPLE
from tests.models.store.claims.builders import admit, hand_over, pay_directly
from tests.models.store.claims.real_lines import SENTINEL_NAME, a_line, a_nir, stage_real
from tests.starter.claimed import authorized_for
from tests.starter.conftest import one_register
from tests.starter.pages.browsing import form_token
from tests.starter.pages.employer.grids import a_row, fields_of, plain, send, shown
from tests.starter.pages.posted_forms import forms_of
from tests.starter.people import Person
from tests.uploads import rows

pytestmark = pytest.mark.usefixtures("unhurried")


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture
def reference(chief: Person, database: Database) -> str:
    return authorized_for(database, chief.who)


@pytest.fixture
def month(reference: str) -> str:
    return f"/requests/{reference}/claims/2026-12"


async def test_people_of_the_month_before_and_hours_of_what_is_put_right_are_there_already(
    browser: httpx.AsyncClient, chief: Person, database: Database, reference: str, month: str
) -> None:
    admit(database, stage_real(database, reference, a_line(1), a_line(2)))
    january = await shown(browser, chief, f"/requests/{reference}/claims/2027-01/grid")
    assert "Ces salariés sont ceux de votre demande de décembre 2026" in january
    known = fields_of(january)
    assert (known["p2.family_name"], known["p2.nir"], known["p2.hourly_gross"]) == (SENTINEL_NAME, a_nir(2), "15")
    assert {value for name, value in known.items() if re.fullmatch(r"p\d\.[wi]\d", name)} == {""}
    at = f"{month}/grid"
    page = await shown(browser, chief, at)
    assert "correction de la version 1" in page
    assert (fields_of(page)["p1.i1"], fields_of(page)["p1.w1"]) == ("7", "0")
    preview = await send(browser, chief, page, at, **{"p1.i1": "14"})
    assert "prendra la place de la version 1" in plain(preview)
    filed = await send(browser, chief, preview.text, at, do="file")
    assert filed.status_code == 303, filed.text
    assert "21 heures" in await shown(browser, chief, month)
    stale = await send(browser, chief, preview.text, at, do="file", key="another-key-that-is-long-enough")
    assert "La version 2 de ce mois demeure" in plain(stale)
    assert fields_of(stale.text)["p1.i1"] == "14"


async def test_what_an_admission_refuses_is_said_above_the_grid_as_it_was_typed(
    browser: httpx.AsyncClient, chief: Person, database: Database
) -> None:
    small = authorized_for(database, chief.who, employees=1, hours="9")
    at = f"/requests/{small}/claims/2026-12/grid"
    page = await shown(browser, chief, at)
    preview = await send(browser, chief, page, at, **a_row(1, w1="20", i1="15"))
    assert preview.status_code == 200, preview.text
    refused = await send(browser, chief, preview.text, at, do="file")
    assert refused.status_code == 422
    assert "Il reste 9 heures à cette autorisation" in plain(refused)
    assert fields_of(refused.text)["p1.i1"] == "15"


async def test_a_grid_is_not_lost_with_its_session_and_stands_nowhere_but_in_the_form(
    browser: httpx.AsyncClient, chief: Person, month: str, capsys: pytest.CaptureFixture[str]
) -> None:
    at = f"{month}/grid"
    page = await shown(browser, chief, at)
    capsys.readouterr()
    people = {name: value for number in range(1, SHOWN + 1) for name, value in a_row(number).items()}
    folded = {f"p{number}": "nir=1&i1=7" for number in range(SHOWN + 1, MAX_PEOPLE + 1)}
    lost = await browser.post(at, data=fields_of(page) | people | folded)
    assert lost.status_code == 401
    held = {name: each.set[0] for name, each in forms_of(lost.text)[0].fields.items()}
    back = await browser.post(at, data=held, headers=chief.headers)
    assert "Votre session avait pris fin" in plain(back)
    again = fields_of(back.text)
    assert people.items() <= again.items()
    assert folded.items() <= again.items()
    assert not {"set-cookie", "location"} & set(back.headers)
    assert SENTINEL_NAME not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("hostile", "status"),
    [
        ({f"p{n}.nir": "1" for n in range(1, 10_001)}, 413),
        ({f"p{n}": "nir=1" for n in range(1, 32)}, 413),
        ({f"p1.x{n}": "" for n in range(500)}, 422),
        ({"p1.family_name": "a" * 200_000}, 413),
        ({"p1": "&".join(f"a{n}=1" for n in range(999))}, 413),
    ],
)
async def test_a_form_of_thousands_of_rows_is_refused_at_once(
    browser: httpx.AsyncClient, chief: Person, month: str, hostile: dict[str, str], status: int
) -> None:
    at = f"{month}/grid"
    token = form_token(await shown(browser, chief, at))
    refused = await browser.post(at, data=hostile | {"form_token": token}, headers=chief.headers)
    assert refused.status_code == status, refused.text[:2000]


async def test_a_month_that_cannot_be_claimed_by_a_grid_leads_back_to_its_page(
    browser: httpx.AsyncClient, chief: Person, database: Database, reference: str, month: str
) -> None:
    direct = authorized_for(database, chief.who)
    pay_directly(database, direct)
    for address in (f"/requests/{direct}/claims/2026-12", f"/requests/{reference}/claims/2027-03"):
        shown_month = await browser.get(address, headers=chief.headers)
        assert "/grid" not in shown_month.text
    at = f"/requests/{direct}/claims/2026-12"
    assert (await browser.get(f"{at}/grid", headers=chief.headers)).headers["location"] == at
    sent = admit(database, stage_real(database, reference))
    hand_over(database, sent.id)
    assert (await browser.get(f"{month}/grid", headers=chief.headers)).headers["location"] == month


async def test_hours_left_out_of_a_claim_that_is_gone_are_claimed_under_another_part(
    browser: httpx.AsyncClient, chief: Person, database: Database, reference: str, month: str
) -> None:
    sent = admit(database, stage_real(database, reference))
    hand_over(database, sent.id)
    page = await shown(browser, chief, month)
    assert "ne se remplace plus et ne s’annule plus" in page
    complement = f"{month}?part=2"
    assert f'href="{complement}"' in page
    assert "Ne demandez ici que les heures qui manquent" in await shown(browser, chief, complement)
    at = f"{month}/grid?part=2"
    form = await shown(browser, chief, at)
    preview = await send(browser, chief, form, at, **a_row(1, w1="14", i1="14"))
    filed = await send(browser, chief, preview.text, at, do="file")
    assert filed.status_code == 303, filed.text
    assert "Reçue" in await shown(browser, chief, complement)
    assert f'href="{month}?part=3"' not in await shown(browser, chief, complement), "part 2 is still replaceable"
    above = await shown(browser, chief, at)
    refused = await send(browser, chief, above, at, **{"p1.w1": "0", "p1.i1": "35"})
    refused = await send(browser, chief, refused.text, at, do="file")
    assert refused.status_code == 422, "35 hours of one week over both parts"


async def test_after_the_last_day_a_month_is_put_right_under_a_long_arrangement_alone(
    browser: httpx.AsyncClient, chief: Person, database: Database, reference: str, month: str
) -> None:
    admit(database, stage_real(database, reference))
    with database.begin() as connection:
        later = "UPDATE request SET clock_offset = interval '450 days' WHERE reference = :r"
        connection.execute(text(later), {"r": reference})
    page = await shown(browser, chief, month)
    assert "La date limite ordinaire est passée. L’aménagement du temps de travail dépasse 6 mois" in page
    assert "Régulariser" not in await shown(browser, chief, f"/requests/{reference}/claims/2027-01")
    at = f"{month}/grid"
    form = await shown(browser, chief, at)
    missing = await send(browser, chief, form, at, **{"p1.i1": "14"})
    assert "Indiquez la durée de votre aménagement du temps de travail, en mois." in plain(missing)
    short = await send(browser, chief, form, at, **{"p1.i1": "14", "reference_months": "6"})
    refused = await send(browser, chief, short.text, at, do="file")
    assert "pouvaient être demandées jusqu’au" in plain(refused)
    preview = await send(browser, chief, refused.text, at, reference_months="12")
    filed = await send(browser, chief, preview.text, at, do="file")
    assert filed.status_code == 303, filed.text
    assert rows(database, "SELECT regularisation FROM claim WHERE reference = :r AND version = 2", r=reference) == [
        (True,)
    ]


async def test_after_the_last_day_what_was_rejected_is_put_right_in_a_grid_that_has_it_already(
    browser: httpx.AsyncClient, chief: Person, database: Database, reference: str, month: str
) -> None:
    sent = admit(database, stage_real(database, reference))
    hand_over(database, sent.id)
    with database.begin() as connection:
        assert ends.end(connection, sent.id, ClaimState.REJECTED, SYSTEM)
        connection.execute(text("UPDATE entitlement SET forfeited_on = '2026-12-31'"))
    at = f"{month}/grid"
    form = await shown(browser, chief, at)
    assert (fields_of(form)["p1.i1"], fields_of(form)["p1.nir"]) == ("7", a_nir(1))
    more = await send(browser, chief, form, at, **{"p1.i1": "7.5"})
    refused = await send(browser, chief, more.text, at, do="file")
    assert (refused.status_code, "n’ajoute ni salarié, ni heure, ni indemnité" in plain(refused)) == (422, True)
    preview = await send(browser, chief, refused.text, at, **{"p1.i1": "3.5"})
    filed = await send(browser, chief, preview.text, at, do="file")
    assert filed.status_code == 303, filed.text
    late = "SELECT version, regularisation FROM claim WHERE reference = :r AND version IS NOT NULL ORDER BY version"
    assert rows(database, late, r=reference) == [(1, False), (2, True)]
