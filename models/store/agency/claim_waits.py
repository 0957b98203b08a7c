"""Why a claim that is signed or handed over goes no further: its case is held, or the agency takes nothing."""

from sqlalchemy import Connection

from models.claim_labels import ClaimState
from models.store.agency import channel_states
from models.store.agency.channels import CLAIMS
from models.store.cases import holds
from models.store.claims.records import ClaimRecord


def find_why(connection: Connection, claim: ClaimRecord) -> str | None:
    """Return the sentence for its employer and its agents; None while nothing but the agency’s own pace delays it."""
    if claim.state is ClaimState.HANDED:
        return channel_states.find(connection, CLAIMS).why_unanswered
    if claim.state is not ClaimState.SIGNED:
        return None
    held = holds.list_of_claims(connection, claim.reference)
    return held[0].reason.told if held else channel_states.find(connection, CLAIMS).why_unsent
