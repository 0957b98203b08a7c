"""What one party of an establishment does by the ids of another party: nothing, as if they did not exist."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import pytest

from law.calendar import local
from law.directory import PARIS
from local.postgres import Postgres
from models.labels import Belonging, TokenScope
from models.store.database import Database, now
from models.store.people import accounts, mandates, members, tokens
from starter.auth.permissions import Verb
from tests.builders import Credentials, a_filing, employer
from tests.starter.conftest import one_register
from tests.starter.doors import CASE, DOORS, NONE, NOWHERE
from tests.starter.files import a_pdf, send
from tests.starter.people import Door, Person, knocking, sign_in, with_password

pytestmark = pytest.mark.usefixtures("unhurried")

OWN: Final = {Verb.READ_ENROLMENT, Verb.READ_MEMBERS, Verb.PROVE_AUTHORITY, Verb.ASK_PROOF}
"""Verbs about an establishment by its SIRET: whoever belongs to it reads and proves what is their own."""


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


def beside(database: Database, siret: str, role: Belonging, invited_by: str = "") -> Person:
    """Somebody else who enrolled an establishment, on their own or invited."""
    with database.begin() as connection:
        account_id = accounts.create(connection, "employer", "Inconnu", "inconnu@ailleurs.invalid")
        if invited_by:
            holder = members.invite(connection, siret, "Inconnu", "inconnu@ailleurs.invalid", role, invited_by)
            members.accept(connection, holder, account_id)
        else:
            accounts.enrol(connection, account_id, accounts.get_establishment(connection, siret), apart=True)
        token = tokens.issue(connection, account_id, "Essai")[0]
    return with_password(database, Credentials(account_id, token, siret))


async def of_the_firm(door: Door, database: Database, firm: Credentials) -> dict[Verb, str]:
    """One of each thing that has an id, made by the firm; returns the ids by the verbs that name them."""
    file_id = (await send(door(firm), a_pdf())).json()["id"]
    opinion = {"opinion": "favourable", "given_on": "2026-11-20", "file": file_id}
    reference = (await door(firm).post("/requests", json=a_filing(works_council=opinion))).json()["reference"]
    opened = {"ground": "exceptional_circumstances", "placement_on": "2027-01-04", "siret": firm.siret}
    draft = (await door(firm).post("/drafts", json=opened)).json()["id"]
    with database.begin() as connection:
        today = local(now(connection), PARIS).date()
        period = (today, today + timedelta(days=30))
        who = ("Cabinet Martin", "cabinet@martin.invalid")
        given = mandates.give(connection, firm.siret, *who, period, firm.account_id).id
        invited = members.invite(connection, firm.siret, *who, Belonging.MAIN, firm.account_id)
        issued = tokens.issue(connection, firm.account_id, "Paie", TokenScope.READ)[1].id
    made = {Verb.MANAGE_MANDATES: given, Verb.MANAGE_MEMBERS: invited, Verb.MANAGE_TOKENS: issued}
    drafted = dict.fromkeys((Verb.FILE_REQUEST, Verb.KEEP_DRAFT, Verb.READ_DRAFT), draft)
    return made | drafted | {Verb.READ_REQUEST: reference, Verb.READ_FILE: file_id}


def addressed(made: dict[Verb, str], siret: str) -> list[tuple[str, str]]:
    """Every endpoint of employers that names something by an id, for what the firm made."""
    return [
        (method, named)
        for verb, doors in DOORS.items()
        if verb.rule.scope("employer") and verb not in OWN
        for method, address in doors
        if (
            named := address.replace(CASE, f"/requests/{made[Verb.READ_REQUEST]}")
            .replace(NONE, made.get(verb, NONE))
            .replace(NOWHERE, siret)
        )
        != address
    ]


async def test_the_ids_of_another_party_are_those_of_nothing(door: Door, database: Database) -> None:
    firm = employer(database, proven=False)
    made = await of_the_firm(door, database, firm)
    calls = addressed(made, firm.siret)
    assert len(calls) >= 11
    stranger = beside(database, firm.siret, Belonging.MAIN)
    ally = beside(database, firm.siret, Belonging.MEMBER, stranger.who.account_id)
    answers = {}
    for person in (stranger, ally):
        await sign_in(door(), person)
        client = knocking(door(), person)
        for method, address in calls:
            body: dict[str, object] = {} if method in ("GET", "DELETE") else {"json": {}}
            answer = await client.request(method, address, **body)  # type: ignore[arg-type]
            answers[(person is ally, method, address)] = answer.status_code
    refused = {key for key, status in answers.items() if status == 403}
    assert {status for key, status in answers.items() if key not in refused} == {404}, answers
    assert {(apart, address.split("/")[1]) for apart, _, address in refused} <= {(True, "members")}
    with database.begin() as connection:
        assert mandates.get(connection, made[Verb.MANAGE_MANDATES]).revoked_at is None
        joined = {each.account_id for each in members.list_of(connection, firm.siret, firm.account_id)}
        assert made[Verb.MANAGE_MEMBERS] in joined
    assert (await door(firm).get(f"/requests/{made[Verb.READ_REQUEST]}")).json()["status"] == "under_review"
    assert (await door(firm).get(f"/drafts/{made[Verb.KEEP_DRAFT]}")).status_code == 200


async def test_a_file_of_another_party_is_cited_by_nobody_else(door: Door, database: Database) -> None:
    firm = employer(database, proven=False)
    stranger = beside(database, firm.siret, Belonging.MAIN)
    file_id = (await send(door(firm), a_pdf())).json()["id"]
    opinion = {"opinion": "favourable", "given_on": "2026-11-20", "file": file_id}
    answer = await door(stranger.who).post("/requests", json=a_filing(works_council=opinion))
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [
        ("/works_council/file", "file-unknown")
    ]


async def test_whoever_received_a_mandate_may_end_it_and_its_giver_too(door: Door, database: Database) -> None:
    firm = with_password(database, employer(database, proven=False))
    holder = beside(database, employer(database).siret, Belonging.MAIN)
    await sign_in(door(), firm)
    await sign_in(door(), holder)
    with database.begin() as connection:
        today = local(now(connection), PARIS).date()
        who = (firm.who.siret, "Cabinet", "cabinet@martin.invalid", (today, today), firm.who.account_id)
        given, kept = mandates.give(connection, *who), mandates.give(connection, *who)
        members.accept(connection, given.account_id, holder.who.account_id)
    client = knocking(door(), holder)
    assert (await client.delete(f"/mandates/{given.id}")).status_code == 204
    assert (await client.delete(f"/mandates/{kept.id}")).status_code == 404
    assert (await knocking(door(), firm).delete(f"/mandates/{kept.id}")).status_code == 204
