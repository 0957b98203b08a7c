"""Mandates and invitations between parties of one establishment: alive, in their own direction, and nothing more."""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

import pytest

from law.calendar import local
from law.directory import PARIS
from local.postgres import Postgres
from models.labels import Belonging, Proof
from models.store.cases import authority_holds, drafts, requests
from models.store.database import Database, now
from models.store.journal import events, representation
from models.store.journal.events import SYSTEM
from models.store.people import accounts, mandates, members, parties, tokens
from tests.builders import Credentials, a_draft, a_filing, employer
from tests.starter.conftest import one_register
from tests.starter.people import Door, a_person, knocking, mailed, sign_in, with_password

pytestmark = pytest.mark.usefixtures("unhurried")


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


class Story(NamedTuple):
    """Two parties of one establishment, none of them proven, and an accountant whom nobody mandated yet."""

    firm: Credentials
    squatter: Credentials
    accountant: Credentials
    siret: str


def an_account(database: Database, siret: str, *, member: bool) -> Credentials:
    with database.begin() as connection:
        account_id = accounts.create(connection, "employer", "Quelqu’un", "quelqu.un@ailleurs.invalid")
        if member:
            accounts.enrol(connection, account_id, accounts.get_establishment(connection, siret), apart=True)
        return Credentials(account_id, tokens.issue(connection, account_id, "Essai")[0], siret)


@pytest.fixture
def story(database: Database) -> Story:
    firm = employer(database, proven=False)
    stranger = an_account(database, firm.siret, member=True)
    return Story(firm, stranger, an_account(database, firm.siret, member=False), firm.siret)


def mandate(database: Database, giver: Credentials, holder: Credentials) -> str:
    with database.begin() as connection:
        today = local(now(connection), PARIS).date()
        period = (today, today + timedelta(days=30))
        given = mandates.give(connection, giver.siret, "Cabinet", "c@tacite.invalid", period, giver.account_id)
        members.accept(connection, given.account_id, holder.account_id)
        return given.id


def revoke(database: Database, mandate_id: str) -> None:
    with database.begin() as connection:
        mandates.revoke(connection, mandate_id)


def invite(database: Database, giver: Credentials, taker: Credentials) -> None:
    with database.begin() as connection:
        who = ("Quelqu’un", "quelqu.un@ailleurs.invalid", Belonging.MAIN, giver.account_id)
        members.accept(connection, members.invite(connection, giver.siret, *who), taker.account_id)


def prove(database: Database, who: Credentials) -> None:
    with database.begin() as connection:
        authority_holds.prove(connection, who.siret, who.account_id, Proof.LETTER, SYSTEM)


async def filed(door: Door, who: Credentials, year: int = 2027) -> str:
    period = {"start_on": f"{year}-01-04", "end_on": f"{year}-02-28"}
    answer = await door(who).post("/requests", json=a_filing(siret=who.siret, period=period))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["reference"])


async def seen(door: Door, who: Credentials) -> set[str]:
    """What somebody sees in the list, by its address and by its acts alike."""
    client = door(who)
    listed = {str(each["reference"]) for each in (await client.get("/requests")).json()["items"]}
    for reference in listed:
        assert (await client.get(f"/requests/{reference}")).status_code == 200
    return listed


async def is_nothing_to(door: Door, who: Credentials, reference: str) -> bool:
    client, case = door(who), f"/requests/{reference}"
    answers = [await client.get(case), await client.post(f"{case}/desistment"), await client.get(f"{case}/documents")]
    return {each.status_code for each in answers} == {404}


async def test_a_stranger_who_mandates_the_firm_s_accountant_sees_nothing_of_the_firm(
    door: Door, database: Database, story: Story
) -> None:
    firm, squatter, accountant, _ = story
    mandate(database, firm, accountant)
    own, of_firm = await filed(door, firm), await filed(door, accountant, 2028)
    theirs = await filed(door, squatter)
    strange = mandate(database, squatter, accountant)
    both = await filed(door, accountant, 2029)
    assert await seen(door, firm) == {own, of_firm}
    assert await seen(door, squatter) == {theirs}
    assert await seen(door, accountant) == {own, of_firm, theirs, both}
    for reference in (own, of_firm, both):
        assert await is_nothing_to(door, squatter, reference)
    revoke(database, strange)
    assert await seen(door, accountant) == {own, of_firm, both}
    after = await filed(door, accountant, 2030)
    assert await seen(door, firm) == {own, of_firm, after}
    prove(database, firm)
    assert await seen(door, firm) == {own, of_firm, theirs, both, after}
    assert await seen(door, squatter) == set()


async def test_a_mandate_between_parties_opens_its_giver_s_to_its_holder_while_it_lives(
    door: Door, database: Database, story: Story
) -> None:
    firm, squatter, _, _ = story
    own, theirs = await filed(door, firm), await filed(door, squatter)
    given = mandate(database, firm, squatter)
    later = await filed(door, squatter, 2028)
    assert await seen(door, squatter) == {own, theirs, later}
    assert await seen(door, firm) == {own}
    assert await is_nothing_to(door, firm, later)
    revoke(database, given)
    assert await seen(door, squatter) == {theirs, later}
    assert await is_nothing_to(door, squatter, own)


async def test_mandates_given_crosswise_end_each_on_its_own(door: Door, database: Database, story: Story) -> None:
    firm, squatter, _, _ = story
    own, theirs = await filed(door, firm), await filed(door, squatter)
    given, received = mandate(database, firm, squatter), mandate(database, squatter, firm)
    assert await seen(door, squatter) == await seen(door, firm) == {own, theirs}
    revoke(database, received)
    assert (await seen(door, firm), await seen(door, squatter)) == ({own}, {own, theirs})
    revoke(database, given)
    assert (await seen(door, firm), await seen(door, squatter)) == ({own}, {theirs})


async def test_the_firm_that_accepts_a_stranger_s_mandate_files_for_itself(
    door: Door, database: Database, story: Story
) -> None:
    firm, squatter, _, siret = story
    mandate(database, squatter, firm)
    reference = await filed(door, firm)
    assert await is_nothing_to(door, squatter, reference)
    with database.begin() as connection:
        done = events.list_of(connection, reference)[0]
        assert "mandate" not in done.data
        assert {each.account_id for each in members.list_of(connection, siret, squatter.account_id)} == {
            squatter.account_id
        }


async def test_a_mandate_that_lost_to_another_s_proof_is_worth_nothing(
    door: Door, database: Database, story: Story
) -> None:
    firm, squatter, accountant, siret = story
    mandate(database, squatter, accountant)
    before = await filed(door, accountant)
    prove(database, firm)
    assert await seen(door, accountant) == set()
    refused = await door(accountant).post("/requests", json=a_filing(siret=siret))
    assert refused.status_code == 422
    given = mandate(database, firm, accountant)
    after = await filed(door, accountant, 2028)
    with database.begin() as connection:
        assert events.list_of(connection, after)[0].data["mandate"] == given
        assert requests.get(connection, after).party == parties.find(connection, siret, firm.account_id)
        assert authority_holds.was_filed_with_authority(connection, after)
        assert not authority_holds.was_filed_with_authority(connection, before), "it was filed for a stranger"
    invite(database, firm, accountant)
    with database.begin() as connection:
        assert not authority_holds.was_filed_with_authority(connection, before)
        assert authority_holds.was_filed_with_authority(connection, after)


async def test_a_draft_is_seen_and_filed_by_the_party_that_it_was_opened_for(
    door: Door, database: Database, story: Story
) -> None:
    firm, squatter, accountant, siret = story
    mandate(database, firm, accountant)
    draft = (await door(accountant).post("/drafts", json=a_draft(siret=siret))).json()["id"]
    mandate(database, squatter, accountant)
    statuses = [(await door(who).get(f"/drafts/{draft}")).status_code for who in story[:3]]
    assert statuses == [200, 404, 200]
    with database.begin() as connection:
        assert drafts.get(connection, draft).party == parties.find(connection, siret, firm.account_id)


async def test_whoever_acts_for_the_firm_joins_strangers_by_no_invitation(
    door: Door, database: Database, story: Story
) -> None:
    firm, squatter, _, siret = story
    chief, pirate = with_password(database, firm), with_password(database, squatter)
    await sign_in(door(), pirate)
    offer = {"siret": siret, "name": "Vous", "email": chief.login, "role": "main"}
    assert (await knocking(door(), pirate).post("/members", json=offer)).status_code == 202
    code, _ = mailed(database, "invitation")
    body = {"code": code, "password": "une longue phrase que personne ne devine"}
    for _ in range(2):
        refused = await door().post("/invitations/acceptance", json=body)
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/other-party")
    assert await is_nothing_to(door, squatter, await filed(door, firm))
    with database.begin() as connection:
        proof = authority_holds.prove(connection, siret, squatter.account_id, Proof.LETTER, SYSTEM)
        assert proof
    assert (await door().post("/invitations/acceptance", json=body)).status_code == 200


async def test_nobody_accepts_what_they_gave_themselves(door: Door, database: Database) -> None:
    chief = a_person(database)
    await sign_in(door(), chief)
    client = knocking(door(), chief)
    today = "2026-11-29"
    mandated = {"siret": chief.who.siret, "name": "Moi", "email": chief.login, "starts_on": today, "ends_on": today}
    password = "une longue phrase que personne ne devine"
    given = await client.post("/mandates", json=mandated | {"password": password})
    invited = await client.post(
        "/members", json={"siret": chief.who.siret, "name": "Moi", "email": chief.login, "role": "main"}
    )
    assert (given.status_code, invited.status_code) == (201, 202)
    for kind in ("mandate_offered", "invitation"):
        code, _ = mailed(database, kind)
        refused = await door().post("/invitations/acceptance", json={"code": code, "password": password})
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/own-offer")


def test_whoever_enrols_again_after_leaving_shares_nothing_with_those_they_left(
    database: Database, story: Story
) -> None:
    firm, _, _, siret = story
    employee = an_account(database, siret, member=False)
    invite(database, firm, employee)
    with database.begin() as connection:
        before = parties.find(connection, siret, employee.account_id)
        assert before == parties.find(connection, siret, firm.account_id)
        members.remove(connection, siret, employee.account_id, firm.account_id)
        record = accounts.get_establishment(connection, siret)
        accounts.enrol(connection, employee.account_id, record, apart=True)
        assert parties.find(connection, siret, employee.account_id) not in (None, before)
        assert representation.is_linked(connection, employee.account_id, siret)
