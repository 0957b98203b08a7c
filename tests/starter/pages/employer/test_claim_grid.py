"""A month claimed in a grid of people and weeks: typed, corrected value by value, seen with its sums, filed once."""

import re
from collections.abc import Iterator
from typing import Final

import httpx
import pytest
from sqlalchemy import text

from local.postgres import Postgres
from models.claim_labels import ClaimState
from models.store.database import Database
from starter.pages.components.claim_grid import SHOWN
from starter.services.claim_grids import MAX_PEOPLE
from tests.models.store.claims.builders import admit, broken, hand_over
from tests.models.store.claims.real_lines import SENTINEL_NAME, a_line, a_nir, stage_real
from tests.starter.claimed import authorized_for
from tests.starter.conftest import one_register
from tests.starter.pages.browsing import form_token
from tests.starter.pages.posted_forms import forms_of
from tests.starter.people import Person
from tests.uploads import rows

pytestmark = pytest.mark.usefixtures("unhurried")
CHRISTMAS: Final = 3
"""Number of the week of 21 December among those of the month."""


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture
def reference(chief: Person, database: Database) -> str:
    return authorized_for(database, chief.who)


@pytest.fixture
def month(reference: str) -> str:
    return f"/requests/{reference}/claims/2026-12"


def a_row(number: int = 1, **changes: str) -> dict[str, str]:
    """The fields of a person who was idle for seven hours of the second week."""
    stated = {
        "family_name": SENTINEL_NAME,
        "first_name": f"Anne {'abcdefghijklmnopqrstuvwxyzABCDEFGH'[number]}",
        "nir": a_nir(number),
        "category": "employee",
        "mode": "02",
        "contract_hours": "35",
        "hourly_gross": "15,20",
        "w1": "28",
        "i1": "7",
    } | changes
    return {f"p{number}.{name}": value for name, value in stated.items()}


def fields_of(page: str) -> dict[str, str]:
    """The grid of a page as a browser sends it."""
    form = next(each for each in forms_of(page) if each.action.endswith("/grid"))
    return {name: each.set[-1] for name, each in form.fields.items() if each.set}


async def shown(browser: httpx.AsyncClient, chief: Person, at: str) -> str:
    answer = await browser.get(at, headers=chief.headers)
    assert answer.status_code == 200, answer.text
    return answer.text.replace("\u00a0", " ").replace("\u202f", " ")


async def send(browser: httpx.AsyncClient, chief: Person, page: str, at: str, **changes: str) -> httpx.Response:
    """Send the grid of a page with changes; `do` is the button."""
    return await browser.post(at, data=fields_of(page) | changes, headers=chief.headers)


def plain(answer: httpx.Response) -> str:
    return answer.text.replace("\u00a0", " ").replace("\u202f", " ")


async def test_a_grid_is_typed_seen_with_its_sums_explained_and_filed_once(
    browser: httpx.AsyncClient, chief: Person, database: Database, reference: str, month: str
) -> None:
    assert f'href="{month}/grid"' in await shown(browser, chief, month)
    at = f"{month}/grid"
    page = await shown(browser, chief, at)
    assert "du 1er au 6 décembre" in page
    assert "du 28 au 31 décembre" in page
    added = await send(browser, chief, page, at, **a_row(1), do="add")
    assert (added.status_code, 'id="p2.nir"' in added.text) == (200, True)
    said = {"structural": "yes", "holidays_worked": "no", "monthly": "yes"}
    preview = await send(browser, chief, added.text, at, **a_row(2, i1="3,5", w1="31h30"), **said, do="check")
    assert preview.status_code == 200, preview.text
    for told in ("2 salariés, 10,5 heures", "Rien n’est encore déposé", "Salarié 2, Anne c", "Chaque salarié compte"):
        assert told in plain(preview)
    for told in ("heures supplémentaires structurelles", "chômés", "demandé"):
        assert told in plain(preview)
    assert rows(database, "SELECT count(*) FROM claim WHERE reference = :r", r=reference) == [(0,)]
    edited = await send(browser, chief, preview.text, at, do="edit")
    assert fields_of(edited.text) | {"do": ""} == fields_of(added.text) | a_row(2, i1="3,5", w1="31h30") | said | {
        "do": ""
    }
    filed = [await send(browser, chief, preview.text, at, do="file") for _ in range(2)]
    assert [each.status_code for each in filed] == [303, 303], filed[0].text
    done = await shown(browser, chief, filed[0].headers["location"])
    for told in ("La demande d’indemnisation est déposée.", "10,5 heures", "2 salariés", "Remboursement mensuel"):
        assert told in done
    stated = "SELECT hours, allowance_cents, structural, holidays_worked, state FROM claim WHERE reference = :r"
    [(hours, cents, *terms)] = rows(database, stated, r=reference)
    assert (str(hours), terms) == ("10.50", [True, False, ClaimState.ADMITTED])
    assert re.search(rf"{int(str(cents)) // 100},{int(str(cents)) % 100:02} €", plain(preview)), "as it was shown"
    assert broken(database) == []


async def test_each_wrong_value_has_its_sentence_beside_it_and_nothing_typed_is_lost(
    browser: httpx.AsyncClient, chief: Person, month: str
) -> None:
    at = f"{month}/grid"
    page = await shown(browser, chief, at)
    wrong = {
        "family_name": "", "first_name": "A1", "nir": a_nir(1)[:13] + "10", "category": "", "mode": "",
        "contract_hours": "99", "hourly_gross": "abc", "w1": "-1", "i1": "sept",
    }  # fmt: skip
    refused = await send(browser, chief, page, at, **a_row(1, **wrong), do="check")
    assert refused.status_code == 422
    assert "<title>Erreur : " in plain(refused)
    for name in ("family_name", "nir", "category", "mode", "hourly_gross", "w1", "i1"):
        assert f'id="p1.{name}-wrong"' in refused.text, name
        assert f'href="#p1.{name}"' in refused.text, "the summary leads to the value"
    assert "Choisissez la catégorie." in refused.text
    kept = {name: value for name, value in fields_of(refused.text).items() if name.startswith("p1.") and value}
    assert kept == {f"p1.{name}": value for name, value in wrong.items() if value}


@pytest.mark.parametrize(
    ("changes", "place", "told"),
    [
        ({"i1": "", "w1": ""}, "i0", "Indiquez les heures d’une semaine au moins"),
        ({"i1": "20"}, "i1", "dépassent"),
        ({"hourly_gross": "5"}, "hourly_gross", "inférieur au SMIC"),
        ({"contract_hours": "39", "w1": "0", "i1": "39"}, "i1", "demandent un motif"),
        ({"contract_hours": "99"}, "contract_hours", "La durée hebdomadaire du contrat"),
    ],
)
async def test_what_the_law_refuses_stands_beside_its_value(
    browser: httpx.AsyncClient, chief: Person, month: str, changes: dict[str, str], place: str, told: str
) -> None:
    at = f"{month}/grid"
    refused = await send(browser, chief, await shown(browser, chief, at), at, **a_row(1, **changes))
    sentence = re.search(rf'id="p1.{place}-wrong">.*?</span>(.*?)</p>', plain(refused))
    assert sentence is not None, plain(refused)
    assert told in sentence[1]


async def test_the_same_person_twice_and_nothing_claimed_are_said(
    browser: httpx.AsyncClient, chief: Person, month: str
) -> None:
    at = f"{month}/grid"
    page = await shown(browser, chief, at)
    twice = await send(browser, chief, page, at, **a_row(1), **a_row(2, nir=a_nir(1), first_name="Anne b"))
    assert "Un autre salarié de la grille a déjà ce numéro." in plain(twice)
    nothing = await send(browser, chief, page, at, **a_row(1, w1="35", i1="0"))
    assert "Aucune heure chômée n’est demandée." in plain(nothing)
    empty = await send(browser, chief, page, at)
    assert empty.status_code == 422
    assert "Indiquez les heures d’une semaine au moins" in plain(empty)


async def test_a_doubtful_value_is_a_warning_before_the_filing(
    browser: httpx.AsyncClient, chief: Person, month: str
) -> None:
    at = f"{month}/grid"
    week = {f"w{CHRISTMAS}": "0", f"i{CHRISTMAS}": "35", "w1": "", "i1": ""}
    found = await send(browser, chief, await shown(browser, chief, at), at, **a_row(1, **week))
    assert "À vérifier" in plain(found)
    assert "ne travaille pas les jours fériés" in plain(found)


async def test_thirty_people_travel_in_a_light_form_and_wrong_values_elsewhere_are_told(
    browser: httpx.AsyncClient, chief: Person, month: str
) -> None:
    at = f"{month}/grid"
    page = await shown(browser, chief, at)
    for number in range(1, MAX_PEOPLE):
        changes = {"nir": "x"} if number in (2, 12) else {}
        answer = await send(browser, chief, page, at, **a_row(number, **changes), do="add")
        page = answer.text
        assert f'id="p{number + 1}.nir"' in page
    assert "Ajouter un salarié" not in page
    full = await send(browser, chief, page, at, **a_row(MAX_PEOPLE), do="add")
    assert f"Une grille prend {MAX_PEOPLE} salariés au plus" in plain(full)
    wrong = await send(browser, chief, full.text, at, do="check")
    assert wrong.status_code == 422
    assert 'id="p2.nir-wrong"' in wrong.text, "the screen of the first wrong value"
    assert "Des valeurs sont à corriger pour d’autres salariés : 12." in plain(wrong)
    assert "Salariés 11 à 15 : à corriger" in plain(wrong)
    other = await send(browser, chief, wrong.text, at, do="show-11")
    assert 'id="p12.nir-wrong"' in other.text
    right = await send(browser, chief, other.text, at, **{"p12.nir": a_nir(12)}, do="show-1")
    checked = await send(browser, chief, right.text, at, **{"p2.nir": a_nir(2)}, do="check")
    assert f"{MAX_PEOPLE} salariés, 210 heures" in plain(checked)
    fewer = await send(browser, chief, right.text, at, **{"p1.out": "yes", "p2.nir": a_nir(2)}, do="check")
    assert f"{MAX_PEOPLE - 1} salariés" in plain(fewer)


async def test_every_value_wrong_still_makes_a_page_that_weighs_little(
    browser: httpx.AsyncClient, chief: Person, month: str
) -> None:
    at = f"{month}/grid"
    names = ["usage_name", *(f"{kind}{week}" for week in range(5) for kind in "wi")]
    wrong = {
        name: value
        for number in range(1, SHOWN + 1)
        for name, value in a_row(
            number, nir="x" * 30, contract_hours="y", hourly_gross="z", **dict.fromkeys(names, "q")
        ).items()
    }
    refused = await send(browser, chief, await shown(browser, chief, at), at, **wrong)
    assert refused.status_code == 422
    assert "valeurs sont à corriger sur cette page ; voici les premières." in plain(refused)


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
    direct = authorized_for(database, chief.who, direct_payment=True)
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
