"""What a signed decision on a bank account does: everything that pays follows at once, or nothing does."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from models.store.agency import bank_effects, claim_rows, files, rows, sent
from models.store.agency.channels import AMENDMENTS, AUTHORIZATIONS, CLAIMS
from models.store.cases import requests
from models.store.database import Database
from models.store.journal import outbox
from tests.bank_changes import OTHER_IBAN, acknowledge, ask, decide, take_effect
from tests.cases import IBAN
from tests.models.store.agency.builders import a_queued_claim
from tests.models.store.claims.builders import WEEK, a_person, authorize, broken, claim, entitlement, state


def account(database: Database, reference: str) -> str:
    with database.begin() as connection:
        return requests.get_nominal(connection, reference).iban


def changed(database: Database, reference: str, **body: Any) -> str:
    number = ask(database, reference)
    acknowledge(database, reference, number)
    decide(database, reference, number, **body)
    take_effect(database, reference, number)
    return number


def queue(database: Database, reference: str, channel: str = AUTHORIZATIONS, *, written: bool) -> None:
    """A row of the case in a file of the agency, written or on its way."""
    at = ", clock_timestamp()" if written else ", NULL"
    with database.begin() as connection:
        connection.execute(
            text(
                "WITH d AS (INSERT INTO document (reference, kind, subject, number, sha256, bytes, signed_at)"
                " VALUES (CAST(:r AS text), 'attestation', '', CAST(:r AS text) || '00', repeat('e', 64), 'x', now())"
                " RETURNING id),"
                " f AS (INSERT INTO deposit (channel, name, bytes, sha256, reserved_at, written_at)"
                f" VALUES (CAST(:c AS text), 'f', 'x', repeat('f', 64), now(){at}) RETURNING id)"
                " INSERT INTO deposit_row (key, channel, reference, document_id, deposit_id, line)"
                " SELECT 'k' || CAST(:r AS text), CAST(:c AS text), CAST(:r AS text), d.id, f.id, 1 FROM d, f"
            ),
            {"r": reference, "c": channel},
        )


def test_the_case_its_entitlement_and_its_events_follow_together(database: Database) -> None:
    reference = authorize(database)
    claim(database, reference)
    before = entitlement(database, reference).iban_digest
    changed(database, reference)
    assert account(database, reference) == OTHER_IBAN
    assert entitlement(database, reference).iban_digest != before
    later = claim(database, reference, a_person(2, (WEEK, "7")), part=2)
    assert state(database, later.id) == "admitted"
    assert broken(database) == []


def test_a_refusal_changes_nothing(database: Database) -> None:
    reference = authorize(database)
    number = changed(database, reference, outcome="refusal", grounds="Ce compte n’est pas le vôtre.")
    assert account(database, reference) == IBAN
    assert broken(database) == []
    assert ask(database, reference) > number


def test_claims_held_for_another_account_look_again(database: Database) -> None:
    reference = authorize(database)
    claim(database, reference)
    with database.begin() as connection:
        connection.execute(text("UPDATE nominal SET iban = 'FR7612345000011234567890158'"))
    held = claim(database, reference, a_person(2, (WEEK, "7")), part=2)
    assert state(database, held.id) == "held"
    with database.begin() as connection:
        before = len(outbox.list_waiting(connection, 100))
    changed(database, reference)
    with database.begin() as connection:
        after = outbox.list_waiting(connection, 100)[before:]
    assert f"claim:{held.subject}" in [each.workflow_id for each in after if each.kind == "look"]


def test_what_the_agency_was_told_it_is_told_again_with_the_number_of_the_change(database: Database) -> None:
    reference = authorize(database)
    queue(database, reference, written=True)
    number = changed(database, reference)
    with database.begin() as connection:
        [row] = rows.list_ready(connection, AMENDMENTS, 10)
    assert (row.number, row.iban, row.tacit, row.hours) == (number, OTHER_IBAN, False, Decimal(12_000))


def test_a_change_waits_while_a_file_with_the_account_of_before_is_on_its_way(database: Database) -> None:
    reference = authorize(database)
    queue(database, reference, written=False)
    number = ask(database, reference)
    decide(database, reference, number)
    with pytest.raises(bank_effects.AccountInTransit):
        take_effect(database, reference, number)
    assert account(database, reference) == IBAN


def test_an_account_that_changes_without_a_decision_is_found(database: Database) -> None:
    reference = authorize(database)
    ask(database, reference)
    with database.begin() as connection:
        connection.execute(text("UPDATE bank_change SET iban = 'FR7612345000011234567890158'"))
    assert [each[0] for each in broken(database)] == [reference]


def test_a_signed_claim_and_a_file_of_claims_on_its_way_are_waited_for(database: Database) -> None:
    reference = authorize(database)
    a_queued_claim(database, reference)
    number = ask(database, reference)
    acknowledge(database, reference, number)
    decide(database, reference, number)
    with pytest.raises(bank_effects.AccountInTransit):
        take_effect(database, reference, number)
    with database.begin() as connection:
        listed = claim_rows.list_ready(connection, 1)
        deposit = files.reserve(connection, CLAIMS, lambda _: "TACITE_DI_20261201091530.json", b"{}", listed)
    with pytest.raises(bank_effects.AccountInTransit):
        take_effect(database, reference, number)
    with database.begin() as connection:
        sent.mark_written(connection, deposit.id)
    take_effect(database, reference, number)
    assert account(database, reference) == OTHER_IBAN
    assert broken(database) == []
