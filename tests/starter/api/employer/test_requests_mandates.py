"""A mandate gives its powers between its two days only, also to somebody who enrolled the same establishment."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

import pytest
from httpx import AsyncClient
from sqlalchemy import text

from local.postgres import Postgres
from models.store.database import Database
from models.store.journal import representation
from models.store.people import accounts, authorities, mandates, members
from tests.builders import Credentials, a_draft, a_filing, employer
from tests.starter.conftest import one_register
from tests.starter.people import Door

TODAY: Final = date.today()  # noqa: DTZ011  two days away from today, in any zone
PERIODS: Final = {"ended": (-30, -2), "to come": (2, 30), "in force": (-2, 30), "revoked": (-2, 30)}
LATER: Final = {"period": {"start_on": "2027-03-01", "end_on": "2027-05-31"}}

pytestmark = pytest.mark.usefixtures("unhurried")


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


def mandated(database: Database, firm: Credentials, state: str, *, member: bool) -> Credentials:
    """Somebody who accepted a mandate of a proven firm; also, having enrolled it on their own, as a stranger does."""
    holder = employer(database, proven=False)
    first, last = (TODAY + timedelta(days=days) for days in PERIODS[state])
    with database.begin() as connection:
        if member:
            accounts.enrol(
                connection, holder.account_id, accounts.get_establishment(connection, firm.siret), apart=True
            )
        given = mandates.give(connection, firm.siret, "Cabinet", "c@tacite.invalid", (first, last), firm.account_id)
        members.accept(connection, given.account_id, holder.account_id)
        authorities.spread(connection, firm.siret)
        if state == "revoked":
            mandates.revoke(connection, given.id)
    return holder


async def what_it_may(client: AsyncClient, siret: str, reference: str) -> dict[str, int]:
    """Try each act of an employer; returns the statuses."""
    case = f"/requests/{reference}"
    answers = {
        "read": await client.get(case),
        "file": await client.post("/requests", json=a_filing(siret=siret, **LATER)),
        "draft": await client.post("/drafts", json=a_draft() | {"siret": siret}),
        "complete": await client.post(f"{case}/completion", json={"id": "P1", "pieces": []}),
        "opinion": await client.post(f"{case}/works-council-opinion", json={}),
        "members": await client.get("/members", params={"siret": siret}),
        "desist": await client.post(f"{case}/desistment"),
    }
    return {act: answer.status_code for act, answer in answers.items()}


@pytest.mark.parametrize("member", [True, False])
@pytest.mark.parametrize("state", PERIODS)
async def test_a_mandate_gives_its_powers_between_its_days_and_none_of_a_member(
    door: Door, database: Database, state: str, *, member: bool
) -> None:
    firm = employer(database)
    reference = (await door(firm).post("/requests", json=a_filing())).json()["reference"]
    holder = mandated(database, firm, state, member=member)
    with database.begin() as connection:
        assert not representation.is_main_contact(connection, holder.account_id, firm.siret)
    client = door(holder)
    may = await what_it_may(client, firm.siret, reference)
    listed = [each["reference"] for each in (await client.get("/requests")).json()["items"]]
    covered = [each["siret"] for each in (await client.get("/account")).json()["establishments"]]
    assert may["members"] == 404
    if state == "in force":
        assert (may["read"], may["file"], may["draft"], may["desist"]) == (200, 201, 201, 200)
        assert (may["complete"], may["opinion"]) == (422, 422)
        assert (reference in listed, firm.siret in covered) == (True, True)
    else:
        assert (may["read"], may["complete"], may["opinion"], may["desist"]) == (404,) * 4
        assert (may["file"], may["draft"]) == (422, 422)
        assert (listed, firm.siret in covered) == ([], False)


async def test_an_act_under_a_mandate_names_it_also_when_its_author_enrolled_the_firm(
    door: Door, database: Database
) -> None:
    firm = employer(database)
    client = door(mandated(database, firm, "in force", member=True))
    reference = (await client.post("/requests", json=a_filing(siret=firm.siret))).json()["reference"]
    with database.begin() as connection:
        query = text("SELECT count(*) FROM event WHERE subject = :s AND data ? 'mandate'")
        assert connection.execute(query, {"s": reference}).scalar_one() > 0
