"""The desk and its cases in a real browser: seen by anybody, and used by keyboard alone."""

from io import BytesIO

import pikepdf
import pytest
from playwright.async_api import Page, expect

from local.caller import Caller
from local.world import World
from models.store.database import Database
from tests.browser.conftest import OpenPage
from tests.browser.screens import Screens
from tests.browser.test_deciding import press, reach
from tests.builders import Credentials, a_filing, employer, staff

pytestmark = pytest.mark.asyncio(loop_scope="session")

SENTENCE = "(Le comite social et economique a rendu un avis favorable.) Tj"
TABLE = b"atelier;salaries;heures\nforge;10;1200\nfonderie;8;960\n"


def opinion_pdf() -> bytes:
    """Two pages with a sentence each."""
    with pikepdf.new() as pdf:
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        for _ in range(2):
            page = pdf.add_blank_page(page_size=(595, 842))
            page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            page.obj.Contents = pdf.make_stream(f"BT /F1 16 Tf 60 760 Td {SENTENCE} ET".encode())
        written = BytesIO()
        pdf.save(written)
        return written.getvalue()


async def a_case(world: World, boss: Credentials, content: bytes, name: str, **changes: object) -> tuple[str, str]:
    """File a request whose opinion is this file; returns the reference and the id of the file."""
    caller = Caller(world.site, boss.token)
    sent = await caller.upload(name, content, "application/octet-stream")
    opinion = {"opinion": "favourable", "given_on": "2026-11-20", "file": sent}
    filing = a_filing(works_council=opinion, headcount=60, employees=10, other_employees=True, **changes)
    return str((await caller.post("/requests", filing))["reference"]), sent


async def is_whole(page: Page) -> bool:
    return bool(await page.evaluate("[...document.querySelectorAll('main img')].every((e) => e.naturalWidth > 100)"))


async def test_the_desk_and_a_case_can_be_read_by_anybody(
    open_page: OpenPage, screens: Screens, world: World, database: Database
) -> None:
    page = await open_page(staff(database, "agent", "48").account_id)
    await page.goto("/desk")
    await screens.check(page, "desk-empty")
    boss = employer(database, department="48")
    reference, file_id = await a_case(world, boss, opinion_pdf(), "avis.pdf", hours="9999999")
    other, table_id = await a_case(world, boss, TABLE, "ateliers.csv", ground="restructuring")
    await Caller(world.site, boss.token).post(f"/requests/{reference}/messages", {"text": "Quand déciderez-vous ?"})
    for name, address in {
        "desk": "/desk",
        "desk-nothing-found": "/desk?status=refused",
        "desk-wrong-filters": "/desk?until_on=hier&status=late",
        "desk-load": "/desk/load",
        "desk-case": f"/desk/requests/{reference}",
        "desk-file": f"/desk/requests/{reference}/files/{file_id}",
        "desk-table": f"/desk/requests/{other}/files/{table_id}",
        "desk-messages": f"/desk/requests/{reference}/messages",
        "desk-foreign": "/desk/requests/034ZZZZ99",
    }.items():
        await page.goto(address)
        await screens.check(page, name)
    await page.goto(f"/desk/requests/{reference}/files/{file_id}?page=2")
    await expect(page.locator("main")).to_contain_text("Page 2 sur 2")
    assert await is_whole(page)
    await page.goto(f"/desk/requests/{reference}/messages")
    await page.click("text=Envoyer le message")
    await screens.check_errors(page, "desk-messages")


@pytest.mark.parametrize("script", [True, False])
async def test_a_case_is_found_taken_and_read_by_keyboard_alone(
    script: bool, open_page: OpenPage, world: World, database: Database
) -> None:
    boss = employer(database, department="15")
    reference, _ = await a_case(world, boss, opinion_pdf(), "avis.pdf")
    page = await open_page(staff(database, "agent", "15").account_id, script=script)
    await page.goto("/desk")
    await reach(page, "Référence, SIRET ou nom")
    await page.keyboard.type(reference)
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**/desk?q={reference}**")
    await expect(page.locator("#resultats tbody tr")).to_have_count(1)
    await press(page, reference)
    await page.wait_for_url(f"**/desk/requests/{reference}")
    await press(page, "Prendre ce dossier")
    await expect(page.locator("[role=status]")).to_contain_text("Vous avez pris ce dossier en charge.")
    await press(page, "Avis du comité social et économique")
    await expect(page.locator("main img")).to_be_visible()
    assert await is_whole(page)
    await press(page, "Page suivante")
    await expect(page.locator("main")).to_contain_text("Page 2 sur 2")
