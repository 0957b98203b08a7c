"""Decryption of payloads for an operator, or for the Temporal UI of a development machine.

The access log records each process before any of its payloads is decrypted.
"""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from re import ASCII, fullmatch
from typing import Final

import structlog
from starlette.concurrency import run_in_threadpool
from temporalio.api.common.v1 import Payload, Payloads

from models.engine.codec import KEY, CaseCodec
from models.engine.keys import codec_secret
from models.engine.names import subject_of
from models.engine.processes import find_kind
from models.errors import Unknown
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context

log = structlog.get_logger()

SUBJECT: Final = r"[\w.:-]{1,64}"
"""Possible subjects of a process; no key is created for any other name."""


async def decode(
    context: Context, credential: PresentedCredential, receive: Callable[[], Awaitable[Payloads]]
) -> Payloads:
    """Decrypt payloads for an operator, who is admitted before the body is received; raises 403."""
    reader = await run_in_threadpool(_admit, context, credential)
    payloads = await receive()
    await run_in_threadpool(_admit, context, credential, _processes(payloads))
    return await _decode(context, payloads, reader)


def check_development(context: Context, secret: str) -> None:
    """Raise `Unknown` unless this is a development machine and the secret is that of its Temporal UI."""
    expected = codec_secret(context.settings.master_key)
    if context.settings.profile != "development" or not secrets.compare_digest(secret.encode(), expected.encode()):
        raise Unknown("codec")


async def decode_in_development(context: Context, secret: str, payloads: Payloads) -> Payloads:
    """Decrypt payloads for the Temporal UI; raises `Unknown` like `check_development`."""
    check_development(context, secret)
    return await _decode(context, payloads, "development")


def _admit(context: Context, credential: PresentedCredential, processes: Sequence[str] = ()) -> str:
    with context.admit(credential, Verb.DECODE) as caller:
        for process in processes:
            caller.note_reading(process)
        return caller.account.id


async def _decode(context: Context, payloads: Payloads, reader: str) -> Payloads:
    codec = CaseCodec(context.keys)
    decoded = [(await codec.decode([each]))[0] if _process(each) else each for each in payloads.payloads]
    log.info("payloads_decoded", reader=reader, processes=_processes(payloads), count=len(decoded))
    return Payloads(payloads=decoded)


def _processes(payloads: Payloads) -> list[str]:
    return sorted({_process(each) for each in payloads.payloads} - {""})


def _process(payload: Payload) -> str:
    """Return the process whose key encrypts a payload; empty when it names no possible process."""
    name = payload.metadata.get(KEY, b"").decode("utf-8", "replace")
    return name if find_kind(name) and fullmatch(SUBJECT, subject_of(name), ASCII) else ""
