"""Screenshots of the whole way through the pages, for `docs/parcours-employeur.md` and `docs/parcours-agent.md`."""

from pathlib import Path
from typing import Final

from playwright.async_api import Page, async_playwright

from docs import walk_through
from docs.walk_through import FIFTY_OR_MORE, Firm
from local.company_kinds import fictional_siret, in_montpellier
from local.world import World

WIDTH, HEIGHT = 1000, 700
FIRM: Final = Firm(fictional_siret(70_001), "direction@ateliers.invalid")
AGENT: Final = "agent"
"""Subject of the agent of every world of `local/` at the identity provider."""


async def photograph(world: World, into: Path) -> None:
    """Walk the whole way as a new firm and as the agent of this world, and take a picture of each step."""
    world.companies.describe(in_montpellier(FIRM.siret, band=FIFTY_OR_MORE))

    async def look(page: Page, name: str) -> None:
        await page.evaluate("document.activeElement.blur()")
        await page.screenshot(path=into / f"walk-{name}.png", full_page=True)

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        firm, agent = [
            await browser.new_page(
                base_url=world.site,
                locale="fr-FR",
                timezone_id="Europe/Paris",
                viewport={"width": WIDTH, "height": HEIGHT},
            )
            for _ in range(2)
        ]
        await walk_through.enrol(firm, FIRM, look)
        await walk_through.activate(firm, FIRM, world.mail.folder, look)
        reference = await walk_through.file(firm, look)
        await walk_through.follow(firm, look)
        await walk_through.enter_as_agent(agent, AGENT, look)
        await walk_through.examine(agent, reference, look)
        await walk_through.grant(agent, reference, look)
        await walk_through.read_decision(firm, FIRM, world.mail.folder, look)
        await browser.close()
