"""The account of an employer and its establishments, what each of their forms says is wrong, and codes of mails."""

import pytest
from playwright.async_api import Page

from docs.walk_through import mailed_link
from local.world import World
from models.store.database import Database
from models.store.people import passkeys
from tests.browser.conftest import OpenPage
from tests.browser.screens import Screens
from tests.builders import employer
from tests.starter.letters import know_address
from tests.starter.people import PASSWORD, a_person

pytestmark = pytest.mark.asyncio(loop_scope="session")

PASSKEY = "Y2xl"
"""The id of a passkey, as addresses have it."""


async def send_emptied(page: Page, screens: Screens, action: str, name: str) -> None:
    """Empty a form of the page that is open, send it, and check what it says is missing."""
    form = page.locator(f'form[action="{action}"]')
    for field in await form.locator("input:not([type=hidden], [type=checkbox])").all():
        await field.fill("")
    await form.locator("button").click()
    await screens.check_errors(page, name)


async def test_the_pages_of_an_account_and_their_questions_can_be_read_by_anybody(
    open_page: OpenPage, screens: Screens, database: Database
) -> None:
    who = employer(database)
    with database.begin() as connection:
        passkeys.add(connection, who.account_id, "Téléphone", b"cle", b"key", 0)
    page = await open_page(who.account_id)
    for name, address in {
        "mandates-none": "/mandates",
        "identity": "/account/identity",
        "address-code": "/account/address",
        "passkey-removal": f"/account/passkeys/removal?id={PASSKEY}",
        "leaving": f"/establishments/{who.siret}/members/removal?id={who.account_id}",
    }.items():
        await page.goto(address)
        await screens.check(page, name)
    await page.get_by_role("button", name="Quitter cet établissement").click()
    await screens.check_errors(page, "leaving")


async def test_what_the_forms_of_an_account_say_is_missing_can_be_read_by_anybody(
    open_page: OpenPage, screens: Screens, database: Database
) -> None:
    who = employer(database)
    page = await open_page(who.account_id)
    for address, forms in {
        "/account": ("/account/totp", "/account/tokens", "/account/password"),
        "/account/identity": ("/account/name", "/account/address/code"),
        "/account/address": ("/account/address",),
        f"/establishments/{who.siret}": tuple(
            f"/establishments/{who.siret}/{each}" for each in ("members", "mandates")
        ),
    }.items():
        for action in forms:
            await page.goto(address)
            name = action.removeprefix("/account/").replace(f"/establishments/{who.siret}", "establishment")
            await send_emptied(page, screens, action, f"form-{name.replace('/', '-')}")


async def test_the_code_of_a_letter_can_be_typed_by_anybody(
    open_page: OpenPage, screens: Screens, database: Database
) -> None:
    who = employer(database, proven=False)
    know_address(database, who.siret)
    page = await open_page(who.account_id)
    await page.goto(f"/establishments/{who.siret}/authority")
    await page.get_by_role("button", name="Demander la lettre").click()
    await page.wait_for_selector("#code")
    await screens.send_empty(page, "authority-letter")


async def test_a_password_is_chosen_and_an_invitation_accepted_by_codes_that_mails_bring(
    open_page: OpenPage, screens: Screens, database: Database, world: World
) -> None:
    person, mailbox, newcomer = a_person(database), world.folder / "mail", "karim@ateliers.invalid"
    visitor, chief = await open_page(), await open_page(person.who.account_id)
    await chief.goto(f"/establishments/{person.who.siret}")
    await chief.fill("#name", "Karim Haddad")
    await chief.fill("#email", newcomer)
    await chief.get_by_role("button", name="Inviter", exact=True).click()
    await chief.get_by_text("L’invitation est envoyée.").wait_for()
    await visitor.goto("/password")
    await visitor.fill("#login", person.login)
    await visitor.get_by_role("button", name="Recevoir un code").click()
    await visitor.get_by_role("heading", name="Consultez votre messagerie").wait_for()
    await screens.check(visitor, "password-code-sent")
    for name, link, heading in (
        ("password-chosen", await mailed_link(mailbox, person.login, "Choisir"), "Votre mot de passe a changé"),
        ("invitation-accepted", await mailed_link(mailbox, newcomer, "Invitation"), "C’est accepté"),
    ):
        await visitor.goto(link)
        await visitor.fill("#password", PASSWORD)
        await visitor.click("main form button")
        await visitor.get_by_role("heading", name=heading).wait_for()
        await screens.check(visitor, name)
