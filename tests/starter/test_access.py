"""Every cell of the table of access, through HTTP; and what the table cannot say: delegations, closed accounts."""

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
from local.postgres import Postgres
from models.authorization import Incident
from models.roles import AGENTS, ROLES
from models.store import audit, delegations, incidents, units
from models.store.register import Register, now
from models.unit import AgentChange
from models.wire import authorization_id
from starter.access import TABLE, Scope, Verb, scope
from tests.builders import Credentials, a_delegation, a_filing, a_grant, employer, staff
from tests.starter.conftest import Door, one_register

NONE: Final = "00000000-0000-0000-0000-000000000000"
CASE: Final = "/requests/034ZZZZ99"
DOORS: Final[dict[Verb, list[tuple[str, str]]]] = {
    Verb.FILE_REQUEST: [("POST", "/requests"), ("POST", f"/drafts/{NONE}/filing")],
    Verb.LIST_REQUESTS: [("GET", "/requests")],
    Verb.KEEP_DRAFT: [("POST", "/drafts"), ("GET", f"/drafts/{NONE}"), ("PATCH", f"/drafts/{NONE}")],
    Verb.SUPPLY_PIECES: [("POST", f"{CASE}/completion")],
    Verb.SUPPLY_OPINION: [("POST", f"{CASE}/works-council-opinion")],
    Verb.DESIST: [("POST", f"{CASE}/desistment")],
    Verb.SEND_FILE: [("POST", "/files")],
    Verb.READ_REQUEST: [("GET", CASE)],
    Verb.READ_DOCUMENT: [("GET", f"{CASE}/documents/{NONE}")],
    Verb.READ_DESK: [("GET", "/desk")],
    Verb.READ_CASE: [("GET", f"/desk{CASE}")],
    Verb.ASSIGN: [("POST", f"{CASE}/assignment")],
    Verb.ATTEST: [("POST", f"{CASE}/checklist")],
    Verb.ASK_PIECES: [("POST", f"{CASE}/completion-requests"), ("DELETE", f"{CASE}/completion-requests/C1")],
    Verb.FILE_PAPER: [("POST", "/paper-requests")],
    Verb.PREVIEW_DECISION: [("POST", f"{CASE}/decision/preview")],
    Verb.DECIDE: [("POST", f"{CASE}/decision"), ("DELETE", f"{CASE}/decision/D1")],
    Verb.READ_UNIT: [("GET", "/unit")],
    Verb.MANAGE_UNIT: [
        ("POST", "/unit/agents"),
        ("PATCH", f"/unit/agents/{NONE}"),
        ("POST", f"/unit/agents/{NONE}/delegations"),
        ("DELETE", f"/unit/delegations/{NONE}"),
        ("POST", f"/unit/agents/{NONE}/leaves"),
        ("DELETE", f"/unit/leaves/{NONE}"),
    ],
    Verb.READ_AUDIT: [("GET", "/accesses?on=2026-01-01")],
    Verb.READ_INCIDENTS: [("GET", "/incidents")],
    Verb.READ_MEASURES: [("GET", "/metrics")],
    Verb.DECODE: [("POST", "/codec/decode")],
    Verb.READ_EXCEPTIONS: [("GET", "/exceptional-acts")],
    Verb.ASK_EXCEPTION: [("POST", "/exceptional-acts"), ("POST", f"/incidents/{NONE}/resume")],
    Verb.APPROVE_EXCEPTION: [
        ("POST", f"/exceptional-acts/{NONE}/approval"),
        ("POST", f"/exceptional-acts/{NONE}/refusal"),
    ],
}
"""Every door of each verb, knocked at for something that does not exist."""
PUBLIC: Final = {
    ("GET", "/deadlines"),
    ("GET", "/filing-windows"),
    ("POST", "/verifications"),
    ("GET", "/health"),
    ("GET", "/ready"),
}
OF_A_CASE: Final = {verb: doors for verb, doors in DOORS.items() if any(CASE in each for _, each in doors)}


@pytest.fixture(scope="module")
def register(postgres: Postgres) -> Iterator[Register]:
    yield from one_register(postgres)


@pytest.fixture(scope="module")
def people(register: Register) -> dict[str, Credentials]:
    charged = {role: ("34",) if role in AGENTS else () for role in ROLES}
    return {
        role: employer(register) if role == "employer" else staff(register, role, *charged[role])
        for role in ROLES
    }


async def knock(client: AsyncClient, method: str, address: str) -> int:
    body: dict[str, object] = {"json": {}} if method in ("POST", "PATCH") and address != "/files" else {}
    return (await client.request(method, address, **body)).status_code  # type: ignore[arg-type]


def test_every_door_that_is_not_public_has_a_verb_and_every_verb_its_doors() -> None:
    assert set(DOORS) == set(TABLE) == set(Verb)
    ids = rf"034ZZZZ99|{NONE}|(?<=/)[CD]1$|\{{\w+\}}"
    known = {
        (method, re.sub(ids, "{}", address.partition("?")[0]))
        for doors in DOORS.values()
        for method, address in doors
    }
    described = {
        (method.upper(), re.sub(ids, "{}", path.removeprefix("/api/v1")))
        for path, calls in json.loads(DESCRIBED.read_text("utf-8"))["paths"].items()
        for method in calls
    }
    assert described == known | PUBLIC


async def test_each_role_has_the_verbs_that_the_table_gives_it_and_no_other(
    door: Door, people: dict[str, Credentials]
) -> None:
    clients = {role: door(people[role]) for role in ROLES}
    wrong = []
    for verb, doors in DOORS.items():
        for method, address in doors:
            assert await knock(door(), method, address) == 401, address
            for role in ROLES:
                status = await knock(clients[role], method, address)
                refused = scope(role, verb) is None
                if (status == 403) != refused or status in (401, 500):
                    wrong.append((role, verb.name, address, status))
    assert wrong == []


@pytest.fixture
async def reference(door: Door, register: Register) -> str:
    made = employer(register)
    return str((await door(made).post("/requests", json=a_filing())).json()["reference"])


async def test_a_case_out_of_reach_is_answered_like_one_that_does_not_exist(
    door: Door, register: Register, reference: str
) -> None:
    away = {role: staff(register, role, "75", "2A") for role in AGENTS} | {"employer": employer(register)}
    for role, who in away.items():
        client = door(who)
        for verb in OF_A_CASE:
            if scope(role, verb) is None:
                continue
            for method, address in OF_A_CASE[verb]:
                body: dict[str, object] = {"json": a_grant()} if method == "POST" else {}
                addresses = [address.replace("034ZZZZ99", case) for case in (reference, "034ZZZZ99")]
                answers = [await client.request(method, each, **body) for each in addresses]  # type: ignore[arg-type]
                assert [each.status_code for each in answers] == [404, 404], (role, address)
                assert answers[0].json() == answers[1].json()


async def test_a_decision_needs_a_delegation_for_its_outcome_its_place_and_its_day(
    door: Door, register: Register, reference: str
) -> None:
    with register.begin() as connection:
        today = local(now(connection), "34").date()
    yesterday, tomorrow = today - timedelta(days=1), today + timedelta(days=1)
    outside: list[dict[str, object]] = [
        {"until_on": yesterday},
        {"from_on": tomorrow},
        {"outcomes": ["refusal"]},
        {"departments": ["75"]},
    ]
    agent = staff(register, "instructor")
    with register.begin() as connection:
        units.change(connection, agent.account_id, AgentChange(role="signatory"))
        for each in outside:
            delegations.give(connection, agent.account_id, a_delegation(**each), None)
    answer = await door(agent).post(f"/requests/{reference}/decision", json=a_grant())
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/forbidden")
    assert "délégation" in answer.json()["detail"]
    with register.begin() as connection:
        given = delegations.give(connection, agent.account_id, a_delegation(until_on=today), None)
        delegations.revoke(connection, given.id, agent.account_id)
    assert (await door(agent).post(f"/requests/{reference}/decision", json=a_grant())).status_code == 403
    with register.begin() as connection:
        delegations.give(connection, agent.account_id, a_delegation(until_on=today), None)
    assert (await door(agent).post(f"/requests/{reference}/decision", json=a_grant())).status_code == 202


async def test_a_closed_account_enters_nowhere_and_again_once_it_is_reopened(
    door: Door, register: Register
) -> None:
    agent = staff(register, "reader")
    for closed, status in ((True, 401), (False, 200)):
        with register.begin() as connection:
            units.change(connection, agent.account_id, AgentChange(closed=closed))
        assert (await door(agent).get("/desk")).status_code == status


async def test_an_operator_of_some_departements_acts_on_their_processes_only(
    door: Door, register: Register, reference: str
) -> None:
    assert scope("operator", Verb.ASK_EXCEPTION) is Scope.CHARGE_OR_ALL
    broken = Incident(subject=authorization_id(reference), act="issue_receipt", part="signer")
    with register.begin() as connection:
        incidents.open_incident(connection, broken)
        incident = incidents.of_subject(connection, reference)[0].id
    asked = {"kind": "resume", "subject": incident, "reason": "Signataire rétabli."}
    for departments, status in ((("75",), 404), (("34",), 201)):
        operator = staff(register, "operator", *departments)
        assert (await door(operator).post("/exceptional-acts", json=asked)).status_code == status


async def test_refusals_and_readings_of_names_are_kept_in_a_whole_chain(
    door: Door, register: Register, people: dict[str, Credentials], reference: str
) -> None:
    reader, auditor = people["reader"], people["auditor"]
    await door(reader).get(f"/desk/requests/{reference}")
    await door(reader).post(f"/requests/{reference}/decision", json=a_grant())
    away = staff(register, "reader", "75")
    await door(away).get(f"/desk/requests/{reference.lower()}26")
    with register.begin() as connection:
        day = local(now(connection), audit.HOME).date().isoformat()
    items: list[dict[str, object]] = []
    after: int | None = 0
    while after is not None:
        told = (await door(auditor).get("/accesses", params={"on": day, "after": after})).json()
        items, after = items + told["items"], told["next"]
        assert told["broken_links"] == []
    kept = [
        (each["type"], each["account_id"], each["data"]) for each in items if reference in str(each["data"])
    ]
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
