"""Acts of an agent that are seen before they are done: a decision, or a request for pieces.

A proposal holds all that the register needs to take the act as it would be taken, in a transaction that is undone.
"""

from typing import Final

from pydantic import TypeAdapter
from sqlalchemy import Connection

from models.bodies.completion import CompletionRequestBody
from models.identifiers import Message
from models.store.cases import completions, decisions
from models.store.cases.decisions import Proposal
from models.store.cases.records import CompletionRecord, DecisionRecord
from models.store.journal.events import Actor


class CompletionProposal(Message):
    """A request for pieces that an agent may make, with all that is needed to register it."""

    reference: str
    body: CompletionRequestBody
    digest: str
    """Digest of the body as the request itself would be sent, in hexadecimal."""
    actor: Actor


Proposed = Proposal | CompletionProposal
"""Told apart by their bodies: only that of a decision has an outcome."""
PROPOSED: Final[TypeAdapter[Proposed]] = TypeAdapter(Proposed)


def take_completion(connection: Connection, proposal: CompletionProposal) -> CompletionRecord:
    """Register a proposed request for pieces; raises like `completions.register`."""
    digest = bytes.fromhex(proposal.digest)
    return completions.register(connection, proposal.reference, proposal.body, digest, proposal.actor)


def take(connection: Connection, proposed: Proposed) -> DecisionRecord | CompletionRecord:
    """Register what is proposed; raises the `Conflict` that it meets."""
    if isinstance(proposed, CompletionProposal):
        return take_completion(connection, proposed)
    return decisions.take(connection, proposed)
