"""HEAD on every address: the headers of GET, and nothing that happens."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from sqlalchemy import text

from local.postgres import Postgres
from models.agency_answers import AnswerFault
from models.bodies.operator import ExceptionBody
from models.engine.names import authorization_id
from models.engine.processes import hold
from models.labels import Part
from models.messages.case import Incident
from models.roles import ROLES
from models.settings import Settings
from models.store.agency import answer_files
from models.store.agency.channels import CLAIMS
from models.store.database import Database
from models.store.journal.events import SYSTEM
from models.store.operations import exceptional_acts, incidents
from models.store.people import delegations, sessions
from models.terms import VERSIONS
from starter.auth import cookies
from starter.http.heads import ActingRoute
from starter.pages.components.assets import assets
from tests.builders import Credentials, a_completion_request, a_draft, a_refusal, employer, staff
from tests.cases import an_agent, master_key
from tests.models.store.agency.builders import a_queued_claim, unanswered_twice
from tests.models.store.claims.builders import admit
from tests.models.store.claims.real_lines import stage_real
from tests.models.store.claims.reviewed import instruct
from tests.models.store.claims.test_quota_exceptions import place_of, record
from tests.starter.claimed import authorized_for
from tests.starter.claims import waiting
from tests.starter.conftest import a_setting, one_register
from tests.starter.files import PNG, send
from tests.starter.pages.browsing import filed, open_browser, published
from tests.starter.people import Door, Person, unhurry
from tests.uploads import receive

UNREACHED: Final = {
    "/api/v1/ready": "no engine runs",
    "/api/v1/enrolments/{siret}/receipt": "none is sealed",
    "/establishments/{siret}/receipt": "none is sealed",
    "/theme/{digest}/{name}": "no theme is set",
    "/api/v1/tool-tokens": "in a session only, and tokens are sent to the API here",
    "/api/v1/audits/latest": "no night has passed",
    "/account/passkeys/removal": "nobody has a passkey",
    "/desk/requests/{reference}/bank-changes/{number}": "no other account was asked for",
    "/account/tokens/revocation": "asks about a token by its id",
    "/unit/tools/{token_id}/revocation": "asks about a token of one’s own",
    "/establishments/{siret}/members/removal": "asks about another member",
    "/establishments/{siret}/mandates/revocation": "no mandate was given",
}
"""Routes of which nobody here gets an answer, and why."""
RECORDING: Final = {
    "/api/v1/requests/{reference}/documents/{document_id}",
    "/requests/{reference}/documents/{document_id}",
}
"""Some of the routes whose GET is an event, which the digests below tell."""
COUNTED: Final = ("attempt", "refusal")
"""Tables that count calls, whatever they ask."""
REFUSED: Final = "access_refused"
"""Events of calls that are refused, HEAD or not."""
QUERIES: Final = {
    "/api/v1/allowances": "?on=2026-11-02&hours=7&hourly_gross=15",
    "/api/v1/payable-hours": "?week=2026-11-02&contract_week=35&worked=7",
    "/api/v1/forfeitures": "?period_end=2026-11-30&filed_on=2026-11-02",
    "/api/v1/deadlines": "?received_at=2026-11-02T10:00:00%2B01:00",
    "/api/v1/filing-windows": "?ground=economic_conditions&placement_on=2026-12-01",
    "/deadlines/calendar.ics": "?received_on=2026-11-02&department=75",
    "/filing-windows/calendar.ics": "?ground=economic_conditions&placement_on=2026-12-01&department=75",
    "/api/v1/accesses": "?on=2026-11-02",
    "/api/v1/accesses/search": "?from_on=2026-11-02&to_on=2026-11-03",
    "/api/v1/members": "?siret={siret}",
    "/desk/batch": "?reference={reference}",
    "/unit/reassignment": "?reference={reference}",
    "/desk/batch/{batch}": "?reference={reference}",
}
"""What some addresses need."""
Values = dict[str, str]
"""What stands in the place of each parameter of an address."""


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    return a_setting(database, tmp_path, site="http://door")


def contents(database: Database) -> dict[str, object]:
    """A digest of every table."""
    with database.begin() as connection:
        listed = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        names = [name for name in connection.execute(text(listed)).scalars() if name not in COUNTED]
        digest = "SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {} t"
        texts = {name: digest.format(name) for name in names}
        texts["event"] += f" WHERE type <> '{REFUSED}'"
        return {name: connection.execute(text(each)).scalar() for name, each in texts.items()}


def gets(app: FastAPI) -> dict[str, object]:
    """Every path that answers GET, and its route."""
    found = iter_route_contexts(app.routes)
    return {each.path: each.original_route for each in found if each.path and "GET" in (each.methods or ())}


def people_of(database: Database) -> list[Person]:
    """One person of each role, with a token and a session; the first is an employer."""
    whos = [employer(database), *(staff(database, role) for role in ROLES if role != "employer")]
    with database.begin() as connection:
        lifetime = cookies.SESSION_LIFETIME
        return [
            Person(who, "", sessions.open_session(connection, who.account_id, "password", lifetime)) for who in whos
        ]


def act_and_incident(database: Database, reference: str) -> tuple[str, str]:
    """An exceptional act that waits and an open incident, about a case; their ids."""
    with database.begin() as connection:
        erasure = exceptional_acts.request(
            connection, ExceptionBody(kind="erase", subject=reference, reason="Le dossier est ancien."), SYSTEM
        )
        process = authorization_id(reference)
        held = hold(connection, process)
        assert held is not None
        incidents.open_incident(connection, Incident(subject=process, act="remind", part=Part.MAIL), held)
        [incident] = incidents.list_of_subject(connection, reference)
    return erasure.id, incident.id


async def acts_of_an_agent(door: Door, database: Database, reference: str) -> dict[str, str]:
    """What an agent did in a case, and the agent."""
    agent = staff(database)
    with database.begin() as connection:
        given = delegations.list_of(connection, [agent.account_id])[0].id
    for act, body in {"completion-requests": a_completion_request(), "decision": a_refusal()}.items():
        (await door(agent).post(f"/requests/{reference}/{act}", json=body)).raise_for_status()
    done = {"completion_id": "C1", "decision_id": "D1", "batch": "B1"}
    return done | {"agent_id": agent.account_id, "act": "closing", "delegation_id": given}


def claim_and_instruction(database: Database) -> dict[str, str]:
    """A claim that waits for a visa, a standing instruction, and a decision that raises a quota of the claim’s case."""
    [claim] = waiting(database, 1)
    raised = record(database, place_of(database, claim.reference))
    named = {"instruction_id": instruct(database, an_agent(database)), "exception_id": raised}
    deposit, _ = unanswered_twice(database, a_queued_claim(database))
    return {"claim_id": claim.id, **named, "deposit_id": deposit}


def set_aside(database: Database) -> str:
    """A file of answers that nobody could apply."""
    with database.begin() as connection:
        file = answer_files.note(connection, CLAIMS, "TACITE_DI_20261201091530_FichierRetour.json", b"{}", master_key())
        for _ in range(answer_files.MAX_TRIES):
            answer_files.fail(connection, file.id, AnswerFault.MALFORMED)
    return file.id


def of_claims(database: Database, boss: Credentials, values: Values) -> dict[str, Values]:
    """Values of the addresses of a claim, and of a file of one."""
    claimed = authorized_for(database, boss)
    admit(database, stage_real(database, claimed))
    of_claim, upload = values | {"reference": claimed, "n": "1"}, receive(database, claimed)
    of_upload = of_claim | {"id": upload}
    claims = "/api/v1/requests/{reference}/claims/{month}"
    uploads = f"{claims}/uploads/{{id}}"
    of_month = (claims, *(f"{claims}/{each}" for each in ("lines", "explanations/{n}", "file")))
    month = "/requests/{reference}/claims/{month}"
    of_pages = of_claim | {"upload_id": upload, "line": "1"}
    pages = (
        "",
        "/file",
        "/uploads/{upload_id}",
        "/uploads/{upload_id}/errors.csv",
        "/people",
        "/people/{line}",
        "/cancellation",
        "/grid",
    )
    return (
        dict.fromkeys((uploads, f"{uploads}/errors.csv"), of_upload)
        | dict.fromkeys(of_month, of_claim)
        | dict.fromkeys([f"{month}{each}" for each in pages], of_pages)
        | {"/api/v1/channels/{name}/unanswered": values | {"name": CLAIMS}}
    )


async def addresses(app: FastAPI, door: Door, database: Database, boss: Person) -> dict[str, tuple[str, object]]:
    """Every address that answers GET, with a case, what it holds and what was done in it; and its route."""
    reference = await filed(door, boss)
    acted = await acts_of_an_agent(door, database, reference)
    file_id = (await send(door(boss.who), PNG)).json()["id"]
    message = {"text": "Quand déciderez-vous ?", "files": [file_id]}
    (await door(boss.who).post(f"/requests/{reference}/messages", json=message)).raise_for_status()
    draft = (await door(boss.who).post("/drafts", json=a_draft())).json()["id"]
    erasure, incident = act_and_incident(database, reference)
    values: Values = {
        **acted,
        **claim_and_instruction(database),
        "reference": reference,
        "account_id": boss.who.account_id,
        "act_id": erasure,
        "incident_id": incident,
        "document_id": published(database, reference),
        "siret": boss.who.siret,
        "id": draft,
        "month": "2026-12",
        "draft_id": draft,
        "file_id": file_id,
        "name": "tacite.css",
        "step": "figures",
        "slug": "not-found",
        "token_id": erasure,
        "group": "employeur",
        "code": "ABCDE",
        "version": VERSIONS[0],
        "number": "1",
        "upload_id": draft,
        "line": "1",
        "channel": CLAIMS,
        "answers_id": set_aside(database),
        "digest": assets()["tacite.css"].digest,
    }
    of_files = {"/api/v1/files/{id}": values | {"id": file_id}} | of_claims(database, boss.who, values)
    return {
        path: ((path + QUERIES.get(path, "")).format(**of_files.get(path, values)), route)
        for path, route in gets(app).items()
    }


async def test_no_head_changes_anything_and_each_is_answered_as_its_get(
    app: FastAPI, door: Door, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    unhurry(database, monkeypatch)
    people = people_of(database)
    recording, reached = set[str](), set[str]()
    known = await addresses(app, door, database, people[0])
    before = contents(database)
    for path, (address, route) in known.items():
        probed = [(person, await probe(app, path, address, person)) for person in people]
        answered = [(person, status) for person, status in probed if status < 400]
        after = contents(database)
        assert [name for name, digest in after.items() if digest != before[name]] == [], f"HEAD {path} acts"
        if answered:
            reached.add(path)
        if not isinstance(route, ActingRoute):
            for person, status in answered:
                async with visiting(app, path, person) as client:
                    assert (await client.get(address)).status_code == status, address
        before = contents(database)
        if before["event"] != after["event"]:
            recording.add(path)
    assert known.keys() - reached <= set(UNREACHED)
    assert recording >= RECORDING


async def probe(app: FastAPI, path: str, address: str, person: Person) -> int:
    async with visiting(app, path, person) as client:
        probed = await client.head(address)
    assert probed.content == b"", address
    return probed.status_code


@asynccontextmanager
async def visiting(app: FastAPI, path: str, person: Person) -> AsyncIterator[httpx.AsyncClient]:
    """Call as a person: with their token to the API, with their session elsewhere."""
    async with open_browser(app) as client:
        if path.startswith("/api/") and path != "/api/v1/session":
            client.headers.update(person.who.headers)
        else:
            client.cookies.set("tacite", person.cookie)
        yield client
