"""Cases that change hands in a page, with the reason."""

from models.store.cases import requests
from models.store.database import Database
from tests.builders import Credentials, staff
from tests.cases import file_a_case
from tests.starter.pages.agent.acting import Desk, errors, words
from tests.starter.pages.agent.conftest import OpenDesk

WHY = "Absence jusqu’à la fin du mois."


async def test_all_cases_of_an_agent_are_given_to_a_colleague(
    open_desk: OpenDesk, agent: Credentials, database: Database
) -> None:
    head, colleague = open_desk(staff(database, "head")), staff(database)
    cases = [file_a_case(database) for _ in range(2)]
    with database.begin() as connection:
        for each in cases:
            requests.assign(connection, each, agent.account_id)
    shown = words(await head.get(f"/unit/reassignment?from_agent={agent.account_id}"))
    assert "2 dossiers changeront de mains en une fois." in shown
    typed = {"from_agent": agent.account_id, "to_agent": colleague.account_id, "reason": WHY}
    empty = await head.post("/unit/reassignment", {"from_agent": agent.account_id})
    assert errors(empty) == {
        "to_agent": "Choisissez un collègue.",
        "reason": "Dites pourquoi ces dossiers changent de mains.",
    }
    short = await head.post("/unit/reassignment", typed | {"reason": "non"})
    assert set(errors(short)) == {"reason"}
    assert f'value="{colleague.account_id}" selected' in short.text
    given = await head.post("/unit/reassignment", typed)
    assert given.headers["location"] == f"/unit/agents/{agent.account_id}?done=moved"
    assert "Les dossiers ont changé de mains." in words(await head.get(given.headers["location"]))
    with database.begin() as connection:
        assert {requests.get(connection, each).assigned_to for each in cases} == {colleague.account_id}
    assert "Aucun dossier ouvert" in words(await head.get(f"/unit/reassignment?from_agent={agent.account_id}"))


async def test_cases_ticked_on_the_desk_are_given_to_a_colleague(
    desk: Desk, open_desk: OpenDesk, database: Database
) -> None:
    colleague, cases = staff(database), [file_a_case(database) for _ in range(2)]
    assert 'formaction="/unit/reassignment"' in (await desk.get("/desk")).text
    typed = {"reference": cases, "to_agent": colleague.account_id, "reason": WHY}
    stale = await desk.post("/unit/reassignment", typed, token="old")
    assert WHY in words(stale)
    assert (await desk.post("/unit/reassignment", typed)).headers["location"] == "/unit?done=moved"
    with database.begin() as connection:
        assert {requests.get(connection, each).assigned_to for each in cases} == {colleague.account_id}
    reader = open_desk(staff(database, "reader"))
    assert (await reader.get(f"/unit/reassignment?reference={cases[0]}")).status_code == 403
