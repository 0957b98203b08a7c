"""The engine's codec server: payloads made readable for operators, one way only, and each reading is logged.

The pages of the engine call `<endpoint>/decode` from the operator's browser. In development they cannot show a
token: their endpoint ends with a secret that only the master key yields. Nothing of the query is read or logged.
"""

from re import fullmatch
from typing import Final

from fastapi import APIRouter, Request, Response
from google.protobuf.json_format import MessageToJson, Parse, ParseError
from temporalio.api.common.v1 import Payloads

from starter.context import AppContext, Credential
from starter.http.problems import fault
from starter.http.request_body import MAX_JSON_BYTES, limited
from starter.services import codec

router = APIRouter(tags=["Exploitation"])

SCHEMA: Final = {"schema": {"type": "object", "description": "temporal.api.common.v1.Payloads"}}
JSON: Final = {"application/json": SCHEMA}
BODY: Final = {"requestBody": {"required": True, "content": JSON}}
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
    return _json(await codec.decode(context, credential, lambda: _received(request)))


@router.api_route("/codec/{secret}/decode", methods=["POST", "OPTIONS"], include_in_schema=False)
async def decode_in_development(context: AppContext, secret: str, request: Request) -> Response:
    """Déchiffrer pour les pages du moteur, sur une machine de développement."""
    codec.check_development(context, secret)
    answer = (
        Response()
        if request.method == "OPTIONS"
        else _json(await codec.decode_in_development(context, secret, await _received(request)))
    )
    origin = request.headers.get("origin", "")
    if fullmatch(PAGES, origin):
        answer.headers["Access-Control-Allow-Origin"] = origin
        answer.headers["Access-Control-Allow-Headers"] = "content-type, x-namespace, authorization"
        answer.headers["Access-Control-Allow-Credentials"] = "true"
        answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        answer.headers["Vary"] = "Origin"
    return answer


async def _received(request: Request) -> Payloads:
    raw = b"".join([chunk async for chunk in limited(request, MAX_BYTES)])
    try:
        return Parse(raw, Payloads())
    except (ParseError, UnicodeDecodeError, RecursionError) as wrong:
        raise fault("", "invalid-json", "Des messages Temporal (Payloads) sont attendus.") from wrong


def _json(payloads: Payloads) -> Response:
    return Response(MessageToJson(payloads), media_type="application/json")
