"""Pages that the law requires: they say what a deployment states, and invent nothing."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from law.privacy import Datum
from models.settings import Settings
from models.terms import VERSIONS
from starter.app import create_app
from starter.auth import cookies
from starter.pages.components.navigation import FOOTER
from tests.starter.pages.browsing import open_browser

STATED = {
    "name": "Direction départementale fictive",
    "address": "1, rue de l’Exemple",
    "director": "Claude Exemple, directeur",
    "email": "contact@example.invalid",
    "telephone": "telephone-fictif",
    "hours": "du lundi au vendredi, de 9 h à 17 h",
    "data_protection": "mailto:dpd@example.invalid",
    "host": {"name": "Hébergeur fictif", "address": "2, rue de l’Exemple", "telephone": "telephone-hebergeur"},
    "accessibility": {
        "state": "partial",
        "audited_on": "2026-10-01",
        "auditor": "Cabinet fictif",
        "rate": 87,
        "gaps": ["Les tableaux du desk n’ont pas tous un titre."],
        "plan": "https://example.invalid/plan",
    },
}


@pytest.fixture
async def stated(settings: Settings, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    file = tmp_path / "publisher.json"
    file.write_text(json.dumps(STATED), "utf-8")
    app = create_app(settings.model_copy(update={"publisher": file}))
    async with app.router.lifespan_context(app), open_browser(app) as browser:
        yield browser


async def test_every_page_leads_to_them_and_says_how_accessible_it_is(
    browser: httpx.AsyncClient, stated: httpx.AsyncClient
) -> None:
    page = (await browser.get("/problems")).text
    assert "Accessibilité : non conforme" in page.replace("\u00a0", " ")
    for label, address in FOOTER:
        assert f'href="{address}"' in page
        assert label in page
        assert (await browser.get(address)).status_code == 200
    assert "Accessibilité : partiellement conforme" in (await stated.get("/")).text.replace("\u00a0", " ")


async def test_nothing_is_invented_when_nothing_is_stated(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/legal-notice")).text.count("Non renseigné") == 8
    assert "pas encore déclaré d’adresse" in (await browser.get("/contact")).text
    statement = (await browser.get("/accessibility")).text
    assert "n’a pas encore été audité" in statement
    assert "défenseur des droits" in statement.lower()


async def test_what_a_deployment_states_is_shown(stated: httpx.AsyncClient) -> None:
    notice = (await stated.get("/legal-notice")).text
    for each in ("name", "address", "director", "email", "telephone"):
        assert str(STATED[each]) in notice
    assert "Hébergeur fictif" in notice
    assert "Non renseigné" not in notice
    assert "9 h à 17 h" in (await stated.get("/contact")).text.replace("\N{NO-BREAK SPACE}", " ")
    assert 'href="mailto:dpd@example.invalid"' in (await stated.get("/privacy")).text
    statement = (await stated.get("/accessibility")).text.replace("\u00a0", " ")
    assert "Cabinet fictif, achevé le 1er octobre 2026, constate que 87 %" in statement
    assert "Les tableaux du desk n’ont pas tous un titre." in statement


async def test_personal_data_are_those_that_the_law_lists_today(browser: httpx.AsyncClient) -> None:
    page = (await browser.get("/privacy")).text
    for article in range(20, 26):
        assert f"R.\u00a05122-{article}" in page
    assert Datum.NIR.value in page
    assert Datum.EMPLOYEE_IBAN.value not in page  # an employee paid directly


async def test_every_cookie_is_listed(browser: httpx.AsyncClient) -> None:
    page = (await browser.get("/cookies")).text
    assert page.count('<tr role="row">') == 6
    name = cookies.name("https://localhost")
    for each in (name, f"{name}-browser", f"{name}-sign-in", f"{name}-enrolment", f"{name}-proof"):
        assert f">{each}<" in page


@pytest.mark.parametrize("version", VERSIONS)
async def test_every_version_of_the_terms_can_be_read(version: str, browser: httpx.AsyncClient) -> None:
    answer = await browser.get(f"/terms/{version}")
    assert answer.status_code == 200
    assert "Autres versions" in answer.text
    assert (await browser.get("/terms/2000-01-01")).status_code == 404


async def test_a_wrong_statement_stops_the_program_at_once(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "publisher.json"
    file.write_text('{"accessibility": {"state": "full"}}', "utf-8")
    with pytest.raises(ValueError, match="audited_on"):
        create_app(settings.model_copy(update={"publisher": file}))
