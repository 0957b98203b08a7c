"""The codec server of the Temporal UI: it decrypts payloads, never encrypts, and logs every reading.

The UI calls `<endpoint>/decode` from the operator's browser. In development it cannot present a token, so its endpoint
ends with a secret derived from the master key. The query string is neither read nor logged.
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

CONTENT: Final = {"application/json": {"schema": {"type": "object", "description": "temporal.api.common.v1.Payloads"}}}
UI_ORIGINS: Final = r"http://(127\.0\.0\.1|localhost):\d{1,5}"
"""Origins of the Temporal UI in development."""
MAX_PAYLOADS_BYTES: Final = 10 * MAX_JSON_BYTES


@router.post(
    "/codec/decode",
    openapi_extra={"requestBody": {"required": True, "content": CONTENT}},
    responses={200: {"content": CONTENT}},
    summary="Lire des messages chiffrés",
)
async def decode(context: AppContext, credential: Credential, request: Request) -> Response:
    """Déchiffrer des messages du moteur d’exécution, pour un exploitant."""
    return _json(await codec.decode(context, credential, lambda: _read_payloads(request)))


@router.api_route("/codec/{secret}/decode", methods=["POST", "OPTIONS"], include_in_schema=False)
async def decode_in_development(context: AppContext, secret: str, request: Request) -> Response:
    """Decrypt for the Temporal UI of a development machine."""
    codec.check_development(context, secret)
    response = (
        Response()
        if request.method == "OPTIONS"
        else _json(await codec.decode_in_development(context, secret, await _read_payloads(request)))
    )
    origin = request.headers.get("origin", "")
    if fullmatch(UI_ORIGINS, origin):
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Headers"] = "content-type, x-namespace, authorization"
        response.headers["Access-Control-Allow-Credentials"] = "true"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.headers["Vary"] = "Origin"
    return response


async def _read_payloads(request: Request) -> Payloads:
    raw = b"".join([chunk async for chunk in limited(request, MAX_PAYLOADS_BYTES)])
    try:
        return Parse(raw, Payloads())
    except (ParseError, UnicodeDecodeError, RecursionError) as wrong:
        raise fault("", "invalid-json", "Des messages Temporal (Payloads) sont attendus.") from wrong


def _json(payloads: Payloads) -> Response:
    return Response(MessageToJson(payloads), media_type="application/json")
