"""An agent decides in a real browser, in every way: by keyboard alone, in part, with a refusal, many cases at once."""

import asyncio
import re

import pytest
from playwright.async_api import Page, expect

from local.caller import Caller
from local.world import World
from models.store.database import Database
from tests.browser.conftest import IN_EVERY_WAY, OpenPage
from tests.browser.screens import WIDTHS, Screens
from tests.builders import a_filing, employer, staff
from tests.cases import GROUNDS

pytestmark = pytest.mark.asyncio(loop_scope="session")

SIGNED = 30.0
"""Seconds for the signature."""


async def filed(world: World, database: Database, **changes: object) -> str:
    """File a request, and return the address of its case."""
    answer = await Caller(world.site, employer(database).token).post("/requests", a_filing(**changes))
    return f"/desk/requests/{answer['reference']}"


async def reach(page: Page, label: str) -> None:
    """Move with the Tab key to what has this label."""
    said = "document.activeElement.innerText || (document.activeElement.labels || [{}])[0].innerText || ''"
    for _ in range(80):
        await page.keyboard.press("Tab")
        if str(await page.evaluate(said)).strip().startswith(label):
            return
    raise AssertionError(f"the keyboard does not reach « {label} »")


async def press(page: Page, label: str) -> None:
    await reach(page, label)
    await page.keyboard.press("Enter")


async def until(page: Page, title: str) -> None:
    """Load a page again until what is being signed is; it does so by itself, but more slowly. Raises TimeoutError."""
    async with asyncio.timeout(SIGNED):
        while title not in await page.inner_text("h1"):
            await page.reload()


@IN_EVERY_WAY
async def test_a_grant_is_signed_by_keyboard_alone(
    script: bool, width: int, open_page: OpenPage, world: World, database: Database, look: Screens
) -> None:
    case = await filed(world, database)
    page = await open_page(staff(database).account_id, script=script, width=width)
    await page.goto(f"{case}/checklist")
    await reach(page, "Les circonstances exposées")
    await page.keyboard.press("Space")
    await press(page, "Attester")
    await expect(page.locator("[role=status]")).to_contain_text("La liste de validité est attestée")
    await look.check(page, "acts-checklist")
    await page.goto(f"{case}/grant")
    await press(page, "Continuer")
    await expect(page.locator("h1")).to_have_text("Vérifiez votre décision")
    await look.check(page, "acts-grant-check")
    await press(page, "Signer et notifier")
    await page.wait_for_url(re.compile("/decisions/"))
    if width == WIDTHS[-1]:  # by itself, with and without scripts
        await expect(page.locator("h1")).to_have_text("Décision notifiée", timeout=SIGNED * 1000)
    await until(page, "Décision notifiée")
    await look.check(page, "acts-decision-notified")


@IN_EVERY_WAY
async def test_a_partial_grant_shows_what_is_wrong_then_what_was_asked_beside_what_is_granted(
    script: bool, width: int, open_page: OpenPage, world: World, database: Database, look: Screens
) -> None:
    case = await filed(world, database)
    page = await open_page(staff(database).account_id, script=script, width=width)
    await page.goto(f"{case}/grant")
    await look.check(page, "acts-grant")
    await page.fill("#employees", "18")
    await page.fill("#hours", "beaucoup")
    await page.click("text=Continuer")
    await look.check_errors(page, "acts-grant")
    await page.fill("#hours", "3 600,5")
    await page.fill("#in_law", GROUNDS[0])
    await page.fill("#in_fact", GROUNDS[1])
    await page.click("text=Continuer")
    await expect(page.locator("main")).to_contain_text("Autorisation partielle")
    await look.check(page, "acts-partial-check")
    assert (await preview(page, case))[:5] == b"%PDF-"
    await page.click("text=Signer et notifier")
    await until(page, "Décision notifiée")
    await page.click("text=au dossier (PDF)", no_wait_after=True)


async def preview(page: Page, case: str) -> bytes:
    """The draft of the decision that a page is about to sign."""
    fields = await page.locator('form[action$="/decision"]').locator("input[type=hidden]").all()
    typed: dict[str, str | float | bool] = {
        str(await each.get_attribute("name")): str(await each.get_attribute("value")) for each in fields
    }
    headers = {"Sec-Fetch-Site": "same-origin"}
    draft = await page.context.request.post(f"{case}/decision/preview", form=typed, headers=headers)
    assert draft.status == 200
    return await draft.body()


@IN_EVERY_WAY
async def test_a_refusal_is_written_from_models(
    script: bool, width: int, open_page: OpenPage, world: World, database: Database, look: Screens
) -> None:
    case = await filed(world, database)
    page = await open_page(staff(database).account_id, script=script, width=width)
    await page.goto(f"{case}/refusal")
    await look.check(page, "acts-refusal")
    await page.click("text=Partir de phrases proposées")
    await page.check("text=Circonstances étrangères aux motifs de recours")
    await page.click("text=Insérer les phrases")
    await look.check(page, "acts-refusal-models")
    await page.click("text=Continuer")
    await expect(page.locator(".summary")).to_contain_text("Complétez chaque")
    await look.check_errors(page, "acts-refusal")
    fact = await page.input_value("#in_fact")
    await page.fill("#in_fact", fact.replace("[…]", "la perte du marché de septembre", 1).replace("[…]", "2 mars", 1))
    await page.click("text=Continuer")
    await look.check(page, "acts-refusal-check")
    await page.click("text=Modifier")
    assert "2 mars" in await page.input_value("#in_fact")
    await page.click("text=Continuer")
    await page.click("text=Signer et notifier le refus")
    await until(page, "Décision notifiée")
    await page.goto(f"{case}/grant")
    await page.click("text=Continuer")
    await expect(page.locator("h1")).to_have_text("Ce dossier a déjà une issue")
    await look.check(page, "acts-conflict")


@IN_EVERY_WAY
async def test_cases_ticked_on_the_desk_are_granted_together(
    script: bool, width: int, open_page: OpenPage, world: World, database: Database, look: Screens
) -> None:
    cases = [(await filed(world, database)).rpartition("/")[2] for _ in range(2)]
    page = await open_page(staff(database).account_id, script=script, width=width)
    await page.goto("/desk")
    await tick(page, cases)
    await look.check(page, "acts-desk-ticked")
    await page.click("text=Autoriser les dossiers cochés")
    await page.get_by_role("button", name="Signer et notifier").wait_for()
    for each in await page.locator('input[name="reference"]').all():
        await each.uncheck()
    await page.click("text=Signer et notifier ces autorisations")
    await look.check_errors(page, "acts-batch")
    await tick(page, cases)
    await look.check(page, "acts-batch")
    await page.click("text=Signer et notifier ces autorisations")
    done = page.get_by_text("Autorisation notifiée")
    async with asyncio.timeout(SIGNED):
        while await done.count() < len(cases):
            await page.reload()
    await expect(page.locator(".lead")).to_contain_text("2 sur 2 sont notifiées")
    await look.check(page, "acts-batch-results")
    await page.goto("/desk/batch")
    await look.check(page, "acts-batch-none")


async def tick(page: Page, cases: list[str]) -> None:
    for case in cases:
        await page.check(f'input[name="reference"][value="{case}"]')
