"""`tacite setup-engine`: configure what the engine must know before a worker may run; idempotent.

The namespace and how long it keeps closed cases, our search attributes, and the release of our worker that cases
move to (`TACITE_BUILD`). A release becomes current only once its workers poll: otherwise cases would wait for nobody.
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

from cli.terminal import CommandError, ExitCode
from models.engine.client import connect_as_configured, known_attributes, missing_attributes
from models.engine.names import DEPLOYMENT, QUEUES, SEARCH_ATTRIBUTES
from models.identifiers import Message
from models.settings import Settings

DEFAULT_TIMEOUT: Final = 60.0
"""Seconds given to a new namespace to propagate, and to new workers to start polling."""
POLL_INTERVAL: Final = 0.5
NOT_YET: Final = (RPCStatusCode.NOT_FOUND, RPCStatusCode.UNAVAILABLE)
"""Answers of a server to which a change has not yet propagated."""
Result = TypeVar("Result")


class Step(Message):
    """One part of the configuration, and whether it has just been changed."""

    what: str
    changed: bool


async def prepare(settings: Settings, retention_days: int, timeout: float = DEFAULT_TIMEOUT) -> list[Step]:
    """Configure what is missing; raises `CommandError` when the engine does not answer or cannot be configured."""
    try:
        client = await connect_as_configured(settings, None)
        steps = [
            await _namespace(client, timedelta(days=retention_days)),
            *await _attributes(client, timeout),
        ]
        return [*steps, await _release(client, settings.build, timeout)] if settings.build else steps
    except (RPCError, RuntimeError) as away:
        raise CommandError(ExitCode.MISSING, f"Le moteur ne répond pas comme il faut (Temporal) : {away}") from away


async def _namespace(client: Client, retention: timedelta) -> Step:
    name, ttl = client.namespace, Duration()
    ttl.FromTimedelta(retention)
    what = f"Espace « {name} », dossiers terminés gardés {retention.days} jours"
    try:
        response = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=name))
    except RPCError as missing:
        if missing.status is not RPCStatusCode.NOT_FOUND:
            raise
        request = RegisterNamespaceRequest(namespace=name, workflow_execution_retention_period=ttl)
        await client.workflow_service.register_namespace(request)
        return Step(what=what, changed=True)
    if response.config.workflow_execution_retention_ttl == ttl:
        return Step(what=what, changed=False)
    config = NamespaceConfig(workflow_execution_retention_ttl=ttl)
    await client.workflow_service.update_namespace(UpdateNamespaceRequest(namespace=name, config=config))
    return Step(what=what, changed=True)


async def _attributes(client: Client, timeout: float) -> list[Step]:
    """Add the search attributes that are missing; raises `CommandError` when one has another type."""
    known = await _retry(lambda: known_attributes(client), timeout)
    wrong = [name for name, kind in SEARCH_ATTRIBUTES.items() if known.get(name, kind) != kind]
    if wrong:
        sentence = f"Ces attributs de recherche ont un autre type dans le moteur : {', '.join(wrong)}."
        raise CommandError(ExitCode.MISSING, f"{sentence} Retirez-les, ou choisissez un autre espace.")
    missing = {name: kind for name, kind in SEARCH_ATTRIBUTES.items() if name not in known}
    if missing:
        request = AddSearchAttributesRequest(namespace=client.namespace)
        for name, kind in missing.items():
            request.search_attributes[name] = IndexedValueType.Value(f"INDEXED_VALUE_TYPE_{kind.upper()}")
        await _retry(lambda: client.operator_service.add_search_attributes(request), timeout)
        await _wait_until(lambda: _all_known(client), timeout, "les attributs de recherche n’apparaissent pas")
    return [
        Step(what=f"Attribut de recherche {name} ({kind})", changed=name in missing)
        for name, kind in SEARCH_ATTRIBUTES.items()
    ]


async def _all_known(client: Client) -> bool:
    return not await missing_attributes(client)


async def _release(client: Client, build: str, timeout: float) -> Step:
    """Make a release current once each queue has its workers; raises `RuntimeError` when they do not come."""
    what = f"Version {build} de l’exécutant, celle que suivent les dossiers"
    if await _current(client) == build:
        return Step(what=what, changed=False)
    await _wait_until(lambda: _staffed(client, build), timeout, f"la version {build} n’a pas d’exécutant partout")
    request = SetWorkerDeploymentCurrentVersionRequest(
        namespace=client.namespace, deployment_name=DEPLOYMENT, build_id=build
    )
    await client.workflow_service.set_worker_deployment_current_version(request)
    return Step(what=what, changed=True)


async def _staffed(client: Client, build: str) -> bool:
    """Whether workers of a release poll every queue; the server itself checks only the queues in use."""
    version = WorkerDeploymentVersion(deployment_name=DEPLOYMENT, build_id=build)
    request = DescribeWorkerDeploymentVersionRequest(namespace=client.namespace, deployment_version=version)
    try:
        response = await client.workflow_service.describe_worker_deployment_version(request)
    except RPCError as unknown:
        if unknown.status is RPCStatusCode.NOT_FOUND:
            return False
        raise
    return {each.name for each in response.version_task_queues} >= set(QUEUES)


async def _current(client: Client) -> str:
    """The current build id, which new and moving cases get; empty when there is none yet."""
    request = DescribeWorkerDeploymentRequest(namespace=client.namespace, deployment_name=DEPLOYMENT)
    try:
        response = await client.workflow_service.describe_worker_deployment(request)
    except RPCError as unknown:
        if unknown.status is RPCStatusCode.NOT_FOUND:
            return ""
        raise
    return response.worker_deployment_info.routing_config.current_deployment_version.build_id


async def _retry(call: Callable[[], Awaitable[Result]], timeout: float) -> Result:
    """Repeat a call until the change before it has propagated to the server."""
    deadline = time.monotonic() + timeout
    while True:
        try:
            return await call()
        except RPCError as late:
            if late.status not in NOT_YET or time.monotonic() > deadline:
                raise
        await asyncio.sleep(POLL_INTERVAL)


async def _wait_until(condition: Callable[[], Awaitable[bool]], timeout: float, failure: str) -> None:
    """Wait for a condition; raises `RuntimeError` with the `failure` sentence when it stays false."""
    deadline = time.monotonic() + timeout
    while not await condition():
        if time.monotonic() > deadline:
            raise RuntimeError(failure)
        await asyncio.sleep(POLL_INTERVAL)
