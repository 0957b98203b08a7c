"""Two operators end what the agency never answers: a file is put once more, a claim is held to be rejected."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.postgres import Postgres
from models.agency_advice import advise
from models.agency_answers import SETTLED, SETTLED_LABEL
from models.claim_labels import ClaimState
from models.settings import Settings
from models.store.agency.channels import AMENDMENTS, CLAIMS
from models.store.claims import records
from models.store.database import Database
from starter.pages.components.claim_answers import rows
from starter.services.claim_schemas import AnswerView
from tests.builders import Credentials, staff
from tests.cases import DEPARTMENT
from tests.models.store.agency.builders import a_queued_claim, queue, sign, unanswered_twice
from tests.models.store.claims import builders
from tests.starter.claimed import a_claim, a_line, authorized_for, filed
from tests.starter.conftest import a_setting, one_register
from tests.starter.people import Door

REASON = "L’agence confirme par lettre qu’elle ne l’a pas prise."


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    return a_setting(database, tmp_path, profile="production")


@pytest.fixture
def second(database: Database) -> Credentials:
    return staff(database, "operator")


def asked(kind: str, subject: str) -> dict[str, str]:
    return {"kind": kind, "subject": subject, "reason": REASON}


async def test_what_two_operators_settle_is_a_rejection_that_the_employer_reads_as_theirs(
    door: Door, boss: Credentials, operator: Credentials, second: Credentials, database: Database
) -> None:
    found = await filed(door(boss), authorized_for(database, boss), a_claim(a_line(1)))
    with database.begin() as connection:
        claim = records.get(connection, found["id"])
    sign(database, claim)
    assert queue(database, claim.id) == []
    deposit, _ = unanswered_twice(database, claim, second=31)
    listed = (await door(operator).get(f"/channels/{CLAIMS}/unanswered")).json()["items"]
    [file] = [each for each in listed if each["id"] == deposit]
    assert (file["rows"], file["unanswered"][0]["claim"]) == (1, claim.id)
    assert (await door(operator).get(f"/channels/{AMENDMENTS}/unanswered")).json() == {"items": []}
    assert (await door(operator).get("/channels/mail/unanswered")).status_code == 404

    act = (await door(operator).post("/exceptional-acts", json=asked("reject_claim", claim.id))).json()["id"]
    alone = await door(operator).post(f"/exceptional-acts/{act}/approval")
    assert (alone.status_code, alone.json()["type"]) == (409, "/problems/four-eyes")
    assert (await door(second).post(f"/exceptional-acts/{act}/approval")).status_code == 200
    again = await door(second).post("/exceptional-acts", json=asked("reject_claim", claim.id))
    assert (again.status_code, again.json()["type"]) == (409, "/problems/answer-not-awaited")

    address = found["links"]["self"].removeprefix("/api/v1")
    [rejected] = (await door(boss).get(address)).json()["versions"]
    [answer] = rejected["answers"]
    assert (rejected["state"], answer["code"], answer["final"]) == (ClaimState.REJECTED, SETTLED, True)
    assert answer["advice"] == advise(SETTLED)
    assert rows([AnswerView.model_validate(answer)])[0].said == SETTLED_LABEL, "no code of the agency"


async def test_a_file_is_asked_for_again_by_two(
    door: Door, operator: Credentials, second: Credentials, database: Database
) -> None:
    deposit, _ = unanswered_twice(database, a_queued_claim(database), second=32)
    act = (await door(operator).post("/exceptional-acts", json=asked("resend_deposit", deposit))).json()["id"]
    assert (await door(second).post(f"/exceptional-acts/{act}/approval")).status_code == 200
    again = await door(operator).post("/exceptional-acts", json=asked("resend_deposit", deposit))
    assert (again.status_code, again.json()["type"]) == (409, "/problems/deposit-due-again")
    [file] = [
        each
        for each in (await door(operator).get(f"/channels/{CLAIMS}/unanswered")).json()["items"]
        if each["id"] == deposit
    ]
    assert file["asked_again_at"] > file["put_again_at"]


async def test_an_operator_of_some_departments_settles_their_claims_and_sends_no_file_again(
    door: Door, database: Database
) -> None:
    claim = a_queued_claim(database)
    deposit, _ = unanswered_twice(database, claim, second=33)
    elsewhere = staff(database, "operator", "974")
    first, other = (staff(database, "operator", DEPARTMENT) for _ in range(2))
    for who, act in ((elsewhere, asked("reject_claim", claim.id)), (first, asked("resend_deposit", deposit))):
        assert (await door(who).post("/exceptional-acts", json=act)).status_code == 404
    act = (await door(first).post("/exceptional-acts", json=asked("reject_claim", claim.id))).json()["id"]
    assert (await door(elsewhere).post(f"/exceptional-acts/{act}/approval")).status_code == 404
    assert (await door(other).post(f"/exceptional-acts/{act}/approval")).status_code == 200
    assert builders.state(database, claim.id) == ClaimState.REJECTED


@pytest.mark.parametrize("kind", ["resend_deposit", "reject_claim"])
@pytest.mark.parametrize("subject", ["01a22a88-f8b4-7721-be3f-256ee4620001", "034AQHV02"])
async def test_an_act_about_nothing_is_404(door: Door, operator: Credentials, kind: str, subject: str) -> None:
    assert (await door(operator).post("/exceptional-acts", json=asked(kind, subject))).status_code == 404
