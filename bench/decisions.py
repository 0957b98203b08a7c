"""Decisions over HTTP, one after the other and eight at a time, by a warm worker and by one just restarted."""

import asyncio
from collections.abc import Sequence

from bench.figures import Figure
from bench.fixtures import DEPARTMENT, Scale, employers, file_requests
from bench.http import CallResults, call_at_full_speed, request
from bench.register_watch import RegisterWatch, until
from cli.accounts import open_account, trial_delegation
from local.programs import OwnProgram
from local.world import World
from models.engine.keys import MasterKey
from models.store.database import Database

IN_FLIGHT = 8


def figures(
    running: World, database: Database, watch: RegisterWatch, workers: Sequence[OwnProgram], scale: Scale
) -> list[Figure]:
    """Alternate decisions on warm cases with decisions after a restart of the workers."""
    token = open_account(
        database,
        "agent",
        "Nadia Perrin",
        "agent@tacite.invalid",
        departments=[DEPARTMENT],
        delegation=trial_delegation("agent", [DEPARTMENT]),
    )
    size, rounds, alone = scale(40, 2), scale(3, 1), scale(40, 2)
    undecided = _open(running, database, watch, size * 2 * rounds + alone)
    one_by_one = _decide(running.http_port, token, [undecided.pop() for _ in range(alone)], 1)
    warm, cold = [], []
    for _ in range(rounds):
        warm.append(_decide(running.http_port, token, [undecided.pop() for _ in range(size)], IN_FLIGHT))
        for each in workers:
            each.restart()
        cold.append(_decide(running.http_port, token, [undecided.pop() for _ in range(size)], IN_FLIGHT))
        until(watch.nothing_outstanding, "what follows decisions")
    return _figures(one_by_one, warm, cold)


def _open(running: World, database: Database, watch: RegisterWatch, size: int) -> list[str]:
    """Open cases that wait for their decision."""
    due = watch.documents("receipt") + size
    references = file_requests(database, MasterKey(running.master_key), employers(database, size))
    until(lambda: watch.documents("receipt") >= due and watch.nothing_outstanding(), "every receipt")
    return references


def _decide(port: int, token: str, cases: list[str], in_flight: int) -> CallResults:
    calls = [
        request("POST", f"/api/v1/requests/{case}/decision", token, {"id": f"D-{case}", "outcome": "grant"})
        for case in cases
    ]
    return asyncio.run(call_at_full_speed(port, calls, in_flight))


def _figures(alone: CallResults, warm: list[CallResults], cold: list[CallResults]) -> list[Figure]:
    pending = sum(each.status != 200 for seen in (alone, *warm, *cold) for each in seen.answers)
    return [
        *_rates(warm, cold),
        Figure(
            name="A decision from its POST to its notification, alone: p50",
            unit="ms",
            values=(alone.ms(0.5),),
            bound="Register, update, signature with its time-stamp, compare-and-set: four workflow tasks.",
            beside="decision → closed with 2 activities: 119",
        ),
        Figure(
            name="The same: p99",
            unit="ms",
            values=(alone.ms(0.99),),
            bound="As above.",
            beside="175",
            stated=0.5,
        ),
        Figure(
            name="Decisions that were not notified at once",
            unit="",
            values=(float(pending),),
            limit=0,
            bound="A 202 after 5 s, or an error.",
        ),
    ]


def _rates(warm: list[CallResults], cold: list[CallResults]) -> tuple[Figure, Figure]:
    return (
        Figure(
            name="Decisions after a restart of the workers",
            unit="× warm",
            values=tuple(after.rate() / before.rate() for after, before in zip(cold, warm, strict=True)),
            limit=0.5,
            at_least=True,
            bound="Each case is replayed from its history, each signer and typst compiler is loaded once.",
            beside="cold cases 0.67 × warm; with a cache smaller than what is in flight 0.25 ×",
        ),
        Figure(
            name="Decisions, eight at a time",
            unit="/s",
            values=tuple(each.rate() for each in warm),
            bound="Two cores for the engine, two workers, the door, PostgreSQL and the time-stamp authority.",
        ),
    )
