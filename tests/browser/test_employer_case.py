"""The page of a case in each of its states, and the acts of its employer, as people see them."""

import pytest
from playwright.async_api import FilePayload, expect

from local.caller import Caller
from local.world import World
from models.labels import Outcome
from models.store.cases import desistments
from models.store.database import Database
from models.store.journal.events import SYSTEM
from tests.bank_changes import OTHER_IBAN
from tests.browser.conftest import IN_EVERY_WAY, OpenPage
from tests.browser.screens import Screens
from tests.builders import Credentials, a_filing, employer, staff
from tests.cases import GROUNDS, ask_for_pieces, let_silence_accept, notify_a_decision
from tests.starter.files import PNG

pytestmark = pytest.mark.asyncio(loop_scope="session")
STATES = ["running", "pieces-asked", "partial", "refused", "tacit", "desisted"]
IMAGE = FilePayload(name="note.png", mimeType="image/png", buffer=PNG)


async def _filed(world: World, who: Credentials, **changes: object) -> str:
    return str((await Caller(world.site, who.token).post("/requests", a_filing(**changes)))["reference"])


def _bring(database: Database, reference: str, state: str) -> None:
    """Bring a case to a state, as an agent, its employer or time would."""
    if state == "pieces-asked":
        ask_for_pieces(database, reference)
    elif state == "partial":
        notify_a_decision(database, reference, employees=18, hours="3600", grounds=GROUNDS)
    elif state == "refused":
        notify_a_decision(database, reference, outcome="refusal", grounds=GROUNDS)
    elif state == "tacit":
        let_silence_accept(database, reference)
    elif state == "desisted":
        with database.begin() as connection:
            desistments.desist(connection, reference, SYSTEM)


@pytest.mark.parametrize("state", STATES)
async def test_a_case_can_be_read_by_anybody_in_each_of_its_states(
    state: str, open_page: OpenPage, screens: Screens, database: Database, world: World
) -> None:
    who = employer(database)
    reference = await _filed(world, who)
    _bring(database, reference, state)
    page = await open_page(who.account_id)
    await page.goto(f"/requests/{reference}")
    await screens.check(page, f"request-{state}")
    if state == "refused":
        await page.click("summary")
        await screens.check(page, "request-refused-remedies")


async def test_the_list_says_what_waits_first_to_anybody(
    open_page: OpenPage, screens: Screens, database: Database, world: World
) -> None:
    who = employer(database)
    filed = await Caller(world.site, who.token).post("/requests", a_filing())
    ask_for_pieces(database, str(filed["reference"]))
    page = await open_page(who.account_id)
    await page.goto("/requests")
    await page.get_by_role("link", name="Fournir des pièces").wait_for()
    await screens.check(page, "requests-to-do")
    await page.fill("#siret", "12345")
    await page.click(".filters button")
    await screens.check_errors(page, "requests")


@IN_EVERY_WAY
async def test_an_employer_supplies_pieces_and_writes(
    script: bool, width: int, open_page: OpenPage, look: Screens, database: Database, world: World
) -> None:
    who = employer(database)
    reference = await _filed(world, who)
    ask_for_pieces(database, reference)
    page = await open_page(who.account_id, script=script, width=width)
    await page.goto(f"/requests/{reference}")
    await page.get_by_role("link", name="Fournir les pièces demandées").click()
    await look.send_empty(page, "pieces")
    await page.fill("textarea", "Deux ateliers sur trois sont fermés.")
    await page.get_by_role("button", name="Envoyer cette pièce").click()
    await page.get_by_text("le délai entier recommence").first.wait_for()
    await page.get_by_role("link", name="Messages avec le service").click()
    await look.send_empty(page, "messages")
    await page.fill("#text", "Quand pensez-vous décider ?")
    await page.set_input_files("#file", IMAGE)
    await page.get_by_role("button", name="Envoyer le message").click()
    await page.get_by_text("Votre message est envoyé.").wait_for()
    await look.check(page, "messages-sent")


@IN_EVERY_WAY
async def test_an_opinion_that_comes_after_silence_is_still_sent(
    script: bool, width: int, open_page: OpenPage, look: Screens, database: Database, world: World
) -> None:
    who = employer(database)
    reference = await _filed(world, who, headcount=60, works_council={"pending": True})
    let_silence_accept(database, reference)
    page = await open_page(who.account_id, script=script, width=width)
    await page.goto(f"/requests/{reference}")
    await expect(page.locator("main")).to_contain_text("L’avis du comité social et économique est attendu au plus tard")
    await page.get_by_role("link", name="Envoyer l’avis du CSE").click()
    await look.send_empty(page, "opinion")
    await page.get_by_label("Défavorable").check()
    await page.fill("#given_on", "2026-11-20")
    await page.set_input_files("#file", IMAGE)
    await page.get_by_role("button", name="Envoyer l’avis").click()
    await page.get_by_text("L’avis du comité social et économique est reçu.").wait_for()
    await expect(page.locator("main")).to_contain_text("défavorable, rendu le 20 novembre 2026")
    await expect(page.locator("#etat")).to_contain_text(Outcome.TACIT.label)


@IN_EVERY_WAY
async def test_an_employer_desists_once_the_consequence_is_read(
    script: bool, width: int, open_page: OpenPage, look: Screens, database: Database, world: World
) -> None:
    who = employer(database)
    reference = await _filed(world, who)
    page = await open_page(who.account_id, script=script, width=width)
    await page.goto(f"/requests/{reference}")
    await page.get_by_role("link", name="Renoncer à cette demande").click()
    await expect(page.locator("main")).to_contain_text("ce choix est définitif")
    await look.check(page, "desistment")
    await page.get_by_role("button", name="Renoncer à cette demande").click()
    await page.get_by_text("Votre désistement est enregistré.").wait_for()
    await expect(page.locator("#etat")).to_contain_text(Outcome.DESISTED.label)
    assert await page.get_by_role("link", name="Renoncer à cette demande").count() == 0


@IN_EVERY_WAY
async def test_an_amendment_is_asked_for_with_the_terms_in_force_at_hand(
    script: bool, width: int, open_page: OpenPage, look: Screens, database: Database, world: World
) -> None:
    who = employer(database)
    reference = await _filed(world, who)
    let_silence_accept(database, reference)
    page = await open_page(who.account_id, script=script, width=width)
    await page.goto(f"/requests/{reference}")
    await page.get_by_role("link", name="Demander un avenant").click()
    await expect(page.get_by_label("Heures", exact=True)).to_have_value("12000,00")
    await look.send_empty(page, "amendment")
    await page.fill("#hours", "15 000")
    await page.fill("#why", "La remise en état de l’atelier prendra plus de temps que prévu.")
    await page.get_by_role("button", name="Demander l’avenant").click()
    await page.get_by_text("Votre demande d’avenant est reçue.").wait_for()
    await look.check(page, "amendment-filed")
    await page.get_by_role("link", name=reference, exact=True).click()
    await expect(page.locator("#avenants + ul")).to_contain_text(f"{reference}01")
    await look.check(page, "request-amended")


@IN_EVERY_WAY
async def test_another_account_is_asked_for_and_an_agent_decides(
    script: bool, width: int, open_page: OpenPage, look: Screens, database: Database, world: World
) -> None:
    who, agent = employer(database), staff(database)
    reference = await _filed(world, who)
    let_silence_accept(database, reference)
    page = await open_page(who.account_id, script=script, width=width)
    await page.goto(f"/requests/{reference}")
    await page.get_by_role("link", name="Changer de compte bancaire").click()
    await look.send_empty(page, "bank-account")
    await page.fill("#iban", OTHER_IBAN)
    await page.fill("#holder", "Ateliers Durand SAS")
    await page.fill("#why_account", "L’entreprise a changé de banque.")
    await page.get_by_role("button", name="Demander le changement").click()
    await page.get_by_text("Votre demande de changement de compte est reçue.").wait_for()
    desk = await open_page(agent.account_id, script=script, width=width)
    await desk.goto(f"/desk/requests/{reference}")
    await desk.get_by_role("link", name=f"Changement de compte {reference}01").click()
    await look.send_empty(desk, "desk-bank-change")
    await desk.get_by_label("Accorder").check()
    await desk.get_by_role("button", name="Décider").click()
    await desk.get_by_text("décision en cours de signature").wait_for()
    await look.check(desk, "desk-bank-change-decided")
