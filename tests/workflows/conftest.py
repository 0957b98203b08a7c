"""The real engine and the real register, with fake acts without keys; each test has its own namespace."""

import asyncio
import gc
import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import pytest
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker

from activities.claims import StoredClaimActs
from activities.companies.directory import CompanyDirectory
from activities.enrolments import StoredEnrolmentActs
from activities.register import StoredRegisterActs
from activities.uploads import StoredReadingActs, StoredUploadActs
from local.engine import Engine
from local.time_travel import TimeTravel
from models.bodies.completion import Completion, CompletionRequestBody
from models.bodies.decision import GrantBody, RefusalBody
from models.engine.client import connect
from models.engine.kinds.enrolment import ENROLMENT, launch_enrolment
from models.engine.names import AGENCY, CASES, READING, SIGNING, VERIFYING, authorization_id
from models.examination.client import Examiner
from models.messages.case import Ended, Receipt, Ref
from models.store.cases import completions, decisions, requests
from models.store.cases.records import RequestRecord
from models.store.claims.sealed_people import PeopleKeys
from models.store.database import Database, case_now
from models.store.journal import events
from models.store.journal.events import Actor
from models.store.journal.keys import StoredKeys
from models.store.operations import incidents
from models.store.people import enrolments
from models.store.people.enrolments import EnrolmentRecord
from starter.engine import EngineClient
from tests.cases import GROUNDS, an_agent, ask_to_enrol, blind_key, file_a_case, master_key
from tests.fakes import (
    PlainDocuments,
    PlainNominalFiles,
    QuietEvidence,
    RecordingAgency,
    RecordingAnswers,
    RecordingLetters,
    RecordingMails,
    RefusingVerification,
)
from worker import WORKFLOWS
from workflows.authorization import AuthorizationWorkflow

STOP_TIMEOUT_SECONDS = 90.0
"""More than the minute that a poll may last at the engine."""
NAMESPACES = [f"test-{number}" for number in range(150)]


@pytest.fixture(autouse=True)
def collections_unobserved() -> Iterator[None]:
    """No library hears of garbage collections: a worker that interrupts a slow workflow would interrupt it instead.

    Hypothesis measures them in every thread, once a test of the same process has drawn examples.
    """
    heard = list(gc.callbacks)
    gc.callbacks.clear()
    yield
    gc.callbacks.extend(heard)


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

    database: Database
    client: Client
    keys: StoredKeys
    clockwork: TimeTravel
    documents: PlainDocuments
    mails: RecordingMails
    nominal: PlainNominalFiles
    agency: RecordingAgency = field(default_factory=RecordingAgency)
    answers: RecordingAnswers = field(default_factory=RecordingAnswers)
    evidence: QuietEvidence = field(default_factory=QuietEvidence)
    letters: RecordingLetters = field(default_factory=RecordingLetters)
    examiner: Examiner = field(default_factory=lambda: Examiner("127.0.0.1:9"))
    """The program that reads files of claims: nobody; set it while no worker runs."""
    companies: CompanyDirectory | None = None
    """The register of establishments; set it while no worker runs."""
    _workers: AsyncExitStack = field(default_factory=AsyncExitStack)

    def local_acts(self) -> list[Callable[..., object]]:
        """The acts of the register, and the fake mails."""
        acts = (
            StoredRegisterActs(self.database, self.companies),
            StoredEnrolmentActs(self.database, master_key(), self.companies),
            StoredClaimActs(self.database),
            self.mails,
            self.letters,
            StoredUploadActs(self.database),
        )
        return [act for family in acts for act in family.activities()]

    async def start_workers(self) -> None:
        """Start a worker for every queue."""
        threads, people = self._workers.enter_context(ThreadPoolExecutor(16)), PeopleKeys(master_key(), blind_key())
        for queue, activities in (
            (CASES, self.local_acts()),
            (SIGNING, [*self.documents.activities(), *self.evidence.activities()]),
            (READING, StoredReadingActs(self.database, people, self.examiner).activities()),
            (VERIFYING, RefusingVerification(self.database).activities()),
            (AGENCY, [*self.agency.activities(), *self.answers.activities(), *self.nominal.activities()]),
        ):
            await self._workers.enter_async_context(
                Worker(
                    self.client,
                    task_queue=queue,
                    workflows=WORKFLOWS if queue == CASES else (),
                    activities=activities,
                    activity_executor=threads,
                )
            )

    async def stop_workers(self) -> None:
        """Stop the workers; print what their tasks wait for if they do not end."""
        try:
            async with asyncio.timeout(STOP_TIMEOUT_SECONDS):
                await self._workers.aclose()
        except TimeoutError:
            for task in asyncio.all_tasks():
                task.print_stack()
            raise

    @asynccontextmanager
    async def without_workers(self) -> AsyncIterator[None]:
        """Run the block without workers."""
        await self.stop_workers()
        yield
        await self.start_workers()

    def forget_keys(self) -> None:
        """Clear the one-minute cache of keys."""
        self.keys._cache.clear()

    async def open(self, **changes: Any) -> str:
        """File a request and start its process; returns its reference."""
        reference = file_a_case(self.database, **changes)
        await self.start(reference)
        return reference

    async def start(self, reference: str) -> WorkflowHandle[AuthorizationWorkflow, Ended]:
        with self.database.begin() as connection:
            case = requests.get_case(connection, reference)
        return await self.client.start_workflow(
            AuthorizationWorkflow.run, case, id=authorization_id(reference), task_queue=CASES
        )

    async def enrol(self, **changes: object) -> EnrolmentRecord:
        """Request the enrolment of an establishment, as the API and the relay do."""
        record = ask_to_enrol(self.database, **changes)
        with self.database.begin() as connection:
            case = enrolments.get_message(connection, record.process_subject)
        await EngineClient(self.client).start(ENROLMENT, launch_enrolment(case, record.process_subject))
        return record

    def handle(self, reference: str) -> WorkflowHandle[AuthorizationWorkflow, Ended]:
        return self.client.get_workflow_handle_for(AuthorizationWorkflow.run, authorization_id(reference))

    async def send_update(self, update: str, reference: str, subject: str = "") -> Any:
        ref = Ref(reference=reference, id=subject)
        handle = self.handle(reference)
        return await handle.execute_update(update, ref, id=f"{update}:{subject}")

    def grant(self, reference: str, decision: str = "D1", agent: Actor | None = None, **changes: object) -> str:
        """Register a grant, as the API does."""
        body = GrantBody.model_validate({"id": decision, "outcome": "grant"} | changes)
        return self._decide(reference, body, agent)

    def refuse(self, reference: str, decision: str = "D1", agent: Actor | None = None) -> str:
        """Register a refusal, as the API does."""
        body = RefusalBody(id=decision, outcome="refusal", grounds=tuple(GROUNDS))
        return self._decide(reference, body, agent)

    def _decide(self, reference: str, body: GrantBody | RefusalBody, agent: Actor | None) -> str:
        by = agent or an_agent(self.database)
        with self.database.begin() as connection:
            return decisions.register(connection, reference, body, b"1", actor=by).id

    def request_pieces(self, reference: str, completion: str = "P1", days: int = 10) -> str:
        """Register a request for pieces, as the API does."""
        piece = {"code": "bank_details", "label": "Coordonnées bancaires", "text_reference": "R. 5122-26"}
        agent = an_agent(self.database)
        with self.database.begin() as connection:
            due_on = case_now(connection, reference).date() + timedelta(days=days)
            stated = {
                "id": completion,
                "pieces": [piece],
                "reasons": "Le compte indiqué n’est pas lisible.",
                "due_on": due_on,
            }
            body = CompletionRequestBody.model_validate(stated)
            return completions.register(connection, reference, body, b"1", agent).id

    def supply_pieces(self, reference: str) -> Receipt:
        """Supply the requested piece, as the API does; returns the new receipt."""
        body = Completion.model_validate({"pieces": [{"code": "bank_details", "text": "FR76…"}]})
        with self.database.begin() as connection:
            at = case_now(connection, reference).replace(microsecond=0)
            employer = Actor(role="employer")
            missing, receipt = completions.supply(connection, reference, body, employer, at)
        assert not missing
        assert receipt is not None
        return receipt

    async def advance(self, subject: str, **by: float) -> datetime:
        return await self.clockwork.advance(subject, timedelta(**by))

    def request(self, reference: str) -> RequestRecord:
        with self.database.begin() as connection:
            return requests.get(connection, reference)

    def incidents(self, reference: str) -> list[incidents.IncidentRecord]:
        with self.database.begin() as connection:
            return incidents.list_of_subject(connection, reference)

    async def until(self, condition: Callable[[], bool], seconds: float = 60) -> None:
        """Wait until a condition holds."""
        limit = monotonic() + seconds
        while not await asyncio.to_thread(condition):
            assert monotonic() < limit, "it never became true"
            await asyncio.sleep(0.02)

    def event_types(self, reference: str) -> list[str]:
        """Types of the events of a case, in order; the chain must be intact."""
        with self.database.begin() as connection:
            assert events.broken_links(connection, reference) == []
            return [event.type for event in events.list_of(connection, reference)]


@asynccontextmanager
async def open_stage(database: Database, address: str, namespace: str, *, plain: bool = False) -> AsyncIterator[Stage]:
    """Open a stage; `plain` leaves payloads unencrypted, for histories that are stored."""
    keys = StoredKeys(database, master_key())
    client = await connect(address, namespace, None if plain else keys)
    clockwork, documents, mails = (
        TimeTravel(database, client),
        PlainDocuments(database),
        RecordingMails(database),
    )
    stage = Stage(database, client, keys, clockwork, documents, mails, PlainNominalFiles(database))
    await stage.start_workers()
    yield stage
    await stage.stop_workers()


@pytest.fixture
async def stage(database: Database, engine: Engine, namespaces: Iterator[str]) -> AsyncIterator[Stage]:
    async with open_stage(database, engine.address, next(namespaces)) as opened:
        yield opened
