"""`tacite setup-engine`: what the engine must know before a worker may run; done again, it changes nothing.

The namespace with how long it keeps ended cases, our search attributes, and the release of our worker that cases
move to (`TACITE_BUILD`). A release becomes current only once its workers are there: cases would wait for nobody.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final, TypeVar

from google.protobuf.duration_pb2 import Duration
from temporalio.api.deployment.v1 import WorkerDeploymentVersion
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    DescribeWorkerDeploymentRequest,
    DescribeWorkerDeploymentVersionRequest,
    RegisterNamespaceRequest,
    SetWorkerDeploymentCurrentVersionRequest,
    UpdateNamespaceRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from cli.terminal import Code, Ended
from models.engine.client import known_attributes, missing_attributes, reach
from models.engine.names import DEPLOYMENT, QUEUES, SEARCH_ATTRIBUTES
from models.identifiers import Message
from models.settings import Settings

SECONDS_TO_WAIT: Final = 60.0
"""Seconds given to a new namespace to be known everywhere, and to new workers to come."""
SECONDS_BETWEEN_LOOKS: Final = 0.5
NOT_YET: Final = (RPCStatusCode.NOT_FOUND, RPCStatusCode.UNAVAILABLE)
"""Answers of a server that has not yet heard of what it was told."""
Found = TypeVar("Found")


class Step(Message):
    """One thing that the engine must know, and whether it has just been told."""

    what: str
    changed: bool


async def prepare(settings: Settings, retention_days: int, patience: float = SECONDS_TO_WAIT) -> list[Step]:
    """Tell the engine what it lacks; raises `Ended` when it does not answer or knows something else."""
    try:
        client = await reach(settings, None)
        steps = [
            await _namespace(client, timedelta(days=retention_days)),
            *await _attributes(client, patience),
        ]
        return [*steps, await _release(client, settings.build, patience)] if settings.build else steps
    except (RPCError, RuntimeError) as away:
        raise Ended(Code.MISSING, f"Le moteur ne répond pas comme il faut (Temporal) : {away}") from away


async def _namespace(client: Client, retention: timedelta) -> Step:
    name, kept = client.namespace, Duration()
    kept.FromTimedelta(retention)
    what = f"Espace « {name} », dossiers terminés gardés {retention.days} jours"
    try:
        found = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=name))
    except RPCError as missing:
        if missing.status is not RPCStatusCode.NOT_FOUND:
            raise
        asked = RegisterNamespaceRequest(namespace=name, workflow_execution_retention_period=kept)
        await client.workflow_service.register_namespace(asked)
        return Step(what=what, changed=True)
    if found.config.workflow_execution_retention_ttl == kept:
        return Step(what=what, changed=False)
    config = NamespaceConfig(workflow_execution_retention_ttl=kept)
    await client.workflow_service.update_namespace(UpdateNamespaceRequest(namespace=name, config=config))
    return Step(what=what, changed=True)


async def _attributes(client: Client, patience: float) -> list[Step]:
    """Add the search attributes that are missing; raises `Ended` when one has another type."""
    known = await _patiently(lambda: known_attributes(client), patience)
    wrong = [name for name, kind in SEARCH_ATTRIBUTES.items() if known.get(name, kind) != kind]
    if wrong:
        sentence = f"Ces attributs de recherche ont un autre type dans le moteur : {', '.join(wrong)}."
        raise Ended(Code.MISSING, f"{sentence} Retirez-les, ou choisissez un autre espace.")
    missing = {name: kind for name, kind in SEARCH_ATTRIBUTES.items() if name not in known}
    if missing:
        asked = AddSearchAttributesRequest(namespace=client.namespace)
        for name, kind in missing.items():
            asked.search_attributes[name] = IndexedValueType.Value(f"INDEXED_VALUE_TYPE_{kind.upper()}")
        await _patiently(lambda: client.operator_service.add_search_attributes(asked), patience)
        await _until(lambda: _all_known(client), patience, "les attributs de recherche n’apparaissent pas")
    return [
        Step(what=f"Attribut de recherche {name} ({kind})", changed=name in missing)
        for name, kind in SEARCH_ATTRIBUTES.items()
    ]


async def _all_known(client: Client) -> bool:
    return not await missing_attributes(client)


async def _release(client: Client, build: str, patience: float) -> Step:
    """Make a release the current one once each queue has its workers; raises RuntimeError when they do not come."""
    what = f"Version {build} de l’exécutant, celle que suivent les dossiers"
    if await _current(client) == build:
        return Step(what=what, changed=False)
    await _until(lambda: _staffed(client, build), patience, f"la version {build} n’a pas d’exécutant partout")
    asked = SetWorkerDeploymentCurrentVersionRequest(
        namespace=client.namespace, deployment_name=DEPLOYMENT, build_id=build
    )
    await client.workflow_service.set_worker_deployment_current_version(asked)
    return Step(what=what, changed=True)


async def _staffed(client: Client, build: str) -> bool:
    """Whether workers of a release have come for every queue: the server itself asks only for those in use."""
    version = WorkerDeploymentVersion(deployment_name=DEPLOYMENT, build_id=build)
    asked = DescribeWorkerDeploymentVersionRequest(namespace=client.namespace, deployment_version=version)
    try:
        found = await client.workflow_service.describe_worker_deployment_version(asked)
    except RPCError as unknown:
        if unknown.status is RPCStatusCode.NOT_FOUND:
            return False
        raise
    return {each.name for each in found.version_task_queues} >= set(QUEUES)


async def _current(client: Client) -> str:
    """Build id that new and moving cases are given to, empty when there is none yet."""
    asked = DescribeWorkerDeploymentRequest(namespace=client.namespace, deployment_name=DEPLOYMENT)
    try:
        found = await client.workflow_service.describe_worker_deployment(asked)
    except RPCError as unknown:
        if unknown.status is RPCStatusCode.NOT_FOUND:
            return ""
        raise
    return found.worker_deployment_info.routing_config.current_deployment_version.build_id


async def _patiently(call: Callable[[], Awaitable[Found]], patience: float) -> Found:
    """Repeat a call while the server has not yet heard of what it was told."""
    until = time.monotonic() + patience
    while True:
        try:
            return await call()
        except RPCError as late:
            if late.status not in NOT_YET or time.monotonic() > until:
                raise
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


async def _until(true: Callable[[], Awaitable[bool]], patience: float, otherwise: str) -> None:
    """Wait until something is true; raises RuntimeError, with what to say, when it stays false."""
    until = time.monotonic() + patience
    while not await true():
        if time.monotonic() > until:
            raise RuntimeError(otherwise)
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
