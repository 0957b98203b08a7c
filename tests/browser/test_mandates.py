"""A mandate in every way: a firm gives it to its accountant, who accepts it and files for the firm under it."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Page

from local.caller import Caller
from local.world import World
from models.store.database import Database
from tests.browser.conftest import IN_EVERY_WAY, OpenPage
from tests.browser.screens import Screens
from tests.builders import a_filing
from tests.starter.people import PASSWORD, Person, a_person

pytestmark = pytest.mark.asyncio(loop_scope="session")

ACCOUNTANT = "Cabinet Lefort"


def on(days: int) -> str:
    """A day from today, as a date field takes it."""
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


async def press(page: Page, label: str) -> None:
    await page.get_by_role("button", name=label, exact=True).click()


async def give(page: Page, siret: str, accountant: Person) -> None:
    """Give a mandate for an establishment to an accountant, from its page."""
    await page.goto(f"/establishments/{siret}")
    given = {"agent": ACCOUNTANT, "agent-email": accountant.login, "password": PASSWORD}
    for name, value in (given | {"starts_on": on(-1), "ends_on": on(365)}).items():
        await page.fill(f"#{name}", value)
    await press(page, "Donner le mandat")
    await page.get_by_role("heading", name=ACCOUNTANT).wait_for()


@IN_EVERY_WAY
async def test_a_mandate_is_given_accepted_and_used(
    script: bool, width: int, open_page: OpenPage, database: Database, world: World
) -> None:
    accountant, client = a_person(database), a_person(database)
    firm, cabinet = [await open_page(each.who.account_id, script=script, width=width) for each in (client, accountant)]
    await give(firm, client.who.siret, accountant)
    await firm.get_by_text("en attente d’acceptation").wait_for()

    await cabinet.goto("/requests")
    await cabinet.get_by_role("link", name="Accepter 1 mandat").click()
    await cabinet.fill("#password", PASSWORD)
    await press(cabinet, "Accepter ce mandat")
    await cabinet.get_by_text("Les mandats sont acceptés").wait_for()

    await cabinet.goto("/requests/new")
    await cabinet.check(f"input[value='{client.who.siret}']")
    await press(cabinet, "Continuer")
    await cabinet.get_by_label("Autre circonstance de caractère exceptionnel").check()
    for name in ("placement_on", "start_on"):
        await cabinet.fill(f"#{name}", on(2))
    await cabinet.fill("#end_on", on(60))
    await press(cabinet, "Enregistrer et continuer")
    await cabinet.wait_for_url("**/figures")
    base = cabinet.url.removesuffix("/figures")
    await answer_the_rest(Caller(world.site, accountant.who.token), base.rpartition("/")[2])
    await cabinet.goto(f"{base}/check")
    await press(cabinet, "Déposer la demande")
    await cabinet.wait_for_url("**/filed")
    reference = await cabinet.locator(".reference").inner_text()

    await firm.goto(f"/requests/{reference}")
    await firm.get_by_text(f"par {ACCOUNTANT}, mandat du").first.wait_for()
    await firm.goto(f"/establishments/{client.who.siret}")
    await firm.get_by_text("en vigueur").wait_for()
    assert await firm.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def answer_the_rest(accountant: Caller, draft: str) -> None:
    """Answer all but the ground and the dates of a draft, as the software of an accountant does."""
    answers = {name: value for name, value in a_filing().items() if name not in ("ground", "period")}
    await accountant.patch(f"/drafts/{draft}", answers)


async def test_mandates_that_wait_and_their_end_can_be_read_by_anybody(
    open_page: OpenPage, screens: Screens, database: Database
) -> None:
    accountant, giver = a_person(database), a_person(database, establishments=2)
    page = await open_page(giver.who.account_id)
    await page.goto("/account")
    addresses = [
        str(await each.get_attribute("href")) for each in await page.locator("h3 a[href^='/establishments/']").all()
    ]
    for address in addresses:
        await give(page, address.rpartition("/")[2], accountant)
    await screens.check(page, "establishment-mandates")
    await page.get_by_role("link", name="Révoquer le mandat").click()
    await screens.check(page, "mandate-revocation")
    page = await open_page(accountant.who.account_id)
    await page.goto("/mandates")
    await screens.check(page, "mandates")
    await press(page, "Accepter ces 2 mandats")
    await screens.check_errors(page, "mandates")
