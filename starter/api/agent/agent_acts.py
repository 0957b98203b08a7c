"""What the calls on an agent’s acts share: their id, their taking back, and the answer while they are signed."""

from typing import Annotated, Literal

from fastapi import Path

from models.identifiers import Message

SIGNING = {202: {"description": "Enregistrée, en cours de signature : le même appel peut être répété."}}
ActPath = Annotated[str, Path(alias="id", description="Identifiant choisi par l’agent.")]


class Taken(Message):
    """An act taken back before it took effect."""

    id: str
    state: Literal["cancelled"] = "cancelled"


def printable(act_id: str) -> str:
    """PostgreSQL keeps no NUL; such an id names nothing."""
    return act_id.replace("\0", "")
