"""The frame of every page: it knows who is there, loads no script unless it must, and breaks no line wrongly."""

import httpx
import pytest
from fastapi import FastAPI

from models.settings import Settings
from starter.app import create_app
from starter.http import limits
from starter.services import sign_in
from tests.starter.pages.browsing import SAME_SITE, Page, form_token, open_browser
from tests.starter.people import COOKIE, Person

EVERYWHERE = ["/", "/sign-in", "/verification", "/problems", "/contact", "/nowhere", "/requests/034AQH"]
NAME = "Jeanne Martin"


@pytest.fixture
async def signed_in(app: FastAPI, chief: Person) -> httpx.AsyncClient:
    return open_browser(app, {"Cookie": f"{COOKIE}={chief.cookie}"} | SAME_SITE)


@pytest.mark.parametrize("address", EVERYWHERE)
async def test_every_page_knows_who_is_signed_in_and_lets_them_out(
    address: str, signed_in: httpx.AsyncClient, app: FastAPI
) -> None:
    page = (await signed_in.get(address)).text
    assert NAME in page
    assert "Mes demandes" in page
    assert "Se déconnecter" in page
    out = await signed_in.post("/sign-out", data={"form_token": form_token(page)})
    assert (out.status_code, out.headers["location"]) == (303, "/")
    after = (await signed_in.get(address)).text
    assert NAME not in after
    assert 'href="/sign-in"' in after


async def test_a_page_that_refuses_knows_it_too(signed_in: httpx.AsyncClient) -> None:
    refused = await signed_in.get("/unit")
    assert refused.status_code == 403
    assert NAME in refused.text
    assert "Se déconnecter" in refused.text


@pytest.mark.parametrize("cookie", ["unknown", "", "é"])
async def test_an_unknown_session_is_nobody(cookie: str, app: FastAPI) -> None:
    headers = {"Cookie": f"{COOKIE}={cookie}".encode("latin-1").decode("latin-1")}
    async with open_browser(app) as browser:
        page = await browser.get("/", headers=[(b"Cookie", headers["Cookie"].encode("latin-1"))])
    assert page.status_code == 200
    assert "Se connecter" in page.text


async def test_a_page_is_served_to_nobody_while_the_register_is_away(settings: Settings) -> None:
    away = create_app(
        settings.model_copy(update={"database": "postgresql://tacite@127.0.0.1:9/tacite?connect_timeout=1"})
    )
    async with away.router.lifespan_context(away), open_browser(away, {"Cookie": f"{COOKIE}=unknown"}) as browser:
        page = await browser.get("/contact")
    assert page.status_code == 200
    assert "Se connecter" in page.text


async def test_a_call_that_is_not_looked_at_is_refused_in_a_page_that_costs_no_query(
    signed_in: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_CALLS", 0)
    monkeypatch.setattr(sign_in, "find_visitor", None)
    for address in ("/requests", "/desk"):
        refused = await signed_in.get(address)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "5")
        assert refused.headers["content-type"] == "text/html; charset=utf-8"
        assert "style-src 'self'" in refused.headers["content-security-policy"]
        assert "Trop de requêtes sont en cours" in refused.text
        assert {"/problems/too-many", "/"} <= {each["href"] for each in Page(refused.text).all("a")}
    called = await signed_in.get("/api/v1/requests")
    assert (called.status_code, called.headers["content-type"]) == (429, "application/problem+json")


async def test_the_length_of_a_page_is_that_of_what_is_sent(signed_in: httpx.AsyncClient) -> None:
    page = await signed_in.get("/")
    assert int(page.headers["content-length"]) == len(page.content)


async def test_a_page_with_htmx_allows_our_scripts_alone_and_configures_it_by_a_tag(app: FastAPI) -> None:
    async with open_browser(app) as browser:
        answer = await browser.get("/composants")
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    page = Page(answer.text)
    assert all((each["src"] or "").startswith("/static/") for each in page.all("script"))
    (config,) = [each["content"] for each in page.all("meta") if each.get("name") == "htmx-config"]
    assert '"allowEval":false' in (config or "")
    assert '"includeIndicatorStyles":false' in (config or "")
    assert not any(name.startswith(("on", "hx-on")) or name == "style" for _, attrs in page.tags for name in attrs)
