"""Grammar of the events of an entitlement and of a claim: each has a chain of its own, in the order written here.

As for cases, an event that cannot come where it is was not appended by a program of ours.
"""

from collections.abc import Mapping
from typing import Final

from models.store.journal.grammar import NEW

CLAIM_PREFIX: Final = "claim:"
ENTITLEMENT_PREFIX: Final = "entitlement:"
SAME: Final = ""
"""State that an event leaves as it was."""
_BEFORE_REVIEW: Final = ("received", "held", "review")
_BEFORE_HAND_OVER: Final = (*_BEFORE_REVIEW, "agreed", "refusal", "signed")
_TO_PAY: Final = ("ordered", "reopened")
_ANY: Final = (*_BEFORE_HAND_OVER, "handed", "accepted", *_TO_PAY, "paid", "ended")

STEPS: Final[Mapping[str, tuple[str, tuple[str, ...], str]]] = {
    "entitlement_opened": (ENTITLEMENT_PREFIX, (NEW,), "open"),
    "entitlement_amended": (ENTITLEMENT_PREFIX, ("open",), SAME),
    "claim_received": (CLAIM_PREFIX, (NEW,), "received"),
    "claim_receipt_issued": (CLAIM_PREFIX, _ANY, SAME),
    "claim_held": (CLAIM_PREFIX, _BEFORE_REVIEW, "held"),
    "claim_released": (CLAIM_PREFIX, ("held",), "received"),
    "claim_controlled": (CLAIM_PREFIX, ("received",), "review"),
    "claim_signalled": (CLAIM_PREFIX, _BEFORE_HAND_OVER, SAME),
    "claim_agreed": (CLAIM_PREFIX, ("review",), "agreed"),
    "claim_agreement_lapsed": (CLAIM_PREFIX, ("agreed",), "review"),
    "claim_refusal_registered": (CLAIM_PREFIX, _BEFORE_REVIEW, "refusal"),
    "claim_refusal_lapsed": (CLAIM_PREFIX, ("refusal",), "received"),
    "claim_signed": (CLAIM_PREFIX, ("agreed",), "signed"),
    "claim_handed_to_asp": (CLAIM_PREFIX, ("signed",), "handed"),
    "claim_accepted": (CLAIM_PREFIX, ("handed",), "accepted"),
    "claim_ordered": (CLAIM_PREFIX, ("accepted", "reopened"), "ordered"),
    "payment_ordered": (CLAIM_PREFIX, _TO_PAY, SAME),
    "payment_booked": (CLAIM_PREFIX, _TO_PAY, SAME),
    "payment_rejected": (CLAIM_PREFIX, _TO_PAY, SAME),
    "payment_returned": (CLAIM_PREFIX, (*_TO_PAY, "paid", "ended"), SAME),
    "payment_stopped": (CLAIM_PREFIX, _TO_PAY, SAME),
    "claim_paid": (CLAIM_PREFIX, ("ordered",), "paid"),
    "claim_reopened": (CLAIM_PREFIX, ("ordered", "paid"), "reopened"),
    "claim_rejected": (CLAIM_PREFIX, ("handed",), "ended"),
    "claim_replaced": (CLAIM_PREFIX, _BEFORE_HAND_OVER, "ended"),
    "claim_refused": (CLAIM_PREFIX, (*_BEFORE_REVIEW, "refusal"), "ended"),
    "claim_withdrawal_recorded": (CLAIM_PREFIX, (*_BEFORE_HAND_OVER, "handed", *_TO_PAY), SAME),
    "claim_voided": (CLAIM_PREFIX, (*_BEFORE_HAND_OVER, "accepted", *_TO_PAY, "paid"), "ended"),
    "incident_opened": (CLAIM_PREFIX, _ANY, SAME),
    "incident_closed": (CLAIM_PREFIX, _ANY, SAME),
    "claim_people_erased": (CLAIM_PREFIX, _ANY, SAME),
}
"""Type of an event → the chains that may have it, the states in which it may come, the state that it leaves."""


def claim_chain(claim_id: str) -> str:
    """Return the subject of the events of a claim."""
    return f"{CLAIM_PREFIX}{claim_id}"


def entitlement_chain(reference: str) -> str:
    """Return the subject of the events of what an authorization entitles to."""
    return f"{ENTITLEMENT_PREFIX}{reference}"


def is_claim_chain(subject: str) -> bool:
    """Whether a chain is that of an entitlement or a claim."""
    return subject.startswith((CLAIM_PREFIX, ENTITLEMENT_PREFIX))


class ClaimCourse:
    """Where one entitlement or claim stands after the events so far."""

    def __init__(self, subject: str) -> None:
        self._subject, self._state = subject, NEW

    def follow(self, kind: str, _data: Mapping[str, str]) -> str | None:
        """Take one more event, or say in French why it cannot come here, and leave everything as it was."""
        prefix, before, after = STEPS.get(kind, ("", (), ""))
        if not prefix or not self._subject.startswith(prefix):
            return f"« {kind} » n’est le type d’aucun événement d’une demande d’indemnisation"
        if self._state not in before:
            return f"l’événement « {kind} » ne peut venir ici : la demande d’indemnisation n’en était pas là"
        self._state = after or self._state
        return None
