"""What became of a decision, and taking it back before it is signed."""

import pytest

from models.store.cases import decisions
from models.store.database import Database
from tests.builders import Credentials, a_grant, staff
from tests.starter.pages.agent.acting import Desk, errors, words
from tests.starter.pages.agent.conftest import OpenDesk
from tests.starter.people import Door


@pytest.fixture
async def decided(door: Door, agent: Credentials, case: str) -> str:
    """The page of a decision of one’s own, registered and not signed."""
    await door(agent).post(f"/requests/{case}/decision", json=a_grant(id="S1"))
    return f"/desk/requests/{case}/decisions/S1"


async def test_a_decision_of_one_s_own_is_taken_back_after_a_question(desk: Desk, decided: str) -> None:
    asked = await desk.get(f"{decided}/cancellation")
    assert "Reprendre cette décision ?" in words(asked)
    for _ in range(2):
        answer = await desk.post(f"{decided}/cancellation", {})
        assert (answer.status_code, answer.headers["location"]) == (303, decided)
    assert "a été repris avant sa signature" in words(await desk.get(decided))


async def test_a_head_says_why_and_a_colleague_may_not(open_desk: OpenDesk, decided: str, database: Database) -> None:
    head = open_desk(staff(database, "head"))
    silent = await head.post(f"{decided}/cancellation", {})
    assert silent.status_code == 422
    assert errors(silent) == {"reason": "Dites à son auteur pourquoi vous reprenez cette décision."}
    short = await head.post(f"{decided}/cancellation", {"reason": "non"})
    assert set(errors(short)) == {"reason"}
    colleague = open_desk(staff(database))
    assert (await colleague.post(f"{decided}/cancellation", {})).status_code == 403
    told = await head.post(f"{decided}/cancellation", {"reason": "Le dossier n’est pas celui de la bonne société."})
    assert told.status_code == 303


async def test_once_signed_it_stands_and_the_page_says_so(desk: Desk, decided: str, database: Database) -> None:
    with database.begin() as connection:
        decisions.sign(connection, "S1")
    assert "Notification en cours" in words(await desk.get(decided))
    assert "reprendre" not in words(await desk.get(decided)).split("Voir le dossier")[0].partition("etat")[2]
    late = await desk.post(f"{decided}/cancellation", {})
    assert late.status_code == 409
    assert "ne peut plus être reprise" in words(late)


async def test_the_page_stops_asking_once_it_is_notified(desk: Desk, decided: str, database: Database) -> None:
    running = await desk.get(decided, **{"HX-Request": "true"})
    assert "HX-Refresh" not in running.headers
    with database.begin() as connection:
        decisions.sign(connection, "S1")
        decisions.notify(connection, "S1")
    ended = await desk.get(decided, **{"HX-Request": "true"})
    assert ended.headers["HX-Refresh"] == "true"
    assert "Décision notifiée" in words(ended)
    assert "http-equiv" not in ended.text


async def test_a_stale_form_takes_nothing_back(desk: Desk, decided: str, database: Database) -> None:
    shown = await desk.post(f"{decided}/cancellation", {"reason": "Une raison"}, token="old")
    assert shown.status_code == 200
    assert "Votre session avait pris fin" in words(shown)
    with database.begin() as connection:
        assert decisions.get(connection, "S1").state == "registered"
