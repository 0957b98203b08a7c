"""What the endpoints of an agent’s acts share: the id, the answer to a cancellation, the answer during signature."""

from typing import Annotated, Literal

from fastapi import Path

from models.identifiers import Message

SIGNING = {202: {"description": "Enregistrée, en cours de signature : le même appel peut être répété."}}
ActPath = Annotated[str, Path(alias="id", description="Identifiant choisi par l’agent.")]


class CancelledAct(Message):
    """An act taken back before it took effect."""

    id: str
    state: Literal["cancelled"] = "cancelled"


def printable(act_id: str) -> str:
    """Return an id without NUL, which PostgreSQL cannot store; such an id names nothing."""
    return act_id.replace("\0", "")
