"""A request filed as a person does it, in a real browser: with and without scripts, narrow and wide, by keyboard."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import FilePayload, Page

from models.store.database import Database
from tests.browser.conftest import IN_EVERY_WAY, OpenPage
from tests.builders import Credentials, employer
from tests.cases import CIRCUMSTANCES, HOLDER, IBAN
from tests.starter.files import a_pdf

pytestmark = pytest.mark.asyncio(loop_scope="session")

MINUTES = FilePayload(name="avis.pdf", mimeType="application/pdf", buffer=a_pdf())


def on(days: int) -> str:
    """A day from today, as a date field takes it."""
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


async def go_on(page: Page, label: str = "Enregistrer et continuer") -> None:
    await page.get_by_role("button", name=label, exact=True).click()


async def begin(page: Page) -> None:
    """Say for which ground and days a request is prepared."""
    await page.goto("/requests")
    await page.get_by_role("link", name="Déposer une demande").click()
    await page.get_by_label("Autre circonstance de caractère exceptionnel").check()
    await page.fill("#placement_on", on(2))
    await page.fill("#start_on", on(2))
    await page.fill("#end_on", on(60))


async def answer(page: Page, *, headcount: str = "120") -> None:
    """Answer every question after the first, with an opinion of the council attached."""
    await page.fill("#headcount", headcount)
    await page.fill("#employees", "42")
    await page.fill("#hours", "1 200,5")
    await go_on(page)
    await page.get_by_label("Fermeture temporaire de tout l’établissement").check()
    await page.fill("#circumstances", CIRCUMSTANCES)
    await go_on(page)
    await page.get_by_label("Oui : il a donné un avis favorable").check()
    await go_on(page)
    await page.fill("#given_on", on(-2))
    await page.set_input_files("#file", MINUTES)
    await go_on(page, "Joindre et continuer")
    await page.fill("#iban", IBAN)
    await page.fill("#holder", HOLDER)
    await page.get_by_label("À l’entreprise, qui verse").check()
    await go_on(page)


@IN_EVERY_WAY
async def test_a_request_is_filed_with_and_without_scripts_narrow_and_wide(
    script: bool, width: int, open_page: OpenPage, database: Database
) -> None:
    page = await open_page(employer(database).account_id, script=script, width=width)
    await begin(page)
    await go_on(page)
    await answer(page)
    assert await page.get_by_text("1\u202f200,5").is_visible()
    await page.get_by_role("button", name="Déposer la demande").dblclick()
    await page.wait_for_url("**/filed")
    reference = await page.locator(".reference").inner_text()
    await page.go_back()
    await page.reload()
    await page.wait_for_url(f"**/requests/{reference}/filed")
    await page.goto("/requests")
    assert await page.get_by_role("link", name=reference).count() == 1


async def test_the_window_is_said_as_soon_as_the_dates_are_chosen(open_page: OpenPage, database: Database) -> None:
    page = await open_page(employer(database).account_id)
    await begin(page)
    await page.locator("#fenetre").get_by_text("Vous pouvez déposer jusqu’au").wait_for()
    await page.fill("#placement_on", on(-45))
    await page.keyboard.press("Tab")
    await page.locator("#fenetre").get_by_text("Il est trop tard").wait_for()


async def test_a_request_is_filed_by_keyboard_alone(open_page: OpenPage, database: Database) -> None:
    page = await open_page(employer(database).account_id)
    keys = page.keyboard
    await page.goto("/requests/new")
    await _tab_to(page, "ground")
    await keys.press("ArrowUp")  # to the last ground
    for day in (2, 2, 60):
        await _tab_to(page, "placement_on", "start_on", "end_on")
        await _type_day(page, on(day))
    await keys.press("Enter")
    await page.wait_for_url("**/figures")
    for name, text in {"headcount": "42", "employees": "42", "hours": "1200"}.items():
        await _tab_to(page, name)
        await keys.type(text)
    await keys.press("Enter")
    await page.wait_for_url("**/circumstances")
    await _tab_to(page, "perimeter")
    await keys.press("Space")
    await _tab_to(page, "circumstances")
    await keys.type(CIRCUMSTANCES)
    await _press(page, "Enregistrer et continuer")
    await page.wait_for_url("**/council")
    await _tab_to(page, "opinion")
    await keys.press("ArrowUp")  # to the last answer
    await _press(page, "Enregistrer et continuer")
    await page.wait_for_url("**/account")
    for name, text in {"iban": IBAN, "holder": HOLDER}.items():
        await _tab_to(page, name)
        await keys.type(text)
    await _tab_to(page, "direct_payment")
    await keys.press("Space")
    await _press(page, "Enregistrer et continuer")
    await page.wait_for_url("**/check")
    await _press(page, "Déposer la demande")
    await page.wait_for_url("**/filed")


async def _type_day(page: Page, day: str) -> None:
    """Type a day into the field that has the focus, in the order in which this browser asks for its parts."""
    year, month, number = day.split("-")
    for typed in (f"{number}{month}{year}", f"{month}{number}{year}"):
        await page.keyboard.type(typed)
        if await page.evaluate("document.activeElement.value") == day:
            return
        for _ in range(2):
            await page.keyboard.press("ArrowLeft")
    raise AssertionError(f"{day} cannot be typed")


async def _tab_to(page: Page, *ids: str) -> None:
    """Press Tab until the focus enters one of these fields, from outside it."""
    where = "document.activeElement.id.replace(/-[0-9]+$/, '') + ':' + document.activeElement.tagName"
    before = str(await page.evaluate(where))
    for _ in range(60):
        await page.keyboard.press("Tab")
        now = str(await page.evaluate(where))
        if now != before and now.partition(":")[0] in ids:
            return
    raise AssertionError(f"Tab never reaches {ids}")


async def _press(page: Page, label: str) -> None:
    """Press Tab until a button of this name has the focus, then Enter."""
    for _ in range(60):
        await page.keyboard.press("Tab")
        if (await page.evaluate("document.activeElement.textContent")).strip() == label:
            await page.keyboard.press("Enter")
            return
    raise AssertionError(f"Tab never reaches « {label} »")


async def test_what_was_typed_outlives_a_session_that_ends(open_page: OpenPage, database: Database) -> None:
    page = await open_page(employer(database).account_id)
    await begin(page)
    await go_on(page)
    await page.wait_for_url("**/figures")
    base = page.url.rpartition("/")[0]
    await page.goto(f"{base}/circumstances")
    await page.fill("#circumstances", CIRCUMSTANCES)
    held = await page.context.cookies()
    await page.context.clear_cookies()
    await go_on(page)
    await page.get_by_role("heading", name="Votre session a pris fin").wait_for()
    await page.context.add_cookies(
        [{"name": str(each["name"]), "value": str(each["value"]), "url": page.url} for each in held]
    )
    await go_on(page, "Reprendre ma saisie")
    assert await page.input_value("#circumstances") == CIRCUMSTANCES


async def test_a_network_lost_during_an_upload_loses_nothing(open_page: OpenPage, database: Database) -> None:
    who: Credentials = employer(database)
    page = await open_page(who.account_id)
    await begin(page)
    await go_on(page)
    await page.wait_for_url("**/figures")
    base = page.url.rpartition("/")[0]
    await page.fill("#headcount", "120")
    await page.fill("#employees", "42")
    await page.fill("#hours", "1200")
    await go_on(page)
    await page.goto(f"{base}/council")
    await page.get_by_label("Oui : il a donné un avis favorable").check()
    await go_on(page)
    await page.fill("#given_on", on(-2))
    await page.set_input_files("#file", MINUTES)
    await page.route("**/opinion", lambda route: route.abort("internetdisconnected"))
    await go_on(page, "Joindre et continuer")
    await page.wait_for_timeout(300)
    await page.unroute("**/opinion")
    await page.goto(base)
    assert await page.get_by_role("link", name="Salariés et heures").is_visible()
    await page.goto(f"{base}/opinion?opinion=favourable")
    for _ in range(2):
        await page.fill("#given_on", on(-2))
        await page.set_input_files("#file", MINUTES)
        await go_on(page, "Joindre et continuer")
        await page.wait_for_url("**/account")
        await page.go_back()
    await page.goto(f"{base}/check")
    assert await page.get_by_text("joint", exact=True).is_visible()
