"""Agents sign in by OpenID Connect with a real provider; failures are explained in French and open no session."""

import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit, urlunsplit

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from local.ports import free_port
from local.programs import Identities
from models.bodies.unit import AgentChange
from models.settings import Settings
from models.store.database import Database
from models.store.journal.events import SYSTEM
from models.store.people import agents, identities
from starter.auth.oidc import FAILURE_SENTENCES
from tests.builders import Credentials, staff
from tests.starter.conftest import a_setting

Browser = Callable[[], httpx.AsyncClient]
ACCEPT_HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Identities]:
    server = Identities(tmp_path_factory.mktemp("identities"), free_port())
    server.start()
    yield server
    server.stop()


@pytest.fixture
def settings(database: Database, tmp_path: Path, provider: Identities) -> Settings:
    told = {
        "oidc_issuer": provider.address,
        "oidc_client": "tacite",
        "oidc_secret": provider.secret,
        "oidc_acr": ("eidas2",),
    }
    return a_setting(database, tmp_path, site="http://door", **told)


@pytest.fixture
def known(database: Database, settings: Settings) -> Credentials:
    """A head of unit known to the provider as `marc`."""
    who = staff(database, "head")
    with database.begin() as connection:
        identities.link(connection, settings.oidc_issuer, "marc", who.account_id)
    return who


@pytest.fixture
def browser(app: FastAPI) -> Browser:
    def opened() -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://door", headers=ACCEPT_HTML)

    return opened


async def sent(client: httpx.AsyncClient) -> str:
    answer = await client.get("/agents/sign-in")
    assert answer.status_code == 303
    return answer.headers["location"]


def confirmed(address: str, subject: str = "marc", claims: dict[str, object] | None = None) -> str:
    """Identify at the provider; returns the address to which it redirects the browser."""
    root = urlunsplit(urlsplit(address)._replace(path="", query=""))
    httpx.put(f"{root}/users/{subject}", json={"acr": "eidas2"} | (claims or {}))
    return str(httpx.post(address, data={"sub": subject}).headers["location"])


async def failed(client: httpx.AsyncClient, address: str, reason: str, database: Database) -> None:
    answer = await client.get(address)
    assert answer.status_code == 403, answer.text
    said = html.unescape(answer.text).replace("\N{NO-BREAK SPACE}", " ")
    assert FAILURE_SENTENCES[reason] in said.replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "tacite" not in client.cookies
    problem = await client.get(address, headers={"Accept": "application/json"})
    assert problem.json()["type"] == "/problems/sign-in-failed"
    with database.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM session")).scalar() == 0
        told = connection.execute(text("SELECT data FROM event WHERE type = 'sign_in_refused' ORDER BY position"))
        assert told.scalars().first() == {"reason": reason}


async def test_an_agent_enters_with_a_session_and_leaves(browser: Browser, known: Credentials) -> None:
    async with browser() as client:
        address = await sent(client)
        asked = parse_qs(urlsplit(address).query)
        assert asked["code_challenge_method"] == ["S256"]
        assert asked["acr_values"] == ["eidas2"]
        entered = await client.get(confirmed(address))
        assert (entered.status_code, entered.headers["location"]) == (303, "/desk")
        written = next(each for each in entered.headers.get_list("set-cookie") if each.startswith("tacite="))
        assert "httponly" in written.lower()
        assert "samesite=lax" in written.lower()
        unit = await client.get("/api/v1/unit")
        assert [each["id"] for each in unit.json()["items"]] == [known.account_id]
        shown = await client.get("/unit")
        form = re.search(r'name="form_token" value="(\w+)"', shown.text)
        assert form
        own = {"Sec-Fetch-Site": "same-origin"}
        for token, headers in (("x", own), (form[1], {"Sec-Fetch-Site": "cross-site"}), (form[1], {})):
            refused = await client.post("/sign-out", data={"form_token": token}, headers=headers)
            assert refused.status_code == 403
        secret = client.cookies["tacite"]
        left = await client.post("/sign-out", data={"form_token": form[1]}, headers=own)
        assert left.status_code == 303
        client.cookies.set("tacite", secret)
        assert (await client.get("/api/v1/unit")).status_code == 401


@pytest.mark.parametrize("wanted", ["/desk/requests/034ZZZZ99", "/desk?assigned_to=me&q=A+B"])
async def test_signing_in_leads_back_to_the_page_of_the_site_that_was_wanted(
    wanted: str, browser: Browser, known: Credentials
) -> None:
    async with browser() as client:
        sent_away = (await client.get(wanted)).headers["location"]
        assert sent_away.startswith("/agents/sign-in?next=/desk")
        back = confirmed((await client.get(sent_away)).headers["location"])
        assert (await client.get(back)).headers["location"] == wanted


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
async def test_signing_in_leads_to_no_other_site(wanted: str, browser: Browser, known: Credentials) -> None:
    async with browser() as client:
        begun = await client.get("/agents/sign-in", params={"next": wanted})
        back = confirmed(begun.headers["location"])
        assert (await client.get(back)).headers["location"] == "/desk"
        shown = await client.get("/sign-in", params={"next": wanted})
        assert 'href="/agents/sign-in"' in shown.text


async def test_a_session_acts_for_our_own_pages_only(browser: Browser, known: Credentials) -> None:
    async with browser() as client:
        await client.get(confirmed(await sent(client)))
        for headers, status in (
            ({"Sec-Fetch-Site": "same-origin"}, 422),
            ({"Origin": "http://door"}, 422),
            ({"Sec-Fetch-Site": "cross-site", "Origin": "http://door"}, 403),
            ({"Origin": "http://elsewhere.example"}, 403),
            ({}, 403),
        ):
            answer = await client.post("/api/v1/unit/agents", json={}, headers=headers)
            assert answer.status_code == status, headers


async def test_an_answer_that_is_replayed_or_brought_by_another_browser_opens_nothing(
    browser: Browser, known: Credentials, database: Database
) -> None:
    async with browser() as client, browser() as other:
        back = confirmed(await sent(client))
        await failed(other, back, "state", database)
        await client.get(back)
        assert "tacite" in client.cookies
        again = await client.get(back)
        assert again.status_code == 403
        assert (await other.get("/agents/sign-in/return?state=guess&code=x")).status_code == 403


@pytest.mark.parametrize(
    ("reason", "claims"),
    [
        ("nonce", {"nonce": "that of another"}),
        ("audience", {"aud": "another service"}),
        ("audience", {"aud": ["tacite", "other"], "azp": "other"}),
        ("audience", {"aud": ["tacite", "other"]}),
        ("issuer", {"iss": "https://elsewhere.example"}),
        ("expired", {"exp": 1_700_000_000}),
        ("level", {"acr": "eidas1"}),
    ],
)
async def test_a_token_that_is_not_for_this_sign_in_opens_nothing(
    reason: str, claims: dict[str, object], browser: Browser, known: Credentials, database: Database
) -> None:
    async with browser() as client:
        await failed(client, confirmed(await sent(client), claims=claims), reason, database)


async def test_a_person_unknown_here_is_told_whom_to_ask(
    browser: Browser, known: Credentials, database: Database
) -> None:
    async with browser() as client:
        await failed(client, confirmed(await sent(client), "stranger"), "unknown", database)


async def test_a_closed_account_does_not_enter_and_loses_its_sessions(
    browser: Browser, known: Credentials, database: Database
) -> None:
    async with browser() as client:
        await client.get(confirmed(await sent(client)))
        with database.begin() as connection:
            agents.change(connection, known.account_id, AgentChange(closed=True), SYSTEM)
        assert (await client.get("/api/v1/unit")).status_code == 401
        assert (await client.get(confirmed(await sent(client)))).status_code == 403


async def test_who_says_no_at_the_provider_stays_outside(browser: Browser, database: Database) -> None:
    async with browser() as client:
        state = parse_qs(urlsplit(await sent(client)).query)["state"][0]
        await failed(client, f"/agents/sign-in/return?state={state}&error=access_denied", "denied", database)


async def test_a_code_without_its_verifier_is_worth_nothing(
    browser: Browser, known: Credentials, database: Database
) -> None:
    async with browser() as client:
        address = await sent(client)
        stolen = address.replace("code_challenge=", "code_challenge=x")
        await failed(client, confirmed(stolen), "token", database)


async def test_while_the_provider_is_away_people_are_told_to_come_back(browser: Browser, provider: Identities) -> None:
    async with browser() as client:
        with provider.fault("refuse"):
            answer = await client.get("/agents/sign-in")
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
        assert (await client.get("/agents/sign-in")).status_code == 303
