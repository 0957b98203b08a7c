"""An employer sees why a signed claim waits, what the agency answered, and what to do about it."""

from collections.abc import Iterator

import pytest

from local.postgres import Postgres
from models.agency_advice import advise
from models.claim_labels import ClaimState
from models.labels import HoldReason
from models.store.agency import channel_states
from models.store.agency.channels import CLAIMS
from models.store.cases import holds
from models.store.claims import records
from models.store.database import Database
from tests.builders import Credentials, staff
from tests.models.store.agency.builders import OPERATOR, answered, hand_over, queue, sign
from tests.starter.claimed import a_claim, a_line, authorized_for, filed
from tests.starter.conftest import one_register
from tests.starter.pages.agent.acting import words
from tests.starter.pages.agent.conftest import OpenDesk, open_desk
from tests.starter.people import Door

__all__ = ["open_desk"]


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


async def test_a_signed_claim_says_why_it_waits_then_what_the_agency_answered(
    door: Door, boss: Credentials, database: Database, open_desk: OpenDesk
) -> None:
    reference = authorized_for(database, boss)
    found = await filed(door(boss), reference, a_claim(a_line(1)))
    address = found["links"]["self"].removeprefix("/api/v1")
    with database.begin() as connection:
        claim = records.get(connection, found["id"])
        channel_states.freeze(connection, CLAIMS, "Migration interne, à ne pas dire.", None, OPERATOR)
    sign(database, claim)
    assert queue(database, claim.id) == []
    (waiting,) = (await door(boss).get(address)).json()["versions"]
    assert waiting["waits"].startswith("L’agence de paiement ne reçoit aucun fichier")
    assert "Migration" not in waiting["waits"]
    rows = hand_over(database, claim)
    (handed,) = (await door(boss).get(address)).json()["versions"]
    assert handed["waits"].startswith("L’agence de paiement ne donne aucune réponse")
    desk = open_desk(staff(database, "agent"))
    assert handed["waits"] in words(await desk.get(f"/claims/{claim.id}"))
    answered(database, rows, "3417", rejected=[2])
    (rejected,) = (await door(boss).get(address)).json()["versions"]
    assert (rejected["state"], rejected["waits"]) == (ClaimState.REJECTED, None)
    (answer,) = rejected["answers"]
    assert (answer["code"], answer["lines"], answer["advice"]) == ("3417", [1], advise("3417"))


async def test_a_signed_claim_whose_case_is_held_says_why_it_waits(
    door: Door, boss: Credentials, database: Database
) -> None:
    reference = authorized_for(database, boss)
    found = await filed(door(boss), reference, a_claim(a_line(1)))
    with database.begin() as connection:
        claim = records.get(connection, found["id"])
        holds.hold(connection, reference, HoldReason.EVIDENCE, claims=True)
    sign(database, claim)
    (waiting,) = (await door(boss).get(found["links"]["self"].removeprefix("/api/v1"))).json()["versions"]
    assert waiting["waits"] == HoldReason.EVIDENCE.told
