"""Decisions through the API, without a signer: what is registered, and what is refused."""

import asyncio
from datetime import timedelta

import pytest

from models.engine.keys import MasterKey
from models.settings import Settings
from models.store.cases import decisions, requests, silence
from models.store.database import Database
from models.store.journal import outbox
from tests.builders import Credentials, a_completion_request, a_grant, a_refusal, staff
from tests.cases import GROUNDS, Employer, file_a_case
from tests.starter.people import Door


@pytest.fixture
def late(database: Database, boss: Credentials, settings: Settings) -> str:
    """A request whose silence took effect a second ago and is not recorded yet."""
    return file_a_case(
        database,
        employer=Employer(boss.account_id, boss.siret, "34"),
        left=timedelta(seconds=-1),
        master=MasterKey(settings.master_key),
    )


async def test_a_decision_is_registered_and_accepted_while_it_is_signed(
    door: Door, case: str, agent: Credentials, database: Database
) -> None:
    first = await door(agent).post(f"/requests/{case}/decision", json=a_grant())
    assert (first.status_code, first.json()["state"], first.json()["partial"]) == (202, "registered", False)
    again = await door(agent).post(f"/requests/{case}/decision", json=a_grant())
    assert (again.status_code, again.json()) == (202, first.json())
    with database.begin() as connection:
        letters = [(letter.kind, letter.subject) for letter in outbox.list_waiting(connection, 9)]
    assert letters == [("start", ""), ("decide", "D1")]


async def test_the_first_decision_stands_and_the_second_is_told_so(
    door: Door, case: str, agent: Credentials, database: Database
) -> None:
    await door(agent).post(f"/requests/{case}/decision", json=a_grant())
    rival = await door(staff(database)).post(f"/requests/{case}/decision", json=a_refusal(id="D2"))
    assert (rival.status_code, rival.json()["type"]) == (409, "/problems/already-decided")
    assert "D1" in rival.json()["detail"]
    other = await door(agent).post(f"/requests/{case}/decision", json=a_grant(employees=42))
    assert (other.status_code, other.json()["type"]) == (409, "/problems/decision-id-reused")


async def test_of_two_contradictory_decisions_at_once_one_stands_fifty_times(
    door: Door, agent: Credentials, database: Database
) -> None:
    first, second = door(agent), door(staff(database))
    for number in range(50):
        address = f"/requests/{file_a_case(database)}/decision"
        answers = await asyncio.gather(
            first.post(address, json=a_grant(id=f"G{number}")),
            second.post(address, json=a_refusal(id=f"R{number}")),
        )
        stands, refused = sorted(answers, key=lambda answer: answer.status_code)
        assert (stands.status_code, refused.status_code) == (202, 409)
        assert refused.json()["type"] == "/problems/already-decided"
        assert stands.json()["id"] in refused.json()["detail"]


async def test_a_decision_not_signed_yet_can_be_taken_back(
    door: Door, case: str, agent: Credentials, database: Database
) -> None:
    client = door(agent)
    await client.post(f"/requests/{case}/decision", json=a_grant())
    taken = await client.delete(f"/requests/{case}/decision/D1")
    assert (taken.status_code, taken.json()) == (200, {"id": "D1", "state": "cancelled"})
    gone = await client.post(f"/requests/{case}/decision", json=a_grant())
    assert (gone.status_code, gone.json()["type"]) == (409, "/problems/already-decided")
    await client.post(f"/requests/{case}/decision", json=a_refusal(id="D2"))
    with database.begin() as connection:
        decisions.sign(connection, "D2")
    late = await client.delete(f"/requests/{case}/decision/D2")
    assert (late.status_code, late.json()["type"]) == (409, "/problems/already-decided")
    assert (await client.delete(f"/requests/{case}/decision/D9%00")).status_code == 404


async def test_after_the_instant_nothing_is_decided_any_more(
    door: Door, late: str, agent: Credentials, boss: Credentials, database: Database
) -> None:
    for recorded in (False, True):
        if recorded:
            with database.begin() as connection:
                silence.establish(connection, late)
        for address, body in (
            ("decision", a_grant()),
            ("decision", a_refusal()),
            ("completion-requests", a_completion_request()),
        ):
            answer = await door(agent).post(f"/requests/{late}/{address}", json=body)
            assert (answer.status_code, answer.json()["type"]) == (409, "/problems/deadline-passed")
            assert "vaut acceptation" in answer.json()["detail"]
        answer = await door(boss).post(f"/requests/{late}/desistment")
        assert answer.json()["type"] == "/problems/deadline-passed"


async def test_a_void_decision_names_what_stands(door: Door, case: str, agent: Credentials, database: Database) -> None:
    await door(agent).post(f"/requests/{case}/decision", json=a_grant())
    with database.begin() as connection:
        requests.advance(connection, case, timedelta(days=30))
        silence.establish(connection, case)
    answer = await door(agent).post(f"/requests/{case}/decision", json=a_grant())
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/deadline-passed")
    history = (await door(agent).get(f"/desk/requests/{case}")).json()["history"]
    assert [(each["id"], each["state"]) for each in history] == [("D1", "void")]


BOTH = "reasons-without-law reasons-without-facts"
WRONG: dict[str, tuple[dict[str, object], dict[str, str]]] = {
    "no outcome": ({"id": "D1"}, {"/outcome": "missing"}),
    "an unknown outcome": (a_grant(outcome="maybe"), {"/outcome": "not-a-choice"}),
    "an outcome that is nothing": (a_grant(outcome=None), {"/outcome": "not-a-choice"}),
    "no id": ({"outcome": "grant"}, {"/id": "missing"}),
    "an id with spaces": (a_grant(id="a b"), {"/id": "wrong-form"}),
    "a refusal without grounds": (
        a_refusal(grounds=[]),
        {"/grounds": BOTH},
    ),
    "a refusal that mentions no grounds": (
        {"id": "D1", "outcome": "refusal"},
        {"/grounds": BOTH},
    ),
    "a refusal without grounds, and an id with spaces": (
        a_refusal(id="a b", grounds=[]),
        {"/grounds": BOTH, "/id": "wrong-form"},
    ),
    "a blank ground": (a_refusal(grounds=[" "]), {"/grounds/0": "empty"}),
    "a refusal that says no": (a_refusal(grounds=["non"]), {"/grounds": BOTH}),
    "a refusal that says no under an article": (
        a_refusal(grounds=["R. 5122-1 : non."]),
        {"/grounds": "reasons-without-facts"},
    ),
    "a refusal whose one sentence is of law and of fact": (
        a_refusal(grounds=["Les ateliers sont restés ouverts (article R. 5122-1)."]),
        {"/grounds": "reasons-without-facts"},
    ),
    "facts without an article": (
        a_refusal(grounds=["Les ateliers sont restés ouverts tout le mois."]),
        {"/grounds": "reasons-without-law"},
    ),
    "less under an article that can be no basis": (
        a_grant(employees=41, grounds=["R. 5122-20 du code du travail.", GROUNDS[1]]),
        {"/grounds": "reasons-without-law"},
    ),
    "more employees than asked": (
        a_grant(employees=43),
        {"/employees": "more-than-asked", "/grounds": f"partial-without-reasons {BOTH}"},
    ),
    "more hours, and too early, and too late": (
        a_grant(
            hours="12000.01",
            period={"start_on": "2026-11-30", "end_on": "2027-03-01"},
            grounds=GROUNDS,
        ),
        {
            "/hours": "more-than-asked",
            "/period/start_on": "more-than-asked",
            "/period/end_on": "more-than-asked",
        },
    ),
    "less without grounds": (a_grant(employees=41), {"/grounds": f"partial-without-reasons {BOTH}"}),
    "a commitment that ended long ago": (
        a_grant(commitments=[{"kind": "keep_jobs", "detail": "Maintien des postes", "until_on": "1990-01-01"}]),
        {"/commitments/0/until_on": "commitment-too-short"},
    ),
    "a refusal of some hours": (a_refusal(hours="1"), {"": "unknown-field"}),
    "a grant of no hours": (a_grant(hours="0"), {"/hours": "too-small"}),
}


@pytest.mark.parametrize("name", WRONG)
async def test_a_wrong_decision_is_refused(name: str, door: Door, case: str, agent: Credentials) -> None:
    body, expected = WRONG[name]
    answer = await door(agent).post(f"/requests/{case}/decision", json=body)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-input"), answer.text
    codes: dict[str, str] = {}
    for error in answer.json()["errors"]:
        codes[error["pointer"]] = f"{codes.get(error['pointer'], '')} {error['code']}".strip()
    assert codes == expected


async def test_less_than_asked_is_a_partial_grant(door: Door, case: str, agent: Credentials) -> None:
    body = a_grant(employees=40, grounds=["L’article R. 5122-1 est cité.", "Deux postes restent occupés."])
    answer = await door(agent).post(f"/requests/{case}/decision", json=body)
    assert (answer.status_code, answer.json()["partial"], answer.json()["employees"]) == (202, True, 40)


async def test_a_colleague_does_not_take_a_decision_back_and_a_head_says_why(
    door: Door, case: str, agent: Credentials, database: Database
) -> None:
    await door(agent).post(f"/requests/{case}/decision", json=a_refusal())
    address, head = f"/requests/{case}/decision/D1", door(staff(database, "head"))
    colleague = await door(staff(database)).delete(address)
    assert (colleague.status_code, colleague.json()["type"]) == (403, "/problems/forbidden")
    assert "Seul l’agent qui a pris cette décision" in colleague.json()["detail"]
    unexplained = await head.delete(address)
    assert unexplained.status_code == 422
    assert [each["code"] for each in unexplained.json()["errors"]] == ["reason-missing"]
    taken = await head.request("DELETE", address, json={"reason": "Pièce reçue entre-temps."})
    assert (taken.status_code, taken.json()) == (200, {"id": "D1", "state": "cancelled"})
