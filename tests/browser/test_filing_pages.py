"""Every step of a request, what each says of wrong answers, and a draft that has lapsed, as people see them."""

from datetime import timedelta

import pytest
from playwright.async_api import FilePayload, Page

from local.caller import Caller
from local.world import World
from models.store.cases import drafts
from models.store.database import Database
from tests.browser.conftest import OpenPage
from tests.browser.screens import Screens
from tests.browser.test_filing import answer, begin, go_on, on
from tests.builders import a_draft, employer

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_every_step_and_its_errors_can_be_read_by_anybody(
    open_page: OpenPage, screens: Screens, database: Database, world: World
) -> None:
    who = employer(database, proven=False)
    page = await open_page(who.account_id)
    await page.goto("/requests/new")
    await go_on(page)
    await screens.check_errors(page, "filing-opening")
    await begin(page)
    await page.locator("#fenetre").get_by_text("il reste").wait_for()
    await screens.check(page, "filing-opening")
    await go_on(page)
    base = page.url.rpartition("/")[0]
    await _errors(page, screens, base, "figures", "circumstances", "council", "account", "ground", "commitments")
    await page.goto(f"{base}/figures")
    await page.fill("#headcount", "60")
    await page.fill("#employees", "600")
    await page.fill("#hours", "9999999")
    await go_on(page)
    await page.wait_for_selector("#confirmed")
    await screens.check(page, "filing-figures-odd")
    await page.check("#confirmed")
    await go_on(page)
    await page.wait_for_url("**/circumstances")
    await page.goto(base)
    await screens.check(page, "filing-tasks")
    await page.goto(f"{base}/check")
    await screens.check(page, "filing-check-incomplete")
    await page.goto(f"{base}/deletion")
    await screens.check(page, "filing-deletion")
    await page.goto(f"{base}/figures")
    await answer(page)
    await screens.check(page, "filing-check")
    await Caller(world.site, who.token).patch(f"/drafts/{base.rpartition('/')[2]}", {"employees": 40})
    await go_on(page, "Déposer la demande")
    await screens.check_errors(page, "filing-check")
    await page.get_by_role("button", name="Déposer la demande").click()
    await page.wait_for_url("**/filed")
    await screens.check(page, "filing-filed")


async def _errors(page: Page, screens: Screens, base: str, *names: str) -> None:
    for name in names:
        await page.goto(f"{base}/{name}")
        await screens.check(page, f"filing-{name}")
        for field in await page.locator("main input:not([type=radio], [type=hidden]), main textarea").all():
            await field.fill("")
        await (
            page.locator("main form button[type=submit]")
            .filter(has_text="continuer")
            .or_(page.get_by_role("button", name="Ajouter cet engagement"))
            .first.click()
        )
        await screens.check_errors(page, f"filing-{name}")


async def test_the_opinions_page_and_a_refused_file_can_be_read_by_anybody(
    open_page: OpenPage, screens: Screens, database: Database
) -> None:
    page = await open_page(employer(database, establishments=3).account_id)
    await page.goto("/requests/new")
    await screens.check(page, "filing-establishments")
    await go_on(page, "Continuer")
    await screens.check_errors(page, "filing-establishments")
    await page.locator("main input[type=radio]").first.check()
    await go_on(page, "Continuer")
    await page.get_by_label("Autre circonstance de caractère exceptionnel").check()
    for name, day in {"placement_on": 2, "start_on": 2, "end_on": 60}.items():
        await page.fill(f"#{name}", on(day))
    await go_on(page)
    base = page.url.rpartition("/")[0]
    await page.goto(f"{base}/council")
    await page.get_by_label("Oui : il a donné un avis défavorable").check()
    await go_on(page)
    await screens.check(page, "filing-opinion")
    await page.set_input_files("#file", FilePayload(name="a.docx", mimeType="text/plain", buffer=b"PK\x03\x04 word"))
    await go_on(page, "Joindre et continuer")
    await screens.check_errors(page, "filing-opinion")


async def test_a_draft_that_has_lapsed_can_be_read_by_anybody(
    open_page: OpenPage, screens: Screens, database: Database, world: World
) -> None:
    who = employer(database)
    draft = str((await Caller(world.site, who.token).post("/drafts", a_draft()))["id"])
    with database.begin() as connection:
        drafts.advance(connection, draft, timedelta(days=60))
        drafts.lapse(connection, draft)
    page = await open_page(who.account_id)
    await page.goto(f"/requests/new/{draft}")
    await screens.check(page, "filing-lapsed")
