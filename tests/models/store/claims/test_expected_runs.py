"""A claim has a live process from its admission to the answer of the agency; what the process missed shows."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from law.calendar import midnight
from models.claim_labels import ClaimState
from models.engine.kinds.claim import CLAIM
from models.errors import Unknown
from models.labels import HoldReason
from models.store.cases import documents, holds, opinions, requests
from models.store.claims import controls, ends, expected_runs
from models.store.database import Database
from models.store.operations import expected_processes
from tests.cases import an_agent, an_employer
from tests.models.clocks import SECOND, clock_at
from tests.models.store.agency.builders import queue, sign
from tests.models.store.claims import builders, reviewed
from tests.models.store.claims.builders import EMPLOYER

EXPECTED = {"claim": expected_runs.EXPECTED_CLAIMS}


def late(database: Database) -> dict[str, bool]:
    """Whether each open claim is late, by its process."""
    with database.begin() as connection:
        return {each.process: each.late for each in expected_processes.list_open(connection, EXPECTED)}


def age(database: Database) -> None:
    """Let two hours pass in every case."""
    with database.begin() as connection:
        connection.execute(text("UPDATE request SET clock_offset = clock_offset + interval '2 hours'"))


def test_a_claim_is_expected_until_it_is_over_and_no_staged_one_is(database: Database) -> None:
    reference = builders.authorize(database)
    builders.stage(database, reference)
    claim = builders.claim(database, reference)
    assert late(database) == {f"claim:{claim.subject}": False}
    with database.begin() as connection:
        assert ends.end(connection, claim.id, ClaimState.VOID, EMPLOYER)
    assert late(database) == {}


def test_what_should_have_been_done_an_hour_ago_is_late(database: Database) -> None:
    builders.claim(database, builders.authorize(database))
    age(database)
    assert list(late(database).values()) == [True]


def test_a_file_read_long_before_it_is_submitted_is_not_late_at_once(database: Database) -> None:
    staged = builders.stage(database, builders.authorize(database))
    with database.begin() as connection:
        connection.execute(text("UPDATE claim SET staged_at = staged_at - interval '2 days'"))
    builders.admit(database, staged)
    assert list(late(database).values()) == [False]


def test_a_claim_under_review_waits_for_an_agent_and_an_agreed_one_for_its_process(database: Database) -> None:
    claim = reviewed.reviewed(database)
    age(database)
    assert list(late(database).values()) == [False]
    assert reviewed.agree(database, claim, an_agent(database)) == "done"
    assert list(late(database).values()) == [False]
    age(database)
    assert list(late(database).values()) == [True]


def test_a_held_claim_whose_opinion_arrived_unheard_is_late(database: Database) -> None:
    builders.claim(database, builders.authorize(database, **builders.missing_opinion()))
    assert list(late(database).values()) == [False]
    with database.begin() as connection:
        connection.execute(text("UPDATE opinion SET form = 'favourable'"))
    assert list(late(database).values()) == [True]


def test_a_claim_held_for_an_opinion_whose_last_day_is_to_come_is_late(database: Database) -> None:
    """As claims of before were, which were held from their admission on."""
    builders.claim(database, builders.authorize(database, **builders.missing_opinion()))
    with database.begin() as connection:
        connection.execute(text("UPDATE opinion SET due_on = due_on + 90"))
    assert list(late(database).values()) == [True]


@pytest.mark.parametrize("department", ["34", "971", "974", "976"])
def test_a_claim_is_held_from_the_midnight_of_its_own_departement(database: Database, department: str) -> None:
    with database.begin() as connection:
        employer = an_employer(connection, department=department)
    reference = builders.authorize(database, employer=employer, headcount=60, works_council={"pending": True})
    claim = builders.claim(database, reference)
    with database.begin() as connection:
        due_on, offset = opinions.find_due_day(connection, reference), requests.get(connection, reference).clock_offset
    assert due_on is not None
    over = midnight(due_on + timedelta(days=1), department) - offset
    for at, missing in ((over - SECOND, False), (over, True)):
        with clock_at(database, at) as frozen, frozen.begin() as connection:
            assert opinions.is_missing(connection, reference) is missing
            assert (controls.find_holds(connection, claim.reference) != ()) is missing


def test_a_held_claim_whose_filer_has_proven_an_authority_unheard_is_late(database: Database) -> None:
    claim = builders.claim(database, builders.authorize(database))
    with database.begin() as connection:
        connection.execute(text("UPDATE authority SET ended_at = proven_at, ending = 'revoked'"))
        assert controls.look(connection, claim.id).state is ClaimState.HELD
    assert list(late(database).values()) == [False]
    with database.begin() as connection:
        connection.execute(text("UPDATE authority SET ended_at = NULL, ending = NULL"))
    assert list(late(database).values()) == [True]
    with database.begin() as connection:
        assert controls.look(connection, claim.id).state is ClaimState.ADMITTED
    assert list(late(database).values()) == [False]


def test_a_claim_under_review_whose_authority_was_revoked_unheard_is_late(database: Database) -> None:
    reviewed.reviewed(database)
    with database.begin() as connection:
        connection.execute(text("UPDATE authority SET ended_at = proven_at, ending = 'revoked'"))
    age(database)
    assert list(late(database).values()) == [True]


def test_a_refusal_that_its_process_did_not_hear_of_is_late(database: Database) -> None:
    claim = reviewed.reviewed(database)
    reviewed.refuse(database, claim, an_agent(database))
    assert list(late(database).values()) == [False]
    age(database)
    assert list(late(database).values()) == [True]


def test_a_signed_claim_without_a_row_for_the_agency_is_late_unless_its_case_is_held(database: Database) -> None:
    claim = builders.claim(database, builders.authorize(database))
    sign(database, claim)
    assert list(late(database).values()) == [False]
    age(database)
    assert list(late(database).values()) == [True]
    with database.begin() as connection:
        holds.hold(connection, claim.reference, HoldReason.EVIDENCE, claims=True)
    assert list(late(database).values()) == [False]
    with database.begin() as connection:
        holds.release(connection, claim.reference, HoldReason.EVIDENCE)
    assert queue(database, claim.id) == []
    assert list(late(database).values()) == [False]


def test_a_claim_is_launched_from_the_register_until_it_is_over_and_has_its_receipt(database: Database) -> None:
    claim = builders.claim(database, builders.authorize(database))
    assert CLAIM.load is not None
    assert claim.received_at is not None
    receipt = {"kind": "claim_receipt", "subject": f"claim/{claim.id}", "number": "essai", "sha256": "0" * 64}
    with database.begin() as connection:
        launch = CLAIM.load(connection, claim.subject)
        assert launch is not None
        assert launch.subject == claim.subject
        assert launch.summary == f"{claim.reference} · décembre 2026 · département de l’Hérault (34)"
        with pytest.raises(Unknown):
            CLAIM.load(connection, f"{claim.reference}:2026-12:1:9")
        ends.end(connection, claim.id, ClaimState.VOID, EMPLOYER)
        assert CLAIM.load(connection, claim.subject) == launch
        of_claim = {
            "reference": claim.reference,
            "claim_id": claim.id,
            "signed_at": claim.received_at,
            "bytes": b"%PDF",
        }
        documents.store(connection, documents.Sealed.model_validate(receipt | of_claim))
        documents.publish(connection, claim.reference, receipt["subject"], claim.received_at)
        assert CLAIM.load(connection, claim.subject) is None
