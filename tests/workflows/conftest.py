"""The real engine and the real register, with acts that hold no key; each test has its own namespace."""

import itertools
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker

from activities.register import StoredRegister
from local.clockwork import Clockwork
from local.engine import Engine
from models.authorization import Ended, Ref
from models.engine import connect
from models.store import events, requests
from models.store.keys import StoredKeys
from models.store.records import RequestRecord
from models.store.register import Register
from models.wire import AGENCY, CASES, SIGNING, authorization_id
from tests.cases import file_a_case, master_key
from tests.fakes import CountedMails, NoAgency, PlainDocuments
from workflows.authorization import AuthorizationWorkflow
from workflows.deposit import DepositWorkflow
from workflows.draft import DraftWorkflow

NAMESPACES = [f"test-{number}" for number in range(150)]


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    server = Engine(tmp_path_factory.mktemp("engine"), headless=True, namespaces=NAMESPACES)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def namespaces() -> Iterator[str]:
    return itertools.chain(NAMESPACES)


@dataclass
class Stage:
    """One register and one namespace, with workers for every queue."""

    register: Register
    client: Client
    clockwork: Clockwork
    documents: PlainDocuments
    mails: CountedMails
    workers: list[Worker] = field(default_factory=list)

    async def open(self, **changes: object) -> str:
        """File a request and start its process; returns its reference."""
        reference = file_a_case(self.register, **changes)
        await self.start(reference)
        return reference

    async def start(self, reference: str) -> WorkflowHandle[AuthorizationWorkflow, Ended]:
        with self.register.begin() as connection:
            case = requests.case(connection, reference)
        return await self.client.start_workflow(
            AuthorizationWorkflow.run, case, id=authorization_id(reference), task_queue=CASES
        )

    def handle(self, reference: str) -> WorkflowHandle[AuthorizationWorkflow, Ended]:
        return self.client.get_workflow_handle_for(AuthorizationWorkflow.run, authorization_id(reference))

    async def tell(self, update: str, reference: str, subject: str = "") -> object:
        ref = Ref(reference=reference, id=subject)
        handle = self.handle(reference)
        return await handle.execute_update(update, ref, id=f"{update}:{subject}")

    async def advance(self, subject: str, **by: float) -> datetime:
        return await self.clockwork.advance(subject, timedelta(**by))

    def request(self, reference: str) -> RequestRecord:
        with self.register.begin() as connection:
            return requests.get(connection, reference)

    def story(self, reference: str) -> list[str]:
        """Types of the events of a case, in order; the chain must be whole."""
        with self.register.begin() as connection:
            assert events.broken_links(connection, reference) == []
            return [event.type for event in events.of(connection, reference)]


@pytest.fixture
async def stage(register: Register, engine: Engine, namespaces: Iterator[str]) -> AsyncIterator[Stage]:
    client = await connect(engine.address, next(namespaces), StoredKeys(register, master_key()))
    documents, mails = PlainDocuments(register), CountedMails(register)
    with ThreadPoolExecutor(16) as threads:
        workers = [
            Worker(
                client,
                task_queue=CASES,
                workflows=[AuthorizationWorkflow, DraftWorkflow, DepositWorkflow],
                activities=[*StoredRegister(register).activities(), *mails.activities()],
                activity_executor=threads,
            ),
            Worker(client, task_queue=SIGNING, activities=documents.activities(), activity_executor=threads),
            Worker(client, task_queue=AGENCY, activities=NoAgency().activities(), activity_executor=threads),
        ]
        yield_stage = Stage(register, client, Clockwork(register, client), documents, mails, workers)
        async with workers[0], workers[1], workers[2]:
            yield yield_stage
