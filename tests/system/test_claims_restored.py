"""Yesterday's register under claims that went on: each ends once with what the agency took, or a person is told.

Budget: 60 s on two cores.
"""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from local.world import World
from models.engine.keys import MasterKey
from models.store.database import Database
from tests.builders import employer
from tests.cases import DEPARTMENT, Employer
from tests.models.store.claims.builders import authorize
from tests.starter.claimed import LATER, a_claim
from tests.system.claims_office import taken_by
from tests.system.conftest import ClientFactory
from tests.system.people import Person, sirets, until
from tests.system.restore_fixture import TrackedCases
from tests.system.test_claim_leaks import fetch_answers

pytestmark = pytest.mark.slow
MONTH = "2026-12"


@pytest.fixture
def cases(world: World, database: Database, client_of: ClientFactory, agent: Person) -> TrackedCases:
    boss = client_of(employer(database, establishments=3))
    return TrackedCases(world, boss, agent, sirets(database, boss.who))


@pytest.fixture
def authorized(world: World, database: Database, cases: TrackedCases) -> Iterator[str]:
    """References of cases whose first month is over, of one establishment each."""
    boss, master = cases.boss.who.account_id, MasterKey(world.master_key)
    employers = (Employer(boss, siret, DEPARTMENT) for siret in sirets(database, cases.boss.who))
    return (authorize(database, employer=each, master=master, clock_offset=LATER) for each in employers)


def test_claims_under_a_register_restored_end_once_or_somebody_is_told(
    world: World, database: Database, cases: TrackedCases, operator: Person, authorized: Iterator[str], tmp_path: Path
) -> None:
    sent, reviewed, unfiled = authorized
    silent = world.agency.folder / "silent"
    silent.touch()
    file_and_agree(cases, sent)
    until(lambda: state(cases, sent) == "handed", "the first claim is sent")
    review(cases, reviewed)
    world.postgres.back_up(tmp_path / "register")
    agree(cases, reviewed)
    file_and_agree(cases, unfiled)
    silent.unlink()
    for reference in (sent, reviewed, unfiled):
        until(lambda: answered(world, database, cases, reference) == "accepted", "it is accepted")  # noqa: B023
    taken = taken_by(world.agency.folder)
    assert len(taken) == 3

    cases.kill("postgres")
    world.postgres.restore(tmp_path / "register")
    world.postgres.start()
    code, told = cases.tacite("reconcile", "--restored", "register")
    assert code == 0, told
    cases.start()
    a_day_passes(world)
    until(lambda: answered(world, database, cases, sent) == "accepted", "the first one is accepted again")
    agree(cases, reviewed)
    until(lambda: contradicted(world, database, operator, reviewed), "the agency has another document of the second")
    assert state(cases, reviewed) == "handed"
    assert cases.boss.get(f"/requests/{unfiled}/claims/{MONTH}").status_code == 404
    file_and_agree(cases, unfiled)
    until(lambda: contradicted(world, database, operator, unfiled), "the agency has another document of the third")
    assert taken_by(world.agency.folder) == taken
    with psycopg.connect(world.postgres.dsn) as session:
        entries = session.execute("SELECT reference, count(*) FROM ledger_entry WHERE kind = 'accepted' GROUP BY 1")
        assert entries.fetchall() == [(sent, 1)]
    assert cases.tacite("ledger", sent, "--check")[0] == 0


def a_day_passes(world: World) -> None:
    """Have the file whose answer was lost wait until it is sent again; the agency answers it again."""
    (world.agency.folder / "twice").touch()
    with psycopg.connect(world.postgres.dsn, autocommit=True) as session:
        session.execute("UPDATE deposit SET written_at = written_at - interval '25 hours' WHERE answered_at IS NULL")


def file_and_agree(cases: TrackedCases, reference: str) -> None:
    """File the claim of the month and have it agreed to."""
    review(cases, reference)
    agree(cases, reference)


def review(cases: TrackedCases, reference: str) -> None:
    """File the claim of the month, and wait until it is controlled."""
    filed = cases.boss.post(f"/requests/{reference}/claims", a_claim())
    assert filed.status_code == 201, filed.text
    until(lambda: state(cases, reference) == "under_review", "it is controlled")


def agree(cases: TrackedCases, reference: str) -> None:
    """Have the agent agree to the claim of the month."""

    def agreed() -> bool:
        given = cases.agent.post("/claims/visas", {"ids": [version(cases, reference)["id"]]})
        return bool(given.json()["items"][0]["result"] == "agreed")

    until(agreed, "the agent agrees")


def version(cases: TrackedCases, reference: str) -> dict[str, Any]:
    """The latest version of the claim of the month."""
    found: dict[str, Any] = cases.boss.get(f"/requests/{reference}/claims/{MONTH}").json()["versions"][-1]
    return found


def state(cases: TrackedCases, reference: str) -> str:
    return str(version(cases, reference)["state"])


def answered(world: World, database: Database, cases: TrackedCases, reference: str) -> str:
    """The state of a claim once the answers of the agency were fetched."""
    asyncio.run(fetch_answers(world, database))
    return state(cases, reference)


def contradicted(world: World, database: Database, operator: Person, reference: str) -> bool:
    """Whether an operator is told that the agency has another document of a claim."""
    asyncio.run(fetch_answers(world, database))
    items = operator.get("/incidents").json()["items"]
    return any(reference in json.dumps(each) for each in items)
