"""Acts without return are asked before and said after; roles, invitations, tokens and mails of an account."""

import re
from collections.abc import Iterator
from datetime import datetime

import httpx
import pytest
from sqlalchemy import text

from local.postgres import Postgres
from models.engine.names import account_process
from models.store.database import Database
from models.store.people import notices
from tests.starter.conftest import one_register
from tests.starter.pages.browsing import form_token
from tests.starter.people import PASSWORD, Door, Person, a_person, join, knocking, sign_in
from tests.starter.services.test_mandates import a_mandate

pytestmark = pytest.mark.usefixtures("unhurried")


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


class Hand:
    """Somebody who reads pages and sends their forms."""

    def __init__(self, browser: httpx.AsyncClient, person: Person) -> None:
        self._browser = browser
        self._person = person

    async def read(self, address: str, status: int = 200) -> str:
        answer = await self._browser.get(address, headers=self._person.headers)
        assert answer.status_code == status, answer.text
        return answer.text.replace("\u00a0", " ")

    async def send(self, address: str, **fields: str) -> httpx.Response:
        token = form_token(await self.read("/account"))
        return await self._browser.post(address, data=fields | {"form_token": token}, headers=self._person.headers)

    async def done(self, address: str, **fields: str) -> str:
        """Send a form, and return the page that says what was done."""
        answer = await self.send(address, **fields)
        assert answer.status_code == 303, answer.text
        return await self.read(answer.headers["location"])


@pytest.fixture
def hand(browser: httpx.AsyncClient, chief: Person) -> Hand:
    return Hand(browser, chief)


def kinds(database: Database, account_id: str) -> list[str]:
    with database.begin() as connection:
        return [each.kind for each in notices.list_unsent(connection, account_process(account_id))]


def link(page: str, path: str) -> str:
    found = re.search(rf'href="([^"]*{path}\?id=[^"]+)"', page)
    assert found is not None, path
    return found[1]


async def test_removing_and_leaving_are_asked_with_their_consequence_and_said_after(
    browser: httpx.AsyncClient, hand: Hand, chief: Person, door: Door, database: Database
) -> None:
    place = f"/establishments/{chief.who.siret}"
    assert "L’invitation est envoyée." in await hand.done(
        f"{place}/members", name="Karim", email="karim@tacite.invalid", role="member"
    )
    again = re.search(r'/members/invitation".*?name="id" value="([^"]+)"', await hand.read(place), re.DOTALL)
    assert again is not None
    assert "L’invitation est envoyée." in await hand.done(f"{place}/members/invitation", id=again[1])
    karim = await join(door, database, "invitation")
    found = re.search(r'/members/role".*?name="id" value="([^"]+)"', await hand.read(place), re.DOTALL)
    assert found is not None
    members = (await knocking(door(), chief).get("/members", params={"siret": chief.who.siret})).json()["items"]
    (member,) = [each["id"] for each in members if each["id"] != chief.who.account_id]
    assert (await hand.send(f"{place}/members/invitation", id=member)).status_code == 404
    assert "Le rôle est changé." in await hand.done(f"{place}/members/role", id=member, role="main")
    assert "interlocuteur principal" in await Hand(browser, karim).read(place)
    asked = await hand.read(f"{place}/members/removal?id={member}")
    assert "n’aura plus accès à l’établissement" in asked
    assert "Cette personne n’a plus accès" in await hand.done(f"{place}/members/removal", id=member)
    last = await hand.send(f"{place}/members/role", id=chief.who.account_id, role="member")
    assert last.status_code == 422
    assert "le dernier interlocuteur principal" in last.text
    leaving = await hand.read(f"{place}/members/removal?id={chief.who.account_id}")
    assert "Quitter cet établissement" in leaving
    await hand.read(f"{place}/members/removal?id={member}", status=404)
    assert (await hand.send(f"{place}/members/role", id=chief.who.account_id, role="roi")).status_code == 422


async def test_a_mandate_is_offered_again_then_revoked_after_a_question(
    hand: Hand, chief: Person, door: Door, database: Database
) -> None:
    place = f"/establishments/{chief.who.siret}"
    mandate = (await knocking(door(), chief).post("/mandates", json=a_mandate(chief))).json()["id"]
    assert "Le courriel qui propose le mandat est envoyé." in await hand.done(
        f"{place}/mandates/invitation", id=mandate
    )
    asked = await hand.read(link(await hand.read(place), "/mandates/revocation"))
    assert "Révoquer le mandat de Cabinet Lefort ?" in asked
    assert "Le mandat est révoqué." in await hand.done(f"{place}/mandates/revocation", id=mandate)
    assert (await hand.send(f"{place}/mandates/invitation", id=mandate)).status_code == 404
    await hand.read(f"{place}/mandates/revocation?id={mandate}", status=404)
    stranger = a_person(database)
    await sign_in(door(), stranger)
    for path in (f"/mandates/{mandate}/invitation", f"/members/{mandate}/invitation?siret={chief.who.siret}"):
        assert (await knocking(door(), stranger).post(path)).status_code == 404


async def test_an_invalid_mandate_says_it_beside_its_own_fields(hand: Hand, chief: Person) -> None:
    place = f"/establishments/{chief.who.siret}"
    wrong = await hand.send(f"{place}/mandates", name="Cabinet", email="pas une adresse", password=PASSWORD)
    page = wrong.text
    assert wrong.status_code == 422
    assert 'href="#agent-email"' in page
    assert 'href="#starts_on"' in page
    assert re.search(r'id="agent-email"[^>]*aria-invalid="true"', page)
    assert not re.search(r'id="email"[^>]*aria-invalid="true"', page)


async def test_a_token_has_a_last_day_and_its_holder_is_told(hand: Hand, chief: Person, database: Database) -> None:
    past = await hand.send("/account/tokens", label="Paie", scope="write", expires_on="2020-01-31")
    assert past.status_code == 422
    assert "Cet instant est déjà passé." in past.text
    assert 'value="2020-01-31"' in past.text
    assert 'value="Paie"' in past.text
    unreal = await hand.send("/account/tokens", label="Paie", scope="read", expires_on="31/02/2031")
    assert "Ce jour n’existe pas" in unreal.text
    made = await hand.send("/account/tokens", label="Paie", scope="read", expires_on="31/01/2031")
    assert "Votre jeton d’accès" in made.text.replace("\u00a0", " ")
    with database.begin() as connection:
        query = "SELECT expires_at FROM token WHERE account_id = CAST(:a AS uuid) AND label = 'Paie'"
        ends: datetime = connection.execute(text(query), {"a": chief.who.account_id}).scalar_one()
    assert ends == datetime.fromisoformat("2031-02-01T00:00:00+01:00")
    assert kinds(database, chief.who.account_id) == ["token_issued"]
    asked = link(await hand.read("/account"), "/account/tokens/revocation")
    assert "Révoquer le jeton « Paie » ?" in await hand.read(asked)
    done = await hand.done("/account/tokens/revocation", id=asked.partition("id=")[2])
    assert "Le jeton est révoqué." in done


async def test_a_mail_a_day_is_asked_for_and_given_up_in_the_page(hand: Hand, chief: Person) -> None:
    assert "Votre choix est enregistré." in await hand.done("/account/daily-digest", wanted="yes")
    assert re.search(r'name="wanted"[^>]* checked', await hand.read("/account"))
    await hand.done("/account/daily-digest")
    assert not re.search(r'name="wanted"[^>]* checked', await hand.read("/account"))
