"""Other acts of an agent in a real browser: pieces, what waits for a signatory, what was typed as a session ended."""

import pytest
from playwright.async_api import expect
from sqlalchemy import text

from local.caller import Caller
from local.world import World
from models.labels import HoldReason, Status
from models.store.cases import holds
from models.store.database import Database
from models.store.journal.events import Actor
from models.store.people import tool_access
from tests.browser.conftest import IN_EVERY_WAY, OpenPage
from tests.browser.screens import Screens
from tests.browser.test_deciding import filed, until
from tests.builders import a_filing, employer, staff
from tests.cases import GROUNDS, in_a_month, notify_a_decision

pytestmark = pytest.mark.asyncio(loop_scope="session")


@IN_EVERY_WAY
async def test_pieces_are_requested_and_taken_back(
    script: bool, width: int, open_page: OpenPage, world: World, database: Database, look: Screens
) -> None:
    case = await filed(world, database)
    page = await open_page(staff(database).account_id, script=script, width=width)
    await page.goto(f"{case}/pieces")
    await look.send_empty(page, "acts-pieces", "text=Continuer")
    await page.check("text=Motifs justifiant le recours")
    await page.fill("#reasons", "Rien ne date la fermeture de chaque atelier.")
    await page.fill("#due_on", in_a_month())
    await page.click("text=Continuer")
    await look.check(page, "acts-pieces-check")
    await page.click("text=Demander ces pièces")
    await until(page, Status.AWAITING_COMPLETION.label)
    await look.check(page, "acts-pieces-notified")
    await page.click("text=Reprendre la demande de pièces")
    await look.check(page, "acts-pieces-cancellation")
    await page.click("button:has-text('Reprendre la demande de pièces')")
    await expect(page.locator("h1")).to_contain_text("Demande de pièces reprise")


async def test_what_was_typed_survives_an_ended_session(
    open_page: OpenPage, world: World, database: Database, screens: Screens
) -> None:
    case = await filed(world, database)
    page = await open_page(staff(database).account_id)
    await page.goto(f"{case}/refusal")
    await page.fill("#in_fact", GROUNDS[1])
    kept = await page.context.cookies()
    await page.context.clear_cookies()
    await page.click("text=Continuer")
    await expect(page.locator("h1")).to_have_text("Votre session a pris fin")
    await screens.check(page, "acts-session-ended")
    await page.context.add_cookies([{"name": each["name"], "value": each["value"], "url": world.site} for each in kept])
    await page.click("text=Reprendre ma saisie")
    assert await page.input_value("#in_fact") == GROUNDS[1]


async def test_what_waits_for_the_look_of_a_signatory_can_be_read_by_anybody(
    open_page: OpenPage, world: World, database: Database, screens: Screens
) -> None:
    case = await filed(world, database)
    with database.begin() as connection:
        for reason in (HoldReason.LIMITS, HoldReason.HOLDER):
            holds.hold(connection, case.rpartition("/")[2], reason)
    newcomer = employer(database, proven=False)
    unproven = (await Caller(world.site, newcomer.token).post("/requests", a_filing()))["reference"]
    pending = a_filing(headcount=60, works_council={"pending": True})
    late = (await Caller(world.site, employer(database).token).post("/requests", pending))["reference"]
    with database.begin() as connection:
        connection.execute(text("UPDATE opinion SET due_on = due_on - 90 WHERE reference = :r"), {"r": late})
    page = await open_page(staff(database).account_id)
    for name, address in {
        "review-hand-over": f"{case}/hand-over",
        "review-opinion-waiver": f"/desk/requests/{late}/opinion-waiver",
        "review-validation": f"/desk/requests/{unproven}/validation",
    }.items():
        await page.goto(address)
        await screens.send_empty(page, name)
    await page.fill("#reason", "Extrait Kbis et pièce d’identité vus au guichet.")
    await page.get_by_role("button", name="Valider l’habilitation").click()
    await page.wait_for_url(f"**/desk/requests/{unproven}?done=validation")
    await screens.check(page, "review-done")


async def test_a_decision_of_somebody_else_that_a_head_takes_back_can_be_read_by_anybody(
    open_page: OpenPage, world: World, database: Database, screens: Screens
) -> None:
    case = await filed(world, database)
    decision = notify_a_decision(database, case.rpartition("/")[2])
    page = await open_page(staff(database, "head").account_id)
    await page.goto(f"{case}/decisions/{decision}/cancellation")
    await screens.send_empty(page, "acts-decision-cancellation")


async def test_the_tokens_of_tools_can_be_read_by_anybody(
    open_page: OpenPage, database: Database, screens: Screens
) -> None:
    agent, head = staff(database), staff(database, "head")
    with database.begin() as connection:
        tool_access.allow(connection, agent.account_id, Actor(role="head", account_id=head.account_id))
    page = await open_page(agent.account_id, strong=True)
    await page.goto("/unit/tools")
    await screens.send_empty(page, "tools")
    await page.fill("#label", "Suivi des échéances")
    await page.fill("#until_on", in_a_month())
    await page.get_by_role("button", name="Créer ce jeton").click()
    await page.get_by_role("heading", name="Votre jeton").wait_for()
    await screens.check(page, "tools-token")
    await page.get_by_role("link", name="Révoquer").last.click()
    await screens.check(page, "tools-revocation")
