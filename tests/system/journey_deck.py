"""The deck from which campaigns draw the journeys of their cases."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from tests.system.claim_journeys import CLAIM_JOURNEYS
from tests.system.journeys import (
    decision_after_the_instant,
    desistment,
    desistment_at_the_last_second,
    draft_that_is_filed,
    draft_that_lapses,
    grant,
    grant_at_the_last_second,
    granted_then_verified,
    opinion_that_follows,
    partial_grant,
    pieces_asked_for_too_late,
    pieces_taken_back,
    pieces_then_grant,
    pieces_then_silence,
    refusal,
    refusal_at_the_last_second,
    refusal_while_pieces_are_awaited,
    seen_then_granted,
    silence,
    silence_of_48_hours,
    silence_of_two_days,
    silence_with_the_engine_ahead,
    silence_with_the_register_ahead,
    two_agents_two_decisions,
)
from tests.system.newcomers import enrolment
from tests.system.population import CaseActors

Journey = Callable[[CaseActors], None]
JOURNEYS: Final[dict[Journey, int]] = {
    silence: 8,
    silence_of_two_days: 2,
    silence_of_48_hours: 2,
    silence_with_the_engine_ahead: 2,
    silence_with_the_register_ahead: 2,
    grant: 3,
    partial_grant: 2,
    refusal: 3,
    seen_then_granted: 2,
    granted_then_verified: 2,
    desistment: 2,
    pieces_then_silence: 2,
    pieces_then_grant: 2,
    pieces_taken_back: 2,
    refusal_while_pieces_are_awaited: 2,
    pieces_asked_for_too_late: 3,
    grant_at_the_last_second: 4,
    refusal_at_the_last_second: 4,
    desistment_at_the_last_second: 2,
    decision_after_the_instant: 2,
    two_agents_two_decisions: 2,
    opinion_that_follows: 1,
    draft_that_is_filed: 2,
    draft_that_lapses: 2,
    enrolment: 2,
    **CLAIM_JOURNEYS,
}
"""Each journey, and its share among seventy-seven cases."""


def draw_journeys(cases: int, dice: Random, shares: Mapping[Journey, int] = JOURNEYS) -> list[Journey]:
    """Draw one journey per case, each in its share, in random order."""
    deck: list[Journey] = []
    while len(deck) < cases:
        deal = [way for way, share in shares.items() for _ in range(share)]
        dice.shuffle(deal)
        deck += deal
    return deck[:cases]
