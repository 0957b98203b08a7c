"""The page of components: for development alone, with every macro that a page may use."""

import re

import httpx
import pytest

from models.labels import Status
from models.settings import Settings
from starter.app import create_app
from starter.pages.components.assets import STATIC
from starter.pages.components.tones import TONES
from tests.starter.pages.browsing import Page, open_browser

TEMPLATES = STATIC.parent / "templates"
ELSEWHERE = {"token", "hidden", "act", "panel", "confirm"}
"""Macros that the page cannot show: they hold a token, or the title of a page of their own."""


def _macros(name: str) -> set[str]:
    return set(re.findall(r"macro ([a-z]\w*)\(", (TEMPLATES / name).read_text("utf-8")))


def test_every_component_is_shown() -> None:
    page = (TEMPLATES / "gallery.html").read_text("utf-8")
    shown = set(re.findall(r"\b(?:f|ui)\.(\w+)\(", page))
    assert (_macros("forms.html") | _macros("parts.html")) - ELSEWHERE - shown == set()


async def test_ids_are_of_one_element_and_labels_of_a_field(browser: httpx.AsyncClient) -> None:
    page = Page((await browser.get("/composants")).text)
    ids = [str(attrs["id"]) for _, attrs in page.tags if "id" in attrs]
    assert sorted(ids) == sorted(set(ids))
    assert {each["for"] for each in page.all("label")} <= set(ids)
    described = [attrs["aria-describedby"] or "" for _, attrs in page.tags if "aria-describedby" in attrs]
    assert {each for names in described for each in names.split()} <= set(ids)


def test_every_status_has_a_tone_that_the_style_sheet_knows() -> None:
    style = (STATIC / "css" / "5-content.css").read_text("utf-8")
    assert set(TONES) == set(Status)
    assert {tone for tone in TONES.values() if f".tag.{tone} {{" not in style} == set()


async def test_a_filter_is_in_the_address(browser: httpx.AsyncClient) -> None:
    page = (await browser.get("/composants", params={"etat": Status.AWAITING_COMPLETION.label})).text
    assert "974BCDE01" in page
    assert "034AQHV02" not in page


@pytest.mark.parametrize("profile", ["training", "production"])
async def test_it_is_for_development_alone(profile: str, settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"profile": profile}))
    async with app.router.lifespan_context(app), open_browser(app) as elsewhere:
        assert (await elsewhere.get("/composants")).status_code == 404
