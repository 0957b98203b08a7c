"""Screenshots of our pages: enrolment, an employer's space, an agent's unit."""

from collections.abc import Sequence
from pathlib import Path

from playwright.async_api import Page, async_playwright

from docs.walk_through import PASSWORD, STYLE_OF_THE_PROVIDER
from local import enrolment
from local.world import World
from models.store.database import Database
from models.store.people import credentials
from starter.auth import passwords

WIDTH, HEIGHT = 1100, 800


async def photograph(world: World, database: Database, reference: str, siret: str, into: Path) -> None:
    """Take the pages of somebody who enrols, of the employer of a case, and of an agent."""
    let_in(database)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = await browser.new_page(locale="fr-FR", timezone_id="Europe/Paris")
        await page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        await page.route(STYLE_OF_THE_PROVIDER, lambda route: route.abort())
        await _take(page, world.site, into, ["enrolment", "activation", "sign-in"])
        await enter(page, world.site)
        await _take(
            page,
            world.site,
            into,
            ["requests", f"requests/{reference}", "account", f"establishments/{siret}"],
        )
        await page.goto(f"{world.site}/agents/sign-in")
        await page.fill("[name=sub]", "head")
        await page.click("button:has-text('Authorize')")
        await page.wait_for_url("**/desk")
        await _take(page, world.site, into, ["unit"])
        await browser.close()


async def enter(page: Page, site: str) -> None:
    """Sign in as the employer, whose password is known (`let_in`)."""
    await page.goto(f"{site}/sign-in")
    await page.fill("[name=login]", enrolment.EMAIL)
    await page.fill("[name=password]", PASSWORD)
    await page.click("form button[type=submit], form button:not([type])")
    await page.wait_for_url("**/requests")


def let_in(database: Database) -> None:
    """Give the employer of this machine a password that we know."""
    hashed = passwords.hashed(PASSWORD)
    with database.begin() as connection:
        kept = credentials.find_by_login(connection, enrolment.EMAIL)
        if kept:
            credentials.set_password(connection, kept.account_id, enrolment.EMAIL, hashed)


async def _take(page: Page, site: str, into: Path, paths: Sequence[str]) -> None:
    for path in paths:
        await page.goto(f"{site}/{path}")
        name, _, rest = path.partition("/")
        picture = "request" if name == "requests" and rest else name
        await page.screenshot(path=into / f"page-{picture}.png", full_page=True)
