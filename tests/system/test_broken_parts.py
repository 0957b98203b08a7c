"""A broken signer, time-stamp, mailbox or agency parks what needs it; the clock runs on; once repaired, all resumes.

Budget: 90 s on two cores.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from hashlib import sha256

import pytest
from temporalio.client import Client
from temporalio.testing import TimeSkipper

from local.engine import NAMESPACE
from local.mail import received
from local.processes import ROOT
from local.time_travel import TimeTravel
from local.world import World
from models.engine.client import connect
from models.engine.keys import MasterKey
from models.engine.names import authorization_id
from models.store.database import Database
from models.store.journal import events
from models.store.journal.keys import StoredKeys
from tests.builders import a_filing, a_grant, employer
from tests.system.conftest import ClientFactory
from tests.system.people import Person, event_types, until

pytestmark = pytest.mark.slow

PROMPT = timedelta(seconds=30)
"""Maximum delay to record silence, whatever is broken, even on a loaded machine."""


@pytest.fixture
async def client(world: World, database: Database) -> Client:
    keys = StoredKeys(database, MasterKey(world.master_key))
    return await connect(world.engine.address, NAMESPACE, keys)


@contextmanager
def without_seal(world: World) -> Iterator[None]:
    """Run the block without the seal's key; the worker is restarted, because it caches keys."""
    seal, kept = world.authorities.folder / "seal" / "key.pem", world.authorities.folder / "key.kept"
    seal.rename(kept)
    world.worker.restart()
    try:
        yield
    finally:
        kept.replace(seal)


def file(boss: Person, **changes: object) -> str:
    answer = boss.post("/requests", a_filing(**changes))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["reference"])


def view(person: Person, reference: str) -> dict[str, object]:
    found: dict[str, object] = person.get(f"/requests/{reference}").json()
    return found


def awaited(person: Person, reference: str, event: str) -> dict[str, object]:
    """Return a case once an event has occurred in it."""
    until(lambda: event in event_types(view(person, reference)), f"{event} in {reference}")
    return view(person, reference)


def parked(operator: Person, subject: str, act: str) -> dict[str, str]:
    """Return the incident of an act, once it is open."""

    def found() -> dict[str, str] | None:
        items = operator.get("/incidents").json()["items"]
        return next((each for each in items if (each["subject"], each["act"]) == (subject, act)), None)

    incident = until(found, f"an incident of {subject}")
    assert incident is not None
    return incident


def ended(operator: Person, incident: dict[str, str]) -> None:
    """Wait until an incident is closed."""
    until(lambda: incident["id"] not in operator.get("/incidents").text, "the end of the incident")


def incidents_of(database: Database, reference: str) -> list[str]:
    """The events of a case about incidents, in order; its employer is not shown them."""
    with database.begin() as connection:
        types = [each.type for each in events.list_of(connection, reference)]
    return [each for each in types if each.startswith("incident")]


def tacite(world: World, *arguments: str) -> dict[str, list[dict[str, str]]]:
    """Run an operator's command; returns its JSON."""
    done = subprocess.run(
        [sys.executable, "tacite.py", *arguments, "--json"],
        cwd=ROOT, env=world.environment | {"PATH": ""}, capture_output=True, check=True, text=True,
    )  # fmt: skip
    told: dict[str, list[dict[str, str]]] = json.loads(done.stdout)
    return told


async def shown(client: Client, process: str) -> set[str]:
    """The broken parts shown for a process in the operators' list."""
    found = client.list_workflows(f"WorkflowId = '{process}' AND Incident IS NOT NULL")
    return {str(each.search_attributes["Incident"][0]) async for each in found}


def until_shown(loop: asyncio.AbstractEventLoop, client: Client, process: str, parts: set[str]) -> None:
    """The operators' view is eventually consistent, within moments."""
    until(
        lambda: asyncio.run_coroutine_threadsafe(shown(client, process), loop).result() == parts,
        f"{process} shown with {parts}",
    )


async def test_with_a_broken_seal_the_clock_goes_on_and_an_operator_resumes_afterwards(
    world: World, database: Database, boss: Person, operator: Person, client: Client
) -> None:
    loop = asyncio.get_running_loop()
    with ExitStack() as broken:
        await asyncio.to_thread(broken.enter_context, without_seal(world))
        reference = await asyncio.to_thread(file, boss)
        incident = await asyncio.to_thread(parked, operator, reference, "issue_receipt")
        assert incident["part"] == "signer"
        listed = await asyncio.to_thread(tacite, world, "incidents")
        assert incident["id"] in {each["id"] for each in listed["items"]}
        process = authorization_id(reference)
        await asyncio.to_thread(until_shown, loop, client, process, {"signer"})
        promised = view(boss, reference)["clock"]
        assert isinstance(promised, dict)
        instant = datetime.fromisoformat(promised["tacit_acceptance_at"])
        await TimeTravel(database, client).advance_to(reference, instant)
        case = await asyncio.to_thread(awaited, boss, reference, "authorization_tacitly_granted")
        effect, recorded = (datetime.fromisoformat(str(case[name])) for name in ("effect_at", "recorded_at"))
        assert effect == instant
        assert timedelta() <= recorded - effect < PROMPT
        assert case["documents"] == []
        other = await asyncio.to_thread(parked, operator, reference, "issue_attestation")
    reason = {"reason": "La clé du cachet est revenue."}
    answer = await asyncio.to_thread(operator.post, f"/incidents/{incident['id']}/resume", reason)
    assert (answer.status_code, answer.json()["part"]) == (202, "signer")
    for found in (incident, other):  # all parked acts of one case resume together
        await asyncio.to_thread(ended, operator, found)
    case = await asyncio.to_thread(awaited, boss, reference, "handed_to_asp")
    assert incidents_of(database, reference) == [*["incident_opened"] * 2, *["incident_closed"] * 2]
    kinds = sorted(document["kind"] for document in case["documents"])  # type: ignore[attr-defined]
    assert kinds == ["attestation", "receipt"]
    await asyncio.to_thread(until_shown, loop, client, process, set())


async def test_without_time_stamps_a_case_is_parked_and_goes_on_by_itself_once_they_are_back(
    world: World, boss: Person, operator: Person, client: Client
) -> None:
    loop = asyncio.get_running_loop()
    with world.authorities.fault("refuse-first"), world.authorities.fault("refuse-second"):
        reference = await asyncio.to_thread(file, boss)
        incident = await asyncio.to_thread(parked, operator, reference, "issue_receipt")
        assert incident["part"] == "timestamp"
        await asyncio.to_thread(until_shown, loop, client, authorization_id(reference), {"timestamp"})
    assert "receipt_issued" not in event_types(await asyncio.to_thread(view, boss, reference))
    process = client.get_workflow_handle(authorization_id(reference))
    await TimeSkipper(client).fast_forward(process, timedelta(minutes=6))
    await asyncio.to_thread(awaited, boss, reference, "receipt_issued")
    await asyncio.to_thread(ended, operator, incident)
    await asyncio.to_thread(until_shown, loop, client, authorization_id(reference), set())


def test_one_time_stamp_authority_is_enough(world: World, database: Database, boss: Person) -> None:
    with world.authorities.fault("refuse-first"):
        reference = file(boss)
        awaited(boss, reference, "receipt_issued")
        assert incidents_of(database, reference) == []


def test_without_mail_everything_goes_on_and_the_notices_leave_once_it_is_back(
    world: World, boss: Person, agent: Person, operator: Person
) -> None:
    with world.mail.fault("refuse"):
        reference = file(boss)
        awaited(boss, reference, "receipt_issued")
        incident = parked(operator, reference, "send_notices")
        assert incident["part"] == "mail"
        body = a_grant(id=f"D-{reference}")
        until(lambda: agent.post(f"/requests/{reference}/decision", body).status_code == 200, "the decision")
        awaited(boss, reference, "handed_to_asp")
        assert subjects(world, reference) == []
    resumed = tacite(world, "resume", reference, "--reason", "La messagerie est revenue.")
    assert [each["id"] for each in resumed["items"]] == [incident["id"]]
    ended(operator, incident)
    until(lambda: len(subjects(world, reference)) == 2, f"two mails, not {subjects(world, reference)}")


def subjects(world: World, reference: str) -> list[str]:
    """The subjects of the mails received so far that name a case; others tell agents that requests came."""
    return [str(mail["subject"]) for mail in received(world.mail.folder) if reference in str(mail["subject"])]


@pytest.mark.parametrize("fault", ["refuse", "cut"])
def test_without_the_agency_the_deposit_waits_and_arrives_whole_and_once(
    fault: str, world: World, database: Database, client_of: ClientFactory, agent: Person, operator: Person
) -> None:
    before = set(world.agency.deposits.glob("*.json"))
    with world.agency.fault(fault):
        references = []
        for _ in range(2):
            boss = client_of(employer(database))
            references.append(file(boss))
            body = a_grant(id=f"D-{references[-1]}")
            path = f"/requests/{references[-1]}/decision"
            until(lambda: agent.post(path, body).status_code == 200, "the decision")  # noqa: B023
        incident = parked(operator, "authorizations", "put_deposit")
        assert incident["part"] == "agency"
        assert incident in tacite(world, "incidents")["items"]
        assert set(world.agency.deposits.glob("*.json")) == before
        assert "handed_to_asp" not in event_types(view(agent, references[0]))
    tacite(world, "resume", "authorizations", "--reason", "L’agence répond.")
    ended(operator, incident)
    for reference in references:
        awaited(agent, reference, "handed_to_asp")
    new = set(world.agency.deposits.glob("*.json")) - before
    assert set(world.agency.deposits.iterdir()) == before | new
    lines = [line for file in new for line in json.loads(file.read_bytes())["lignesTelechargement"]]
    assert {line["numAutorisation"][:9] for line in lines} == set(references)
    assert len(lines) == 2
    with database.begin() as connection:
        kept = connection.exec_driver_sql("SELECT name, sha256 FROM deposit").all()
    assert {(file.name, sha256(file.read_bytes()).hexdigest()) for file in new} <= {(n, d) for n, d in kept}
