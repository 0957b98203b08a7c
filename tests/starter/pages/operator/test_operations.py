"""Operators work in a page: what is late and parked, what to do about it, and acts that two of them do together."""

import re
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import text

from law.calendar import local
from law.texts import end_in_french
from local.postgres import Postgres
from models.agency_answers import AnswerFault
from models.engine.names import authorization_id
from models.engine.pages import process_address, view_addresses
from models.engine.processes import hold
from models.labels import Part
from models.messages.case import Incident
from models.remedies import REMEDIES
from models.settings import Settings
from models.store.agency import answer_files, channel_states
from models.store.agency.channels import CLAIMS
from models.store.database import Database, now
from models.store.journal.events import Actor
from models.store.operations import incidents
from starter.app import create_app
from tests.builders import Credentials, a_filing, employer, staff
from tests.cases import file_a_case, master_key
from tests.starter.conftest import one_register
from tests.starter.pages.browsing import SAME_SITE, Page, form_token, open_browser
from tests.starter.pages.operator.conftest import Browse
from tests.starter.people import Door

WHY = "Le serveur d’horodatage répond de nouveau."


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


def _plain(text: str) -> str:
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


async def _parked(database: Database, door: Door, act: str = "sign_decision") -> tuple[str, str]:
    """File a case and park it on the time-stamps; returns its reference and the incident."""
    filed = (await door(employer(database)).post("/requests", json=a_filing())).json()
    process = authorization_id(filed["reference"])
    broken = Incident(subject=process, act=act, part=Part.TIMESTAMP)
    with database.begin() as connection:
        held = hold(connection, process)
        assert held is not None
        incidents.open_incident(connection, broken, held)
        [opened] = [each for each in incidents.list_open(connection) if each.workflow_id == process]
    return filed["reference"], opened.id


async def test_what_is_parked_says_until_when_and_what_may_be_done(
    database: Database, door: Door, browse: Browse
) -> None:
    reference, incident = await _parked(database, door)
    with database.begin() as connection:
        query = text("SELECT deadline_at, department FROM request WHERE reference = :r")
        row = connection.execute(query, {"r": reference}).one()
    browser = browse(staff(database, "operator"))
    listed = _plain((await browser.get("/operations")).text)
    until = _plain(end_in_french(local(row.deadline_at, row.department)))
    assert f"{reference}</span> : l’horodatage" in listed
    assert f"Jusqu’au <strong>{until}, heure de Paris" in listed
    shown = _plain((await browser.get(f"/operations/incidents/{incident}")).text)
    assert _plain(REMEDIES[Part.TIMESTAMP]) in shown
    assert until in shown


async def test_a_resumption_is_asked_by_one_and_approved_by_another(
    database: Database, door: Door, browse: Browse, settings: Settings
) -> None:
    _, incident = await _parked(database, door)
    real = create_app(settings.model_copy(update={"profile": "production"}))
    async with real.router.lifespan_context(real):
        first, second = (browse(staff(database, "operator"), real) for _ in range(2))
        await _resume_together(database, incident, first, second)


async def _resume_together(
    database: Database, incident: str, first: httpx.AsyncClient, second: httpx.AsyncClient
) -> None:
    address = f"/operations/incidents/{incident}"
    token = form_token((await first.get(address)).text)
    wrong = await first.post(address, data={"form_token": token, "reason": "ok"})
    assert wrong.status_code == 422
    assert "<title>Erreur" in wrong.text
    assert "ok</textarea>" in wrong.text
    asked = await first.post(address, data={"form_token": token, "reason": WHY})
    assert (asked.status_code, asked.headers["location"]) == (303, "/operations?fait=attente")
    overview = await first.get("/operations?fait=attente")
    assert "un autre exploitant doit l’approuver" in overview.text
    act = _acts(overview.text)[0]
    own = await first.get(act)
    assert "Approuver et exécuter" not in own.text
    refused = await first.post(act, data={"form_token": token, "do": "approve"})
    assert refused.status_code == 409
    assert "Un autre exploitant doit approuver cet acte." in refused.text
    other = await second.get(act)
    assert _plain(WHY) in _plain(other.text)
    done = await second.post(act, data={"form_token": form_token(other.text), "do": "approve"})
    assert done.headers["location"] == "/operations?fait=approuve"
    with database.begin() as connection:
        assert incidents.get(connection, incident).resumed_at is not None
    again = await second.post(act, data={"form_token": form_token(other.text), "do": "approve"})
    assert again.status_code == 409


async def test_an_exceptional_act_is_asked_for_once_and_may_be_withdrawn(database: Database, browse: Browse) -> None:
    who = employer(database)
    browser = browse(staff(database, "operator"))
    form = await browser.get("/operations/acts/new")
    [key] = [each["value"] for each in Page(form.text).all("input") if each.get("name") == "key"]
    token = form_token(form.text)
    empty = await browser.post("/operations/acts/new", data={"form_token": token, "key": key})
    assert empty.status_code == 422
    for sentence in ("Choisissez l’acte.", "Indiquez sur quoi porte l’acte.", "Dites pourquoi, en une phrase."):
        assert _plain(sentence) in _plain(empty.text)
    stated = {"kind": "relocate", "subject": who.siret, "department": "75", "reason": "Le répertoire donne Paris."}
    answers = [
        await browser.post("/operations/acts/new", data={"form_token": token, "key": key, **stated}) for _ in range(2)
    ]
    assert [each.status_code for each in answers] == [303, 303]
    assert answers[0].headers["location"] == answers[1].headers["location"], "a double click asks once"
    act = answers[0].headers["location"].partition("?")[0]
    withdrawn = await browser.post(act, data={"form_token": token, "do": "refuse"})
    assert withdrawn.headers["location"] == "/operations?fait=refuse"


async def test_only_operators_enter_and_who_is_signed_out_signs_in(
    database: Database, browse: Browse, app_browser: httpx.AsyncClient
) -> None:
    for who in (employer(database), staff(database, "head"), staff(database, "auditor")):
        assert (await browse(who).get("/operations")).status_code == 403
    away = await app_browser.get("/operations")
    assert (away.status_code, away.headers["location"]) == (303, "/sign-in?next=/operations")


async def test_a_form_of_another_site_does_nothing(database: Database, door: Door, browse: Browse) -> None:
    _, incident = await _parked(database, door)
    browser = browse(staff(database, "operator"))
    stolen = await browser.post(f"/operations/incidents/{incident}", data={"form_token": "0" * 64, "reason": WHY})
    assert (stolen.status_code, "rien n’a été enregistré" in stolen.text) == (422, True)
    with database.begin() as connection:
        assert incidents.get(connection, incident).resumed_at is None


async def test_links_into_the_engine_carry_the_query(settings: Settings, database: Database, door: Door) -> None:
    reference, _ = await _parked(database, door)
    with_pages = settings.model_copy(update={"engine_ui": "https://moteur.example/"})
    app = create_app(with_pages)
    who = staff(database, "operator")
    async with app.router.lifespan_context(app), open_browser(app, SAME_SITE) as client:
        overview = await client.get("/api/v1/operations", headers=who.headers)
        assert reference in {each["subject"] for each in overview.json()["parked"]}
    address = process_address(with_pages, authorization_id(reference))
    assert address == f"https://moteur.example/namespaces/default/workflows/authorization%3A{reference}"
    with database.begin() as connection:
        at = now(connection)
    views = dict(view_addresses(with_pages, at))
    assert views["Ce qui est arrêté par une panne"].endswith("workflows?query=Incident+IS+NOT+NULL")
    assert process_address(settings, "x") == ""
    assert view_addresses(settings, at) == []


def _acts(page: str) -> list[str]:
    return re.findall(r'href="(/operations/acts/[0-9a-f-]{36})"', page)


async def test_tokens_are_listed_and_revoked_after_a_question(database: Database, door: Door, browse: Browse) -> None:
    who: Credentials = employer(database)
    browser = browse(staff(database, "operator"))
    found = await browser.get("/operations/accounts", params={"q": who.account_id})
    assert f"/operations/accounts/{who.account_id}" in found.text
    account = await browser.get(f"/operations/accounts/{who.account_id}")
    assert "Essai" in account.text
    [ask] = [each["href"] or "" for each in Page(account.text).all("a") if "revocation" in (each["href"] or "")]
    question = await browser.get(ask)
    assert "refusé à l’instant" in question.text
    [token] = [each["value"] for each in Page(question.text).all("input") if each.get("name") == "token"]
    sent = {"form_token": form_token(question.text), "token": token}
    done = await browser.post(ask.partition("?")[0], data=sent)
    assert done.status_code == 303
    assert "n’ouvre plus rien" in (await browser.get(done.headers["location"])).text
    assert (await door(who).get("/account")).status_code == 401
    none = await browser.get("/operations/accounts", params={"q": "personne-de-ce-nom"})
    assert "Aucun compte ne répond" in none.text


async def test_acts_that_wait_are_shown_oldest_first_and_counted_when_they_are_too_many(
    database: Database, browse: Browse
) -> None:
    case, waiting = file_a_case(database), "approved_at IS NULL AND refused_at IS NULL"
    end = f"UPDATE exceptional_act SET refused_at = clock_timestamp() WHERE {waiting}"
    ask = """INSERT INTO exceptional_act (kind, subject, siret, reason, asked_at)
        SELECT 'erase', :reference, lpad(day::text, 14, '0'), :why, clock_timestamp() - make_interval(days => day)
        FROM generate_series(1, 31) AS day RETURNING id"""
    with database.begin() as connection:
        connection.execute(text(end))
        acts = connection.execute(text(ask), {"reference": case, "why": WHY}).scalars().all()
    shown = (await browse(staff(database, "operator")).get("/operations")).text
    assert _acts(shown) == [f"/operations/acts/{each}" for each in reversed(acts)][:30]
    assert "31 actes attendent une approbation en tout : les suivants paraîtront à mesure." in _plain(shown)
    with database.begin() as connection:
        connection.execute(text(end))
    ended = (await browse(staff(database, "operator")).get("/operations")).text
    assert "attendent une approbation en tout" not in _plain(ended)
    assert len(_acts(ended)) == 30


async def test_a_frozen_channel_and_what_was_set_aside_are_seen(database: Database, browse: Browse) -> None:
    with database.begin() as connection:
        channel_states.freeze(connection, CLAIMS, "L’agence annonce une migration.", None, Actor(role="operator"))
        file = answer_files.note(connection, CLAIMS, "TACITE_DI_20261201091530_FichierRetour.json", b"{}", master_key())
        for _ in range(answer_files.MAX_TRIES):
            answer_files.fail(connection, file.id, AnswerFault.WRONG_STREAM)
    shown = _plain((await browse(staff(database, "operator")).get("/operations")).text)
    assert "L’agence annonce une migration." in shown
    assert "Des fichiers de retours sont mis de côté" in shown
