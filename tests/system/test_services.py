"""The services of the Compose file without containers: real commands and variables, from the wheel, under TLS.

Hosts and folders are replaced by those of this machine. What only a container engine does (images, volumes,
networks, users) is not tested here.
"""

import asyncio
import os
import signal
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from time import monotonic
from typing import Final, cast

import httpx
import pytest
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest, DescribeTaskQueueResponse
from temporalio.client import Client

from local.ports import free_port
from local.processes import Program, answers
from local.world import PARTNERS, World
from models.store.database import Database
from tests.architecture.repository import ROOT
from tests.builders import a_filing, a_grant, employer, staff
from tests.shipping import Service, configured, installed, programs
from tests.system.people import event_types, until

pytestmark = pytest.mark.slow

SERVICES: Final = {name: each for name, each in programs("production").items() if each["restart"] != "on-failure:5"}
SECONDS_TO_POLL: Final = 60
READY: Final = {"doors": "doors_ready", "relay": "relay_ready", "examining": "examining_ready"}


class Frontend(threading.Thread):
    """The engine's frontend as in the Compose file: mutual TLS in front of the dev server."""

    def __init__(self, secrets: Path, behind: int) -> None:
        super().__init__(daemon=True)
        self.port = free_port()
        self.behind = behind
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=secrets / "ca")
        self.context.verify_mode = ssl.CERT_REQUIRED
        self.context.load_cert_chain(secrets / "engine_certificate", secrets / "engine_key")
        self.context.set_alpn_protocols(["h2"])

    def run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._pass_on, "127.0.0.1", self.port, ssl=self.context)
        await server.serve_forever()

    async def _pass_on(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        far, forth = await asyncio.open_connection("127.0.0.1", self.behind)
        await asyncio.gather(_pour(near, forth), _pour(far, back))


async def _pour(source: asyncio.StreamReader, into: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while read := await source.read(1 << 16):
            into.write(read)
            await into.drain()
    into.close()


class Shipped(Program):
    """One service: its command and its variables, with hosts and folders replaced."""

    def __init__(self, name: str, told: Service, site: Path, changes: dict[str, str]) -> None:
        super().__init__(name, site.parent / f"{name}.log")
        self.service = name.rpartition("-")[0] if name[-1].isdigit() else name
        self.told = told
        self.variables = {"PYTHONPATH": str(site), "PYTHONUNBUFFERED": "1"} | {
            variable: _replaced(value, changes) for variable, value in told["environment"].items()
        }
        if self.service in configured("production"):
            self.variables |= {
                each: changes[each]
                for each in changes
                if each.startswith("TACITE_") and (each != "TACITE_AGENCY" or each in self.variables)
            }
        for name in [each for each in self.variables if each.endswith("METRICS")]:
            self.variables[name] = f"127.0.0.1:{free_port()}"

    def command(self) -> list[str]:
        """From the wheel: `-P` keeps the working directory out of Python's path."""
        match self.told.get("command"):
            case ["python", *arguments]:
                return [sys.executable, "-P", *arguments]
            case ["tacite", *arguments]:
                return [sys.executable, "-P", "-m", "tacite", *arguments]
            case _:
                return [sys.executable, "-P", "-m", "starter"]

    def environment(self) -> dict[str, str]:
        return super().environment() | self.variables

    def ready(self) -> bool:
        return self.logged(READY.get(self.service, "worker_ready"))


def _replaced(value: str, changes: dict[str, str]) -> str:
    for old, new in changes.items():
        value = value.replace(old, new)
    return value


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with World(tmp_path_factory.mktemp("world"), parts=PARTNERS, durable=False, headless=True) as running:
        yield running


@pytest.fixture(scope="module")
def changes(world: World, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Replacements for this machine; the secrets are those that the deployment script creates."""
    secrets = tmp_path_factory.mktemp("deploy") / "secrets"
    subprocess.run(["sh", ROOT / "deploy" / "secrets.sh", secrets], check=True, capture_output=True)
    frontend = Frontend(secrets, world.engine.port)
    frontend.start()
    public = tmp_path_factory.mktemp("public")
    (public / "publisher.json").write_text("{}")
    (public / "theme").mkdir()
    (public / "theme" / "theme.css").write_text(":root { --accent: #003366; }")
    told = ("TACITE_DATABASE", "TACITE_TIMESTAMPS", "TACITE_MAIL", "TACITE_AGENCY")
    return {
        "engine:7233": f"localhost:{frontend.port}",
        "/run/secrets": str(secrets),
        "/keys": str(world.authorities.folder),
        "/agency": str(world.agency.folder),
        "/public": str(public),
        "/run/tacite": str(tmp_path_factory.mktemp("socket")),
        "TACITE_HTTP": f"0.0.0.0:{free_port()}",
    } | {name: world.environment[name] for name in told}


@pytest.fixture(scope="module")
def running(
    world: World, changes: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Shipped]]:
    """Every program, started in the order of the Compose file."""
    site = installed(tmp_path_factory.mktemp("shipped"))
    once = {name: each for name, each in programs("production").items() if name not in SERVICES}
    told = {name: Shipped(name, each, site, changes) for name, each in once.items()}
    for name in ("migrate", "setup-engine"):
        _done(told[name])
    with ExitStack() as stack:
        started = {}
        for name, each in SERVICES.items():
            copies = 2 if name == "worker-cases" else 1
            for number in range(1, copies + 1):
                program = Shipped(f"{name}-{number}", each, site, changes)
                program.start()
                stack.callback(program.stop)
                started[program.name] = program
        _done(told["release"])
        yield started


def _done(once: Shipped) -> None:
    told = subprocess.run(once.command(), env=once.environment(), cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert told.returncode == 0, told.stderr


def test_a_request_travels_from_the_doors_to_the_agency_through_workers_apart(
    world: World, running: dict[str, Shipped], changes: dict[str, str]
) -> None:
    site = f"http://127.0.0.1:{changes['TACITE_HTTP'].rpartition(':')[2]}"
    assert answers(f"{site}/api/v1/health")
    with Database(world.postgres.dsn) as database:
        boss, agent = employer(database), staff(database)
    with httpx.Client(base_url=f"{site}/api/v1", timeout=20) as client:
        filed = client.post("/requests", json=a_filing(), headers=boss.headers)
        assert filed.status_code == 201, filed.text
        case = f"/requests/{filed.json()['reference']}"

        def happened() -> list[str]:
            return event_types(client.get(case, headers=boss.headers).json())

        until(lambda: "receipt_issued" in happened(), "the receipt")
        decided = client.post(f"{case}/decision", json=a_grant(), headers=agent.headers)
        assert decided.status_code in (200, 202), decided.text
        until(lambda: "handed_to_asp" in happened(), "the hand-over")
    (deposit,) = world.agency.deposits.glob("*.json")
    assert filed.json()["reference"] in deposit.read_text()
    until(lambda: any(world.mail.folder.glob("*.eml")), "the mails")


@pytest.mark.parametrize(
    "name",
    ["worker-cases-2", "worker-signing-1", "worker-verifying-1", "worker-reading-1", "worker-agency-1", "relay-1"],
)
def test_each_says_by_its_own_health_check_that_it_lives(running: dict[str, Shipped], name: str) -> None:
    program = running[name]
    check = [str(word) for word in cast(list[str], program.told["healthcheck"]["test"])]
    asked = check[-1].replace("127.0.0.1:9100", program.variables["TACITE_METRICS"])
    subprocess.run([sys.executable, *check[2:-1], asked], check=True)


async def test_each_worker_serves_its_own_queue_under_its_release(world: World, running: dict[str, Shipped]) -> None:
    client = await Client.connect(world.engine.address, namespace="tacite")
    for queue, workers in {"cases": 2, "signing": 1, "verifying": 1, "reading": 1, "agency": 1}.items():
        told = await described(client, queue)
        limit = monotonic() + SECONDS_TO_POLL
        while len({each.identity for each in told.pollers}) < workers:
            assert monotonic() < limit, f"a worker never asked for a task of {queue}"
            await asyncio.sleep(0.2)
            told = await described(client, queue)
        assert len({each.identity for each in told.pollers}) == workers
        assert {each.deployment_options.build_id for each in told.pollers} == {"0.1.0"}
        assert told.versioning_info.current_deployment_version.build_id == "0.1.0"


async def described(client: Client, queue: str) -> DescribeTaskQueueResponse:
    kind = TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY
    asked = DescribeTaskQueueRequest(namespace="tacite", task_queue=TaskQueue(name=queue), task_queue_type=kind)
    return await client.workflow_service.describe_task_queue(asked)


def test_without_a_certificate_the_engine_does_not_answer(running: dict[str, Shipped]) -> None:
    stranger = running["relay-1"].environment()
    del stranger["TACITE_ENGINE_CERTIFICATE"], stranger["TACITE_ENGINE_KEY"]
    told = subprocess.run(
        [sys.executable, "-P", "-m", "tacite", "setup-engine"],
        env=stranger,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert told.returncode == 3
    assert "Le moteur ne répond pas" in told.stderr


def test_asked_to_stop_every_program_ends_by_itself(running: dict[str, Shipped]) -> None:
    for program in running.values():
        os.kill(program.pid, signal.SIGTERM)
    until(lambda: not any(program.running for program in running.values()), "the end of all", seconds=30)
