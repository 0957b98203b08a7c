"""Claims whose process runs on a stage: admitted by the store, started and woken as the relay does."""

from itertools import count
from typing import Any

from temporalio.client import WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from models.engine.kinds.claim import CLAIM
from models.engine.names import claim_process
from models.messages.case import Ref
from models.messages.claim import ClaimEnd
from models.store.claims import records
from models.store.claims.records import ClaimRecord
from models.store.journal import outbox
from starter.engine import EngineClient
from tests.models.store.claims import builders
from tests.workflows.conftest import Stage

_looks = count()


async def open_claim(stage: Stage, **terms: Any) -> ClaimRecord:
    """Admit a claim of a new authorization, and start its process."""
    own = {"bank_account": builders.an_account()} | terms
    return await start(stage, builders.claim(stage.database, builders.authorize(stage.database, **own)))


async def start(stage: Stage, claim: ClaimRecord) -> ClaimRecord:
    """Start the process of a claim from the register, as the relay does."""
    with stage.database.begin() as connection:
        assert CLAIM.load is not None
        launch = CLAIM.load(connection, claim.subject)
    assert launch is not None
    await EngineClient(stage.client).start(CLAIM, launch)
    return claim


def handle(stage: Stage, claim: ClaimRecord) -> WorkflowHandle[Any, Any]:
    return stage.client.get_workflow_handle(claim_process(claim.subject))


async def look(stage: Stage, claim: ClaimRecord) -> None:
    """Deliver what waits in the outbox for the process of a claim, which must be something."""
    with stage.database.begin() as connection:
        mine = [
            each for each in outbox.list_waiting(connection, 1_000) if each.workflow_id == claim_process(claim.subject)
        ]
        waiting = [each for each in mine if each.kind == "look"]
        for each in mine:
            outbox.mark_delivered(connection, each.id)
    assert waiting, "nothing woke the process"
    ref = Ref(reference=claim.subject, id="")
    try:
        await handle(stage, claim).execute_update("look", ref, id=f"look#{next(_looks)}")
    except RPCError as missed:
        # It may have seen the change by itself, and be over before the message came.
        if missed.status not in (RPCStatusCode.NOT_FOUND, RPCStatusCode.ABORTED):
            raise


async def until(stage: Stage, claim: ClaimRecord, state: str) -> None:
    """Wait until the register has a claim in a state."""
    await stage.until(lambda: now(stage, claim).state == state)


async def end(stage: Stage, claim: ClaimRecord) -> str:
    """Wait for the process of a claim to end, and return the state that it ended in."""
    return ClaimEnd.model_validate(await handle(stage, claim).result()).state


def of_subject(stage: Stage, subject: str) -> ClaimRecord:
    with stage.database.begin() as connection:
        found = records.find_by_subject(connection, subject)
    assert found is not None
    return found


def now(stage: Stage, claim: ClaimRecord) -> ClaimRecord:
    with stage.database.begin() as connection:
        return records.get(connection, claim.id)


def mails(stage: Stage, claim: ClaimRecord) -> list[str]:
    """What was mailed about a claim: the keys of its notices, without process and recipient."""
    prefix = f"{claim_process(claim.subject)}/"
    sent = (each.removeprefix(prefix).rpartition("/")[0] for each in stage.mails.sent if each.startswith(prefix))
    return sorted(sent)
