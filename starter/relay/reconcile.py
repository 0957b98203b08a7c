"""Reconciles the engine with the register, which is authoritative, after one of the two was restored from a back-up.

Processes that the engine has lost start again from the register and do what is left to do: acts are idempotent by
their business keys, and check the register first. Processes that the register does not know are reported. They are
terminated only when an operator states that the register was restored, because a relay that is configured with the
wrong namespace must not terminate anything.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from typing import Final, Literal

import structlog
from temporalio.client import Client, WorkflowExecution, WorkflowExecutionStatus

from models.engine.names import DEADLINE, OUTCOME, STATUS, subject_of
from models.engine.processes import EXPECTED, OWED, PROCESSES, find_kind
from models.identifiers import Message
from models.store.database import Database
from models.store.journal import outbox
from models.store.operations import expected_processes
from models.store.operations.expected_processes import Life, Open, Owed
from starter.engine import EngineClient, EngineUnavailable, ProcessNotFound
from starter.metrics import Deliveries

Restored = Literal["engine", "register"]
"""Which of the two was restored from a back-up."""
State = Literal["missing", "behind", "undone", "over", "unknown", "lost_outcome"]
STATE_LABELS: Final[dict[State, str]] = {
    "missing": "ouvert au registre, sans processus",
    "behind": "le moteur ne montre pas ce que porte le registre",
    "undone": "un acte enregistré reste à faire",
    "over": "clos au registre, encore vivant dans le moteur",
    "unknown": "inconnu du registre",
    "lost_outcome": "le moteur a connu une issue que le registre n’a plus",
}
RETRY_INTERVAL: Final = 5.0
"""Seconds before an unavailable engine is called again."""
PAGE_SIZE: Final = 500
"""Processes whose messages are written in one transaction."""
log = structlog.get_logger()


class Item(Message):
    """One process that differs; `outcome` is what the engine knew and the register has lost."""

    process: str
    state: State
    outcome: str | None = None


class Report(Message):
    """What was compared, what differs, and how many processes were started, informed or terminated because of it."""

    compared: int
    items: tuple[Item, ...]
    told: int
    """Processes started again or informed; `tacite reconcile --json` prints the members under these names."""
    ended: int

    @property
    def words(self) -> str:
        """The report in one sentence."""
        return (
            f"{self.compared} dossiers, brouillons et adhésions ouverts, {len(self.items)} écarts ; "
            f"{self.told} processus relancés ou prévenus, {self.ended} terminés."
        )

    def rows(self) -> Iterator[tuple[str, str, str | None]]:
        """Yield process, French label of its state, and lost outcome."""
        return ((each.process, STATE_LABELS[each.state], each.outcome) for each in self.items)


class _Comparison:
    """Both sides, read once: the register first, so that a case that begins meanwhile is not missed."""

    def __init__(self, cases: list[Open], owed: list[Owed], runs: list[WorkflowExecution]) -> None:
        self.open = {each.process: each for each in cases}
        self.owed: defaultdict[str, list[Owed]] = defaultdict(list)
        for each in owed:
            self.owed[each.process].append(each)
        self.runs: dict[str, WorkflowExecution] = {}
        self.outcomes: dict[str, str] = {}
        """The outcome that any run of a process has reached; a run that was started again does not know it."""
        for run in sorted(runs, key=lambda run: (_alive(run), run.start_time)):
            self.runs[run.id] = run
            if outcome := run.typed_search_attributes.get(OUTCOME):
                self.outcomes[run.id] = outcome

    @property
    def unexpected(self) -> list[str]:
        """Processes whose subject is not open in the register."""
        return sorted(self.runs.keys() - self.open.keys())

    def items(self, lives: dict[str, Life], restored: Restored | None) -> Iterator[Item]:
        """Yield every difference."""
        for process, case in self.open.items():
            run = self.runs.get(process)
            run_outcome = run.typed_search_attributes.get(OUTCOME) if run else None
            outcome = self.outcomes.get(process) if restored == "register" else run_outcome
            if outcome and case.outcome is None:
                yield Item(process=process, state="lost_outcome", outcome=outcome)
            yield from self._of_open(case, run)
        for process in self.unexpected:
            life, alive = lives.get(process), _alive(self.runs[process])
            if life == "over" and alive:
                yield Item(process=process, state="over")
            elif life is None and (alive or restored == "register"):
                yield Item(process=process, state="unknown", outcome=self.outcomes.get(process))

    def _of_open(self, case: Open, run: WorkflowExecution | None) -> Iterator[Item]:
        if run is None or not _alive(run):
            if case.started:
                yield Item(process=case.process, state="missing")
        elif _differs(case, run):
            yield Item(process=case.process, state="behind")
        elif any(each.undone for each in self.owed[case.process]):
            yield Item(process=case.process, state="undone")

    def messages(self, item: Item) -> list[Owed]:
        """Return what the process of an item must receive."""
        match item.state:
            case "missing":
                return self.start_again(item.process, "revive")
            case "behind":
                return [*self.owed[item.process], check_register(item.process)]
            case "undone":
                return [each for each in self.owed[item.process] if each.undone]
            case "over":
                return [check_register(item.process)]
        return []

    def start_again(self, process: str, how: outbox.Start) -> list[Owed]:
        """Return the messages that start a process from the register, repeat what it missed, and have it check."""
        start = Owed(process=process, kind=how, subject="", undone=True)
        return [start, *self.owed[process], check_register(process)]


def check_register(process: str) -> Owed:
    """Return the message that has a process check the register and establish what is due (silence, for a case)."""
    return Owed(process=process, kind="complete", subject="", undone=True)


async def reconcile(database: Database, engine: EngineClient, restored: Restored | None) -> Report:
    """Compare, and repair according to what was restored, if anything; raises `EngineUnavailable`.

    If the register was restored, every open case starts again: how far its process had gone is not visible here.
    """
    read = await asyncio.to_thread(_read, database)
    # In a thread: there may be hundreds of thousands, and the relay must go on delivering.
    both = await asyncio.to_thread(_Comparison, *read, await engine.list_expected_runs())
    items = await asyncio.to_thread(_items, database, both, restored)
    informed = ended = 0
    if restored == "register":
        unknown = [each.process for each in items if each.state == "unknown"]
        await asyncio.to_thread(_reserve, database, unknown)
        ended = await _end(engine, [process for process in unknown if _alive(both.runs[process])])
        messages = [both.start_again(process, "restart") for process in both.open]
        messages += [both.messages(item) for item in items if item.state == "over"]
        informed = await asyncio.to_thread(_enqueue, database, messages)
    elif restored == "engine":
        messages = [owed for item in items if (owed := both.messages(item))]
        informed = await asyncio.to_thread(_enqueue, database, messages)
    return Report(compared=len(both.open), items=items, told=informed, ended=ended)


async def reconcile_for_operator(database: Database, client: Client, restored: Restored | None) -> Report:
    """Reconcile for an operator."""
    return await reconcile(database, EngineClient(client), restored)


async def on_taking_the_lock(database: Database, engine: EngineClient, deliveries: Deliveries) -> None:
    """Repair what an engine restored from a back-up has lost, as soon as it answers, and report the rest."""
    while True:
        try:
            report = await reconcile(database, engine, "engine")
        except EngineUnavailable:
            await asyncio.sleep(RETRY_INTERVAL)
            continue
        unknown = [each.process for each in report.items if each.state == "unknown"]
        deliveries.unknown.set(len(unknown))
        if unknown:
            log.error("processes_unknown", processes=len(unknown), first=unknown[0])
        log.info("reconciled", compared=report.compared, told=report.told)
        return


def _alive(run: WorkflowExecution) -> bool:
    return run.status is WorkflowExecutionStatus.RUNNING


def _differs(case: Open, run: WorkflowExecution) -> bool:
    """Whether a run shows another state than the register. It may lag; a process then checks the register once more."""
    attributes = run.typed_search_attributes
    if case.late or (attributes.get(STATUS), attributes.get(OUTCOME)) != (case.status, case.outcome):
        return True
    return case.counts_down and attributes.get(DEADLINE) != case.deadline_at


def _read(database: Database) -> tuple[list[Open], list[Owed]]:
    with database.begin() as connection:
        expected = expected_processes.list_open(connection, EXPECTED)
        return expected, expected_processes.list_owed(connection, OWED)


def _items(database: Database, both: _Comparison, restored: Restored | None) -> tuple[Item, ...]:
    with database.begin() as connection:
        lives = expected_processes.find_lives(connection, EXPECTED, both.unexpected)
    return tuple(both.items(lives, restored))


def _reserve(database: Database, processes: list[str]) -> None:
    """Reserve the subjects of these processes, so that they are never assigned again."""
    with database.begin() as connection:
        for kind in PROCESSES:
            if kind.reserve:
                kind.reserve(connection, [subject_of(each) for each in processes if find_kind(each) is kind])


def _enqueue(database: Database, messages: list[list[Owed]]) -> int:
    """Put messages in the outbox, and wake every process for which something waits (a file of the agency)."""
    for first in range(0, len(messages), PAGE_SIZE):
        with database.begin() as connection:
            page = messages[first : first + PAGE_SIZE]
            expected_processes.enqueue_all(connection, (each for one in page for each in one))
    with database.begin() as connection:
        for kind in PROCESSES:
            if kind.wake_waiting:
                kind.wake_waiting(connection)
    return len(messages)


async def _end(engine: EngineClient, processes: list[str]) -> int:
    ended = 0
    for process in processes:
        try:
            await engine.end(process, "Le registre, rétabli d’une sauvegarde, ne connaît pas ce dossier.")
            ended += 1
        except ProcessNotFound:
            log.info("ended_already", process=process)
    return ended
