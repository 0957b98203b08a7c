"""Acts of an agent that are seen before they are done: a decision, a request for pieces, the refusal of a claim.

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
from models.store.claims import visas
from models.store.claims.visas import VisaRecord
from models.store.journal.events import Actor


class CompletionProposal(Message):
    """A request for pieces that an agent may make, with all that is needed to register it."""

    reference: str
    body: CompletionRequestBody
    digest: str
    """Digest of the body as the request itself would be sent, in hexadecimal."""
    actor: Actor


class ClaimRefusalProposal(Message):
    """A refusal of a claim that an agent may register."""

    reference: str
    claim_id: str
    grounds: tuple[str, ...]
    actor: Actor


Proposed = Proposal | CompletionProposal | ClaimRefusalProposal
"""Told apart by their fields, and by their bodies: only that of a decision has an outcome."""
PROPOSED: Final[TypeAdapter[Proposed]] = TypeAdapter(Proposed)


def take_completion(connection: Connection, proposal: CompletionProposal) -> CompletionRecord:
    """Register a proposed request for pieces; raises like `completions.register`."""
    digest = bytes.fromhex(proposal.digest)
    return completions.register(connection, proposal.reference, proposal.body, digest, proposal.actor)


def take_claim_refusal(connection: Connection, proposal: ClaimRefusalProposal) -> VisaRecord:
    """Register a proposed refusal of a claim; raises like `visas.register_refusal`, and `Conflict` if it cannot be."""
    answer = visas.register_refusal(connection, proposal.claim_id, proposal.grounds, proposal.actor)
    given = visas.find_standing(connection, proposal.claim_id)
    if answer != "done" or given is None:
        raise visas.settled(answer)
    return given


def take(connection: Connection, proposed: Proposed) -> DecisionRecord | CompletionRecord | VisaRecord:
    """Register what is proposed; raises the `Conflict` that it meets."""
    if isinstance(proposed, CompletionProposal):
        return take_completion(connection, proposed)
    if isinstance(proposed, ClaimRefusalProposal):
        return take_claim_refusal(connection, proposed)
    return decisions.take(connection, proposed)
