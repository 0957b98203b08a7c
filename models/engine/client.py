"""The one Temporal plugin (converter, encryption, sandbox policy, traces) and how to connect.

Client, worker, replayer and tests all use this plugin, so that they behave alike.
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
"""Deterministic modules that workflows share with the worker: reloading an evicted case takes 11 ms, not 84."""


_CONVERTER: Final = cast("type[PayloadConverter]", cache(PydanticPayloadConverter))
"""One converter for all payloads: the library would build one for each, most of the cost of a payload."""


def plugin(keys: KeySource | None) -> SimplePlugin:
    """Return the plugin of every program that uses the engine; without keys, it reads clear payloads only."""
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
    """Connect to the engine; `lazy` lets a program start while the engine is unreachable."""
    return await Client.connect(address, namespace=namespace, plugins=[plugin(keys)], lazy=lazy, tls=tls)


async def connect_as_configured(settings: Settings, keys: KeySource | None, *, lazy: bool = False) -> Client:
    """Connect to the engine of these settings, over TLS when they name its certificate authorities."""
    return await connect(settings.engine, settings.namespace, keys, lazy=lazy, tls=_tls(settings))


async def known_attributes(client: Client) -> dict[str, str]:
    """Return the search attributes of a namespace: name → type, spelled as in `models.engine.names`."""
    request = ListSearchAttributesRequest(namespace=client.namespace)
    attributes = (await client.operator_service.list_search_attributes(request)).custom_attributes
    kinds = {name: IndexedValueType.Name(kind) for name, kind in attributes.items()}
    return {name: kind.removeprefix("INDEXED_VALUE_TYPE_").capitalize() for name, kind in kinds.items()}


async def missing_attributes(client: Client) -> list[str]:
    """Return our search attributes that a namespace lacks or has with another type."""
    known = await known_attributes(client)
    return [f"{name} ({kind})" for name, kind in SEARCH_ATTRIBUTES.items() if known.get(name) != kind]


def configure_runtime(metrics_address: str = "") -> None:
    """Make the engine's library log as we do, and expose its metrics at `http://metrics_address/metrics`.

    Call it once, after `logs.configure` and before connecting; an empty address exposes nothing.
    """
    metrics = PrometheusConfig(
        bind_address=metrics_address, counters_total_suffix=True, unit_suffix=True, durations_as_seconds=True
    )
    logging_config = LoggingConfig(
        filter=TelemetryFilter(core_level="WARN", other_level="ERROR"),
        forwarding=LogForwardingConfig(logger=logging.getLogger("engine")),
    )
    Runtime.set_default(
        Runtime(telemetry=TelemetryConfig(logging=logging_config, metrics=metrics if metrics_address else None))
    )


def _tls(settings: Settings) -> TLSConfig | None:
    """Read the certificates of the frontend's authority and of this client; raises OSError if one is missing."""
    if settings.engine_ca is None:
        return None
    return TLSConfig(
        server_root_ca_cert=settings.engine_ca.read_bytes(),
        client_cert=settings.engine_certificate.read_bytes() if settings.engine_certificate else None,
        client_private_key=settings.engine_key.read_bytes() if settings.engine_key else None,
    )
