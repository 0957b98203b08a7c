"""Every cell of the access table, through HTTP, and what the table does not cover: delegations, closed accounts."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import pytest
from httpx import AsyncClient

from docs.access import FILE, document
from docs.openapi import FILE as DESCRIBED
from law.calendar import local
from law.directory import PARIS
from local.postgres import Postgres
from models.bodies.unit import AgentChange
from models.engine.names import authorization_id
from models.engine.processes import hold
from models.labels import TokenScope
from models.messages.case import Incident
from models.roles import AGENTS, ROLES
from models.store.cases import requests
from models.store.database import Database, now
from models.store.journal.events import SYSTEM
from models.store.operations import incidents
from models.store.people import agents, delegations, mandates, members, sessions, tokens
from starter.auth import cookies
from starter.auth.permissions import Scope, Verb
from tests.builders import Credentials, a_filing, a_grant, a_refusal, employer, staff
from tests.cases import a_delegation
from tests.starter.conftest import one_register
from tests.starter.doors import BODIES, CASE, DOORS, NONE, NOWHERE, PUBLIC
from tests.starter.people import Door, Person, a_person, sign_in, unhurry

OF_A_CASE: Final = {verb: doors for verb, doors in DOORS.items() if any(CASE in each for _, each in doors)}

pytestmark = pytest.mark.usefixtures("unhurried")


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture(scope="module")
def people(database: Database) -> dict[str, Credentials]:
    charged = {role: ("34",) if role in AGENTS else () for role in ROLES}
    return {role: employer(database) if role == "employer" else staff(database, role, *charged[role]) for role in ROLES}


@pytest.fixture(scope="module")
def persons(database: Database, people: dict[str, Credentials]) -> dict[str, Person]:
    """The same people, signed in."""
    with database.begin() as connection:
        return {
            role: Person(
                who,
                "",
                sessions.open_session(connection, who.account_id, "password", cookies.SESSION_LIFETIME),
            )
            for role, who in people.items()
        }


async def knock(client: AsyncClient, method: str, address: str) -> int:
    told = method in ("POST", "PATCH", "PUT") and address != "/files"
    body: dict[str, object] = {"json": BODIES.get(address, {})} if told else {}
    return (await client.request(method, address, **body)).status_code  # type: ignore[arg-type]


def test_every_door_that_is_not_public_has_a_verb_and_every_verb_its_doors() -> None:
    assert set(DOORS) == set(Verb)
    ids = rf"034ZZZZ99|{NONE}|{NOWHERE}|AAAA|(?<=/)[CD]1$|(?<=/claims/)2021-03|(?<=/explanations/)1|\{{\w+\}}"
    known = {
        (method, re.sub(ids, "{}", address.partition("?")[0])) for doors in DOORS.values() for method, address in doors
    }
    described = {
        (method.upper(), re.sub(ids, "{}", path.removeprefix("/api/v1")))
        for path, calls in json.loads(DESCRIBED.read_text("utf-8"))["paths"].items()
        for method in calls
    }
    assert described == known | PUBLIC


@pytest.mark.parametrize("by", ["token", "session"])
async def test_each_role_has_the_verbs_that_the_table_gives_it_and_no_other(
    by: str,
    door: Door,
    people: dict[str, Credentials],
    persons: dict[str, Person],
) -> None:
    clients = {role: door(people[role] if by == "token" else persons[role]) for role in ROLES}
    wrong = []
    for verb, doors in DOORS.items():
        for method, address in doors:
            assert await knock(door(), method, address) == 401, address
            for role in ROLES:
                status = await knock(clients[role], method, address)
                refused = verb.rule.scope(role) is None or (by == "token" and verb.rule.in_person)
                if (status == 403) != refused or status in (401, 500):
                    wrong.append((role, verb.name, address, status))
    assert wrong == []


async def test_a_token_that_reads_has_the_verbs_that_read_and_no_other(
    door: Door, database: Database, people: dict[str, Credentials]
) -> None:
    with database.begin() as connection:
        secret, _ = tokens.issue(connection, people["employer"].account_id, "Lecture", TokenScope.READ, None)
    client = door(Credentials(people["employer"].account_id, secret))
    for verb, doors in DOORS.items():
        for method, address in doors:
            refused = verb.rule.scope("employer") is None or verb.rule.acts or verb.rule.in_person
            assert (await knock(client, method, address) == 403) == refused, address


async def test_a_token_that_was_revoked_or_is_over_opens_no_door(
    door: Door, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = employer(database)
    with database.begin() as connection:
        over = now(connection) + timedelta(milliseconds=1)
        revoked, kept = tokens.issue(connection, who.account_id, "Paie", TokenScope.WRITE, None)
        ended, _ = tokens.issue(connection, who.account_id, "Paie", TokenScope.WRITE, over)
    with database.begin() as connection:
        tokens.revoke(connection, who.account_id, kept.id)
    for secret in (revoked, ended):
        client = door(Credentials(who.account_id, secret))
        for doors in DOORS.values():
            unhurry(database, monkeypatch)
            for method, address in doors:
                assert await knock(client, method, address) == 401, address


@pytest.fixture
async def reference(door: Door, database: Database) -> str:
    made = employer(database)
    return str((await door(made).post("/requests", json=a_filing())).json()["reference"])


def a_former_agent_of_record(database: Database, reference: str) -> Credentials:
    """An accountant whose mandate for the establishment of a case ended yesterday."""
    accountant = employer(database)
    with database.begin() as connection:
        case = requests.get(connection, reference)
        today = local(now(connection), "75").date()
        period = (today - timedelta(days=9), today - timedelta(days=1))
        held = mandates.give(connection, case.siret, "Cabinet", "cabinet@a.invalid", period, case.account_id)
        members.accept(connection, held.account_id, accountant.account_id)
    return accountant


async def test_a_case_out_of_reach_is_answered_like_one_that_does_not_exist(
    door: Door, database: Database, reference: str
) -> None:
    away = [(role, staff(database, role, "75", "2A")) for role in AGENTS]
    away += [("employer", employer(database)), ("employer", a_former_agent_of_record(database, reference))]
    for role, who in away:
        client = door(who)
        for verb in OF_A_CASE:
            if verb.rule.scope(role) is None:
                continue
            for method, address in OF_A_CASE[verb]:
                body: dict[str, object] = {"json": a_grant()} if method in ("POST", "PUT") else {}
                addresses = [address.replace("034ZZZZ99", case) for case in (reference, "034ZZZZ99")]
                answers = [await client.request(method, each, **body) for each in addresses]  # type: ignore[arg-type]
                assert [each.status_code for each in answers] == [404, 404], (role, address)
                assert answers[0].json() == answers[1].json()


async def test_a_decision_needs_a_delegation_for_its_outcome_its_place_and_its_day(
    door: Door, database: Database, reference: str
) -> None:
    with database.begin() as connection:
        today = local(now(connection), "34").date()
    tomorrow = today + timedelta(days=1)
    outside: list[dict[str, object]] = [
        {"from_on": tomorrow},
        {"outcomes": ["refusal"]},
        {"departments": ["75"]},
    ]
    agent = staff(database, "instructor")
    with database.begin() as connection:
        agents.change(connection, agent.account_id, AgentChange(role="signatory"), SYSTEM)
        for each in outside:
            delegations.give(connection, agent.account_id, a_delegation(**each), None)
    answer = await door(agent).post(f"/requests/{reference}/decision", json=a_grant())
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/forbidden")
    assert "délégation" in answer.json()["detail"]
    with database.begin() as connection:
        given = delegations.give(connection, agent.account_id, a_delegation(until_on=today), None)
        delegations.revoke(connection, given.id, SYSTEM)
    assert (await door(agent).post(f"/requests/{reference}/decision", json=a_grant())).status_code == 403
    with database.begin() as connection:
        delegations.give(connection, agent.account_id, a_delegation(until_on=today), None)
    assert (await door(agent).post(f"/requests/{reference}/decision", json=a_grant())).status_code == 202


async def test_without_any_delegation_a_decision_is_refused_before_its_body_is_read(
    door: Door, database: Database, reference: str
) -> None:
    agent = staff(database, "instructor")
    with database.begin() as connection:
        agents.change(connection, agent.account_id, AgentChange(role="signatory"), SYSTEM)
    for body in (a_refusal(grounds=[]), {}):
        answer = await door(agent).post(f"/requests/{reference}/decision", json=body)
        assert (answer.status_code, "délégation" in answer.json()["detail"]) == (403, True), body
    with database.begin() as connection:
        delegations.give(connection, agent.account_id, a_delegation(), None)
    answer = await door(agent).post(f"/requests/{reference}/decision", json=a_refusal(grounds=[]))
    assert answer.status_code == 422


async def test_a_closed_account_enters_nowhere_and_with_new_tokens_only_once_it_is_reopened(
    door: Door, database: Database
) -> None:
    agent = staff(database, "reader")
    for closed in (True, False):
        with database.begin() as connection:
            agents.change(connection, agent.account_id, AgentChange(closed=closed), SYSTEM)
        assert (await door(agent).get("/desk")).status_code == 401
    with database.begin() as connection:
        again = Credentials(agent.account_id, tokens.issue(connection, agent.account_id, "Essai")[0])
    assert (await door(again).get("/desk")).status_code == 200


async def test_a_locked_account_opens_no_session_and_what_was_open_stays(door: Door, database: Database) -> None:
    person = a_person(database)
    assert (await sign_in(door(), person)).status_code == 200
    wrong = [await sign_in(door(), person, password="faux") for _ in range(6)]
    assert [each.status_code for each in wrong] == [401] * 5 + [429]
    refused = await sign_in(door(), person)
    assert (refused.status_code, "set-cookie" in refused.headers) == (429, False)
    assert (await door(person).get("/requests")).status_code == 200


async def test_an_operator_of_some_departements_acts_on_their_processes_only(
    door: Door, database: Database, reference: str
) -> None:
    assert Verb.ASK_EXCEPTION.rule.scope("operator") is Scope.DEPARTMENTS_OR_ALL
    broken = Incident(subject=authorization_id(reference), act="issue_receipt", part="signer")
    with database.begin() as connection:
        incidents.open_incident(connection, broken, hold(connection, broken.subject))
        incident = incidents.list_of_subject(connection, reference)[0].id
    asked = {"kind": "resume", "subject": incident, "reason": "Signataire rétabli."}
    for departments, status in ((("75",), 404), (("34",), 201)):
        operator = staff(database, "operator", *departments)
        assert (await door(operator).post("/exceptional-acts", json=asked)).status_code == status


async def test_refusals_and_readings_of_names_are_kept_in_a_whole_chain(
    door: Door, database: Database, people: dict[str, Credentials], reference: str
) -> None:
    reader, auditor = people["reader"], people["auditor"]
    await door(reader).get(f"/desk/requests/{reference}")
    await door(reader).post(f"/requests/{reference}/decision", json=a_grant())
    away = staff(database, "reader", "75")
    await door(away).get(f"/desk/requests/{reference.lower()}00")
    with database.begin() as connection:
        day = local(now(connection), PARIS).date().isoformat()
    items: list[dict[str, object]] = []
    after: int | None = 0
    while after is not None:
        told = (await door(auditor).get("/accesses", params={"on": day, "after": after})).json()
        items, after = items + told["items"], told["next"]
        assert told["broken_links"] == []
    kept = [(each["type"], each["account_id"], each["data"]) for each in items if reference in str(each["data"])]
    assert kept == [
        (
            "nominal_data_read",
            reader.account_id,
            {"role": "reader", "verb": "read_case", "about": reference},
        ),
        (
            "access_refused",
            away.account_id,
            {"role": "reader", "verb": "read_case", "status": "404", "about": reference},
        ),
    ]
    refused = [each["data"] for each in items if each["account_id"] == reader.account_id]
    assert {"role": "reader", "verb": "decide", "status": "403", "about": ""} in refused


def test_the_page_of_the_table_is_up_to_date() -> None:
    assert FILE.read_text("utf-8") == document(), "run: python -m docs.access"
