"""The pages of a head of unit in a real browser: accounts, delegations, absences, tools, cases that change hands."""

import pytest
from playwright.async_api import expect

from local.world import World
from models.store.cases import requests
from models.store.database import Database
from tests.browser.conftest import OpenPage
from tests.browser.screens import Screens
from tests.browser.test_deciding import filed
from tests.builders import staff

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_head_reads_the_unit_and_is_asked_before_an_end(
    open_page: OpenPage, database: Database, screens: Screens
) -> None:
    agent = staff(database, "agent", "48")
    own = f"/unit/agents/{agent.account_id}"
    page = await open_page(staff(database, "head", "48").account_id)
    await page.goto("/unit")
    await screens.check(page, "unit")
    await page.click("text=Ouvrir le compte d’un agent")
    await screens.send_empty(page, "unit-opening")
    await page.goto(own)
    await screens.check(page, "unit-agent")
    for act in ("delegation", "absence"):
        await page.goto(f"{own}/{act}")
        await screens.send_empty(page, f"unit-{act}")
    await page.goto(f"{own}/change")
    await page.fill("#email", "")
    await screens.send_empty(page, "unit-change")
    await page.goto(own)
    await page.click("text=Mettre fin à cette délégation")
    await screens.check(page, "unit-end")
    await page.click("button:has-text('Mettre fin')")
    await expect(page.locator("[role=status]")).to_contain_text("La délégation a pris fin.")
    await page.click("text=Délégations passées (1)")
    await screens.check(page, "unit-agent-past")


async def test_an_account_and_the_access_of_its_tools_are_closed_only_after_a_question(
    open_page: OpenPage, database: Database, screens: Screens
) -> None:
    agent = staff(database, "agent", "48")
    own = f"/unit/agents/{agent.account_id}"
    page = await open_page(staff(database, "head", "48").account_id)
    await page.goto(f"{own}/tools")
    await screens.check(page, "unit-tools-opening")
    await page.click("button:has-text('Ouvrir cet accès')")
    await expect(page.locator("main")).to_contain_text("ouverte")
    tools = await open_page(agent.account_id)
    await tools.goto("/unit/tools")
    await screens.check(tools, "tools-weak")
    await page.click("text=Retirer l’accès à l’API")
    await screens.check(page, "unit-tools-end")
    await page.goto(f"{own}/closing")
    await screens.check(page, "unit-closing")
    await page.click("button:has-text('Clore ce compte')")
    await page.click("text=Rouvrir le compte")
    await screens.check(page, "unit-reopening")


async def test_every_case_of_a_colleague_changes_hands_in_one_act(
    open_page: OpenPage, world: World, database: Database, screens: Screens
) -> None:
    agent, colleague = staff(database), staff(database)
    case = (await filed(world, database)).rpartition("/")[2]
    with database.begin() as connection:
        requests.assign(connection, case, agent.account_id)
    page = await open_page(staff(database, "head").account_id)
    await page.goto(f"/unit/agents/{agent.account_id}")
    await page.click("text=Redistribuer ses dossiers")
    await screens.send_empty(page, "unit-reassignment")
    await page.select_option("#to_agent", colleague.account_id)
    await page.fill("#reason", "Absence jusqu’à la fin du mois.")
    await page.click("text=Confier ces dossiers")
    await expect(page.locator("[role=status]")).to_contain_text("Les dossiers ont changé de mains.")
