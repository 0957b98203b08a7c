"""The reference of the API as people read it: a start, and a page a group, each within the budget of a page."""

from collections.abc import Iterator

import httpx
import pytest

from local.postgres import Postgres
from models.store.database import Database
from starter.http.reference import GROUPS
from starter.pages.components.assets import assets
from tests.starter.conftest import one_register
from tests.starter.pages.browsing import Page

BUDGET = 100 * 1024


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.mark.parametrize("slug", [slug for slug, _, _ in GROUPS])
async def test_a_group_shows_each_of_its_calls_and_stays_within_the_budget(
    slug: str, browser: httpx.AsyncClient
) -> None:
    shown = await browser.get(f"/reference/{slug}")
    assert shown.status_code == 200
    loaded = sum(len(assets()[name].compressed or assets()[name].content) for name in ("tacite.css", "tacite.svg"))
    font = len(assets()["public-sans.woff2"].content)
    assert len(shown.content) + loaded + font < BUDGET, len(shown.content)
    sections = [each for each in Page(shown.text).all("h2") if each.get("id")]
    anchors = [each["href"] for each in Page(shown.text).all("a") if (each["href"] or "").startswith("#")]
    assert {f"#{each['id']}" for each in sections} <= set(anchors)


async def test_the_start_shows_the_programs_and_leads_to_every_group(browser: httpx.AsyncClient) -> None:
    shown = await browser.get("/reference")
    links = {each["href"] for each in Page(shown.text).all("a")}
    assert {f"/reference/{slug}" for slug, _, _ in GROUPS} <= links
    assert "curl -sS --fail-with-body" in shown.text
    assert "from urllib.request import" in shown.text
    assert (await browser.get("/reference/nothing")).status_code == 404
