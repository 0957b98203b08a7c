"""A month claimed in a grid of people and weeks: typed, corrected value by value, seen with its sums, filed once."""

import re
from collections.abc import Iterator
from typing import Final

import httpx
import pytest

from local.postgres import Postgres
from models.claim_labels import ClaimState
from models.store.database import Database
from starter.pages.components.claim_grid import SHOWN
from starter.services.claim_grids import MAX_PEOPLE
from tests.models.store.claims.builders import broken
from tests.models.store.claims.real_lines import a_nir
from tests.starter.claimed import authorized_for
from tests.starter.conftest import one_register
from tests.starter.pages.employer.grids import a_row, fields_of, plain, send, shown
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
        ({"i1": "", "w1": ""}, "i0", "Indiquez ses heures, au moins pour l’une des semaines"),
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
    assert "Indiquez ses heures, au moins pour l’une des semaines" in plain(empty)


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
