"""Attesting the validity of a request in a page, from the list that its ground proposes."""

from secrets import token_hex

import pytest

from models.store.cases import act_limits, checklists
from models.store.database import Database
from tests.builders import Credentials, staff
from tests.starter.pages.agent.acting import Desk, hidden, words
from tests.starter.pages.agent.conftest import OpenDesk
from tests.starter.people import Door


@pytest.fixture
def address(case: str) -> str:
    return f"/desk/requests/{case}/checklist"


async def test_the_points_of_the_ground_are_proposed_with_their_articles(desk: Desk, address: str) -> None:
    shown = words(await desk.get(address))
    assert "La circonstance est précise et de caractère exceptionnel Article R. 5122-1" in shown
    assert "La rupture d’approvisionnement" not in shown


async def test_points_left_out_are_kept_as_such_and_a_double_click_attests_once(
    desk: Desk, address: str, case: str, database: Database
) -> None:
    typed = {"id": hidden(await desk.get(address), "id"), "point": ["exceptional", "window"]}
    for _ in range(2):
        answer = await desk.post(address, typed)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{address}?done=1")
    with database.begin() as connection:
        kept = checklists.find_latest(connection, case)
    assert kept is not None
    assert kept.version == 1
    assert {each.code for each in kept.items if each.attested} == {"exceptional", "window"}
    assert len(kept.items) > 2
    shown = await desk.get(f"{address}?done=1")
    assert "La liste de validité est attestée" in words(shown)
    assert shown.text.count(" checked") == 2


async def test_a_key_that_no_form_carries_is_replaced(desk: Desk, address: str) -> None:
    for key in (token_hex(5_000), "é", "a b"):
        assert (await desk.post(address, {"id": key, "point": "window"})).status_code == 303


async def test_an_unknown_point_is_attested_by_nobody(desk: Desk, address: str) -> None:
    assert (await desk.post(address, {"id": "A", "point": "unheard_of"})).status_code == 404


async def test_a_reader_attests_nothing(open_desk: OpenDesk, address: str, database: Database) -> None:
    reader = open_desk(staff(database, "reader"))
    assert (await reader.post(address, {"id": "A", "point": "window"})).status_code == 403


async def test_once_the_case_has_its_outcome_the_page_names_it(
    desk: Desk, address: str, case: str, door: Door, boss: Credentials
) -> None:
    await door(boss).post(f"/requests/{case}/desistment")
    late = await desk.post(address, {"id": "A", "point": "window"})
    assert late.status_code == 409
    assert "désist" in words(late).casefold()


async def test_an_ended_session_loses_no_tick(
    desk: Desk, address: str, agent: Credentials, open_desk: OpenDesk
) -> None:
    typed = {"id": "A", "point": ["window", "exceptional"]}
    assert (await Desk(desk.client, "ended").post(address, typed)).text.count('name="point"') == 2
    restored = await open_desk(agent).post(address, typed, token="old")
    assert restored.text.count(" checked") == 2


async def test_ticks_are_kept_when_the_attestations_of_the_day_are_used_up(
    desk: Desk, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(act_limits, "MAX_ACTS_A_DAY", 1)
    await desk.post(address, {"id": "A", "point": "window"})
    later = await desk.post(address, {"id": "B", "point": ["exceptional", "window"]})
    assert (later.status_code, "Vous avez attesté 1 listes" in words(later)) == (429, True)
    assert int(later.headers["retry-after"]) > 0
    assert later.text.count(" checked") == 2
