"""`python worker.py`: the program that runs the procedure and performs the acts.

Composition root: settings → register, keys, signer, mailer, agency → one worker for each task queue that this
process serves (`TACITE_QUEUES`). It refuses to run on a clock that went back, or in a namespace that does not know
our search attributes: cases would stall there in silence. It logs `worker_ready` once, and lets running acts end
when it is asked to stop.
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
    ScheduleRange,
    ScheduleSpec,
)
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.service import RPCError
from temporalio.worker import Worker, WorkerDeploymentConfig

import workflows
from activities.agency.deposits import SftpAgency
from activities.agency.transport import transport
from activities.companies import CompanyDirectory
from activities.documents.acts import StoredDocumentActs
from activities.documents.compose import Composer
from activities.enrolments import StoredEnrolmentActs
from activities.mail.smtp import SmtpMails
from activities.register import StoredRegisterActs
from activities.signing.acts import DocumentSigner
from activities.signing.certificate_metrics import CertificateMetrics
from models.engine.client import configure_runtime, connect_as_configured, missing_attributes
from models.engine.keys import MasterKey
from models.engine.names import CASES, CHAIN, DEPLOYMENT, QUEUES, SIGNING, Queue
from models.settings import Settings, settings, wrong_variables
from models.store.database import ClockWentBack, Database, check_clock
from models.store.journal.keys import StoredKeys
from models.telemetry import logs, spans
from models.telemetry.metrics import exposed, registry
from workflows.nightly import ChainWorkflow


def _find_workflows() -> Iterator[type]:
    """Every class of `workflows/` that declares a workflow type: a new kind of process is found by being there."""
    for found in iter_modules(workflows.__path__, "workflows."):
        for each in vars(import_module(found.name)).values():
            if (
                isinstance(each, type)
                and each.__module__ == found.name
                and each.__name__.endswith("Workflow")
            ):
                yield each


WORKFLOWS: Final = tuple(_find_workflows())
MAX_CACHED_WORKFLOWS: Final = 5_000
"""Workflow cache size, above the number of cases awake at once. Replaying an evicted case costs three times as much."""
GRACE_PERIOD: Final = timedelta(seconds=10)
"""Time that running acts have to end when the worker is asked to stop."""
RETRY_INTERVAL: Final = 1.0
"""Seconds between two attempts to reach the register or the engine at start."""
DONE, MISSING = 0, 3
Found = TypeVar("Found")
_log = structlog.get_logger()


class NamespaceUnprepared(Exception):
    """The namespace does not know some of our search attributes; the message is for the operator."""


async def serve(chosen: Settings, stop: asyncio.Event) -> None:
    """Run until `stop`; raises ClockWentBack and NamespaceUnprepared."""
    measured = registry()
    with (
        Database(chosen.database, size=chosen.workers_threads + 2) as database,
        exposed(chosen.metrics, measured),
    ):
        await _until_available(lambda: asyncio.to_thread(_check_clock, database), stop)
        keys = StoredKeys(database, MasterKey(chosen.master_key))
        client = await _until_available(lambda: _reach(chosen, keys), stop)
        if client is None:
            return
        await _schedule_chain(client)
        async with workers(client, database, chosen), _watching(chosen, measured):
            _log.info("worker_ready", namespace=chosen.namespace, profile=chosen.profile)
            await stop.wait()
            _log.info("worker_stopping")


@asynccontextmanager
async def workers(client: Client, database: Database, chosen: Settings) -> AsyncIterator[None]:
    """Run one worker a queue served; on the way out, acts under way may end within the grace period."""
    async with AsyncExitStack() as running:
        for queue in (each for each in QUEUES if each in chosen.queues):
            acts, most = _acts(queue, database, chosen)
            pool = running.enter_context(ThreadPoolExecutor(most, thread_name_prefix=queue))
            worker = Worker(
                client,
                task_queue=queue,
                workflows=WORKFLOWS if queue == CASES else (),
                activities=acts,
                activity_executor=pool,
                max_concurrent_activities=most,
                max_concurrent_local_activities=most,
                max_cached_workflows=MAX_CACHED_WORKFLOWS,
                graceful_shutdown_timeout=GRACE_PERIOD,
                deployment_config=deployment(chosen),
            )
            await running.enter_async_context(worker)
        yield


@asynccontextmanager
async def _watching(chosen: Settings, measured: CollectorRegistry) -> AsyncIterator[None]:
    """Measure what signing needs, where somebody signs and somebody reads the measures."""
    if not chosen.metrics or SIGNING not in chosen.queues:
        yield
        return
    watch = asyncio.create_task(CertificateMetrics(chosen, measured).run())
    try:
        yield
    finally:
        watch.cancel()


def _acts(queue: Queue, database: Database, chosen: Settings) -> tuple[list[Callable[..., object]], int]:
    """Return the acts of a queue, and how many of them may run at once; only what they need is made."""
    threads = chosen.workers_threads
    match queue:
        case "signing":
            composer = Composer(chosen.site, chosen.profile)
            return StoredDocumentActs(database, DocumentSigner.of(chosen), composer).activities(), max(
                threads // 2, 2
            )
        case "agency":
            return SftpAgency(database, transport(chosen), chosen).activities(), 1
        case "cases":
            master, companies = MasterKey(chosen.master_key), CompanyDirectory(chosen.companies)
            mails = SmtpMails(database, chosen.mail, chosen.mail_from, chosen.site, master)
            acts = (
                StoredRegisterActs(database, companies),
                StoredEnrolmentActs(database, master, companies),
                mails,
            )
            return [act for family in acts for act in family.activities()], threads


async def _schedule_chain(client: Client) -> None:
    """Have the events time-stamped every night; the first worker to start creates the schedule."""
    action = ScheduleActionStartWorkflow(ChainWorkflow.run, id=CHAIN, task_queue=CASES)
    nightly = ScheduleSpec(
        calendars=[ScheduleCalendarSpec(hour=[ScheduleRange(2)])], time_zone_name="Europe/Paris"
    )
    with suppress(ScheduleAlreadyRunningError):
        await client.create_schedule(CHAIN, Schedule(action=action, spec=nightly))


def deployment(chosen: Settings) -> WorkerDeploymentConfig | None:
    """With a build id, cases that last for months move to the version that an operator makes current."""
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


async def _until_available(attempt: Callable[[], Awaitable[Found]], stop: asyncio.Event) -> Found | None:
    """Try until it works; None when asked to stop before."""
    while not stop.is_set():
        try:
            return await attempt()
        except (OperationalError, RPCError, RuntimeError) as away:
            _log.warning("dependency_away", error=type(away).__name__)
        await asyncio.sleep(RETRY_INTERVAL)
    return None


async def main() -> int:
    """Run until SIGTERM or SIGINT; 3 when something indispensable is missing."""
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
        return MISSING
    except NamespaceUnprepared as unprepared:
        _log.error("namespace_unprepared", message=str(unprepared))
        return MISSING
    except ClockWentBack:
        _log.error(
            "clock_went_back", message="L’horloge de la base est en retard sur ce qu’elle a enregistré."
        )
        return MISSING
    return DONE


if __name__ == "__main__":
    code = asyncio.run(main())
    spans.shutdown()
    sys.stderr.flush()
    os._exit(code)  # the engine's library may abort an ordinary exit after success (sdk-python issue 300)
