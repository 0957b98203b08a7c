"""A payload opens for its own process and act alone; altered, erased and foreign ones are told apart."""

from os import urandom

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from temporalio.api.common.v1 import Payload
from temporalio.converter import ActivitySerializationContext, WorkflowSerializationContext

from models.engine.codec import ALTERED, CARRIER, ERASED, KEY, CaseCodec, ForeignPayload, PayloadAltered
from models.engine.keys import KeyDestroyed, seal

ONE, OTHER = "authorization:034AAAA01", "authorization:034AAAA02"
CLEAR = Payload(metadata={"encoding": b"json/plain"}, data=b'{"reference":"034AAAA01"}')


class Keys:
    """One key a process, until it is destroyed."""

    def __init__(self) -> None:
        self.by_process: dict[str, bytes] = {}

    async def key(self, workflow_id: str) -> bytes:
        return self.by_process.setdefault(workflow_id, urandom(32))

    async def known_key(self, workflow_id: str) -> bytes:
        if workflow_id not in self.by_process:
            raise KeyDestroyed(workflow_id)
        return self.by_process[workflow_id]


@pytest.fixture
def keys() -> Keys:
    return Keys()


def of_process(keys: Keys, process: str = ONE) -> CaseCodec:
    return CaseCodec(keys).with_context(WorkflowSerializationContext("default", process))


def of_act(keys: Keys, act: str, process: str = ONE) -> CaseCodec:
    context = ActivitySerializationContext(
        namespace="default",
        activity_id=None,
        activity_type=act,
        activity_task_queue="cases",
        workflow_id=process,
        workflow_type="Authorization",
        is_local=False,
    )
    return CaseCodec(keys).with_context(context)


async def test_a_payload_opens_for_its_process_its_act_and_the_codec_server(keys: Keys) -> None:
    for codec in (of_process(keys), of_act(keys, "control")):
        sealed = await codec.encode([CLEAR])
        assert await codec.decode(sealed) == [CLEAR]
        assert await CaseCodec(keys).decode(sealed) == [CLEAR]


async def test_a_payload_of_before_opens(keys: Keys) -> None:
    name = ONE.encode()
    cipher = AESGCM(await keys.key(ONE))
    metadata = {"encoding": b"binary/tacite", KEY: name}
    old = Payload(metadata=metadata, data=seal(cipher, CLEAR.SerializeToString(), name))
    assert await of_process(keys).decode([old]) == [CLEAR]
    assert await of_act(keys, "control").decode([old]) == [CLEAR]


async def test_a_process_takes_nothing_in_clear_and_nothing_of_another_process_or_act(keys: Keys) -> None:
    foreign = [
        CLEAR,
        Payload(),
        *await of_process(keys, OTHER).encode([CLEAR]),
        *await of_act(keys, "control").encode([CLEAR]),
        *await of_act(keys, "control", OTHER).encode([CLEAR]),
    ]
    for each in foreign:
        with pytest.raises(ForeignPayload):
            await of_process(keys).decode([each])
    for each in await of_act(keys, "sign_decision").encode([CLEAR]):
        with pytest.raises(ForeignPayload):
            await of_act(keys, "control").decode([each])


@pytest.mark.parametrize("change", ["data", "key", "carrier", "no carrier"])
async def test_an_altered_payload_is_an_error_and_is_shown_as_altered_not_as_erased(keys: Keys, change: str) -> None:
    await keys.key(ONE)
    [sealed] = await of_act(keys, "control", OTHER).encode([CLEAR])
    codec = of_act(keys, "sign_decision" if change == "carrier" else "control", ONE if change == "key" else OTHER)
    match change:
        case "data":
            sealed.data = sealed.data[:-1] + bytes([sealed.data[-1] ^ 1])
        case "key":
            sealed.metadata[KEY] = ONE.encode()
        case "carrier":
            sealed.metadata[CARRIER] = b"act:sign_decision"
        case _:
            del sealed.metadata[CARRIER]
    with pytest.raises(PayloadAltered):
        await codec.decode([sealed])
    [shown] = await CaseCodec(keys).decode([sealed])
    assert shown.data == ALTERED


async def test_a_payload_whose_key_was_destroyed_is_erased_and_no_key_is_made_for_it(keys: Keys) -> None:
    sealed = await of_process(keys).encode([CLEAR])
    keys.by_process.clear()
    for codec in (of_process(keys), CaseCodec(keys)):
        [shown] = await codec.decode(sealed)
        assert shown.data == ERASED
    assert keys.by_process == {}


async def test_a_night_is_told_the_result_of_the_night_before_and_does_not_read_it(keys: Keys) -> None:
    before = await of_process(keys, "chain-2026-11-28T01:00:00Z").encode([CLEAR])
    [shown] = await of_process(keys, "chain-2026-11-29T01:00:00Z").decode(before)
    assert shown.data == ERASED


async def test_without_a_process_clear_payloads_stay_clear(keys: Keys) -> None:
    """The engine's own: search attributes, and what the codec server is sent of others."""
    assert await CaseCodec(keys).encode([CLEAR]) == [CLEAR]
    assert await CaseCodec(keys).decode([CLEAR]) == [CLEAR]
