"""The engine's codec server: payloads made readable for operators, one way only, and each reading is logged.

The pages of the engine call `<endpoint>/decode` from the operator's browser. In development they cannot show a
token: their endpoint ends with a secret that only the master key yields. Nothing of the query is read or logged.
"""

import secrets
from collections.abc import Sequence
from re import ASCII, fullmatch
from typing import Final

import structlog
from fastapi import APIRouter, Request, Response
from google.protobuf.json_format import MessageToJson, Parse, ParseError
from starlette.concurrency import run_in_threadpool
from temporalio.api.common.v1 import Payload, Payloads

from models.engine.codec import KEY, CaseCodec
from models.engine.keys import codec_secret
from models.engine.names import subject_of
from models.engine.processes import find_kind
from models.errors import Unknown
from starter.auth.permissions import Verb
from starter.context import AppContext, Context, Credential
from starter.http.problems import fault
from starter.http.request_body import MAX_JSON_BYTES, limited

log = structlog.get_logger()
router = APIRouter(tags=["Exploitation"])

SCHEMA: Final = {"schema": {"type": "object", "description": "temporal.api.common.v1.Payloads"}}
JSON: Final = {"application/json": SCHEMA}
BODY: Final = {"requestBody": {"required": True, "content": JSON}}
SUBJECT: Final = r"[\w.-]{1,64}"
"""Subjects that can be: no key is made for another name."""
PAGES: Final = r"http://(127\.0\.0\.1|localhost):\d{1,5}"
"""Origins of the engine's pages in development."""
MAX_BYTES: Final = 10 * MAX_JSON_BYTES


@router.post(
    "/codec/decode",
    openapi_extra=BODY,
    responses={200: {"content": JSON}},
    summary="Lire des messages chiffrés",
)
async def decode(context: AppContext, credential: Credential, request: Request) -> Response:
    """Déchiffrer des messages de l’engin d’exécution, pour un exploitant."""
    reader = await run_in_threadpool(_operator, context, credential)
    sealed = await _sealed(request)
    await run_in_threadpool(_operator, context, credential, _processes(sealed))
    return await _decoded(context, sealed, reader)


@router.api_route("/codec/{secret}/decode", methods=["POST", "OPTIONS"], include_in_schema=False)
async def decode_in_development(context: AppContext, secret: str, request: Request) -> Response:
    """Déchiffrer pour les pages du moteur, sur une machine de développement."""
    expected = codec_secret(context.settings.master_key)
    if context.settings.profile != "development" or not secrets.compare_digest(
        secret.encode(), expected.encode()
    ):
        raise Unknown("codec")
    answer = (
        Response()
        if request.method == "OPTIONS"
        else await _decoded(context, await _sealed(request), "development")
    )
    origin = request.headers.get("origin", "")
    if fullmatch(PAGES, origin):
        answer.headers["Access-Control-Allow-Origin"] = origin
        answer.headers["Access-Control-Allow-Headers"] = "content-type, x-namespace, authorization"
        answer.headers["Access-Control-Allow-Credentials"] = "true"
        answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        answer.headers["Vary"] = "Origin"
    return answer


def _operator(context: Context, credential: Credential, reads: Sequence[str] = ()) -> str:
    """Let an operator in; what he is about to read is kept before he reads it."""
    with context.admit(credential, Verb.DECODE) as caller:
        caller.read.extend(reads)
        return caller.account.id


async def _sealed(request: Request) -> Payloads:
    raw = b"".join([chunk async for chunk in limited(request, MAX_BYTES)])
    try:
        return Parse(raw, Payloads())
    except (ParseError, UnicodeDecodeError, RecursionError) as wrong:
        raise fault("", "invalid-json", "Des messages Temporal (Payloads) sont attendus.") from wrong


async def _decoded(context: Context, sealed: Payloads, reader: str) -> Response:
    codec = CaseCodec(context.keys)
    opened = [(await codec.decode([each]))[0] if _process(each) else each for each in sealed.payloads]
    log.info("payloads_decoded", reader=reader, processes=_processes(sealed), count=len(opened))
    return Response(MessageToJson(Payloads(payloads=opened)), media_type="application/json")


def _processes(sealed: Payloads) -> list[str]:
    return sorted({_process(each) for each in sealed.payloads} - {""})


def _process(payload: Payload) -> str:
    """Return the process whose key a payload names, empty when there can be none."""
    name = payload.metadata.get(KEY, b"").decode("utf-8", "replace")
    return name if find_kind(name) and fullmatch(SUBJECT, subject_of(name), ASCII) else ""
