"""Changes of bank account through the API: asked for alone by the employer, decided by an agent."""

from typing import Any, Final

from models.store.database import Database
from tests.amendments import REASONS
from tests.bank_changes import OTHER_IBAN, take_effect
from tests.builders import Credentials, a_filing, staff
from tests.cases import HOLDER, IBAN, let_silence_accept
from tests.starter.people import Door

BODY: Final[dict[str, Any]] = {"bank_account": {"iban": OTHER_IBAN, "holder": HOLDER}, "reasons": REASONS}
GRANT: Final = {"id": "B1", "outcome": "grant"}


async def authorized(door: Door, database: Database, boss: Credentials) -> str:
    reference: str = (await door(boss).post("/requests", json=a_filing())).json()["reference"]
    let_silence_accept(database, reference)
    return reference


async def test_a_change_is_answered_like_a_request_that_no_silence_accepts(
    door: Door, boss: Credentials, database: Database
) -> None:
    reference, client = await authorized(door, database, boss), door(boss)
    key = {"Idempotency-Key": "once"}
    answer = await client.post(f"/requests/{reference}/amendments", json=BODY, headers=key)
    filed = answer.json()
    assert (answer.status_code, filed["reference"], filed["tacit_acceptance_at"]) == (201, f"{reference}01", None)
    assert (await client.post(f"/requests/{reference}/amendments", json=BODY, headers=key)).json() == filed
    case = (await client.get(f"/requests/{reference}")).json()
    [change] = case["bank_changes"]
    assert (change["number"], change["state"], change["iban"]) == (f"{reference}01", "received", OTHER_IBAN)
    assert case["bank_account"]["iban"] == IBAN
    again = await client.post(f"/requests/{reference}/amendments", json=BODY)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/amendment-pending")


async def test_a_change_is_asked_for_alone_and_for_another_account(
    door: Door, boss: Credentials, database: Database
) -> None:
    reference, client = await authorized(door, database, boss), door(boss)
    together = await client.post(f"/requests/{reference}/amendments", json=BODY | {"hours": "15000"})
    assert [each["code"] for each in together.json()["errors"]] == ["bank-account-alone"]
    same = BODY | {"bank_account": {"iban": IBAN, "holder": HOLDER}}
    answer = await client.post(f"/requests/{reference}/amendments", json=same)
    assert [each["code"] for each in answer.json()["errors"]] == ["nothing-changed"]


async def test_an_agent_decides_and_the_employer_is_shown_it_once_it_is_signed(
    door: Door, boss: Credentials, database: Database
) -> None:
    reference, client = await authorized(door, database, boss), door(boss)
    number = (await client.post(f"/requests/{reference}/amendments", json=BODY)).json()["reference"]
    agent, path = door(staff(database)), f"/requests/{reference}/bank-changes/{number}/decision"
    wrong = await agent.post(path, json={"id": "B1", "outcome": "refusal"})
    assert (wrong.status_code, (await client.post(path, json=GRANT)).status_code) == (422, 403)
    decided = await agent.post(path, json=GRANT)
    assert (decided.status_code, decided.json()["state"]) == (202, "decided")
    [pending] = (await client.get(f"/requests/{reference}")).json()["bank_changes"]
    assert pending["state"] == "received"
    take_effect(database, reference, number)
    assert (await agent.post(path, json=GRANT)).json()["state"] == "changed"
    case = (await client.get(f"/requests/{reference}")).json()
    assert (case["bank_changes"][0]["state"], case["bank_account"]["iban"]) == ("changed", OTHER_IBAN)
    late = await agent.post(path, json=GRANT | {"id": "B2"})
    assert (late.status_code, late.json()["type"]) == (409, "/problems/already-decided")
    unknown = await agent.post(f"/requests/{reference}/bank-changes/{reference}09/decision", json=GRANT | {"id": "B3"})
    assert unknown.status_code == 404
