"""Encrypts payloads with the data key of their case, so that destroying one key erases one history."""

from collections.abc import Sequence
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from temporalio.api.common.v1 import Payload
from temporalio.converter import (
    ActivitySerializationContext,
    PayloadCodec,
    SerializationContext,
    WithSerializationContext,
    WorkflowSerializationContext,
)

from models.engine.keys import KeyDestroyed, KeySource, seal, unseal

ENCODING = b"binary/tacite"
KEY = "tacite-key"
"""Metadata: id of the key, which is the workflow id; it is also the associated data."""
ERASED = b'"effac\xc3\xa9"'
"""Replaces a payload whose key was destroyed (the JSON text « effacé »)."""


class CaseCodec(PayloadCodec, WithSerializationContext):
    """AES-256-GCM under the key of the workflow that the payload belongs to."""

    def __init__(self, keys: KeySource, workflow_id: str | None = None) -> None:
        self._keys = keys
        self._workflow_id = workflow_id

    def with_context(self, context: SerializationContext) -> Self:
        """Return the codec of one workflow."""
        if isinstance(context, WorkflowSerializationContext | ActivitySerializationContext):
            return type(self)(self._keys, context.workflow_id)
        return self

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Encrypt payloads; outside a workflow there is no key, but nothing is sent there either."""
        if self._workflow_id is None:
            return list(payloads)
        cipher = AESGCM(await self._keys.key(self._workflow_id))
        name = self._workflow_id.encode()
        return [
            Payload(
                metadata={"encoding": ENCODING, KEY: name},
                data=seal(cipher, payload.SerializeToString(), name),
            )
            for payload in payloads
        ]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Decrypt payloads with the keys that they name; one whose key was destroyed becomes `ERASED`."""
        return [await self._open(payload) for payload in payloads]

    async def _open(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != ENCODING:
            return payload
        name = payload.metadata[KEY]
        try:
            cipher = AESGCM(await self._keys.key(name.decode()))
            return Payload.FromString(unseal(cipher, payload.data, name))
        except (KeyDestroyed, InvalidTag):
            return Payload(metadata={"encoding": b"json/plain"}, data=ERASED)
