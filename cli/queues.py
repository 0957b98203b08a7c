"""Whether every task queue of ours has a worker."""

import asyncio
from collections.abc import Sequence
from typing import Final

from temporalio.api.enums.v1 import DescribeTaskQueueMode, TaskQueueType
from temporalio.api.taskqueue.v1 import PollerInfo, TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client

from models.engine.client import connect_as_configured
from models.engine.names import QUEUES, Queue
from models.settings import Settings

LOOKS: Final = 5
"""How often a queue is looked at, a second apart, before it counts as not served."""


async def check_queues(settings: Settings) -> str:
    """Return that each has one; raises ValueError.

    A worker that is full or has just started may not poll at this moment: look again.
    """
    client = await connect_as_configured(settings, None)
    unserved: Sequence[Queue] = QUEUES
    for _ in range(LOOKS):
        unserved = [each for each in unserved if not await _list_pollers(client, each)]
        if not unserved:
            return "chacune a son worker"
        await asyncio.sleep(1)
    raise ValueError(f"aucun worker ne sert {', '.join(unserved)}")


async def _list_pollers(client: Client, queue: Queue) -> Sequence[PollerInfo]:
    """Return who polls a queue, in every partition of it."""
    asked = DescribeTaskQueueRequest(
        namespace=client.namespace,
        task_queue=TaskQueue(name=queue),
        api_mode=DescribeTaskQueueMode.DESCRIBE_TASK_QUEUE_MODE_ENHANCED,
        task_queue_types=[TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY],
        report_pollers=True,
    )
    described = await client.workflow_service.describe_task_queue(asked)
    types = [each for version in described.versions_info.values() for each in version.types_info.values()]
    return [poller for each in types for poller in each.pollers]
