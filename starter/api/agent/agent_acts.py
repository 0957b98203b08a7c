"""Shared by the endpoints of an agent’s acts: the id, the answer to a cancellation, the answer during signature."""

from typing import Annotated, Final, Literal

from fastapi import Path
from pydantic import AfterValidator

from models.identifiers import Message

SIGNING: Final = {"description": "Enregistrée, en cours de signature ; le même appel peut être répété."}


def _without_nul(act_id: str) -> str:
    """Remove NUL, which PostgreSQL cannot store."""
    return act_id.replace("\0", "")


ActPath = Annotated[str, AfterValidator(_without_nul), Path(alias="id", description="Identifiant choisi par l’agent.")]


class CancelledAct(Message):
    """An act cancelled before it took effect."""

    id: str
    state: Literal["cancelled"] = "cancelled"
