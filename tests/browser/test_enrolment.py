"""The way into the space in a real browser: the SIRET, what the register says, the code by mail, the first request."""

import pytest

from local.company_kinds import in_montpellier
from local.enrolment import mailed_code
from local.world import World
from tests.browser.conftest import OpenPage
from tests.browser.screens import Screens
from tests.cases import a_siret
from tests.starter.people import PASSWORD

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize("script", [True, False])
async def test_somebody_enrols_activates_and_prepares_a_request(
    script: bool, open_page: OpenPage, screens: Screens, world: World
) -> None:
    siret = a_siret()
    world.companies.describe(in_montpellier(siret))
    page = await open_page(script=script)
    await page.goto("/enrolment")
    await page.fill("#siret", siret)
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#name")
    assert await page.input_value("#name") == "ATELIERS DURAND"
    assert "MONTPELLIER" in await page.input_value("#address")
    assert await page.input_value("#department") == "34"
    for name, text in {"person": "Jeanne Martin", "quality": "gérante", "email": f"{siret}@ateliers.invalid"}.items():
        await page.fill(f"#{name}", text)
    await page.check("#accepted")
    if script:
        await screens.check(page, "enrolment-proposed")
    await page.get_by_role("button", name="Adhérer", exact=True).click()
    await page.wait_for_url("**/enrolment/received")
    await page.reload()
    assert await page.get_by_role("heading", name="Votre adhésion est reçue").is_visible()
    if script:
        await screens.check(page, "enrolment-received")
        await page.get_by_role("button", name="Corriger l’adresse").click()
        await screens.check_errors(page, "enrolment-address")
    await page.goto(f"/activation?code={await mailed_code(world.folder / 'mail', siret)}")
    await page.fill("#password", PASSWORD)
    await page.get_by_role("button", name="Activer").click()
    await page.wait_for_url("**/welcome")
    if script:
        await screens.check(page, "activated")
    await page.get_by_role("link", name="Déposer une demande").click()
    assert await page.get_by_role("heading", name="Motif et dates").is_visible()
