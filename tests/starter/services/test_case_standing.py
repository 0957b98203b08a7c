"""Whose turn it is in a case, until when, what its employer may do, and how to contest."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from law.calendar import local
from law.courts import last_day_to_appeal
from local.postgres import Postgres
from models.store.cases import desistments
from models.store.cases import requests as stored
from models.store.database import Database, case_now
from models.store.journal.events import SYSTEM
from starter.auth.credentials import PresentedCredential
from starter.context import Context
from starter.services import requests
from starter.services.requests import RequestReading
from tests.builders import Credentials, a_filing
from tests.cases import GROUNDS, ask_for_pieces, in_a_month, let_silence_accept, notify_a_decision
from tests.starter.conftest import one_register
from tests.starter.people import Door


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture
def context(app: object) -> Context:
    return app.state.context  # type: ignore[attr-defined,no-any-return]


def read(context: Context, boss: Credentials, reference: str) -> RequestReading:
    return requests.read_request(context, PresentedCredential(boss.token, None, b"x"), reference)


def today(database: Database, reference: str) -> date:
    with database.begin() as connection:
        return local(case_now(connection, reference), "34").date()


async def test_it_is_the_services_turn_until_the_last_day_of_the_delay(
    context: Context, case: str, boss: Credentials, database: Database
) -> None:
    stands = read(context, boss, case).standing
    assert stands.turn == "service"
    assert stands.last_day_on == today(database, case) + timedelta(days=15)
    assert stands.days_left == 15
    assert (stands.may_desist, stands.may_write, stands.may_supply_pieces, stands.may_supply_opinion) == (
        True,
        True,
        False,
        False,
    )
    with database.begin() as connection:
        stored.advance(connection, case, timedelta(days=3))
    assert read(context, boss, case).standing.days_left == 12


async def test_it_is_the_employers_turn_while_pieces_are_awaited_and_the_reason_says_why_nothing_runs(
    context: Context, case: str, boss: Credentials, database: Database
) -> None:
    ask_for_pieces(database, case)
    reading = read(context, boss, case)
    assert (reading.standing.turn, reading.standing.last_day_on) == ("employer", date.fromisoformat(in_a_month()))
    assert (reading.standing.may_supply_pieces, reading.standing.may_desist) == (True, True)
    told = " ".join(f"{each.article} {each.text} {each.value}" for each in reading.case.clock.why)
    assert "CRPA, art. L. 114-5" in told
    assert "acceptée implicitement" not in told


@pytest.mark.parametrize("outcome", ["desisted", "tacit", "granted"])
async def test_nobody_acts_once_a_request_has_its_outcome(
    context: Context, case: str, boss: Credentials, database: Database, outcome: str
) -> None:
    if outcome == "tacit":
        let_silence_accept(database, case)
    elif outcome == "granted":
        notify_a_decision(database, case)
    else:
        with database.begin() as connection:
            desistments.desist(connection, case, SYSTEM)
    stands = read(context, boss, case).standing
    assert (stands.turn, stands.last_day_on, stands.may_desist, stands.remedies) == ("nobody", None, False, None)


@pytest.mark.parametrize("partial", [True, False])
async def test_a_refusal_and_a_partial_grant_may_be_contested_until_a_day(
    context: Context, case: str, boss: Credentials, database: Database, partial: bool
) -> None:
    body = {"employees": 10, "hours": "3600"} if partial else {"outcome": "refusal"}
    notify_a_decision(database, case, grounds=GROUNDS, **body)
    found = read(context, boss, case).standing.remedies
    assert found is not None
    assert found.appeal.court == "tribunal administratif de Montpellier"
    assert found.appeal.last_day_on == last_day_to_appeal(today(database, case), "34")
    assert not found.over
    assert "préfet de l’Hérault" in " ".join(found.paragraphs)
    with database.begin() as connection:
        stored.advance(connection, case, timedelta(days=120))
    late = read(context, boss, case).standing.remedies
    assert late is not None
    assert late.over


async def test_an_opinion_stays_awaited_after_an_authorization_and_not_after_a_desistment(
    context: Context, door: Door, boss: Credentials, database: Database
) -> None:
    body = a_filing(headcount=60, works_council={"pending": True})
    reference = (await door(boss).post("/requests", json=body)).json()["reference"]
    assert read(context, boss, reference).standing.may_supply_opinion
    notify_a_decision(database, reference)
    stands = read(context, boss, reference).standing
    assert (stands.turn, stands.may_supply_opinion) == ("employer", True)
    given_up = (await door(boss).post("/requests", json=body | {"other_employees": True, "employees": 1})).json()
    with database.begin() as connection:
        desistments.desist(connection, given_up["reference"], SYSTEM)
    assert not read(context, boss, given_up["reference"]).standing.may_supply_opinion
