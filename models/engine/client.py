"""The one Temporal plugin (converter, encryption, sandbox policy, traces) and how to connect.

Client, worker, replayer and tests all use this plugin, so that they agree.
"""

import dataclasses
import logging
from functools import cache
from typing import Final, cast

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.converter import (
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    PayloadConverter,
)
from temporalio.plugin import SimplePlugin
from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    PrometheusConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)
from temporalio.service import TLSConfig
from temporalio.worker import WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import SandboxImportNotificationPolicy

from models.engine.codec import CaseCodec
from models.engine.keys import KeySource
from models.engine.names import SEARCH_ATTRIBUTES
from models.engine.tracing import Tracing
from models.settings import Settings
from models.telemetry import spans

PASSED_THROUGH = (
    "law",
    "models",
    "workflows",
    "pydantic",
    "pydantic_core",
    "annotated_types",
    "typing_extensions",
    "typing_inspection",
    "dateutil",
    "jours_feries_france",
    "zoneinfo",
    "cryptography",
    "schwifty",
    "stdnum",
)
"""Deterministic libraries that workflows share with the worker: loading an evicted case costs 11 ms, not 84."""


_CONVERTER: Final = cast("type[PayloadConverter]", cache(PydanticPayloadConverter))
"""One converter for every payload: the library would build one for each, which is most of what a payload costs."""


def plugin(keys: KeySource | None) -> SimplePlugin:
    """Return the plugin of every program that calls the engine; without keys, it reads unencrypted payloads only."""
    converter = DataConverter(
        payload_converter_class=_CONVERTER,
        payload_codec=CaseCodec(keys) if keys else None,
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )
    return SimplePlugin(
        "tacite",
        data_converter=converter,
        workflow_runner=_sandboxed,
        interceptors=[*spans.interceptors(), Tracing()],
    )


def _sandboxed(_runner: WorkflowRunner | None) -> WorkflowRunner:
    restrictions = SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH)
    return SandboxedWorkflowRunner(
        restrictions=dataclasses.replace(
            restrictions,
            import_notification_policy=SandboxImportNotificationPolicy.WARN_ON_DYNAMIC_IMPORT
            | SandboxImportNotificationPolicy.RAISE_ON_UNINTENTIONAL_PASSTHROUGH,
        )
    )


async def connect(
    address: str, namespace: str, keys: KeySource | None, *, lazy: bool = False, tls: TLSConfig | None = None
) -> Client:
    """Connect to the engine; `lazy` lets a program start while the engine is away."""
    return await Client.connect(address, namespace=namespace, plugins=[plugin(keys)], lazy=lazy, tls=tls)


async def reach(chosen: Settings, keys: KeySource | None, *, lazy: bool = False) -> Client:
    """Connect to the engine of these settings, under TLS when they name its authorities."""
    return await connect(chosen.engine, chosen.namespace, keys, lazy=lazy, tls=_tls(chosen))


async def known_attributes(client: Client) -> dict[str, str]:
    """Return the search attributes that a namespace knows, each with its kind as `models.engine.names` spells it."""
    request = ListSearchAttributesRequest(namespace=client.namespace)
    found = (await client.operator_service.list_search_attributes(request)).custom_attributes
    kinds = {name: IndexedValueType.Name(kind) for name, kind in found.items()}
    return {name: kind.removeprefix("INDEXED_VALUE_TYPE_").capitalize() for name, kind in kinds.items()}


async def missing_attributes(client: Client) -> list[str]:
    """Return our search attributes that a namespace does not know, or knows as something else."""
    known = await known_attributes(client)
    return [f"{name} ({kind})" for name, kind in SEARCH_ATTRIBUTES.items() if known.get(name) != kind]


def prepare(measures: str = "") -> None:
    """Have the engine's library log as we do, and expose its metrics at `http://measures/metrics`.

    Once, after `logs.configure` and before anything connects.
    """
    metrics = PrometheusConfig(
        bind_address=measures, counters_total_suffix=True, unit_suffix=True, durations_as_seconds=True
    )
    logging_config = LoggingConfig(
        filter=TelemetryFilter(core_level="WARN", other_level="ERROR"),
        forwarding=LogForwardingConfig(logger=logging.getLogger("engine")),
    )
    Runtime.set_default(
        Runtime(telemetry=TelemetryConfig(logging=logging_config, metrics=metrics if measures else None))
    )


def _tls(chosen: Settings) -> TLSConfig | None:
    """Certificates of the frontend's authority and of this client; raises OSError when a file is missing."""
    if chosen.engine_ca is None:
        return None
    return TLSConfig(
        server_root_ca_cert=chosen.engine_ca.read_bytes(),
        client_cert=chosen.engine_certificate.read_bytes() if chosen.engine_certificate else None,
        client_private_key=chosen.engine_key.read_bytes() if chosen.engine_key else None,
    )
