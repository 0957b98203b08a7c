"""A case as an agent reads it: everything of the API, assignment by plain forms, nothing of other départements."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from local.postgres import Postgres
from models.store.database import Database
from tests.builders import Credentials, employer, staff
from tests.cases import an_agent, request_pieces
from tests.starter.conftest import one_register
from tests.starter.pages.agent.conftest import Desk
from tests.starter.pages.agent.test_desk import file, listed, plain
from tests.starter.pages.browsing import UNKNOWN, form_token, open_browser
from tests.starter.people import Door, readings


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


async def test_a_case_shows_what_was_filed_what_was_found_and_what_happened(
    signed_in: Desk, door: Door, database: Database
) -> None:
    agent, boss = staff(database, "agent", "09"), employer(database, department="09")
    earlier = await file(door, boss)
    reference = await file(door, boss, hours="9999999")
    shown = await signed_in(agent).get(f"/desk/requests/{reference}")
    words, case = plain(shown), (await door(agent).get(f"/desk/requests/{reference}")).json()
    for each in (case["name"], case["circumstances"], case["author"], "9 999 999", *case["signals"]):
        assert str(each) in words.replace("\N{NARROW NO-BREAK SPACE}", " "), each
    assert case["siret"] in words.replace(" ", "")
    iban = case["bank_account"]["iban"]
    assert " ".join(iban[at : at + 4] for at in range(0, len(iban), 4)) in words
    for each in ("Demande reçue", "Avis du comité", "Compte bancaire", "Personne ne l’a encore attestée"):
        assert each in words
    assert "la demande est acceptée implicitement : il reste 15 jours" in words
    assert listed(shown) == [earlier]
    assert readings(database, agent) == [reference] * 2


async def test_a_case_says_which_pieces_it_waits_for(
    signed_in: Desk, door: Door, database: Database, agent: Credentials, boss: Credentials
) -> None:
    reference = await file(door, boss)
    request_pieces(database, reference, an_agent(database))
    words = plain(await signed_in(agent).get(f"/desk/requests/{reference}"))
    assert "Pièces demandées, à fournir au plus tard le" in words
    assert "Pas encore notifiée : le délai court toujours." in words


async def test_an_agent_takes_a_case_gives_it_back_and_hands_it_to_a_colleague(
    signed_in: Desk, door: Door, database: Database
) -> None:
    agent, colleague = staff(database, "agent", "82"), staff(database, "instructor", "82")
    reference = await file(door, employer(database, department="82"))
    desk, address = signed_in(agent), f"/desk/requests/{reference}"

    async def choose(assigned_to: str) -> str:
        token = form_token((await desk.get(address)).text)
        form = {"form_token": token, "assigned_to": assigned_to}
        answer = await desk.post(f"{address}/assignment", data=form)
        assert answer.status_code == 303
        return plain(await desk.get(answer.headers["location"]))

    assert "Vous avez pris ce dossier en charge." in await choose("me")
    assert "Vous avez rendu ce dossier" in await choose("nobody")
    assert "Le dossier a changé de mains." in await choose(colleague.account_id)
    case = (await door(agent).get(address)).json()
    assert case["assigned_to"] == colleague.account_id


async def test_a_case_goes_to_an_agent_of_its_departement_only(signed_in: Desk, door: Door, database: Database) -> None:
    agent, stranger = staff(database, "agent", "15"), staff(database, "agent", "63")
    reference = await file(door, employer(database, department="15"))
    desk, address = signed_in(agent), f"/desk/requests/{reference}"
    token = form_token((await desk.get(address)).text)
    for wanted, said in (
        ("", "Choisissez un agent."),
        (stranger.account_id, "Aucun agent de ce département ne porte cet identifiant."),
        ("<script>", "Aucun agent de ce département ne porte cet identifiant."),
    ):
        refused = await desk.post(f"{address}/assignment", data={"form_token": token, "assigned_to": wanted})
        assert (refused.status_code, said in refused.text) == (422, True), wanted
        assert "Rien n’a été modifié" in refused.text
    assert (await desk.post(f"{address}/assignment", data={"assigned_to": "me"})).status_code == 422
    assert (await door(agent).get(address)).json()["assigned_to"] is None


async def test_a_foreign_case_and_an_unknown_one_are_one_page(signed_in: Desk, door: Door, database: Database) -> None:
    desk, reference = signed_in(staff(database, "agent", "19")), await file(door, employer(database, department="23"))
    token = form_token((await desk.get("/desk")).text)
    pages = [await desk.get(f"/desk/requests/{each}") for each in (reference, UNKNOWN)]
    assert [each.status_code for each in pages] == [404, 404]
    assert pages[0].text == pages[1].text
    for each in (reference, UNKNOWN, "034AQH", "%3Cscript%3E"):
        form = {"form_token": token, "assigned_to": "me"}
        assert (await desk.post(f"/desk/requests/{each}/assignment", data=form)).status_code == 404


async def test_a_reader_sees_no_way_to_assign(signed_in: Desk, door: Door, database: Database) -> None:
    reader, reference = staff(database, "reader", "87"), await file(door, employer(database, department="87"))
    desk, address = signed_in(reader), f"/desk/requests/{reference}"
    shown = await desk.get(address)
    assert "Prendre ce dossier" not in shown.text
    form = {"form_token": form_token(shown.text), "assigned_to": "me"}
    assert (await desk.post(f"{address}/assignment", data=form)).status_code == 403


@pytest.mark.parametrize("address", ["/desk", "/desk?status=refused&q=A%20B", "/desk/requests/034ZZZZ99"])
async def test_whoever_is_not_signed_in_is_led_back_after_signing_in(address: str, app: FastAPI) -> None:
    async with open_browser(app) as stranger:
        answer = await stranger.get(address)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=/desk")
