"""Pages that prove an authority: the letter's code, and an identity provider of firms that may tell anything."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from local.ports import free_port
from local.programs import Identities
from models.letter_codes import new_code
from models.settings import Settings
from models.store.database import Database
from models.store.journal.events import SYSTEM
from models.store.people import letters
from starter.services.firm_proof import vouches
from tests.builders import employer
from tests.starter.conftest import a_setting
from tests.starter.letters import age, draw, know_address, known_code
from tests.starter.pages.browsing import SAME_SITE, form_token, open_browser
from tests.starter.people import PASSWORD, Door, Person, with_password

pytestmark = pytest.mark.usefixtures("unhurried")
LEVEL = "https://provider.example/acr/verified"


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Identities]:
    server = Identities(tmp_path_factory.mktemp("firms"), free_port())
    server.start()
    yield server
    server.stop()


@pytest.fixture
def settings(database: Database, tmp_path: Path, provider: Identities) -> Settings:
    told = {
        "firms_issuer": provider.address,
        "firms_client": "tacite-firms",
        "firms_secret": provider.secret,
        "firms_levels": (LEVEL,),
        "firms_verified_claims": ("verified_siret", "verified_siren"),
        "letters": tmp_path / "letters",
    }
    return a_setting(database, tmp_path, site="http://door", **told)


@pytest.fixture
async def newcomer(door: Door, database: Database) -> Person:
    person = with_password(database, employer(database, proven=False))
    person.cookie = await signed_in(door, person)
    return person


async def signed_in(door: Door, person: Person) -> str:
    """Sign in, and return the cookie."""
    answer = await door().post("/session", json={"login": person.login, "password": PASSWORD}, headers=OWN)
    assert answer.status_code == 200, answer.text
    return str(answer.headers["set-cookie"].partition("=")[2].partition(";")[0])


OWN = {"Origin": "http://door", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
async def client(app: FastAPI, newcomer: Person) -> AsyncIterator[httpx.AsyncClient]:
    """The newcomer's browser."""
    async with open_browser(app, SAME_SITE) as opened:
        opened.cookies.set("tacite", newcomer.cookie)
        yield opened


def identified(address: str, claims: dict[str, object], subject: str = "jeanne") -> str:
    """Identify at the provider, which then claims this; returns the address to which it redirects the browser."""
    root = urlunsplit(urlsplit(address)._replace(path="", query=""))
    httpx.put(f"{root}/users/{subject}", json={"acr": LEVEL} | claims)
    return str(httpx.post(address, data={"sub": subject}).headers["location"])


async def sent(client: httpx.AsyncClient, siret: str) -> str:
    answer = await client.get(f"/establishments/{siret}/authority/provider")
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def heading(client: httpx.AsyncClient, siret: str) -> str:
    shown = (await client.get(f"/establishments/{siret}/authority")).text
    return shown.partition("<h1>")[2].partition("</h1>")[0].replace("\N{NO-BREAK SPACE}", " ")


async def test_a_verified_claim_at_an_admitted_level_proves(client: httpx.AsyncClient, newcomer: Person) -> None:
    siret = newcomer.who.siret
    assert await heading(client, siret) == "Habilitation : à prouver"
    back = identified(await sent(client, siret), {"verified_siren": siret[:9]})
    assert (await client.head(back)).status_code == 200
    assert await heading(client, siret) == "Habilitation : à prouver"
    answer = await client.get(back)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/establishments/{siret}/authority")
    assert await heading(client, siret) == "Habilitation : prouvée"
    assert (await client.get(back)).status_code == 403


@pytest.mark.parametrize(
    "claims",
    [
        {"siret": "{siret}", "email": "dg@grande-firme.example", "email_verified": True},
        {"verified_siren": "000000000"},
        {"verified_siren": "{siren}", "acr": "https://provider.example/acr/self-asserted"},
        {"verified_siret": None, "declared_siret": "{siret}"},
        {"verified_siren": "{siren}0"},
        {"verified_siret": {"value": "{siret}"}},
        {"verified_siren": "{siren}", "aud": "another service"},
        {"verified_siren": "{siren}", "nonce": "that of another"},
    ],
)
async def test_what_the_provider_has_not_verified_proves_nothing(
    client: httpx.AsyncClient, newcomer: Person, claims: dict[str, object]
) -> None:
    siret = newcomer.who.siret
    told = {name: _filled(value, siret) for name, value in claims.items()}
    answer = await client.get(identified(await sent(client, siret), told))
    assert answer.status_code == 403
    assert await heading(client, siret) == "Habilitation : à prouver"


def _filled(value: object, siret: str) -> object:
    if isinstance(value, dict):
        return {name: _filled(each, siret) for name, each in value.items()}
    return value.format(siret=siret, siren=siret[:9]) if isinstance(value, str) else value


async def test_the_proof_is_of_the_account_and_browser_that_began_and_signs_nobody_in(
    app: FastAPI, client: httpx.AsyncClient, newcomer: Person, door: Door, database: Database
) -> None:
    siret = newcomer.who.siret
    back = identified(await sent(client, siret), {"verified_siren": siret[:9]})
    async with open_browser(app, SAME_SITE) as other:
        other.cookies.set("tacite", await signed_in(door, with_password(database, employer(database, proven=False))))
        other.cookies.set("tacite-proof", client.cookies["tacite-proof"])
        assert (await other.get(back)).status_code == 403
        assert (await other.get(back.replace("/proofs/return", "/agents/sign-in/return"))).status_code == 404
        away = await other.get(f"/establishments/{siret}/authority/provider")
        assert away.status_code == 404
    assert (await client.get(back)).status_code == 303, "another's attempt does not use it up"
    with database.begin() as connection:
        told = connection.execute(text("SELECT data->>'reason' FROM event WHERE type = 'proof_refused'")).scalars()
        assert list(told) == ["state"]


def test_a_claim_is_a_siren_or_a_siret_in_full() -> None:
    siret = "35600000000048"
    good: tuple[object, ...] = ("356000000", siret, "35600000099999", ["123456789", "356000000"])
    for value in good:
        assert vouches({"verified": value}, ("verified",), siret), value
    for value in (356000000, "356 000 000", "3560000000", "", None, True, {"siren": "356000000"}, "٣56000000"):
        assert not vouches({"verified": value}, ("verified",), siret), value
    assert not vouches({"stated": "356000000"}, ("verified",), siret)


async def test_the_page_asks_for_a_letter_and_takes_its_code(
    client: httpx.AsyncClient, newcomer: Person, database: Database, tmp_path: Path
) -> None:
    siret, path = newcomer.who.siret, f"/establishments/{newcomer.who.siret}/authority"
    assert "Aucune lettre ne peut être envoyée" in (await client.get(path)).text
    know_address(database, siret)
    token = {"form_token": form_token((await client.get(path)).text)}
    assert (await client.post(f"{path}/letter", data={"form_token": "x"})).status_code == 422
    assert (await client.post(f"{path}/letter", data=token)).status_code == 303
    assert (await client.post(f"{path}/letter", data=token)).status_code == 422
    with database.begin() as connection:
        letter = letters.find_living(connection, siret, newcomer.who.account_id)
        assert letter
        letters.order(connection, letter.id, SYSTEM)
    assert draw(database, tmp_path / "letters", letter.id)
    wrong = await client.post(f"{path}/code", data=token | {"code": new_code()})
    assert (wrong.status_code, "pas celui de la lettre" in wrong.text) == (422, True)
    assert (
        await client.post(f"{path}/code", data=token | {"code": known_code(database, letter.id)})
    ).status_code == 303
    assert await heading(client, siret) == "Habilitation : prouvée"


async def test_another_letter_may_be_asked_for_on_the_page_once_its_time_has_come(
    client: httpx.AsyncClient, newcomer: Person, database: Database
) -> None:
    siret, account_id = newcomer.who.siret, newcomer.who.account_id
    know_address(database, siret)
    path = f"/establishments/{siret}/authority"
    token = {"form_token": form_token((await client.get(path)).text)}
    assert (await client.post(f"{path}/letter", data=token)).status_code == 303
    shown = (await client.get(path)).text
    assert (f"{path}/code" in shown, f"{path}/letter" in shown) == (True, False)
    with database.begin() as connection:
        first = letters.find_living(connection, siret, account_id)
    assert first
    age(database, first.id, 15)
    shown = (await client.get(path)).text
    assert (f"{path}/code" in shown, "Demander une autre" in shown) == (True, True)
    assert (await client.post(f"{path}/letter", data=token)).status_code == 303
    with database.begin() as connection:
        second = letters.find_living(connection, siret, account_id)
    assert second
    assert second.id != first.id
    age(database, second.id, 61)  # nobody printed it
    shown = (await client.get(path)).text
    assert (f"{path}/code" in shown, f"{path}/letter" in shown) == (False, True)
    with database.begin() as connection:
        assert second.id not in {each.id for each in letters.list_waiting(connection)}


async def test_after_five_wrong_codes_the_page_says_when_another_letter_may_be_asked_for(
    client: httpx.AsyncClient, newcomer: Person, database: Database, tmp_path: Path
) -> None:
    siret = newcomer.who.siret
    know_address(database, siret)
    path = f"/establishments/{siret}/authority"
    token = {"form_token": form_token((await client.get(path)).text)}
    assert (await client.post(f"{path}/letter", data=token)).status_code == 303
    with database.begin() as connection:
        letter = letters.find_living(connection, siret, newcomer.who.account_id)
        assert letter
        letters.order(connection, letter.id, SYSTEM)
    assert draw(database, tmp_path / "letters", letter.id)
    for _ in range(5):
        await client.post(f"{path}/code", data=token | {"code": new_code()})
    shown = (await client.get(path)).text
    assert (f"{path}/code" in shown, f"{path}/letter" in shown) == (False, False)
    assert "Une seule lettre part par quinzaine" in shown.replace("\N{NO-BREAK SPACE}", " ").replace("\u202f", " ")
