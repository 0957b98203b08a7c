"""Liveness, readiness and metrics."""

import asyncio
from typing import Literal

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST

from models.identifiers import Message
from starter.context import AppContext, Credential
from starter.services import health as services

router = APIRouter(tags=["Exploitation"])

DependencyState = Literal["ready", "away"]


class Alive(Message):
    """The starter runs."""

    status: Literal["alive"] = "alive"


class Ready(Message):
    """The state of each dependency; filing and reading still work without the engine, and without `examining`."""

    database: DependencyState
    engine: DependencyState
    examining: DependencyState
    """Away: files are answered 503."""


@router.get("/health", summary="Le guichet vit-il ?")
async def health() -> Alive:
    """Répondre tant que le guichet fonctionne."""
    return Alive()


@router.get("/ready", summary="Ses dépendances répondent-elles ?")
async def ready(context: AppContext, response: Response) -> Ready:
    """Dire quelles dépendances répondent ; 503 quand le registre ne répond pas."""
    register, engine, examining = await asyncio.gather(
        asyncio.to_thread(services.register_answers, context),
        context.engine.answers(),
        asyncio.to_thread(services.files_are_judged, context),
    )
    if not register:
        response.status_code = 503
        response.headers["Retry-After"] = "5"
    return Ready(database=_state(register), engine=_state(engine), examining=_state(examining))


def _state(answers: bool) -> DependencyState:
    return "ready" if answers else "away"


@router.get(
    "/metrics",
    summary="Mesures pour Prometheus",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def metrics(context: AppContext, credential: Credential) -> Response:
    """Donner les mesures du guichet et du registre, réservées à l’exploitation."""
    return Response(services.metrics(context, credential), media_type=CONTENT_TYPE_LATEST)
