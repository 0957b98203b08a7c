"""The public pages linked from documents and mails: plain, in French, revealing nothing."""

import re
from collections.abc import Iterator
from itertools import pairwise

import httpx
import pytest

from local.postgres import Postgres
from models.settings import Settings
from models.store.database import Database
from starter.app import create_app
from tests.builders import Credentials, a_draft, a_filing, employer
from tests.cases import SENTINELS
from tests.starter.conftest import one_register
from tests.starter.pages.browsing import BROWSER, UNKNOWN, Page

NO_DRAFT = "0196d0a0-0000-7000-8000-000000000000"


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture
def boss(database: Database) -> Credentials:
    return employer(database)


ADDRESSES = [
    "/",
    "/verification",
    "/problems",
    f"/requests/{UNKNOWN}",
    f"/drafts/{NO_DRAFT}",
    "/password",
    "/password?code=ABCDE",
    "/invitation",
    "/problems/deadline-passed",
    "/accessibility",
    "/legal-notice",
    "/privacy",
    "/cookies",
    "/contact",
    "/terms",
    "/deadlines",
    "/deadlines?received_on=2026-11-28&department=974",
    "/filing-windows",
    "/filing-windows?ground=economic_conditions&placement_on=2026-12-01&department=75",
    "/allowances",
    "/nowhere",
]
ELSEWHERE = (
    "https://formulaire.defenseurdesdroits.fr/",
    "https://www.defenseurdesdroits.fr/",
    "https://www.cnil.fr/",
)
"""Sites of others to which pages lead, without loading anything from them."""


@pytest.mark.parametrize("address", ADDRESSES)
async def test_a_page_is_french_structured_and_loads_nothing_of_others(
    address: str, browser: httpx.AsyncClient
) -> None:
    answer = await browser.get(address)
    page = Page(answer.text)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert page.all("html") == [{"lang": "fr"}]
    assert [len(page.all(tag)) for tag in ("h1", "main", "title", "header", "footer")] == [1] * 5
    assert page.all("script", "style", "iframe", "object") == []
    assert not any(name.startswith("on") or name == "style" for _, attrs in page.tags for name in attrs)
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self';")
    assert "script" not in policy
    assert "unsafe" not in policy
    for each in page.all("a", "link"):
        target = each["href"] or ""
        assert target.startswith(("/", "#", *ELSEWHERE))
        if not target.startswith(("/api", "#", *ELSEWHERE)):
            assert (await browser.get(target)).status_code == 200, target
    assert page.all("a")[0]["href"] == "#contenu"
    assert [each["id"] for each in page.all("main")] == ["contenu"]


async def test_a_landing_page_is_the_same_for_a_known_and_an_unknown_case(
    browser: httpx.AsyncClient, boss: Credentials
) -> None:
    filed = await browser.post("/api/v1/requests", json=a_filing(), headers=boss.headers)
    draft = await browser.post("/api/v1/drafts", json=a_draft(), headers=boss.headers)
    for place, known, unknown in (
        ("requests", filed.json()["reference"], UNKNOWN),
        ("drafts", draft.json()["id"], NO_DRAFT),
    ):
        pages = [await browser.get(f"/{place}/{each}", headers=boss.headers) for each in (known, unknown)]
        assert [each.status_code for each in pages] == [200, 200]
        assert pages[0].text.replace(known, unknown) == pages[1].text
        assert f"https://localhost/api/v1/{place}/{unknown}" in pages[1].text
        assert "jamais envoyés par courriel" in pages[1].text
        assert not any(each in pages[0].text for each in (*SENTINELS, boss.siret))


@pytest.mark.parametrize(
    "address",
    [
        "/requests/034AQH",
        "/requests/<script>",
        "/drafts/x",
        "/problems/nothing",
        "/problems/../x",
        "/static/x",
        "/static/x/y.css",
    ],
)
async def test_a_malformed_address_is_a_page_not_found_that_repeats_nothing(
    address: str, browser: httpx.AsyncClient
) -> None:
    answer = await browser.get(address)
    assert answer.status_code == 404
    assert "Page introuvable" in answer.text
    assert "<script" not in answer.text
    assert "999AQHV02" not in answer.text


async def test_software_is_told_problems_and_so_is_every_call_of_the_api(browser: httpx.AsyncClient) -> None:
    for address, headers in (
        ("/nowhere", {"Accept": "application/json"}),
        ("/api/v1/nowhere", BROWSER),
        ("/api/v1/requests", BROWSER),
    ):
        answer = await browser.get(address, headers=headers)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["type"].startswith("/problems/")
    wrong = await browser.put("/verification")
    assert (wrong.status_code, wrong.headers["content-type"]) == (405, "text/html; charset=utf-8")
    assert "POST" in wrong.headers["allow"] or "GET" in wrong.headers["allow"]


async def test_only_a_real_installation_goes_without_its_warning(
    browser: httpx.AsyncClient, settings: Settings
) -> None:
    assert "Installation d’essai" in (await browser.get("/")).text
    real = create_app(settings.model_copy(update={"profile": "production"}))
    async with (
        real.router.lifespan_context(real),
        httpx.AsyncClient(transport=httpx.ASGITransport(real), base_url="http://door") as client,
    ):
        assert "Installation d’essai" not in (await client.get("/")).text


async def test_an_address_with_a_slash_too_many_leads_nowhere_else(browser: httpx.AsyncClient) -> None:
    for path in ("/sign-in/", "/api/v1/account/"):
        answer = await browser.get(path, headers={"Host": "evil.example"}, follow_redirects=False)
        assert (answer.status_code, "evil" in answer.text, "Location" in answer.headers) == (404, False, False)
