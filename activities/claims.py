"""Acts on claims: one short, idempotent transaction each; the steps of a claim are taken once, where they begin."""

from activities.transactions import transactions
from models.messages import acts
from models.messages.case import Ref
from models.messages.claim import ClaimStanding, HandOverHeld
from models.store.agency import claim_rows
from models.store.claims import controls, visas
from models.store.database import Database


class StoredClaimActs(acts.ClaimActs):
    """Acts on the claims of the register; `ref.id` is the claim. Always retried, as those of cases are."""

    def __init__(self, database: Database) -> None:
        self._transaction = transactions(database, final=False)

    def look_at_claim(self, ref: Ref) -> ClaimStanding:
        """Compare what holds the claim with what the register says now, and write the notices of it."""
        with self._transaction() as connection:
            return controls.look(connection, ref.id)

    def control_claim(self, ref: Ref) -> ClaimStanding:
        """Put the claim under review, where a standing instruction may agree to it at once if it has no signal."""
        with self._transaction() as connection:
            controls.control(connection, ref.id)
            visas.agree_by_instruction(connection, ref.id)
            return controls.stand(connection, ref.id)

    def hand_over_claim(self, ref: Ref) -> HandOverHeld | None:
        """Queue the claim with its signed document and wake the channel; or say what holds its case."""
        with self._transaction() as connection:
            reasons = claim_rows.hand_over(connection, ref.id)
        return HandOverHeld(reasons=tuple(reasons)) if reasons else None
