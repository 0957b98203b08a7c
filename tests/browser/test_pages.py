"""Every page, and every form with its errors, as people see it: narrow and wide, in light and in dark."""

import pytest
from playwright.async_api import FilePayload, Page, Request

from local.caller import Caller
from local.world import World
from models.labels import Status
from models.store.database import Database
from models.terms import VERSIONS
from tests.browser.conftest import OpenPage
from tests.browser.screens import Screens
from tests.builders import a_filing, employer, staff

pytestmark = pytest.mark.asyncio(loop_scope="session")

PUBLIC = {
    "home": "/",
    "sign-in": "/sign-in",
    "enrolment-siret": "/enrolment",
    "enrolment": "/enrolment?siret=35600000000048",
    "enrolment-code": "/enrolment/code",
    "enrolment-sent": "/enrolment/sent",
    "activation": "/activation",
    "password": "/password",
    "password-code": "/password?code=ABCDE-FGHJK-LMNPQ-RSTUV",
    "invitation": "/invitation",
    "verification": "/verification",
    "document-code-unknown": "/verification/ABCDE-FGHJK",
    "problems": "/problems",
    "problem": "/problems/deadline-passed",
    "case-signed-out": "/requests/034ZZZZ99",
    "draft-signed-out": "/drafts/0196d0a0-0000-7000-8000-000000000000",
    "not-found": "/nowhere",
    "accessibility": "/accessibility",
    "legal-notice": "/legal-notice",
    "privacy": "/privacy",
    "cookies": "/cookies",
    "contact": "/contact",
    "terms": "/terms",
    "terms-version": f"/terms/{VERSIONS[-1]}",
    "components": "/composants",
    "deadlines": "/deadlines",
    "deadline": "/deadlines?received_on=2026-11-28&department=974",
    "windows": "/filing-windows",
    "window-closed": "/filing-windows?ground=exceptional_circumstances&placement_on=2020-03-20&department=75",
    "window-errors": "/filing-windows?placement_on=hier&department=99",
    "allowances": "/allowances",
    "allowance": "/allowances?on=2021-05-01&to=2021-07-31&hours=400&hourly_gross=20&department=75",
    "allowance-errors": "/allowances?on=hier&hours=beaucoup&hourly_gross=",
}
PAGE_BUDGET = 100 * 1024
"""Bytes that a first visit may transfer, font included."""
FORMS = {
    "deadlines": "/deadlines",
    "sign-in": "/sign-in",
    "enrolment-siret": "/enrolment",
    "enrolment": "/enrolment?siret=35600000000048",
    "enrolment-code": "/enrolment/code",
    "activation": "/activation",
    "password": "/password",
    "password-code": "/password?code=ABCDE-FGHJK-LMNPQ-RSTUV",
    "invitation": "/invitation",
    "verification": "/verification",
}


@pytest.mark.parametrize("name", PUBLIC)
async def test_a_public_page_can_be_read_by_anybody(name: str, open_page: OpenPage, screens: Screens) -> None:
    page = await open_page()
    await page.goto(PUBLIC[name])
    await screens.check(page, name)


@pytest.mark.parametrize("name", FORMS)
async def test_a_form_sent_empty_says_what_is_missing_to_anybody(
    name: str, open_page: OpenPage, screens: Screens
) -> None:
    page = await open_page()
    await page.goto(FORMS[name])
    await page.click("main form button[type=submit]")
    await screens.check_errors(page, name)


async def test_the_space_of_an_employer_can_be_read_by_anybody(
    open_page: OpenPage, screens: Screens, database: Database
) -> None:
    who = employer(database, proven=False)
    page = await open_page(who.account_id)
    for name, address in {
        "requests-none": "/requests",
        "account": "/account",
        "establishment": f"/establishments/{who.siret}",
        "authority": f"/establishments/{who.siret}/authority",
        "home-signed-in": "/",
        "not-found-signed-in": "/nowhere",
        "forbidden": "/unit",
    }.items():
        await page.goto(address)
        assert await _is_signed_in(page)
        await screens.check(page, name)


@pytest.mark.parametrize("role", ["head", "auditor", "operator"])
async def test_who_is_signed_in_is_said_to_every_role(
    role: str, open_page: OpenPage, screens: Screens, database: Database
) -> None:
    page = await open_page(staff(database, role).account_id)
    for name, address in {"home": "/", "unit": "/unit"}.items():
        await page.goto(address)
        assert await _is_signed_in(page)
        await screens.check(page, f"{name}-{role}")


async def test_a_case_and_its_documents_can_be_read_by_anybody(
    open_page: OpenPage, screens: Screens, database: Database, world: World
) -> None:
    who = employer(database)
    filed = await Caller(world.site, who.token).post("/requests", a_filing())
    page = await open_page(who.account_id)
    for name, address in {"requests": "/requests", "request": f"/requests/{filed['reference']}"}.items():
        await page.goto(address)
        await screens.check(page, name)
    await page.goto("/verification")
    await page.set_input_files("#file", FilePayload(name="faux.pdf", mimeType="application/pdf", buffer=b"%PDF-1.7\n"))
    await page.click("main form button")
    await page.wait_for_selector("main .verdict")
    await screens.check(page, "verdict")


@pytest.mark.parametrize("address", ["/", "/enrolment", "/terms", "/problems", "/composants"])
async def test_a_first_visit_transfers_little_and_from_us_alone(
    address: str, open_page: OpenPage, world: World
) -> None:
    page = await open_page(fresh=True)
    requests: list[Request] = []
    page.on("requestfinished", lambda request: requests.append(request))
    await page.goto(address, wait_until="networkidle")
    assert await page.evaluate("document.fonts.check('16px \"Public Sans\"')")
    sizes = [await each.sizes() for each in requests]
    assert sum(each["responseBodySize"] + each["responseHeadersSize"] for each in sizes) < PAGE_BUDGET
    assert {each.url.startswith(f"{world.site}/") for each in requests} == {True}


async def test_the_policy_of_a_page_blocks_nothing_that_it_needs(open_page: OpenPage) -> None:
    page = await open_page(fresh=True)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for address in ("/", "/sign-in", "/composants"):
        await page.goto(address, wait_until="networkidle")
    await page.select_option("#etat", Status.AWAITING_COMPLETION.label)
    async with page.expect_response("**/composants?**"):
        await page.click(".filters button")
    await page.wait_for_url("**/composants?etat=**")
    await page.wait_for_function("document.querySelectorAll('#resultats tbody tr').length === 1")
    assert await page.locator("h2", has_text="Chronologie").is_visible()
    assert said == []


@pytest.mark.parametrize("script", [True, False])
async def test_a_filter_and_a_form_work_with_and_without_scripts(script: bool, open_page: OpenPage) -> None:
    page = await open_page(script=script)
    await page.goto("/composants")
    await page.select_option("#etat", Status.AWAITING_COMPLETION.label)
    await page.click(".filters button")
    await page.wait_for_url("**/composants?etat=**")
    await page.wait_for_selector("#resultats tbody tr >> nth=0")
    rows = page.locator("#resultats tbody tr")
    await rows.filter(has_text="974BCDE01").wait_for()
    while await rows.count() > 1:
        await page.wait_for_timeout(50)
    await page.goto("/sign-in")
    await page.fill("#login", "personne@example.invalid")
    await page.fill("#password", "une phrase que personne ne devine")
    await page.keyboard.press("Enter")
    await page.wait_for_selector(".summary")
    assert await page.input_value("#login") == "personne@example.invalid"


async def test_the_keyboard_reaches_the_content_first_and_shows_where_it_is(open_page: OpenPage) -> None:
    page = await open_page()
    await page.goto("/")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.textContent") == "Aller au contenu"
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "contenu"
    await page.keyboard.press("Tab")
    outline = "getComputedStyle(document.activeElement).outlineWidth"
    assert await page.evaluate(outline) == "3px"


async def test_targets_are_large_enough_for_a_finger(open_page: OpenPage) -> None:
    page = await open_page()
    await page.goto("/composants")
    small = await page.evaluate(
        "[...document.querySelectorAll('button, .button, input:not([type=hidden]), select, nav a, summary')]"
        ".filter((e) => e.getBoundingClientRect().height < 24).map((e) => e.outerHTML.slice(0, 80))"
    )
    assert small == []


async def _is_signed_in(page: Page) -> bool:
    return await page.locator("header form.me button").is_visible()
