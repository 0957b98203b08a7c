"""A row is examined before it goes into a file, and a file again before it is put: nothing changed behind our back."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError
from temporalio.exceptions import ApplicationError

from activities.agency.layout import FileChanged
from activities.agency.streams import STREAMS, RowsMoved, RowStream, Stream
from activities.transport import FolderTransport
from models.claim_labels import ClaimState
from models.labels import HoldReason, Part
from models.store.agency import claim_rows, files
from models.store.agency.channels import AUTHORIZATIONS, CLAIMS
from models.store.agency.claim_rows import ClaimRow
from models.store.agency.rows import Row
from models.store.cases import holds
from models.store.claims import ends
from models.store.database import Database
from tests.activities.agency.agencies import an_agency, settings_of
from tests.activities.agency.claims import prepare
from tests.activities.agency.test_deposits import an_authorization, lines
from tests.bank_changes import OTHER_IBAN, ask, decide, take_effect
from tests.models.store.agency.builders import a_queued_claim
from tests.models.store.claims.builders import EMPLOYER

CHANGES = (
    "UPDATE claim SET allowance_cents = allowance_cents + 100, state_cents = state_cents + 100",
    "UPDATE claim_person SET payable = payable + 1",
    "UPDATE entitlement SET authorised_employees = authorised_employees + 1",
    "UPDATE nominal SET iban = 'FR7630006000011234567890189'",
    "UPDATE claim_file SET sha256 = repeat('a', 64)",
)


@pytest.mark.parametrize("change", CHANGES)
def test_a_claim_that_changed_behind_our_back_is_held_and_others_go_on(database: Database, change: str) -> None:
    changed = a_queued_claim(database)
    with database.begin() as connection:
        connection.execute(text(change))
    honest = a_queued_claim(database, person=2)
    deposit = prepare(an_agency(database, FolderTransport(Path("/nowhere"))))
    with database.begin() as connection:
        assert [each.claim_id for each in claim_rows.list_reserved(connection, deposit.id)] == [honest.id]
        assert [each.reason for each in holds.list_standing(connection, changed.reference)] == [HoldReason.EVIDENCE]


async def test_a_reserved_file_whose_claim_changed_is_not_put(database: Database, tmp_path: Path) -> None:
    a_queued_claim(database)
    agency = an_agency(database, FolderTransport(tmp_path))
    deposit = prepare(agency)
    with database.begin() as connection:
        connection.execute(text("UPDATE claim SET hours = hours + 1"))
    with pytest.raises(ApplicationError) as told:
        await agency.put_deposit(deposit)
    assert (told.value.type, told.value.message) == (Part.JOURNAL, FileChanged.__name__)
    assert list(tmp_path.iterdir()) == []


async def test_nominal_bytes_that_changed_are_not_put(database: Database, tmp_path: Path) -> None:
    a_queued_claim(database)
    agency = an_agency(database, FolderTransport(tmp_path))
    deposit = prepare(agency)
    with database.begin() as connection:
        connection.execute(text("UPDATE claim_file SET bytes = 'autre chose'"))
    with pytest.raises(ApplicationError) as told:
        await agency.put_deposit(deposit)
    assert told.value.type == Part.JOURNAL
    assert list(tmp_path.iterdir()) == []


def test_a_claim_taken_back_between_its_examination_and_its_lock_is_left_out(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    cancelled, other = a_queued_claim(database), a_queued_claim(database, person=2)
    stream = STREAMS[CLAIMS]
    assert isinstance(stream, RowStream)

    def hold(connection: Connection, rows: Sequence[ClaimRow]) -> None:
        with database.begin() as employer:
            ends.end(employer, cancelled.id, ClaimState.VOID, EMPLOYER)
        claim_rows.hold_all(connection, rows)

    monkeypatch.setitem(cast("dict[str, Stream]", STREAMS), CLAIMS, replace(stream, hold=hold))
    deposit = prepare(an_agency(database, FolderTransport(Path("/nowhere"))))
    with database.begin() as connection:
        assert [each.claim_id for each in claim_rows.list_reserved(connection, deposit.id)] == [other.id]


def test_an_account_changed_between_examination_and_lock_is_paid_and_cannot_change_before_the_file_is_reserved(
    database: Database,
) -> None:
    reference = an_authorization(database)
    stream, number = STREAMS[AUTHORIZATIONS], ask(database, reference)
    assert isinstance(stream, RowStream)
    decide(database, reference, number)
    hold = stream.hold

    def change_first(connection: Connection, ready: Sequence[Row]) -> None:
        take_effect(database, reference, number)
        hold(connection, ready)

    with database.begin() as connection, pytest.raises(RowsMoved):
        replace(stream, hold=change_first).reserve(connection, settings_of(database), lambda *_: None)
    with database.begin() as connection:
        deposit = stream.reserve(connection, settings_of(database), lambda *_: None)
        with database.begin() as other, pytest.raises(OperationalError):
            other.execute(text("SELECT FROM request FOR UPDATE NOWAIT"))
        assert deposit
        (line,) = lines(files.content(connection, deposit.id))
    assert line["iban"] == OTHER_IBAN
