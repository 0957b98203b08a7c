"""Pages that people see rarely: secrets shown once, mandates that wait, refusals that come in the middle of an act."""

import pyotp
import pytest
from playwright.async_api import Page

from docs.walk_through import STYLE_OF_THE_PROVIDER
from local.caller import Caller
from local.world import World
from models.engine.keys import MasterKey
from models.store.database import Database
from models.store.people import attempts
from models.store.people.attempts import LIMITS
from starter.auth.rate_limits import digest
from tests.browser.conftest import OpenPage
from tests.browser.screens import Screens
from tests.builders import a_filing, employer
from tests.cases import notify_a_decision
from tests.starter.people import PASSWORD, a_person

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def press(page: Page, label: str) -> None:
    await page.get_by_role("button", name=label, exact=True).click()


async def test_what_is_shown_once_can_be_read_by_anybody(
    open_page: OpenPage, screens: Screens, database: Database
) -> None:
    page = await open_page(a_person(database).who.account_id)
    await page.goto("/account")
    await page.fill("#totp", PASSWORD)
    await press(page, "Activer les codes à usage unique")
    await page.wait_for_selector(".qr")
    await screens.check(page, "one-time-codes")
    await page.fill("#code", "0")
    await press(page, "Activer les codes à usage unique")
    await screens.check_errors(page, "one-time-codes")
    secret = (await page.locator("code.named").inner_text()).replace(" ", "")
    await page.fill("#code", pyotp.TOTP(secret).now())
    await press(page, "Activer les codes à usage unique")
    await page.get_by_role("heading", name="Vos codes de secours").wait_for()
    await screens.check(page, "recovery-codes")
    await page.get_by_role("link", name="Je les ai notés").click()
    await page.fill("#label", "Logiciel de paie")
    await press(page, "Créer un jeton")
    await page.get_by_role("heading", name="Votre jeton d’accès").wait_for()
    await screens.check(page, "account-token")
    await page.get_by_role("link", name="Révoquer").first.click()
    await screens.check(page, "token-revocation")
    for name, label in {
        "recovery-codes": "Créer de nouveaux codes de secours",
        "no-one-time-codes": "Ne plus demander de codes",
    }.items():
        await page.goto("/account")
        await press(page, label)
        await screens.check_errors(page, name)


async def test_a_refusal_in_the_middle_of_an_act_can_be_read_by_anybody(
    open_page: OpenPage, screens: Screens, database: Database, world: World
) -> None:
    who = employer(database)
    reference = str((await Caller(world.site, who.token).post("/requests", a_filing()))["reference"])
    page = await open_page(who.account_id)
    await page.goto(f"/requests/{reference}/desistment")
    notify_a_decision(database, reference)
    await press(page, "Renoncer à cette demande")
    await page.get_by_role("heading", name="Ce dossier a déjà une issue").wait_for()
    await screens.check(page, "error-conflict")
    await page.goto("/deadlines/calendar.ics?received_on=hier")
    await page.get_by_role("heading", name="La demande contient des erreurs").wait_for()
    await screens.check(page, "error-invalid")


async def test_too_many_attempts_say_when_to_try_again_to_anybody(
    open_page: OpenPage, screens: Screens, database: Database, world: World
) -> None:
    login = "trop.souvent@tacite.invalid"
    with database.begin() as connection:
        for _ in range(LIMITS["login"].max_attempts):
            attempts.take(connection, "login", digest(MasterKey(world.master_key), "login", login))
    page = await open_page()
    await page.goto("/sign-in")
    await page.fill("#login", login)
    await page.fill("#password", PASSWORD)
    await press(page, "Se connecter")
    await page.wait_for_selector(".summary")
    assert "réessayez dans 15" in (await page.inner_text("main")).replace("\u00a0", " ")
    await screens.check(page, "error-too-many")


async def test_a_provider_that_does_not_answer_is_said_to_anybody(
    open_page: OpenPage, screens: Screens, world: World
) -> None:
    page = await open_page()
    fault = world.identities.folder / "refuse"
    fault.touch()
    try:
        await page.goto("/agents/sign-in")
    finally:
        fault.unlink()
    await page.get_by_role("heading", name="Service momentanément indisponible").wait_for()
    await screens.check(page, "error-unavailable")
    await page.route(STYLE_OF_THE_PROVIDER, lambda route: route.abort())
    await page.goto("/agents/sign-in")
    await page.fill("[name=sub]", "personne")
    await page.click("button:has-text('Authorize')")
    await page.get_by_role("heading", name="Connexion impossible").wait_for()
    await screens.check(page, "error-sign-in")
