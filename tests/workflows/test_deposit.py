"""A deposit waits for the hours of the agency or the end of its freeze, and goes on by itself."""

import asyncio
from datetime import UTC, datetime, timedelta

from temporalio.client import WorkflowHandle
from temporalio.testing import TimeSkipper

from models.engine.kinds.deposit import DEPOSIT, launch_deposit
from models.engine.names import deposit_id
from models.messages.deposit import Channel, Opening
from models.store.agency.channels import CLAIMS
from starter.engine import EngineClient
from tests.workflows.conftest import Stage
from workflows.deposit import DepositWorkflow


async def start(stage: Stage) -> WorkflowHandle[DepositWorkflow, int]:
    stage.agency.waiting = ["TACITE_DI_1"]
    await EngineClient(stage.client).start(DEPOSIT, launch_deposit(Channel(name=CLAIMS)))
    handle: WorkflowHandle[DepositWorkflow, int]
    handle = stage.client.get_workflow_handle_for(DepositWorkflow.run, deposit_id(CLAIMS))
    await stage.until(lambda: stage.agency.asked > 0)
    return handle


async def frozen_deposit(stage: Stage) -> str:
    """The agency is frozen until somebody says otherwise."""
    stage.agency.closed = Opening(open=False, frozen=True)
    handle = await start(stage)
    stage.agency.closed = None
    await handle.signal("resume")
    assert await handle.result() == 1
    return deposit_id(CLAIMS)


PATHS = (frozen_deposit,)


async def test_what_waits_during_a_freeze_leaves_when_an_operator_ends_it(stage: Stage) -> None:
    await frozen_deposit(stage)
    assert stage.agency.put == ["TACITE_DI_1"]


async def test_it_leaves_by_itself_when_the_hours_of_the_agency_begin(stage: Stage) -> None:
    stage.agency.closed = Opening(open=False, opens_at=datetime.now(UTC) + timedelta(days=3))
    handle = await start(stage)
    assert stage.agency.put == []
    stage.agency.closed = None
    await TimeSkipper(stage.client).fast_forward(handle, timedelta(days=3, minutes=1))
    assert await asyncio.wait_for(handle.result(), 60) == 1
    assert stage.agency.put == ["TACITE_DI_1"]


async def test_rows_that_arrive_meanwhile_wake_nobody(stage: Stage) -> None:
    stage.agency.closed = Opening(open=False, frozen=True)
    handle = await start(stage)
    for _ in range(5):
        await handle.signal("deposit")
    await handle.describe()
    assert stage.agency.asked == 1
    stage.agency.closed = None
    await handle.signal("resume")
    assert await handle.result() == 1
