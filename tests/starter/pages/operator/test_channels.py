"""Operators read the channels to the agency, freeze and resume them, and two of them end what was set aside."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from law.calendar import local
from law.directory import PARIS
from local.postgres import Postgres
from models.agency_advice import advise
from models.agency_answers import AnswerFault
from models.settings import Settings
from models.store.agency import answer_files, channel_states
from models.store.agency.channels import AMENDMENTS, CLAIMS
from models.store.database import Database
from tests.builders import employer, staff
from tests.cases import master_key
from tests.models.store.agency.builders import a_queued_claim, hand_over
from tests.models.store.agency.test_channel_traffic import answered
from tests.starter.conftest import a_setting, one_register
from tests.starter.pages.browsing import Page, form_token
from tests.starter.pages.operator.conftest import Browse

WHY = "L’agence annonce une migration de ses serveurs."
NAME, NIR = "DUPONT MARIE", "253077500000191"


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    return a_setting(database, tmp_path, profile="production", agency_window=(10, 14))


@pytest.fixture
def browser(browse: Browse, database: Database) -> httpx.AsyncClient:
    return browse(staff(database, "operator"))


def plain(text: str) -> str:
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ").split())


async def send(browser: httpx.AsyncClient, address: str, **typed: str) -> httpx.Response:
    """Fill the form of a page in and send it."""
    form = (await browser.get(address)).text
    [key] = [each["value"] or "" for each in Page(form).all("input") if each.get("name") == "key"]
    return await browser.post(address, data={"form_token": form_token(form), "key": key, **typed})


def set_aside(database: Database, second: int, content: bytes) -> str:
    with database.begin() as connection:
        name = f"TACITE_DI_202612011015{second}_FichierRetour.json"
        file = answer_files.note(connection, CLAIMS, name, content, master_key())
        for _ in range(answer_files.MAX_TRIES):
            answer_files.fail(connection, file.id, AnswerFault.MALFORMED)
    return file.id


async def test_a_channel_says_what_waits_what_is_unanswered_and_when_it_opens(
    database: Database, browser: httpx.AsyncClient
) -> None:
    answered(database, "3308", 11)
    hand_over(database, a_queued_claim(database), second=12)
    a_queued_claim(database)
    listed = plain((await browser.get("/operations/channels")).text)
    assert listed.count("Ouvert") == 3
    assert "1 ligne en attente, la plus ancienne depuis le" in listed
    assert "1 ligne sans réponse, la plus ancienne déposée le" in listed
    shown = plain((await browser.get(f"/operations/channels/{CLAIMS}")).text)
    assert "TACITE_DI_20261201091512.json, le" in shown
    assert "TACITE_DI_20261201091511_FichierRetour.json, le" in shown
    assert "Code 3308" in shown
    assert plain(advise("3308")) in shown
    assert "Prochain dépôt" in shown
    other = plain((await browser.get(f"/operations/channels/{AMENDMENTS}")).text)
    assert "L’ASP ne rend pas de retours sur ce flux." in other
    assert (await browser.get("/operations/channels/mail")).status_code == 404


async def test_a_freeze_says_until_when_why_and_who(database: Database, browser: httpx.AsyncClient) -> None:
    address = f"/operations/channels/{AMENDMENTS}"
    done = await send(browser, f"{address}/freeze", reason=WHY, until_on="31/12/2149", until_time="9h30")
    assert (done.status_code, done.headers["location"]) == (303, f"{address}?fait=gele")
    with database.begin() as connection:
        state = channel_states.find(connection, AMENDMENTS)
    assert state.is_frozen
    assert state.until_at is not None
    assert f"{local(state.until_at, PARIS):%d/%m/%Y %H:%M}" == "31/12/2149 09:30"
    shown = plain((await browser.get(done.headers["location"])).text)
    assert plain(WHY) in shown
    assert shown.count("31 décembre 2149 à 9 h 30") == 2, "in its state, and in who did what"
    assert "À partir du 31 décembre 2149 à 10 h" in shown, "the next opening once the freeze is over"
    resumed = await send(browser, f"{address}/resumption", reason="L’agence reçoit de nouveau nos fichiers.")
    assert resumed.headers["location"] == f"{address}?fait=repris"
    assert "il n’y a rien à reprendre" in plain((await browser.get(f"{address}/resumption")).text)
    with database.begin() as connection:
        assert not channel_states.find(connection, AMENDMENTS).is_frozen


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"reason": "non"}, "Dites pourquoi, en"),
        ({}, "Dites pourquoi, en une phrase."),
        ({"reason": WHY, "until_on": "2020-01-01", "until_time": "10:00"}, "Cet instant est déjà passé."),
        ({"reason": WHY, "until_on": "2149-01-01"}, "Indiquez l’heure à laquelle le gel prend fin."),
        ({"reason": WHY, "until_time": "10:00"}, "Indiquez le jour où le gel prend fin."),
        ({"reason": WHY, "until_on": "demain", "until_time": "10:00"}, "Écrivez cette date ainsi"),
        ({"reason": WHY, "until_on": "2149-01-01", "until_time": "midi"}, "Écrivez l’heure ainsi"),
    ],
)
async def test_what_is_wrong_in_a_freeze_stands_beside_its_field(
    browser: httpx.AsyncClient, database: Database, typed: dict[str, str], sentence: str
) -> None:
    refused = await send(browser, f"/operations/channels/{CLAIMS}/freeze", **typed)
    assert refused.status_code == 422
    assert 'class="error"' in refused.text
    assert plain(sentence) in plain(refused.text)
    with database.begin() as connection:
        assert not channel_states.find(connection, CLAIMS).is_frozen


async def test_a_file_says_which_lines_are_wrong_and_never_what_it_holds(
    database: Database, browser: httpx.AsyncClient
) -> None:
    line = f'{{"numLigne": 1, "codeTraitement": "{NIR}", "libelleTraitement": "{NAME}"}}'
    file = set_aside(database, 13, f'{{"lignesTelechargement": [{line}]}}'.encode())
    assert "/operations/channels#cotes" in (await browser.get("/operations")).text
    assert f"/operations/quarantine/{file}" in (await browser.get("/operations/channels")).text
    shown = plain((await browser.get(f"/operations/quarantine/{file}")).text)
    assert AnswerFault.MALFORMED.label in shown
    assert "Ligne 1 : « typeMouvement » manque." in shown
    assert "Ligne 1 : « codeTraitement » n’a pas la forme attendue." in shown
    assert NAME not in shown
    assert NIR not in shown


async def test_a_discard_is_asked_by_one_and_confirmed_by_another(database: Database, browse: Browse) -> None:
    file = set_aside(database, 14, b"{")
    first, second = (browse(staff(database, "operator")) for _ in range(2))
    address, why = f"/operations/quarantine/{file}", "L’agence en a déposé un autre."
    empty = await send(first, address)
    assert empty.status_code == 422
    for sentence in ("Choisissez ce qui est à faire du fichier.", "Dites pourquoi, en une phrase."):
        assert plain(sentence) in plain(empty.text)
    asked = await send(first, address, kind="discard_answers", reason=why)
    act = asked.headers["location"].partition("?")[0]
    assert act.startswith("/operations/acts/")
    again = await send(first, address, kind="discard_answers", reason=why)
    assert (again.status_code, "attend déjà une approbation" in plain(again.text)) == (422, True)
    other = await second.get(act)
    assert f'href="{address}"' in other.text
    await second.post(act, data={"form_token": form_token(other.text), "do": "approve"})
    ended = plain((await first.get(address)).text)
    assert "Écarté" in ended
    assert "Approuvé par" in ended
    assert "Demander l’acte" not in ended


async def test_only_operators_read_channels(database: Database, browse: Browse) -> None:
    file = set_aside(database, 15, b"{")
    pages = ("channels", f"channels/{CLAIMS}", f"channels/{CLAIMS}/freeze", f"quarantine/{file}")
    for who in (employer(database), staff(database, "head"), staff(database, "auditor")):
        assert {(await browse(who).get(f"/operations/{each}")).status_code for each in pages} == {403}
