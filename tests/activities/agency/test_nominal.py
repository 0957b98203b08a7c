"""A nominal file is enveloped to a certificate of the agency that is good today; otherwise no claim leaves."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from temporalio.exceptions import ApplicationError

from activities.agency import deposits
from activities.agency.nominal import NominalList, PeopleUnreadable
from activities.transport import FolderTransport
from models.labels import HoldReason, Part
from models.store.agency import claim_rows
from models.store.cases import holds
from models.store.database import Database
from tests.activities.agency.agencies import an_agency
from tests.activities.agency.claims import CHANNEL, Keys, of_claims, prepare
from tests.activities.agency.nominal import make_certificate, people_of
from tests.models.store.agency.builders import a_queued_claim


@pytest.mark.parametrize("days", [None, -1])
def test_without_a_certificate_of_today_no_claim_leaves(database: Database, tmp_path: Path, days: int | None) -> None:
    a_queued_claim(database)
    certificate = make_certificate(tmp_path, days=days)[0] if days else None
    agency = an_agency(database, FolderTransport(tmp_path), agency_certificate=certificate)
    with pytest.raises(ApplicationError) as told:
        agency.prepare_deposit(CHANNEL)
    assert told.value.type == Part.AGENCY


def test_a_claim_whose_people_nobody_can_read_is_held_and_others_go_on(
    database: Database, tmp_path: Path, keys: Keys
) -> None:
    unreadable, other = a_queued_claim(database), a_queued_claim(database, person=2)

    def read(connection: Connection, claim_id: str) -> NominalList:
        if claim_id == unreadable.id:
            raise PeopleUnreadable
        return people_of(connection, claim_id)

    agency = of_claims(database, FolderTransport(tmp_path), keys, people=read)
    deposit = prepare(agency)
    with database.begin() as connection:
        assert [each.claim_id for each in claim_rows.list_reserved(connection, deposit.id)] == [other.id]
        assert [each.reason for each in holds.list_standing(connection, unreadable.reference)] == [HoldReason.EVIDENCE]
        assert connection.execute(text("SELECT count(*) FROM incident WHERE closed_at IS NULL")).scalar_one() == 1


async def test_a_file_does_not_wait_until_every_claim_is_enveloped(
    database: Database, tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims = [a_queued_claim(database, person=person) for person in (1, 2)]
    monkeypatch.setattr(deposits, "MAKING_SECONDS", -1.0)
    agency = of_claims(database, FolderTransport(tmp_path), keys)
    for _ in claims:
        deposit = prepare(agency)
        assert deposit.rows == 1
        await agency.put_deposit(deposit)
    assert agency.prepare_deposit(CHANNEL) is None
