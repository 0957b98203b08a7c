"""Operators list incidents and resume what they parked."""

from httpx import AsyncClient

from models.engine.names import authorization_id
from models.engine.processes import hold
from models.messages.case import Incident
from models.store.database import Database
from models.store.journal import outbox
from models.store.operations import incidents
from tests.builders import Credentials, a_filing, staff
from tests.starter.people import Door


async def a_broken_case(client: AsyncClient, database: Database) -> tuple[str, str]:
    reference = str((await client.post("/requests", json=a_filing())).json()["reference"])
    broken = Incident(subject=authorization_id(reference), act="issue_receipt", part="signer")
    with database.begin() as connection:
        incidents.open_incident(connection, broken, hold(connection, broken.subject))
        return reference, incidents.list_open(connection)[0].id


async def test_an_incident_is_listed_and_resumed_with_a_reason(
    door: Door, boss: Credentials, operator: Credentials, database: Database
) -> None:
    reference, incident = await a_broken_case(door(boss), database)
    listed = (await door(operator).get("/incidents")).json()["items"]
    assert [(each["subject"], each["act"], each["part"]) for each in listed] == [(reference, "issue_receipt", "signer")]
    for _ in range(2):
        resumed = await door(operator).post(
            f"/incidents/{incident}/resume",
            json={"reason": "Signataire rétabli."},
            headers={"Idempotency-Key": "resume"},
        )
        assert (resumed.status_code, resumed.json()["id"]) == (202, incident)
    with database.begin() as connection:
        assert [letter.kind for letter in outbox.list_waiting(connection, 9)] == ["start", "resume"]


async def test_an_operator_of_some_departements_has_no_other_case(
    door: Door, boss: Credentials, database: Database
) -> None:
    _, incident = await a_broken_case(door(boss), database)
    away, here = staff(database, "operator", "75"), staff(database, "operator", "34", "75")
    assert (await door(away).get("/incidents")).json()["items"] == []
    assert len((await door(here).get("/incidents")).json()["items"]) == 1
    foreign = await door(away).post(f"/incidents/{incident}/resume", json={"reason": "Nouvel essai du cachet."})
    assert foreign.status_code == 404
    with database.begin() as connection:
        assert incidents.list_open(connection)[0].resumed_at is None


async def test_a_wrong_resuming_is_refused(
    door: Door, boss: Credentials, operator: Credentials, database: Database
) -> None:
    reference, incident = await a_broken_case(door(boss), database)
    client = door(operator)
    short = await client.post(f"/incidents/{incident}/resume", json={"reason": ""})
    assert [error["pointer"] for error in short.json()["errors"]] == ["/reason"]
    for unknown in ("x", "00000000-0000-0000-0000-000000000000"):
        answer = await client.post(f"/incidents/{unknown}/resume", json={"reason": "Nouvel essai du cachet."})
        assert answer.status_code == 404
    with database.begin() as connection:
        broken = Incident(subject=authorization_id(reference), act="issue_receipt", part="signer")
        incidents.close_incident(connection, broken, hold(connection, broken.subject))
    closed = await client.post(f"/incidents/{incident}/resume", json={"reason": "Nouvel essai du cachet."})
    assert (closed.status_code, closed.json()["type"]) == (409, "/problems/not-parked")
