"""`python worker.py`: the program that runs the procedure and performs the acts.

Composition root: settings → register, keys, signer, mailer, agency → one worker for each task queue that this
process serves (`TACITE_QUEUES`). It refuses to start if the register's clock went back, or in a namespace without our
search attributes, where cases would stall unnoticed. It logs `worker_ready` once. On SIGTERM or SIGINT it lets running
acts finish.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from importlib import import_module
from pkgutil import iter_modules
from typing import Final, TypeVar

import structlog
from prometheus_client import CollectorRegistry
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleIntervalSpec,
    ScheduleRange,
    ScheduleSpec,
    ScheduleUpdate,
)
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.service import RPCError
from temporalio.worker import Worker, WorkerDeploymentConfig

import workflows
from activities.agency.answers import SftpAnswers
from activities.agency.deposits import SftpAgency
from activities.agency.nominal_acts import EnvelopedPeople
from activities.agency.nominal_people import SealedPeople
from activities.claims import StoredClaimActs
from activities.companies.directory import CompanyDirectory
from activities.documents.acts import StoredDocumentActs
from activities.documents.compose import Composer
from activities.enrolments import StoredEnrolmentActs
from activities.evidence import StoredEvidenceActs
from activities.letters.acts import PrintedLetters
from activities.mail.smtp import SmtpMails
from activities.register import StoredRegisterActs
from activities.signing.acts import DocumentSigner
from activities.signing.certificate_metrics import CertificateMetrics
from activities.transport import agency_transport, anchors_transport, answers_inbox
from activities.uploads import CONCURRENT_READINGS, StoredReadingActs, StoredUploadActs
from activities.verification import CONCURRENT_VERIFICATIONS, StoredVerificationActs
from models.engine.client import configure_runtime, connect_as_configured, missing_attributes
from models.engine.keys import BlindKey, MasterKey
from models.engine.names import AGENCY, CASES, CHAIN, DEPLOYMENT, QUEUES, SIGNING, Queue, answers_id
from models.examination.client import Examiner
from models.settings import Settings, settings, wrong_variables
from models.store.agency.channels import CLAIMS
from models.store.claims.sealed_people import PeopleKeys
from models.store.database import ClockWentBack, Database, check_clock
from models.store.journal.keys import StoredKeys
from models.telemetry import logs, spans
from models.telemetry.metrics import exposed, registry
from workflows.answers import AnswersWorkflow
from workflows.nightly import ChainWorkflow


def _find_workflows() -> Iterator[type]:
    """Yield the workflow classes of `workflows/`; a new kind of process needs no registration."""
    for module in iter_modules(workflows.__path__, "workflows."):
        for each in vars(import_module(module.name)).values():
            if isinstance(each, type) and each.__module__ == module.name and each.__name__.endswith("Workflow"):
                yield each


WORKFLOWS: Final = tuple(_find_workflows())
MAX_CACHED_WORKFLOWS: Final = 5_000
"""Workflow cache size, above the number of cases awake at once. Replaying an evicted case costs three times as much."""
GRACE_PERIOD: Final = timedelta(seconds=10)
"""Time that running acts have to finish when the worker stops."""
RETRY_INTERVAL: Final = 1.0
"""Seconds between two attempts to reach the register or the engine at start."""
EXIT_DONE: Final = 0
EXIT_MISSING: Final = 3
Result = TypeVar("Result")
_log = structlog.get_logger()


class NamespaceUnprepared(Exception):
    """The namespace does not know some of our search attributes; the message is for the operator."""


async def serve(chosen: Settings, stop: asyncio.Event) -> None:
    """Run until `stop` is set; raises ClockWentBack, NamespaceUnprepared."""
    metrics = registry()
    with (
        Database(chosen.database, size=chosen.workers_threads + 2) as database,
        exposed(chosen.metrics, metrics),
    ):
        await _until_available(lambda: asyncio.to_thread(_check_clock, database), stop)
        keys = StoredKeys(database, MasterKey(chosen.master_key))
        client = await _until_available(lambda: _reach(chosen, keys), stop)
        if client is None:
            return
        await _schedule_chain(client)
        if AGENCY in chosen.queues:
            await _schedule_answers(client, chosen)
        async with workers(client, database, chosen), _measuring_certificates(chosen, metrics):
            _log.info("worker_ready", namespace=chosen.namespace, profile=chosen.profile)
            await stop.wait()
            _log.info("worker_stopping")


@asynccontextmanager
async def workers(client: Client, database: Database, chosen: Settings) -> AsyncIterator[None]:
    """Run one worker for each served queue; on exit, running acts may finish within the grace period."""
    async with AsyncExitStack() as running:
        for queue in (each for each in QUEUES if each in chosen.queues):
            acts, max_threads = _acts(queue, database, chosen)
            pool = running.enter_context(ThreadPoolExecutor(max_threads, thread_name_prefix=queue))
            worker = Worker(
                client,
                task_queue=queue,
                workflows=WORKFLOWS if queue == CASES else (),
                activities=acts,
                activity_executor=pool,
                max_concurrent_activities=max_threads,
                max_concurrent_local_activities=max_threads,
                max_cached_workflows=MAX_CACHED_WORKFLOWS,
                graceful_shutdown_timeout=GRACE_PERIOD,
                deployment_config=deployment(chosen),
            )
            await running.enter_async_context(worker)
        yield


@asynccontextmanager
async def _measuring_certificates(chosen: Settings, metrics: CollectorRegistry) -> AsyncIterator[None]:
    """Measure what signing depends on, if this process signs and exposes metrics."""
    if not chosen.metrics or SIGNING not in chosen.queues:
        yield
        return
    watch = asyncio.create_task(CertificateMetrics(chosen, metrics).run())
    try:
        yield
    finally:
        watch.cancel()


def _acts(queue: Queue, database: Database, chosen: Settings) -> tuple[list[Callable[..., object]], int]:
    """Return the acts of a queue, and how many may run at once; creates only what they need."""
    threads = chosen.workers_threads
    match queue:
        case "signing":
            composer = Composer(chosen.site, chosen.profile)
            families = (
                StoredDocumentActs(database, DocumentSigner.of(chosen), composer),
                StoredEvidenceActs(database, anchors_transport(chosen), chosen),
            )
            return [act for family in families for act in family.activities()], max(threads // 2, 2)
        case "verifying":
            verifying = StoredVerificationActs(database, chosen.trust, Examiner(chosen.examining))
            return verifying.activities(), CONCURRENT_VERIFICATIONS
        case "reading":
            keys = PeopleKeys(MasterKey(chosen.master_key), BlindKey(chosen.blind_key))
            reading = StoredReadingActs(database, keys, Examiner(chosen.examining))
            return reading.activities(), CONCURRENT_READINGS
        case "agency":
            master = MasterKey(chosen.master_key)
            deposits = SftpAgency(database, agency_transport(chosen), chosen)
            answers = SftpAnswers(database, answers_inbox(chosen), chosen, deposits, master)
            nominal = EnvelopedPeople(database, chosen.agency_certificate, SealedPeople(master).read)
            return [*deposits.activities(), *answers.activities(), *nominal.activities()], 1
        case "cases":
            master, companies = MasterKey(chosen.master_key), CompanyDirectory.of(database, chosen)
            mails = SmtpMails(database, chosen.mail, chosen.mail_from, chosen.site, master)
            acts = (
                StoredRegisterActs(database, companies, master),
                StoredEnrolmentActs(database, master, companies),
                StoredClaimActs(database),
                mails,
                PrintedLetters(database, master, chosen.letters, chosen.site, chosen.profile),
                StoredUploadActs(database),
            )
            return [act for family in acts for act in family.activities()], threads


async def _schedule_chain(client: Client) -> None:
    """Schedule the nightly time-stamping of the events; the first worker to start creates the schedule."""
    action = ScheduleActionStartWorkflow(ChainWorkflow.run, id=CHAIN, task_queue=CASES)
    nightly = ScheduleSpec(calendars=[ScheduleCalendarSpec(hour=[ScheduleRange(2)])], time_zone_name="Europe/Paris")
    with suppress(ScheduleAlreadyRunningError):
        await client.create_schedule(CHAIN, Schedule(action=action, spec=nightly))


async def _schedule_answers(client: Client, chosen: Settings) -> None:
    """Schedule the reading of the agency’s answers, or change how often; a run that is still going on skips the next.

    Claims alone are answered: no format of answers to authorizations is known.
    """
    name, every = answers_id(CLAIMS), timedelta(minutes=chosen.agency_answers_minutes)
    action = ScheduleActionStartWorkflow(AnswersWorkflow.run, id=name, task_queue=CASES)
    schedule = Schedule(action=action, spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every)]))
    try:
        await client.create_schedule(name, schedule)
    except ScheduleAlreadyRunningError:
        await client.get_schedule_handle(name).update(lambda _: ScheduleUpdate(schedule))


def deployment(chosen: Settings) -> WorkerDeploymentConfig | None:
    """Return the versioning of the worker: with a build id, long-lived cases move to the version made current."""
    if not chosen.build:
        return None
    return WorkerDeploymentConfig(
        WorkerDeploymentVersion(DEPLOYMENT, chosen.build),
        use_worker_versioning=True,
        default_versioning_behavior=VersioningBehavior.AUTO_UPGRADE,
    )


async def _reach(chosen: Settings, keys: StoredKeys) -> Client:
    client = await connect_as_configured(chosen, keys)
    if wrong := await missing_attributes(client):
        raise NamespaceUnprepared(
            f"L’espace « {chosen.namespace} » du moteur ne connaît pas ces attributs de recherche : "
            f"{', '.join(wrong)}. Lancez « tacite setup-engine », puis relancez."
        )
    return client


def _check_clock(database: Database) -> None:
    with database.begin() as connection:
        check_clock(connection)


async def _until_available(attempt: Callable[[], Awaitable[Result]], stop: asyncio.Event) -> Result | None:
    """Retry until an attempt succeeds; None if `stop` is set first."""
    while not stop.is_set():
        try:
            return await attempt()
        except (OperationalError, RPCError, RuntimeError) as away:
            _log.warning("dependency_away", error=type(away).__name__)
        await asyncio.sleep(RETRY_INTERVAL)
    return None


async def main() -> int:
    """Run until SIGTERM or SIGINT; returns 3 if something it cannot run without is missing."""
    logs.configure()
    stop = asyncio.Event()
    for end in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(end, stop.set)
    try:
        spans.configure(settings().traces, "worker")
        configure_runtime(settings().engine_metrics)
        await serve(settings(), stop)
    except ValidationError as wrong:
        names = ", ".join(wrong_variables(wrong))
        _log.error("settings_wrong", message=f"Réglages absents ou faux : {names}.")
        return EXIT_MISSING
    except NamespaceUnprepared as unprepared:
        _log.error("namespace_unprepared", message=str(unprepared))
        return EXIT_MISSING
    except ClockWentBack:
        _log.error("clock_went_back", message="L’horloge de la base est en retard sur ce qu’elle a enregistré.")
        return EXIT_MISSING
    return EXIT_DONE


if __name__ == "__main__":
    code = asyncio.run(main())
    spans.shutdown()
    sys.stderr.flush()
    os._exit(code)  # the engine's library may abort an ordinary exit after success (sdk-python issue 300)
