"""The name and the address of an account, changed in the page: the new address is proven, the old one is told."""

from collections.abc import Iterator

import httpx
import pyotp
import pytest
from sqlalchemy import text

from local.postgres import Postgres
from models.engine.names import account_process
from models.store.audit import rows
from models.store.audit.findings import Findings
from models.store.database import Database
from models.store.people import notices
from tests.starter.conftest import one_register
from tests.starter.pages.browsing import form_token
from tests.starter.people import PASSWORD, Door, Person, a_person, mailed, sign_in

pytestmark = pytest.mark.usefixtures("unhurried")


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


async def send(browser: httpx.AsyncClient, person: Person, address: str, **fields: str) -> httpx.Response:
    token = form_token((await browser.get("/account", headers=person.headers)).text)
    return await browser.post(address, data=fields | {"form_token": token}, headers=person.headers)


async def test_an_address_counts_once_its_code_is_used_and_the_old_one_is_told(
    browser: httpx.AsyncClient, chief: Person, door: Door, database: Database
) -> None:
    wanted, old = f"neuve.{chief.login}", chief.login
    asked = await send(browser, chief, "/account/address/code", email=wanted, password=PASSWORD)
    assert asked.status_code == 303
    shown = (await browser.get(asked.headers["location"], headers=chief.headers)).text
    assert "Un code est envoyé à la nouvelle adresse." in shown
    code, sent_to = mailed(database, "address_code")
    assert sent_to == wanted
    assert (await sign_in(door(), Person(chief.who, wanted))).status_code == 401
    other = a_person(database)
    await sign_in(door(), other)
    stolen = await send(browser, other, "/account/address", code=code)
    assert stolen.status_code == 422
    done = await send(browser, chief, "/account/address", code=code)
    assert done.status_code == 303
    assert wanted in (await browser.get("/account", headers=chief.headers)).text
    assert (await sign_in(door(), Person(chief.who, wanted))).status_code == 200
    assert (await sign_in(door(), Person(chief.who, old))).status_code == 401
    assert (await send(browser, chief, "/account/address", code=code)).status_code == 422
    with database.begin() as connection:
        query = "SELECT account_id::text FROM notice WHERE kind = 'address_changed' ORDER BY created_at DESC LIMIT 1"
        holder = connection.execute(text(query)).scalar_one()
        (told,) = [
            each for each in notices.list_unsent(connection, account_process(holder)) if each.kind == "address_changed"
        ]
    assert told.account.email == old
    assert [each for each in differences(database) if chief.who.account_id in each] == []


async def test_the_address_of_another_account_is_refused_to_whoever_shows_its_code_and_asked_for_like_any(
    browser: httpx.AsyncClient, chief: Person, database: Database
) -> None:
    taken = a_person(database).login
    asked = await send(browser, chief, "/account/address/code", email=taken, password=PASSWORD)
    assert asked.status_code == 303
    refused = await send(browser, chief, "/account/address", code=mailed(database, "address_code")[0])
    assert refused.status_code == 422
    assert "Un autre compte porte déjà cette adresse." in refused.text


@pytest.mark.parametrize(
    ("address", "fields", "links"),
    [
        ("/account/address/code", {}, ["email", "password"]),
        ("/account/address/code", {"email": "pas une adresse", "password": PASSWORD}, ["email"]),
        ("/account/address/code", {"email": "a@tacite.invalid", "password": "faux"}, ["password"]),
        ("/account/address", {"code": "AAAAA-BBBBB-CCCCC-DDDDD"}, ["code"]),
        ("/account/name", {}, ["name"]),
        ("/account/name", {"name": "\u202e"}, ["name"]),
    ],
)
async def test_a_wrong_field_says_it_beside_and_keeps_what_was_typed(
    browser: httpx.AsyncClient, chief: Person, address: str, fields: dict[str, str], links: list[str]
) -> None:
    answer = await send(browser, chief, address, **fields)
    assert answer.status_code == 422
    assert [f'href="#{each}"' in answer.text for each in links] == [True] * len(links)
    assert 'value="pas une adresse"' in answer.text or "pas une adresse" not in fields.values()
    assert PASSWORD not in answer.text


def differences(database: Database) -> list[str]:
    """What the audit finds of accounts that is not what their events state."""
    findings = Findings()
    with database.begin() as connection:
        rows.check_people(connection, None, findings)
    return [f"{each.subject} {each.what}" for each in findings.verdict(0, everything=True).broken]


async def test_a_name_is_changed_at_once(browser: httpx.AsyncClient, chief: Person, database: Database) -> None:
    done = await send(browser, chief, "/account/name", name="Jeanne Martin-Roux")
    page = (await browser.get(done.headers["location"], headers=chief.headers)).text
    assert "Votre nom est changé." in page
    assert "Jeanne Martin-Roux" in page
    assert [each for each in differences(database) if chief.who.account_id in each] == []


async def test_recovery_codes_are_shown_once_when_codes_are_set_and_renewed(
    browser: httpx.AsyncClient, chief: Person, database: Database
) -> None:
    begun = await send(browser, chief, "/account/totp", password=PASSWORD)
    secret = begun.text.partition('<code class="named">')[2].partition("<")[0].replace(" ", "")
    shown = await send(browser, chief, "/account/totp/confirmation", code=pyotp.TOTP(secret).now())
    assert "Notez-les maintenant" in shown.text.replace("\u00a0", " ")
    assert shown.text.count('<code class="named">') == 10
    page = (await browser.get("/account", headers=chief.headers)).text
    assert "Il vous en reste <strong>10</strong>" in page
    wrong = await send(browser, chief, "/account/totp/recovery-codes", password="faux")
    assert wrong.status_code == 422
    assert 'href="#recovery"' in wrong.text
    renewed = await send(browser, chief, "/account/totp/recovery-codes", password=PASSWORD)
    assert renewed.text.count('<code class="named">') == 10
    assert renewed.text != shown.text
    with database.begin() as connection:
        kinds = [each.kind for each in notices.list_unsent(connection, account_process(chief.who.account_id))]
    assert {"codes_set", "recovery_codes_made"} <= {*kinds}
