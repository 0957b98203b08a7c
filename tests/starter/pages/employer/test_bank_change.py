"""The pages of a change of account: asked for by its employer, decided by an agent."""

import html

import httpx
import pytest

from models.store.database import Database
from tests.amendments import REASONS
from tests.bank_changes import OTHER_IBAN
from tests.cases import HOLDER, let_silence_accept
from tests.starter.pages.browsing import filed, form_token
from tests.starter.pages.employer.acting import hidden
from tests.starter.people import Door, Person

pytestmark = pytest.mark.usefixtures("unhurried")


async def _send(browser: httpx.AsyncClient, chief: Person, address: str, **typed: str) -> httpx.Response:
    page = (await browser.get(address, headers=chief.headers)).text
    stated = {"form_token": form_token(page), "key": hidden(page, "key")} | typed
    return await browser.post(address, data=stated, headers=chief.headers)


async def test_another_account_is_asked_for_from_the_case(
    browser: httpx.AsyncClient, chief: Person, door: Door, database: Database
) -> None:
    reference = await filed(door, chief)
    let_silence_accept(database, reference)
    case, address = f"/requests/{reference}", f"/requests/{reference}/bank-account"
    assert f'href="{address}"' in (await browser.get(case, headers=chief.headers)).text
    empty = html.unescape((await _send(browser, chief, address, iban="FR76")).text)
    for sentence in ("Cet IBAN n’est pas valable", "Indiquez le titulaire du compte.", "Dites pourquoi le compte"):
        assert sentence in empty
    sent = await _send(browser, chief, address, iban=OTHER_IBAN, holder=HOLDER, why_account=REASONS)
    assert sent.headers["location"].startswith(f"{case}?")
    shown = html.unescape((await browser.get(sent.headers["location"], headers=chief.headers)).text)
    assert "Votre demande de changement de compte est reçue." in shown
    assert "un agent en décidera." in shown
    assert f'href="{address}"' not in shown
    assert (await browser.get(address, headers=chief.headers)).status_code == 303
