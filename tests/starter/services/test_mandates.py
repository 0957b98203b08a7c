"""Mandates: an agent of record acts for an establishment between two dates, and each act names its mandate."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from local.postgres import Postgres
from models.store.database import Database
from models.store.journal import events
from tests.builders import Credentials, a_draft, a_filing
from tests.starter.conftest import one_register
from tests.starter.people import PASSWORD, Door, Person, join, knocking

TODAY = date.today()  # noqa: DTZ011

pytestmark = pytest.mark.usefixtures("unhurried")


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


def a_mandate(chief: Person, **changes: str) -> dict[str, str]:
    return {
        "siret": chief.who.siret,
        "name": "Cabinet Lefort",
        "email": f"cabinet.{chief.who.siret}@tacite.invalid",
        "starts_on": (TODAY - timedelta(days=1)).isoformat(),
        "ends_on": (TODAY + timedelta(days=1)).isoformat(),
        "password": PASSWORD,
    } | changes


async def test_an_agent_of_record_acts_under_a_mandate_that_each_act_shows(
    door: Door, chief: Person, agent: Credentials, database: Database
) -> None:
    client = knocking(door(), chief)
    unsigned = await client.post("/mandates", json=a_mandate(chief, password="faux"))
    assert unsigned.json()["errors"][0]["pointer"] == "/password"
    key = {"Idempotency-Key": "cabinet"}
    given, again = [(await client.post("/mandates", json=a_mandate(chief), headers=key)).json() for _ in range(2)]
    assert given == again
    assert (given["accepted_at"], given["in_force"]) == (None, False)
    accountant = knocking(door(), await join(door, database, "mandate_offered"))
    assert (await accountant.get("/account")).json()["establishments"][0]["part"] == "mandate"
    assert (await accountant.get("/members", params={"siret": chief.who.siret})).status_code == 404
    draft = await accountant.post("/drafts", json=a_draft())
    assert draft.status_code == 201, draft.text
    reference = (await accountant.post("/requests", json=a_filing())).json()["reference"]
    own = (
        await client.post("/requests", json=a_filing(period={"start_on": "2027-03-01", "end_on": "2027-03-31"}))
    ).json()["reference"]
    assert (await accountant.post(f"/requests/{reference}/desistment")).status_code == 200
    with database.begin() as connection:
        for subject, under in ((reference, given["id"]), (own, None)):
            done = [each for each in events.list_of(connection, subject) if each.actor_role == "employer"]
            assert {each.data.get("mandate") for each in done} == {under}
    for reader in (client, door(agent)):
        view = (await reader.get(f"/requests/{reference}")).json()
        assert [each["name"] for each in view["mandates"]] == ["Cabinet Lefort"]
        assert {each["mandate"] for each in view["events"] if each["actor_role"] == "employer"} == {given["id"]}
    assert (await client.delete(f"/mandates/{given['id']}")).status_code == 204
    assert (await accountant.get(f"/requests/{reference}")).status_code == 404
    assert (await accountant.post("/requests", json=a_filing())).status_code == 422
    assert (await client.get(f"/requests/{reference}")).status_code == 200


@pytest.mark.parametrize(("starts", "ends", "seen"), [(-9, -1, 0), (1, 9, 0), (0, 0, 1)])
async def test_a_mandate_is_good_from_its_first_day_to_its_last(
    starts: int, ends: int, seen: int, door: Door, chief: Person, database: Database
) -> None:
    """The day is that of Paris; around midnight there the test waits for the next one."""
    with database.begin() as connection:
        today = connection.execute(text("SELECT (now() AT TIME ZONE 'Europe/Paris')::date")).scalar_one()
    period = {"starts_on": str(today + timedelta(days=starts)), "ends_on": str(today + timedelta(days=ends))}
    await knocking(door(), chief).post("/mandates", json=a_mandate(chief, **period))
    accountant = knocking(door(), await join(door, database, "mandate_offered"))
    assert len((await accountant.get("/account")).json()["establishments"]) == seen


async def test_a_mandate_that_ends_before_it_begins_is_refused(door: Door, chief: Person) -> None:
    reversed_ = a_mandate(chief, starts_on="2027-01-02", ends_on="2027-01-01")
    answer = await knocking(door(), chief).post("/mandates", json=reversed_)
    assert answer.json()["errors"][0]["pointer"] == "/ends_on"
