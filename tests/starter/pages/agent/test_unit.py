"""The unit and its agents: load, deadlines at risk, delegations in force and past ones, who replaces whom."""

from datetime import timedelta

import pytest

from models.store.cases import requests
from models.store.database import Database
from tests.builders import Credentials, staff
from tests.cases import file_a_case
from tests.starter.pages.agent.acting import Desk, words
from tests.starter.pages.agent.conftest import OpenDesk
from tests.starter.people import Door


@pytest.fixture
def head(open_desk: OpenDesk, database: Database) -> Desk:
    return open_desk(staff(database, "head"))


async def test_load_and_deadlines_at_risk_are_shown_for_each_agent(
    head: Desk, agent: Credentials, database: Database
) -> None:
    near, far = file_a_case(database, left=timedelta(days=4)), file_a_case(database, left=timedelta(days=9))
    with database.begin() as connection:
        for each in (near, far):
            requests.assign(connection, each, agent.account_id)
    shown = await head.get("/unit")
    row = next(each for each in shown.text.split("<tr") if f"/unit/agents/{agent.account_id}" in each)
    assert ">2<span" in row
    assert 'data-label="Échéances proches" class="number">1<' in row
    assert "Échéances proches : 1 dossier" in words(shown)
    assert "Jetons de mes outils" not in words(shown)
    one = words(await head.get(f"/unit/agents/{agent.account_id}"))
    assert "Dossiers ouverts 2" in one
    assert "Redistribuer ses dossiers" in one


async def test_départements_are_named_and_past_delegations_remain_to_be_read(
    head: Desk, agent: Credentials, door: Door, database: Database
) -> None:
    address = f"/unit/agents/{agent.account_id}"
    shown = words(await head.get(address))
    assert "Hérault (34)" in shown
    assert "arrêté du 3 janvier 2024" in shown
    assert "Délégations passées" not in shown
    given = (await door(staff(database, "head")).get("/unit")).json()["items"]
    (one,) = next(each for each in given if each["id"] == agent.account_id)["delegations"]
    assert one["over"] is False
    asked = await head.get(f"/unit/delegations/{one['id']}/end")
    assert "ne signe plus rien en vertu de cet acte" in words(asked)
    ended = await head.post(f"/unit/delegations/{one['id']}/end", {"back": address})
    assert ended.headers["location"] == f"{address}?done=ended"
    after = words(await head.get(f"{address}?done=ended"))
    assert "La délégation a pris fin." in after
    assert "Délégations passées (1)" in after
    assert "Aucune délégation en vigueur." in after


async def test_an_agent_reads_the_unit_and_changes_nothing(desk: Desk, agent: Credentials, database: Database) -> None:
    colleague = staff(database).account_id
    shown = words(await desk.get("/unit"))
    assert "Ouvrir le compte d’un agent" not in shown
    assert "Jetons de mes outils" in shown
    assert "Clore le compte" not in words(await desk.get(f"/unit/agents/{colleague}"))
    for page in ("closing", "delegation", "absence", "change", "tools"):
        assert (await desk.get(f"/unit/agents/{colleague}/{page}")).status_code == 403
        assert (await desk.post(f"/unit/agents/{colleague}/{page}", {"key": "k"})).status_code == 403
    assert (await desk.get("/unit/opening")).status_code == 403


async def test_agents_of_other_units_and_unknown_ones_are_alike(head: Desk, database: Database) -> None:
    stranger = staff(database, "agent", "75").account_id
    for agent_id in (stranger, "00000000-0000-0000-0000-000000000000", "quoi"):
        for page in ("", "/closing", "/delegation", "/unheard-of"):
            assert (await head.get(f"/unit/agents/{agent_id}{page}")).status_code == 404
    assert (await head.get("/unit/delegations/quoi/end")).status_code == 404


async def test_without_a_session_the_unit_leads_to_the_provider(head: Desk) -> None:
    for secret in ("ended",):
        answer = await Desk(head.client, secret).get("/unit")
        assert (answer.status_code, answer.headers["location"]) == (303, "/agents/sign-in")
