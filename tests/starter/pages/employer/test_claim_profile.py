"""Codes and columns of a file explained in its page: kept, read again, changed; nothing wrong or tampered is taken."""

import asyncio
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import httpx
import pytest

from local.postgres import Postgres
from models.claim_files.fields import Field
from models.claim_files.profile import MAX_ENTRIES, NUMBERS, ImportProfile
from models.settings import Settings
from models.store.cases import requests
from models.store.claims.uploads import receiving
from models.store.database import Database
from starter.pages.components import code_rows
from starter.pages.employer import claim_files
from tests import uploads
from tests.starter.claimed import authorized_for
from tests.starter.conftest import a_setting, one_register
from tests.starter.pages.browsing import PAGE_BUDGET, form_token, weight
from tests.starter.pages.employer.test_claim_files import LINE, sent, shown
from tests.starter.people import Person
from tests.starter.relay.relaying import until
from tests.uploads import NIR, a_file, rows, state_profile

pytestmark = pytest.mark.usefixtures("unhurried")
CODED = LINE | {"categorie": "C", "mode": "Durand"}
KINDS = ("category", "mode")
WAITING = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
KEPT = "SELECT content FROM import_profile ORDER BY created_at DESC, version DESC LIMIT 1"


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    return a_setting(database, tmp_path)


@pytest.fixture
def month(chief: Person, database: Database) -> str:
    """The page of a month that can be claimed."""
    return f"/requests/{authorized_for(database, chief.who)}/claims/2026-12"


async def explain(browser: httpx.AsyncClient, chief: Person, at: str, **stated: str) -> httpx.Response:
    """Press « Enregistrer et relire le fichier », with the codes that the page shows."""
    page = await shown(browser, chief, at)
    hidden = dict(re.findall(r'type="hidden" name="([\w-]+-written)" value="([^"]*)"', page))
    sent_fields = {"form_token": form_token(page)} | hidden | {name.replace("_", "-"): stated[name] for name in stated}
    return await browser.post(f"{at}/profile", data=sent_fields, headers=chief.headers)


def as_opened(page: str) -> dict[str, str]:
    """What a browser sends of the form of codes if nothing is chosen in it."""
    hidden = re.findall(r'type="hidden" name="([\w-]+-written)" value="([^"]*)"', page)
    chosen = {
        name: (
            re.findall(r'<option value="([^"]*)" selected', options) or re.findall(r'<option value="([^"]*)"', options)
        )[0]
        for name, options in re.findall(r'<select id="[\w-]+" name="([\w-]+)"[^>]*>(.*?)</select>', page, re.DOTALL)
    }
    return {"form_token": form_token(page)} | dict(hidden) | chosen


def following(page: str) -> str:
    """The address of the next page of codes."""
    found = re.search(r'href="([^"]*codes=\d+#codes)">(?:Voir tous|Page suivante)', page)
    assert found
    return unescape(found[1])


def state_modes(database: Database, month: str, **modes: str) -> None:
    with database.begin() as connection:
        state_profile(connection, month.split("/")[2], ImportProfile(name="Paie", modes=modes))


def last_profile(database: Database) -> dict[str, object]:
    [(content,)] = rows(database, KEPT)
    assert isinstance(content, dict)
    return content


async def test_codes_are_explained_once_and_the_file_is_read_again(
    browser: httpx.AsyncClient, chief: Person, database: Database, month: str
) -> None:
    at = await sent(browser, chief, database, month, a_file(CODED))
    page = await shown(browser, chief, at)
    assert "Catégorie « C »" in page
    assert "colonne « mode », 1 ligne, d’abord la ligne 2" in page
    assert "texte de 6 caractères" in page
    assert "Durand" not in page
    assert code_rows.NEVER_A_NAME in page
    stated = {"category_1": "executive", "typed_mode_1_written": "Durand", "typed_mode_1": "02"}
    answer = await explain(browser, chief, at, **stated)
    assert (answer.status_code, answer.headers["location"]) == (303, at)
    uploads.read(database, at[-36:])
    page = await shown(browser, chief, at)
    assert "Rien n’est encore déposé" in page
    assert "Codes que vous avez indiqués" in page
    kept = last_profile(database)
    assert (kept["categories"], kept["modes"]) == ({"C": "executive"}, {"Durand": "02"})


async def test_what_a_code_means_is_changed_and_forgotten_later(
    browser: httpx.AsyncClient, chief: Person, database: Database, month: str
) -> None:
    at = await sent(browser, chief, database, month, a_file(LINE | {"categorie": "C"}))
    await explain(browser, chief, at, category_1="executive")
    uploads.read(database, at[-36:])
    page = await shown(browser, chief, at)
    assert f'<option value="">{dict(code_rows.CHOICES[Field.CATEGORY])["executive"]}</option>' in page
    await explain(browser, chief, at, category_1="worker")
    uploads.read(database, at[-36:])
    assert last_profile(database)["categories"] == {"C": "worker"}
    await explain(browser, chief, at, category_1=code_rows.FORGOTTEN)
    uploads.read(database, at[-36:])
    assert last_profile(database)["categories"] == {}
    assert "Colonnes et codes non reconnus" in await shown(browser, chief, at)


async def test_a_row_that_is_left_says_nothing_and_what_was_known_stays(
    browser: httpx.AsyncClient, chief: Person, database: Database, month: str
) -> None:
    with database.begin() as connection:
        known = {"name": "Sage", "headers": {"Prime": "ignored"}, "constants": {"contract_hours": "35"}}
        state_profile(connection, month.split("/")[2], ImportProfile.model_validate(known))
    at = await sent(browser, chief, database, month, a_file(LINE | {"categorie": "C", "mode": "9X"}))
    assert (await explain(browser, chief, at, category_1="executive")).status_code == 303
    kept = last_profile(database)
    assert (kept["name"], kept["headers"], kept["constants"]) == (
        "Sage",
        {"Prime": "ignored"},
        {"contract_hours": "35"},
    )
    assert (kept["categories"], kept["modes"]) == ({"C": "executive"}, {})


async def test_what_a_colleague_changes_after_the_page_was_opened_stays(
    browser: httpx.AsyncClient, chief: Person, database: Database, month: str
) -> None:
    state_modes(database, month, H="02", J="02")
    at = await sent(browser, chief, database, month, a_file(LINE | {"categorie": "C"}))
    opened = await shown(browser, chief, at)
    state_modes(database, month, H="05", J="02")
    answer = await browser.post(
        f"{at}/profile", data=as_opened(opened) | {"category-1": "worker"}, headers=chief.headers
    )
    assert answer.status_code == 303
    kept = last_profile(database)
    assert (kept["categories"], kept["modes"]) == ({"C": "worker"}, {"H": "05", "J": "02"})


async def test_what_a_colleague_changes_at_the_same_moment_stays(
    browser: httpx.AsyncClient, chief: Person, database: Database, month: str
) -> None:
    at = await sent(browser, chief, database, month, a_file(LINE | {"categorie": "C"}))
    with database.begin() as connection:
        receiving.hold_establishment(connection, requests.get(connection, month.split("/")[2]).siret)
        sending = asyncio.create_task(explain(browser, chief, at, category_1="worker"))
        await until(lambda: sending.done() or bool(rows(database, WAITING)))
        assert not sending.done()
        state_profile(connection, month.split("/")[2], ImportProfile(name="Paie", modes={"H": "05"}))
    assert (await sending).status_code == 303
    kept = last_profile(database)
    assert (kept["categories"], kept["modes"]) == ({"C": "worker"}, {"H": "05"})


async def test_every_code_that_was_explained_is_reached_changed_and_forgotten(
    browser: httpx.AsyncClient, chief: Person, database: Database, month: str
) -> None:
    count = 2 * code_rows.MAX_ROWS + 1
    state_modes(database, month, **{f"M{number:02}": "02" for number in range(count)})
    at = await sent(browser, chief, database, month, a_file(LINE | {"categorie": "C"}))
    page = await shown(browser, chief, at)
    assert f"Voir tous les codes que vous avez indiqués</a> ({count} codes)" in page
    for _ in range(3):
        page = await shown(browser, chief, following(page))
    assert "« M00 »" not in page
    assert "3 sur 3" in page
    assert "Page suivante" not in page
    (sent_to,) = re.findall(r'action="([^"]*/profile[^"]*)"', page)
    wrong = await browser.post(unescape(sent_to), data=as_opened(page) | {"mode-1": "x"}, headers=chief.headers)
    assert (wrong.status_code, f'value="M{count - 1}"' in wrong.text) == (422, True)
    changed = as_opened(page) | {"mode-1": code_rows.FORGOTTEN}
    assert (await browser.post(unescape(sent_to), data=changed, headers=chief.headers)).status_code == 303
    assert last_profile(database)["modes"] == {f"M{number:02}": "02" for number in range(count - 1)}


async def test_a_profile_that_was_kept_before_the_rules_is_changed_as_any_other(
    browser: httpx.AsyncClient, chief: Person, database: Database, month: str
) -> None:
    before = {
        "headers": {"Prime": "ignored", "PRIME": "hourly_gross"},
        "categories": {"-": "worker", "C": "executive", "c": "employee"},
        "modes": {"—": "02", "H": "02"},
    }
    with database.begin() as connection:
        state_profile(connection, month.split("/")[2], ImportProfile.model_validate({"name": "Sage"} | before))
    at = await sent(browser, chief, database, month, a_file(LINE | {"mode": "9X"}))
    assert "« - »" not in await shown(browser, chief, at)
    assert (await explain(browser, chief, at, mode_1="05")).status_code == 303
    kept = last_profile(database)
    (counted,) = kept["headers"].items()  # type: ignore[attr-defined]
    assert counted in before["headers"].items()
    assert len(kept["categories"]) == 1  # type: ignore[arg-type]
    assert kept["modes"] == {"H": "02", "9X": "05"}


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"category_1": "boss"}, code_rows.CHOOSE),
        ({"typed_mode_1_written": "Durand"}, code_rows.CHOOSE),
        ({"typed_mode_1": "02"}, code_rows.TYPE_IT),
        ({"typed_mode_1_written": "—", "typed_mode_1": "02"}, code_rows.TYPE_IT),
        ({"typed_mode_1_written": "x" * 101, "typed_mode_1": "02"}, code_rows.TOO_LONG),
        (
            {
                "typed_mode_1_written": "Jour",
                "typed_mode_1": "02",
                "typed_mode_2_written": "JOUR",
                "typed_mode_2": "01",
            },
            code_rows.TWICE,
        ),
        ({"category_1_written": "c" * 101, "category_1": "worker"}, code_rows.TOO_LONG),
        ({"typed_mode_1_written": NIR, "typed_mode_1": "02"}, code_rows.PERSONAL),
        ({"typed_mode_1_written": "06 12 34 56 78", "typed_mode_1": "02"}, code_rows.PERSONAL),
        ({"typed_mode_1_written": "1/2/85", "typed_mode_1": "02"}, code_rows.PERSONAL),
        ({"category_1_written": NIR, "category_1": "worker"}, NUMBERS),
    ],
)
async def test_a_row_that_is_wrong_or_tampered_with_is_said_beside_it_and_nothing_is_kept(
    browser: httpx.AsyncClient, chief: Person, database: Database, month: str, stated: dict[str, str], said: str
) -> None:
    at = await sent(browser, chief, database, month, a_file(CODED))
    before = rows(database, "SELECT count(*) FROM import_profile")
    refused = await explain(browser, chief, at, **stated)
    assert refused.status_code == 422
    assert said.replace("\u00a0", " ") in refused.text.replace("\u00a0", " ")
    if "typed_mode_1_written" in stated:
        assert f'value="{stated["typed_mode_1_written"]}"' in refused.text, "nothing that was typed is lost"
    assert rows(database, "SELECT count(*) FROM import_profile") == before


async def test_rows_that_no_page_shows_change_nothing(
    browser: httpx.AsyncClient, chief: Person, database: Database, month: str
) -> None:
    at = await sent(browser, chief, database, month, a_file(CODED))
    answer = await explain(browser, chief, at, category_99_written="Z", category_99="worker", column_99="nir")
    assert answer.status_code == 303
    kept = last_profile(database)
    assert (kept["headers"], kept["categories"], kept["modes"]) == ({}, {}, {})


async def test_a_profile_that_is_full_takes_no_code_more(
    browser: httpx.AsyncClient, chief: Person, database: Database, month: str
) -> None:
    with database.begin() as connection:
        full = {"name": "Paie", "categories": {f"X{number}": "worker" for number in range(MAX_ENTRIES)}}
        state_profile(connection, month.split("/")[2], ImportProfile.model_validate(full))
    at = await sent(browser, chief, database, month, a_file(CODED))
    refused = await explain(browser, chief, at, category_1="executive")
    assert (refused.status_code, "<title>Erreur" in refused.text) == (422, True)
    assert len(last_profile(database)["categories"]) == MAX_ENTRIES  # type: ignore[arg-type]


async def test_the_longest_page_of_a_file_is_light(
    browser: httpx.AsyncClient, chief: Person, database: Database, month: str
) -> None:
    columns = {f"Colonne {'très longue ' * 3}{number}": "1" for number in range(60)}
    lines = [LINE | columns | {"categorie": f"C{number}", "mode": f"M{number}"} for number in range(40)]
    hidden = [LINE | columns | {"categorie": name, "mode": name} for name in ("Durand", "Martin-Petit", "Ly")]
    at = await sent(browser, chief, database, month, a_file(*hidden, *lines))
    page = await browser.get(at, headers=chief.headers)
    assert weight(page) <= PAGE_BUDGET
    assert "Les suivants viendront après cette relecture." in page.text
    assert page.text.count("<select") == claim_files.MAX_COLUMNS + code_rows.MAX_ROWS + 2 * code_rows.MAX_TYPED
    wrong = await explain(browser, chief, at, **{f"typed_{of}_{n}_written": "x" * 101 for of in KINDS for n in (1, 2)})
    assert (wrong.status_code, weight(wrong) <= PAGE_BUDGET) == (422, True)
