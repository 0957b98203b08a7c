"""Whether the doors live, and whether what they need answers."""

import asyncio
from typing import Literal

from fastapi import APIRouter, Response
from prometheus_client import generate_latest
from sqlalchemy.exc import SQLAlchemyError

from models.identifiers import Message
from models.store.database import alive
from starter.auth.permissions import Verb
from starter.context import AppContext, Context, Credential
from starter.metrics import MEDIA_TYPE

router = APIRouter(tags=["Exploitation"])

Part = Literal["ready", "away"]


class Alive(Message):
    """The doors live."""

    status: Literal["alive"] = "alive"


class Ready(Message):
    """Each dependency; without the engine the doors still file and read."""

    database: Part
    engine: Part


@router.get("/health", summary="Le guichet vit-il ?")
async def health() -> Alive:
    """Dire que le guichet vit."""
    return Alive()


@router.get("/ready", summary="Ses dépendances répondent-elles ?")
async def ready(context: AppContext, response: Response) -> Ready:
    """Dire ce qui répond ; 503 quand le registre ne répond pas."""
    register, engine = await asyncio.gather(asyncio.to_thread(_register, context), context.engine.answers())
    if not register:
        response.status_code = 503
        response.headers["Retry-After"] = "5"
    return Ready(database="ready" if register else "away", engine="ready" if engine else "away")


@router.get(
    "/metrics",
    summary="Mesures pour Prometheus",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def metrics(context: AppContext, credential: Credential) -> Response:
    """Donner ce que le guichet mesure de lui-même et du registre ; pour l’exploitation seulement."""
    with context.admit(credential, Verb.READ_MEASURES):
        pass  # the register is read afterwards, so that one call holds one connection
    return Response(generate_latest(context.measured), media_type=MEDIA_TYPE)


def _register(context: Context) -> bool:
    try:
        with context.database.begin() as connection:
            return alive(connection)
    except SQLAlchemyError:
        return False
