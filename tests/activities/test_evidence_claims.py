"""Entitlements and claims are audited as cases are: rows against their events, events against their grammar."""

import pytest
from sqlalchemy import text

from models.store.audit import verdicts
from models.store.database import Database, now
from models.store.journal import events
from models.store.journal.claim_grammar import claim_chain, entitlement_chain
from tests.models.store.claims.builders import a_person, authorize, broken, claim, stage

BLIND = "substr(sha256('x'), 1, 16)"
CHANGES = {
    "UPDATE entitlement SET authorised_employees = 9": ("entitlement", "ce à quoi l’autorisation donne droit"),
    "UPDATE entitlement SET end_on = '2030-01-01'": ("entitlement", "ce à quoi l’autorisation donne droit"),
    "UPDATE entitlement SET iban_digest = '\\x00'": ("entitlement", "ce à quoi l’autorisation donne droit"),
    "UPDATE ledger_entry SET at = at + interval '1 day' WHERE seq = 1": ("entitlement", "les heures accordées"),
    "UPDATE ledger_entry SET at = at + interval '1 day' WHERE seq = 2": ("claim", "une écriture du grand livre"),
    "UPDATE claim SET due_on = due_on + 1": ("claim", "n’est plus celle que cet événement"),
    "UPDATE claim SET state = 'agreed' WHERE version = 1": ("claim", "l’état de la demande"),
    "UPDATE claim SET signals = '[\"authority\"]'": ("claim", "l’état de la demande"),
    f"UPDATE claim_person SET blind = {BLIND} WHERE n = 1": ("claim", "un salarié de la demande"),
    "UPDATE claim_person SET n = n + 4": ("claim", "un salarié de la demande"),
    "UPDATE claim_week SET limit_hours = 39": ("claim", "les semaines de la demande"),
}


@pytest.fixture
def claimed(database: Database) -> tuple[str, str]:
    """A reference, and the id of its one admitted claim; another is staged."""
    reference = authorize(database)
    found = claim(database, reference, a_person(1), a_person(2))
    stage(database, reference, a_person(3), part=2)
    assert broken(database) == []
    return reference, found.id


def test_each_change_behind_the_events_is_told_with_its_place(database: Database, claimed: tuple[str, str]) -> None:
    reference, claim_id = claimed
    places = {"entitlement": entitlement_chain(reference), "claim": claim_chain(claim_id)}
    for change, (chain, sentence) in CHANGES.items():
        told = [what for subject, seq, what in _audit_after(database, change) if (subject, seq) == (places[chain], 1)]
        assert any(sentence in what for what in told), change
    assert broken(database) == []


def test_rows_without_an_event_and_events_without_a_row_are_told(database: Database, claimed: tuple[str, str]) -> None:
    reference, claim_id = claimed
    orphans = _audit_after(database, "DELETE FROM event WHERE subject LIKE 'claim:%' OR subject LIKE 'entitlement:%'")
    assert (reference, 0, f"aucun événement ne raconte la demande d’indemnisation {claim_id}") in orphans
    assert (reference, 0, "aucun événement ne raconte ce à quoi l’autorisation donne droit") in orphans
    gone = _audit_after(database, "DELETE FROM claim")
    assert (claim_chain(claim_id), 1, "le dossier n’est plus au registre") in gone
    assert any("grand livre" in what for _, _, what in _audit_after(database, "DELETE FROM person_week"))


PLANTED = [
    ("claim_received", "claim"),
    ("claim_paid", "claim"),
    ("claim_voided", "entitlement"),
    ("entitlement_opened", "entitlement"),
    ("entitlement_opened", "claim"),
    ("claim_voided", "claim:x"),
]
"""Types of events, and the chains in which they cannot come."""


def test_an_event_that_cannot_come_there_is_told(database: Database, claimed: tuple[str, str]) -> None:
    reference, claim_id = claimed
    places = {"entitlement": entitlement_chain(reference), "claim": claim_chain(claim_id)}
    for kind, planted_in in PLANTED:
        subject = places.get(planted_in, planted_in)
        with database.trial() as connection:
            seq = events.append(connection, subject, kind, now(connection))
            found = verdicts.examine(connection, lambda *_: None, everything=True, offsets=True).broken
        told = [each.what for each in found if (each.subject, each.seq) == (subject, seq)]
        assert any("demande d’indemnisation" in what for what in told), (kind, planted_in)


def test_a_change_is_told_even_after_a_later_event_of_the_claim(database: Database, claimed: tuple[str, str]) -> None:
    _, claim_id = claimed
    with database.trial() as connection:
        connection.execute(text("UPDATE claim SET due_on = due_on + 1 WHERE id = :id"), {"id": claim_id})
        events.append(connection, claim_chain(claim_id), "claim_held", now(connection))
        found = verdicts.examine(connection, lambda *_: None, everything=True, offsets=True).broken
    assert [(each.subject, each.seq) for each in found] == [(claim_chain(claim_id), 1)]


def _audit_after(database: Database, change: str) -> list[tuple[str, int, str]]:
    """Audit after a change that whoever owns the tables could make, and undo it."""
    with database.trial() as connection:
        connection.execute(text("SET session_replication_role = replica"))
        connection.execute(text(change))
        found = verdicts.examine(connection, lambda *_: None, everything=True, offsets=True).broken
    return [(each.subject, each.seq, each.what) for each in found]
