"""What the register of establishments says of a SIRET, proposed to whoever is about to enrol.

Anybody may ask about any SIRET, and what is answered is public: it does not say who has enrolled. The register is asked
by a worker, for a few seconds; without its answer the form is filled in by hand.
"""

from contextlib import suppress
from datetime import timedelta
from typing import Final, NamedTuple

from fastapi_problem.error import Problem
from starlette.concurrency import run_in_threadpool

from models.engine.kinds.jobs import LOOK_UP, launch_look_up
from models.establishments import ListedEstablishment, Outcome
from models.store.people import companies
from starter.auth import rate_limits
from starter.context import Context
from starter.engine import EngineUnavailable

LOOK_UP_TIMEOUT: Final = timedelta(seconds=5)
"""How long a form waits for the register of establishments."""


class Proposal(NamedTuple):
    """What is proposed for an establishment; empty where the register says nothing."""

    name: str = ""
    address: str = ""
    department: str = ""
    ceased: bool = False
    outcome: Outcome | None = None
    """None while the register has not answered."""


async def propose(context: Context, siret: str, origin: bytes) -> Proposal:
    """Ask about a valid SIRET, and return what is proposed; nothing beyond the limit of an address."""
    try:
        await run_in_threadpool(rate_limits.count_apart, context.database, "look_up", origin)
    except Problem:
        return Proposal()
    with suppress(EngineUnavailable):
        await context.engine.run(LOOK_UP, launch_look_up(siret), LOOK_UP_TIMEOUT)
    return await run_in_threadpool(_read, context, siret)


def _read(context: Context, siret: str) -> Proposal:
    with context.database.begin() as connection:
        answer = companies.find(connection, siret)
    if answer is None:
        return Proposal()
    return _proposed(answer.listed) if answer.listed else Proposal(outcome=answer.outcome)


def _proposed(listed: ListedEstablishment) -> Proposal:
    address = listed.address.text if listed.address and listed.address.is_complete else ""
    return Proposal(listed.name or "", address, listed.department or "", listed.state == "ceased", "listed")
