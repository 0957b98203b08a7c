"""A real browser: signs in with a password, creates a passkey in a virtual authenticator, signs in with it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright

from local.ports import free_port
from local.postgres import Postgres
from models.store.database import Database
from starter.__main__ import serve
from tests.starter.conftest import a_setting, one_register
from tests.starter.people import PASSWORD, Person, a_person, hash_quickly

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP localhost 127.0.0.1",
)
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture
async def site(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """The HTTP server on a real socket; passkeys need a host name."""
    hash_quickly(monkeypatch)
    port = free_port()
    address = f"http://localhost:{port}"
    running = asyncio.create_task(serve(a_setting(database, tmp_path, site=address, http=f"127.0.0.1:{port}")))
    while not running.done():
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except ConnectionRefusedError:
            await asyncio.sleep(0.05)
            continue
        writer.close()
        break
    yield address
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    assert CHROMIUM.exists(), "chromium manque : « make system » l’installe"
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield opened
        await opened.close()


async def test_a_person_signs_in_by_password_then_by_passkey(browser: Browser, site: str, database: Database) -> None:
    person: Person = a_person(database)
    page = await browser.new_page(locale="fr-FR")
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    authenticator = await page.context.new_cdp_session(page)
    await authenticator.send("WebAuthn.enable")
    await authenticator.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    await page.goto(f"{site}/account")
    await page.fill("#login", person.login)
    await page.fill("#password", PASSWORD)
    await page.get_by_role("button", name="Se connecter", exact=True).click()
    await page.wait_for_url(f"{site}/account")
    await page.fill("#passkey-label", "Téléphone")
    await page.fill("#passkey-password", PASSWORD)
    await page.get_by_role("button", name="Ajouter une clé d’accès").click()
    await page.get_by_role("heading", name="Téléphone").wait_for()
    await page.wait_for_load_state()
    await _leave(page, site)
    await page.get_by_role("button", name="Se connecter avec une clé d’accès").click()
    await page.wait_for_url(f"{site}/account")
    assert await page.get_by_text("dernier usage le").count() == 1
    await page.get_by_role("link", name="Retirer Téléphone").click()
    await page.get_by_role("button", name="Retirer cette clé").click()
    await page.get_by_text("La clé d’accès est retirée.").wait_for()
    await _leave(page, site)
    await page.get_by_role("button", name="Se connecter avec une clé d’accès").click()
    await page.get_by_text("n’est pas reconnue").wait_for()
    assert [each for each in errors if "401" not in each] == []


async def _leave(page: Page, site: str) -> None:
    await page.get_by_role("button", name="Se déconnecter").click()
    await page.wait_for_url(f"{site}/")
    await page.goto(f"{site}/account")
    await page.wait_for_url(f"{site}/sign-in?next=/account")


async def test_a_person_invites_and_mandates_without_a_script(browser: Browser, site: str, database: Database) -> None:
    person = a_person(database)
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{site}/sign-in")
    assert not await page.locator("#passkey-enter").is_visible()
    await page.fill("#login", person.login)
    await page.fill("#password", PASSWORD)
    await page.click("main button:visible")
    await page.goto(f"{site}/establishments/{person.who.siret}")
    await page.fill("#agent", "Cabinet Lefort")
    await page.fill("#agent-email", "cabinet@tacite.invalid")
    await page.fill("#starts_on", "2026-12-01")
    await page.fill("#ends_on", "2026-12-31")
    await page.fill("main form[action$='/mandates'] input[name='password']", PASSWORD)
    await page.get_by_role("button", name="Donner le mandat").click()
    assert await page.get_by_text("en attente d’acceptation").count() == 1
