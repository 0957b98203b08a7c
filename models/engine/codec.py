"""Encrypts payloads with the data key of their case, so that destroying one key erases one history.

Associated data binds a payload to its process and to what carries it: the process itself, or one of its acts. So no
payload passes for that of another process or act. It cannot bind a position: the library encodes payloads without
saying which they are, and encodes them again at each replay; the codec server of the Temporal UI knows no context at
all and goes by the metadata alone. Two payloads of one process and one act can therefore be exchanged by whoever owns
the engine's database; little follows, because processes only say where to look and the register judges.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Self

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
from models.engine.names import same_schedule

ENCODING: Final = b"binary/tacite"
KEY: Final = "tacite-key"
"""Metadata: id of the key, which is the workflow id."""
CARRIER: Final = "tacite-carrier"
"""Metadata: what carries the payload; absent from payloads of before, whose associated data is the key id alone."""
PROCESS: Final = b"process"
ERASED: Final = b'"effac\xc3\xa9"'
"""Replaces a payload whose key was destroyed (the JSON text « effacé »)."""
ALTERED: Final = b'"alt\xc3\xa9r\xc3\xa9"'
"""Shown instead of a payload that does not open under its key (the JSON text « altéré »), to whoever only reads."""


class PayloadAltered(Exception):
    """A payload does not open under the key that it names: somebody changed it (« altéré »)."""


class ForeignPayload(Exception):
    """A payload of a process is in clear, or belongs to another process or act."""


class CaseCodec(PayloadCodec, WithSerializationContext):
    """AES-256-GCM under the key of the workflow that the payload belongs to.

    In the context of a process, whatever is not sealed for it makes `decode` raise, and so its task fails visibly.
    Without one (codec server), payloads are opened as their metadata say, and what cannot be opened is named.
    """

    def __init__(self, keys: KeySource, workflow_id: str | None = None, carrier: bytes = PROCESS) -> None:
        self._keys = keys
        self._workflow_id = workflow_id
        self._carrier = carrier

    def with_context(self, context: SerializationContext) -> Self:
        """Return the codec of one workflow, or of one of its activities."""
        if isinstance(context, WorkflowSerializationContext):
            return type(self)(self._keys, context.workflow_id)
        if isinstance(context, ActivitySerializationContext):
            return type(self)(self._keys, context.workflow_id, f"act:{context.activity_type or ''}".encode())
        return self

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Encrypt payloads; outside a workflow there is no key, but nothing is sent there either."""
        if self._workflow_id is None:
            return list(payloads)
        cipher = AESGCM(await self._keys.key(self._workflow_id))
        metadata = {"encoding": ENCODING, KEY: self._workflow_id.encode(), CARRIER: self._carrier}
        return [
            Payload(metadata=metadata, data=seal(cipher, payload.SerializeToString(), _bound(metadata)))
            for payload in payloads
        ]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Decrypt payloads; one whose key was destroyed becomes `ERASED`. Raises PayloadAltered, ForeignPayload."""
        return [await self._open(payload) for payload in payloads]

    async def _open(self, payload: Payload) -> Payload:
        if self._workflow_id is not None:
            if same_schedule(payload.metadata.get(KEY, b"").decode("utf-8", "replace"), self._workflow_id):
                return _text(ERASED)  # the result of the run before, which the engine repeats and nobody reads
            self._refuse_foreign(payload)
        elif payload.metadata.get("encoding") != ENCODING:
            return payload
        try:
            cipher = AESGCM(await self._keys.known_key(payload.metadata[KEY].decode()))
            return Payload.FromString(unseal(cipher, payload.data, _bound(payload.metadata)))
        except KeyDestroyed:
            return _text(ERASED)
        except InvalidTag as altered:
            if self._workflow_id is not None:
                raise PayloadAltered("altéré") from altered
            return _text(ALTERED)

    def _refuse_foreign(self, payload: Payload) -> None:
        if payload.metadata.get("encoding") != ENCODING:
            raise ForeignPayload("a payload in clear")
        if payload.metadata.get(KEY, b"").decode("utf-8", "replace") != self._workflow_id:
            raise ForeignPayload("a payload of another process")
        if payload.metadata.get(CARRIER, self._carrier) != self._carrier:
            raise ForeignPayload("a payload of another act")


def _bound(metadata: Mapping[str, bytes]) -> bytes:
    """Return the associated data; neither a workflow id nor an act's name contains a zero byte."""
    return b"\0".join(metadata[name] for name in (KEY, CARRIER) if name in metadata)


def _text(content: bytes) -> Payload:
    return Payload(metadata={"encoding": b"json/plain"}, data=content)
