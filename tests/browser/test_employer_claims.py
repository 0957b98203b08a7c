"""The months of an authorization as its employer claims them in a real browser, read by anybody, in every way."""

from datetime import timedelta

import pytest
from playwright.async_api import FilePayload, Page, expect

from local.world import World
from models.claim_labels import UploadState
from models.engine.keys import MasterKey
from models.store.database import Database
from tests.browser.conftest import IN_EVERY_WAY, OpenPage
from tests.browser.screens import Screens
from tests.builders import employer
from tests.starter.claimed import authorized_for
from tests.uploads import A_LINE, NIR, a_dsn, a_file

pytestmark = pytest.mark.asyncio(loop_scope="session")
LINE = A_LINE | {"heures_chomees": "7", "heures_travaillees": "28"}
READ_WITHIN_MS = 30_000


def authorized(database: Database, world: World, **terms: object) -> tuple[str, str]:
    """An employer, and the page of its case whose first months can be claimed."""
    boss = employer(database, department="34")
    reference = authorized_for(database, boss, master=MasterKey(world.master_key), **terms)
    return boss.account_id, f"/requests/{reference}"


async def send(page: Page, content: bytes, then: UploadState) -> None:
    """Send a file by the form of a month, and wait until the page says how it was read."""
    payload = FilePayload(name="paie.csv", mimeType="text/csv", buffer=content)
    await page.set_input_files("#file", payload)
    await page.click("text=Envoyer et vérifier")
    await expect(page.locator("#etat")).to_have_text(then.label, timeout=READ_WITHIN_MS)


@IN_EVERY_WAY
async def test_a_month_is_claimed_and_cancelled_in_every_way(
    script: bool, width: int, open_page: OpenPage, database: Database, world: World, look: Screens
) -> None:
    account_id, case = authorized(database, world)
    page = await open_page(account_id, script=script, width=width)
    await page.goto("/requests")
    await look.check(page, "requests-months-to-claim")
    await page.goto(case)
    await look.check(page, "request-months-to-claim")
    await page.click("text=Demander l’indemnisation de décembre 2026")
    await send(page, a_file(LINE), UploadState.READ)
    await look.check(page, "month-file-read")
    await page.click("button:has-text('Déposer la demande')")
    await expect(page.locator("[role=status]")).to_contain_text("est déposée")
    await look.check(page, "month-claimed")
    await page.click("text=Voir les salariés")
    await look.check(page, "month-people")
    await page.click("text=Zoé Sentinelle")
    await look.check(page, "month-person")
    await page.goto(f"{case}/claims/2026-12")
    await page.click("text=Annuler cette demande")
    await look.check(page, "month-cancellation")
    await page.click("button:has-text('Annuler cette demande')")
    await expect(page.locator("[role=status]")).to_contain_text("est annulée")
    await look.check(page, "month-cancelled")
    await page.goto(case)
    await look.check(page, "request-months-claimed")


async def test_a_month_and_what_is_wrong_with_its_file_can_be_read_by_anybody(
    open_page: OpenPage, database: Database, world: World, screens: Screens
) -> None:
    account_id, case = authorized(database, world)
    page = await open_page(account_id)
    month = f"{case}/claims/2026-12"
    await page.goto(month)
    await screens.send_empty(page, "month", "text=Envoyer et vérifier")
    wrong = LINE | {"nir": f"{NIR[:13]}10"}
    coded = {"categorie": "C", "mode": "Dupont"}
    await send(page, a_file(LINE | coded | {"Tps": "oui"}, wrong | {"Tps": "non"}), UploadState.WITH_ERRORS)
    await screens.check(page, "month-file-wrong")
    await page.fill("#typed-mode-1-written", "Dupont")
    await page.click("text=Enregistrer et relire le fichier")
    await screens.check_errors(page, "month-file-codes")
    await expect(page.locator("#typed-mode-1-written")).to_have_value("Dupont")
    await page.select_option("#typed-mode-1", "02")
    await page.select_option("#category-1", "executive")
    await page.click("text=Enregistrer et relire le fichier")
    await expect(page.locator("#typed-mode-1")).to_have_count(0)
    await expect(page.locator("#etat")).to_have_text(UploadState.WITH_ERRORS.label, timeout=READ_WITHIN_MS)
    await expect(page.locator("#category-1 option:checked")).to_have_text("Cadre")
    await screens.check(page, "month-file-codes-explained")
    await page.goto(month)
    await send(page, b"%PDF-1.7", UploadState.UNREADABLE)
    await screens.check(page, "month-file-unreadable")


async def test_a_month_to_come_says_that_it_cannot_be_claimed_yet(
    open_page: OpenPage, database: Database, world: World, screens: Screens
) -> None:
    account_id, case = authorized(database, world, clock_offset=timedelta())
    page = await open_page(account_id)
    await page.goto(f"{case}/claims/2027-02")
    await expect(page.locator("main")).to_contain_text("Aucune demande ne peut être déposée")
    await screens.check(page, "month-to-come")


async def test_a_file_that_another_version_overtook_says_so(
    open_page: OpenPage, database: Database, world: World, screens: Screens
) -> None:
    account_id, case = authorized(database, world)
    first, second = await open_page(account_id), await open_page(account_id)
    for page in (first, second):
        await page.goto(f"{case}/claims/2026-12")
        await send(page, a_file(LINE), UploadState.READ)
    await first.click("button:has-text('Déposer la demande')")
    await expect(first.locator("[role=status]")).to_contain_text("est déposée")
    await second.click("button:has-text('Déposer la demande')")
    await screens.check_errors(second, "month-file")
    await second.click("button:has-text('Déposer la demande')")
    await expect(second.locator("[role=status]")).to_contain_text("est déposée")
    await screens.check(second, "month-replaced")


async def test_the_people_of_a_dsn_begin_a_grid(
    open_page: OpenPage, database: Database, world: World, screens: Screens
) -> None:
    boss = employer(database, department="34")
    reference = authorized_for(database, boss, master=MasterKey(world.master_key), employees=9, hours="2000")
    page = await open_page(boss.account_id)
    await page.goto(f"/requests/{reference}/claims/2026-12")
    await send(page, a_dsn(boss.siret), UploadState.READ)
    await screens.check(page, "month-file-dsn")
    await page.click("text=Saisir les heures de ces salariés")
    await expect(page.locator("h1")).to_contain_text("Saisir les heures")
    await expect(page.locator('[id="p3.nir"]')).not_to_have_value("")
    await screens.check(page, "month-grid-of-dsn")


ROW = {
    "family_name": "Sentinelle", "first_name": "Zoé", "nir": NIR, "contract_hours": "35", "hourly_gross": "15,20",
    "w1": "28", "i1": "7",
}  # fmt: skip
"""What is typed of a person, beside what is chosen."""


async def type_row(page: Page, number: int, **changes: str) -> None:
    for name, value in (ROW | changes).items():
        await page.fill(f'[id="p{number}.{name}"]', value)
    await page.select_option(f'[id="p{number}.category"]', "worker")
    await page.select_option(f'[id="p{number}.mode"]', "02")


@IN_EVERY_WAY
async def test_a_month_is_typed_in_a_grid_in_every_way(
    script: bool, width: int, open_page: OpenPage, database: Database, world: World, look: Screens
) -> None:
    account_id, case = authorized(database, world)
    page = await open_page(account_id, script=script, width=width)
    await page.goto(f"{case}/claims/2026-12")
    await page.click("text=saisir les salariés et leurs heures")
    await type_row(page, 1)
    await page.click("text=Ajouter un salarié")
    await type_row(page, 2, nir=NIR[:10] + "002", first_name="Ana", w1="17h30", i1="17,5")
    await look.check(page, "month-grid")
    await page.focus('[id="p2.i1"]')
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text("Vérifiez votre demande")
    await expect(page.locator("main")).to_contain_text("24,5 heures")
    await look.check(page, "month-grid-check")
    await page.click("text=Modifier la saisie")
    await expect(page.locator('[id="p1.w1"]')).to_have_value("28")
    await page.click("text=Vérifier la demande")
    await page.click("text=Déposer la demande")
    await expect(page.locator("[role=status]")).to_contain_text("est déposée")
    await page.click("text=saisir les salariés et leurs heures")
    await expect(page.locator('[id="p2.i1"]')).to_have_value("17,5")


async def test_wrong_things_typed_in_a_grid_can_be_read_by_anybody(
    open_page: OpenPage, database: Database, world: World, screens: Screens
) -> None:
    account_id, case = authorized(database, world)
    page = await open_page(account_id)
    await page.goto(f"{case}/claims/2026-12/grid")
    await screens.send_empty(page, "month-grid-empty", "text=Vérifier la demande")
    await type_row(page, 1, nir="12", contract_hours="99", hourly_gross="abc", family_name="<b>", w1="-3", i1="sept")
    await page.click("text=Vérifier la demande")
    await screens.check_errors(page, "month-grid-wrong")
    await page.click(".summary a >> nth=0")
    focused = await page.evaluate("document.activeElement.id")
    assert focused.startswith("p1."), focused
    await expect(page.locator('[id="p1.i1"]')).to_have_value("sept")
