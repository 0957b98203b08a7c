"""The file of a claim in pages: sent by a form, read, corrected, its columns named, filed; nothing sent is lost."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from local.postgres import Postgres
from models.settings import Settings
from models.store.database import Database
from starter.http import slow_calls
from tests import uploads
from tests.starter.claimed import authorized_for
from tests.starter.conftest import a_setting, one_register
from tests.starter.pages.browsing import form_token
from tests.starter.pages.employer.acting import hidden, post
from tests.starter.people import Person
from tests.uploads import A_LINE, a_dsn, a_file, rows

pytestmark = pytest.mark.usefixtures("unhurried")
LINE = A_LINE | {"heures_chomees": "7", "heures_travaillees": "28"}


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    return a_setting(database, tmp_path, claim_bytes=50_000)


@pytest.fixture
def month(chief: Person, database: Database) -> str:
    """The page of a month that can be claimed."""
    return f"/requests/{authorized_for(database, chief.who)}/claims/2026-12"


async def send(
    browser: httpx.AsyncClient, chief: Person, month: str, content: bytes | None, **changes: str
) -> httpx.Response:
    """Send a file by the form of a month."""
    page = (await browser.get(month, headers=chief.headers)).text
    stated = {"form_token": form_token(page), "key": hidden(page, "key")} | changes
    return await post(browser, chief, month + "/uploads", content, **stated)


async def sent(browser: httpx.AsyncClient, chief: Person, database: Database, month: str, content: bytes) -> str:
    """Send a file by the form and have it read; returns the address of its page."""
    answer = await send(browser, chief, month, content)
    assert answer.status_code == 303, answer.text
    at = answer.headers["location"]
    uploads.read(database, at.rpartition("/")[2])
    return str(at)


async def shown(browser: httpx.AsyncClient, chief: Person, at: str) -> str:
    answer = await browser.get(at, headers=chief.headers)
    assert answer.status_code == 200, answer.text
    return answer.text.replace("\u00a0", " ")


async def file_it(browser: httpx.AsyncClient, chief: Person, month: str, at: str, **more: str) -> httpx.Response:
    """Press « Déposer la demande » of a file."""
    page = await shown(browser, chief, at)
    fields = {"form_token": form_token(page), "key": hidden(page, "key"), "upload": hidden(page, "upload")} | more
    if 'name="replaces"' in page:
        fields["replaces"] = hidden(page, "replaces")
    return await browser.post(month, data=fields, headers=chief.headers)


async def test_a_file_is_sent_read_and_filed(
    browser: httpx.AsyncClient, chief: Person, database: Database, month: str
) -> None:
    answer = await send(browser, chief, month, a_file(LINE))
    at = answer.headers["location"]
    waiting = await shown(browser, chief, at)
    assert "En cours de lecture" in waiting
    assert f'http-equiv="refresh" content="3;url={at}?tries=1"' in waiting
    assert "http-equiv" not in await shown(browser, chief, f"{at}?tries=120")
    uploads.read(database, at.rpartition("/")[2])
    page = await shown(browser, chief, at)
    assert "Rien n’est encore déposé" in page
    assert "1 salarié" in page
    assert "7 heures" in page
    filed = await file_it(browser, chief, month, at, monthly="yes")
    assert filed.status_code == 303, filed.text
    done = await shown(browser, chief, filed.headers["location"])
    for told in ("La demande d’indemnisation est déposée.", "Remboursement mensuel", "7 heures", "1 salarié"):
        assert told in done
    assert "La demande de ce fichier est déposée" in await shown(browser, chief, at)


async def test_a_form_sent_twice_stores_and_files_once(
    browser: httpx.AsyncClient, chief: Person, database: Database, month: str
) -> None:
    page = await shown(browser, chief, month)
    stated = {"form_token": form_token(page), "key": hidden(page, "key")}
    answers = [await post(browser, chief, month + "/uploads", a_file(LINE), **stated) for _ in range(2)]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    at = answers[0].headers["location"]
    uploads.read(database, at.rpartition("/")[2])
    ready = await shown(browser, chief, at)
    fields = {name: hidden(ready, name) for name in ("form_token", "key", "upload")}
    filed = [await browser.post(month, data=fields, headers=chief.headers) for _ in range(2)]
    assert [each.status_code for each in filed] == [303, 303]
    found = rows(database, "SELECT count(*) FROM claim WHERE reference = :r", r=month.split("/")[2])
    assert found == [(1,)]


async def test_a_form_takes_a_place_among_the_few_claims_under_way(
    browser: httpx.AsyncClient, chief: Person, database: Database, month: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = await sent(browser, chief, database, month, a_file(LINE))
    with monkeypatch.context() as patched:
        patched.setattr(slow_calls, "MAX_CLAIMS_BY_ACCOUNT", 0)
        refused = await file_it(browser, chief, month, at)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "3")
    assert slow_calls.TOO_MANY_CLAIMS in refused.text.replace("\u00a0", " ")
    assert 'name="upload"' in refused.text
    assert (await file_it(browser, chief, month, at)).status_code == 303


async def test_errors_stand_beside_their_lines_and_nothing_can_be_filed(
    browser: httpx.AsyncClient, chief: Person, database: Database, month: str
) -> None:
    wrong = LINE | {"nir": uploads.NIR[:13] + "10"}
    page = await shown(browser, chief, await sent(browser, chief, database, month, a_file(LINE, wrong)))
    assert "Télécharger les erreurs (CSV)" in page
    assert "à corriger dans votre fichier" in page
    assert "Déposer la demande" not in page
    assert uploads.NIR[5:13] not in page
    table = re.search(r'href="([^"]*errors.csv)"', page)
    assert table is not None
    assert (await browser.get(table[1], headers=chief.headers)).headers["content-type"].startswith("text/csv")


@pytest.mark.parametrize("dsn", [True, False], ids=["a DSN", "without an idle hour"])
async def test_a_file_that_asks_for_no_hours_is_not_filed_and_leads_to_the_grid_or_to_another_file(
    browser: httpx.AsyncClient, chief: Person, database: Database, month: str, dsn: bool
) -> None:
    content = a_dsn(chief.who.siret) if dsn else a_file(LINE | {"heures_chomees": "0"})
    page = await shown(browser, chief, await sent(browser, chief, database, month, content))
    assert "Lu, sans erreur" in page
    assert "Déposer la demande" not in page
    assert ("mais pas les heures chômées de chaque semaine" if dsn else "aucune heure chômée") in page
    assert f'href="{month}/grid"' in page
    assert f'href="{month}#envoyer"' in page


async def test_columns_are_named_once_and_the_file_is_read_again(
    browser: httpx.AsyncClient, chief: Person, database: Database, month: str
) -> None:
    at = await sent(browser, chief, database, month, a_file(LINE | {"Tps": "oui"}))
    page = await shown(browser, chief, at)
    assert "Colonne « Tps »" in page
    name = re.search(r'name="(column-\d+)"', page)
    assert name is not None
    stated = {"form_token": form_token(page), name[1]: "ignored"}
    mapped = await browser.post(f"{at}/profile", data=stated, headers=chief.headers)
    assert (mapped.status_code, mapped.headers["location"]) == (303, at)
    uploads.read(database, at.rpartition("/")[2])
    assert "Rien n’est encore déposé" in await shown(browser, chief, at)
    assert "Colonne « Tps »" not in await shown(browser, chief, at)


async def test_a_new_file_takes_the_place_of_a_version(
    browser: httpx.AsyncClient, chief: Person, database: Database, month: str
) -> None:
    first = await sent(browser, chief, database, month, a_file(LINE))
    assert (await file_it(browser, chief, month, first)).status_code == 303
    again = await sent(browser, chief, database, month, a_file(LINE | {"heures_chomees": "5"}))
    page = await shown(browser, chief, again)
    assert "Cette demande prendra la place de la version 1" in page
    fields = {name: hidden(page, name) for name in ("form_token", "key", "upload")}
    refused = await browser.post(month, data=fields, headers=chief.headers)
    assert refused.status_code == 422
    assert "La version 1 de ce mois demeure" in refused.text.replace("\u00a0", " ")
    assert "Déposer la demande" in refused.text
    assert (await file_it(browser, chief, month, again)).status_code == 303
    done = await shown(browser, chief, month)
    assert "Versions précédentes" in done
    assert "Remplacée" in done
    assert "5 heures" in done


async def test_what_is_refused_is_said_above_the_form(
    browser: httpx.AsyncClient, chief: Person, database: Database, month: str
) -> None:
    for content, said in ((None, "Choisissez un fichier."), (b"x" * 60_000, "Le fichier dépasse")):
        answer = await send(browser, chief, month, content)
        assert answer.status_code == 422
        assert said in answer.text.replace("\u00a0", " ")
        assert "<title>Erreur" in answer.text.replace("\u00a0", " ")
    await send(browser, chief, month, a_file(LINE))
    second = await send(browser, chief, month, a_file(LINE))
    assert second.status_code == 422
    assert "encore en cours de lecture" in second.text
    stale = await send(browser, chief, month, a_file(LINE), form_token="0" * 64)
    assert "Votre session avait pris fin" in stale.text
    gone = await post(browser, Person(chief.who, chief.login, ""), month + "/uploads", a_file(LINE))
    assert (gone.status_code, "joignez-le de nouveau" in gone.text.replace("\u00a0", " ")) == (401, True)


async def test_no_byte_of_a_file_is_written_in_clear(
    browser: httpx.AsyncClient, chief: Person, database: Database, month: str
) -> None:
    await send(browser, chief, month, a_file(LINE))
    [(sealed,)] = rows(database, "SELECT sealed FROM upload WHERE reference = :r", r=month.split("/")[2])
    assert LINE["nom"].encode() not in bytes(sealed)  # type: ignore[call-overload]


async def test_what_a_form_leaves_empty_of_the_establishment_says_nothing(
    browser: httpx.AsyncClient, chief: Person, database: Database, month: str
) -> None:
    answer = await send(browser, chief, month, a_file(LINE), sector="", holidays_worked="")
    assert answer.status_code == 303
    uploads.read(database, answer.headers["location"].rpartition("/")[2])
    filed = await file_it(browser, chief, month, answer.headers["location"])
    assert filed.status_code == 303
    stated = "SELECT sector, holidays_worked FROM claim WHERE reference = :r"
    assert rows(database, stated, r=month.split("/")[2]) == [("general", None)]


async def test_what_a_form_says_of_the_establishment_prices_the_file_and_stands_in_the_claim(
    browser: httpx.AsyncClient, chief: Person, database: Database, month: str
) -> None:
    form = await shown(browser, chief, month)
    assert "25 décembre 2026. Un jour férié chômé" in form
    assert 'name="sector"' not in form, "no sector has rates of its own then"
    long_week = A_LINE | {"duree_contrat": "39", "heures_chomees": "39"}
    said = {"structural": "yes", "holidays_worked": "no"}
    answer = await send(browser, chief, month, a_file(long_week), **said)
    at = answer.headers["location"]
    uploads.read(database, at.rpartition("/")[2])
    page = await shown(browser, chief, at)
    for told in ("39 heures", "heures supplémentaires structurelles", "chômés"):
        assert told in page
    filed = await file_it(browser, chief, month, at)
    claimed = await shown(browser, chief, filed.headers["location"])
    assert "heures supplémentaires structurelles" in claimed
    assert re.search(r'name="structural" value="yes" checked', claimed), "the correction begins with what was said"
    assert '<option value="no" selected>' in claimed
    wrong = await send(browser, chief, month, a_file(LINE), sector="x", structural="yes")
    assert wrong.status_code == 422
    assert re.search(r'name="structural" value="yes" checked', wrong.text)


async def test_tables_of_a_claim_are_given_by_pages_which_lead_to_the_sign_in(
    browser: httpx.AsyncClient, chief: Person, database: Database, month: str
) -> None:
    at = await sent(browser, chief, database, month, a_file(LINE | {"nir": f"{LINE['nir'][:13]}10"}))
    errors = f"{at}/errors.csv"
    assert f'href="{errors}"' in await shown(browser, chief, at)
    assert (await browser.get(errors, headers=chief.headers)).text.startswith("\ufeffligne;")
    right = await sent(browser, chief, database, month, a_file(LINE))
    await file_it(browser, chief, month, right)
    assert f'href="{month}/file"' in await shown(browser, chief, month)
    for query in ("", "?version=1"):
        table = await browser.get(f"{month}/file{query}", headers=chief.headers)
        assert table.headers["content-type"] == "text/csv; charset=utf-8"
        assert "Sentinelle" in table.text
    for each in (errors, f"{month}/file"):
        away = await browser.get(each)
        assert (away.status_code, away.headers["location"].partition("?")[0]) == (303, "/sign-in")
