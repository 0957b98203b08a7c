"""Screenshots of a month claimed in a grid, as wide as a desk and a phone, for `docs/parcours-employeur.md`."""

from datetime import timedelta
from pathlib import Path
from typing import Final

from playwright.async_api import Page, async_playwright

from docs.space import enter, let_in
from law.calendar import add_months
from local.world import World
from models.store.database import Database
from scenarios.dossier import Dossier, today

SIZES: Final = {"wide": (1280, 900), "narrow": (360, 780)}
PEOPLE: Final = (
    ("Durand", "Zoé", "262056600000109", "worker", "28", "7"),
    ("Le Goff", "Ana", "2620566000002", "technician", "17h30", "17,5"),
)
"""Nobody: names, number, category, hours worked and idle of a week."""


async def photograph(world: World, database: Database, case: Dossier, into: Path) -> None:
    """Claim the first month of a case, whose clock is led behind it, as far as the page of its sums."""
    view = await case.view()
    month = add_months(today().replace(day=1), 1)
    await case.advance_on(add_months(month, 1) + timedelta(days=4))
    let_in(database)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = await browser.new_page(base_url=world.site, locale="fr-FR", timezone_id="Europe/Paris")
        await enter(page, world.site)
        await page.goto(f"/requests/{view['reference']}/claims/{month:%Y-%m}/grid")
        await _type(page)
        await _take(page, into, "claim-grid")
        await page.click("text=Vérifier la demande")
        await page.get_by_role("heading", name="Vérifiez votre demande").wait_for()
        await _take(page, into, "claim-sums")
        await browser.close()


async def _type(page: Page) -> None:
    for number, (family, first, nir, category, worked, idle) in enumerate(PEOPLE, start=1):
        if number > 1:
            await page.click("text=Ajouter un salarié")
        second = await page.locator(f'[id^="p{number}.w"]').nth(1).get_attribute("id") or ""
        week = second.partition(".w")[2]
        values = {"family_name": family, "first_name": first, "nir": nir, "contract_hours": "35"}
        values |= {"hourly_gross": "15,20", f"w{week}": worked, f"i{week}": idle}
        for name, value in values.items():
            await page.fill(f'[id="p{number}.{name}"]', value)
        await page.select_option(f'[id="p{number}.category"]', category)
        await page.select_option(f'[id="p{number}.mode"]', "02")


async def _take(page: Page, into: Path, name: str) -> None:
    for size, (width, height) in SIZES.items():
        await page.set_viewport_size({"width": width, "height": height})
        await page.evaluate("document.activeElement.blur()")
        await page.screenshot(path=into / f"{name}-{size}.png", full_page=True)
