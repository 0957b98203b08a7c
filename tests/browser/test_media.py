"""The same pages on paper, in forced colours, and enlarged to four times their size."""

import pytest
from playwright.async_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.screens import NARROWEST, Screens

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def _visible(page: Page, selector: str) -> bool:
    return await page.locator(selector).first.is_visible()


async def test_paper_has_the_text_without_what_only_a_screen_can_use(open_page: OpenPage, screens: Screens) -> None:
    page = await open_page(fresh=True)
    await page.goto("/composants")
    await page.emulate_media(media="print", color_scheme="dark")
    hidden = {each: await _visible(page, each) for each in ("header nav", "footer", "button", ".skip", ".tabs")}
    assert hidden == dict.fromkeys(hidden, False)
    assert await _visible(page, "main table")
    assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert await page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    if screens.folder:
        await page.screenshot(path=screens.folder / "components-print.png", full_page=True)


async def test_forced_colours_keep_what_colour_alone_would_say(open_page: OpenPage, screens: Screens) -> None:
    page = await open_page(fresh=True)
    await page.goto("/composants")
    await page.emulate_media(forced_colors="active")
    for each in (".tag", ".notice", ".summary", "main .button"):
        width = await page.evaluate(f"getComputedStyle(document.querySelector('{each}')).borderTopWidth")
        assert float(width.removesuffix("px")) >= 1, each
    if screens.folder:
        await page.screenshot(path=screens.folder / "components-forced.png", full_page=True)


async def test_a_table_on_a_narrow_screen_stays_a_table_for_assistive_technology(open_page: OpenPage) -> None:
    page = await open_page(fresh=True)
    await page.set_viewport_size({"width": NARROWEST, "height": 900})
    await page.goto("/composants")
    table = page.get_by_role("table", name="Demandes")
    assert await table.get_by_role("row").count() == 4
    assert await table.get_by_role("rowheader", name="974BCDE01").is_visible()
    assert await table.get_by_role("cell", name="Sucrerie de Saint-Louis").is_visible()
