"""What pages say of the events of a claim."""

from datetime import UTC, datetime

from models.claim_labels import ClaimEvent
from models.roles import ActorRole
from models.store.journal.claim_grammar import CLAIM_PREFIX, STEPS
from models.store.journal.events import Event
from starter.pages.components.claim_words import event_label

AT = datetime(2026, 12, 14, tzinfo=UTC)


def said(kind: str, role: ActorRole = "system") -> str:
    return event_label(Event(seq=1, type=kind, at=AT, recorded_at=AT, actor_role=role, data={}))


def test_every_event_that_a_claim_may_have_is_said_in_words_of_its_own() -> None:
    labels = [said(kind) for kind, (prefix, _, _) in STEPS.items() if prefix == CLAIM_PREFIX]
    assert all(labels)
    assert len({*labels}) == len(labels)


def test_only_its_employer_cancels_a_claim() -> None:
    cancelled = said(ClaimEvent.VOIDED.value, "employer")
    assert cancelled == ClaimEvent.VOIDED.label
    roles: tuple[ActorRole, ...] = ("agent", "head", "operator", "system")
    assert cancelled not in {said(ClaimEvent.VOIDED.value, each) for each in roles}
