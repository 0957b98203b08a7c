"""The nominal file of a claim is made once, between the visa and the signature; what breaks it names its part."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.agency import nominal_acts
from activities.agency.nominal import NominalList, PeopleUnreadable
from activities.agency.nominal_acts import EnvelopedPeople
from models.claim_labels import ClaimState
from models.labels import Part
from models.messages.case import Ref
from models.store.claims import controls, ends, nominal_files, steps
from models.store.claims.records import ClaimRecord
from models.store.claims.staging import StagedPerson
from models.store.database import Database
from tests.activities.agency.claims import Keys
from tests.activities.agency.nominal import people_of
from tests.models.store.claims import builders
from tests.models.store.claims.builders import EMPLOYER


def an_agreed_claim(database: Database, *people: StagedPerson) -> ClaimRecord:
    claim = builders.claim(database, builders.authorize(database), *people)
    with database.begin() as connection:
        for each in (ClaimState.UNDER_REVIEW, ClaimState.AGREED):
            assert steps.take(connection, claim.id, each)
    return claim


def ref(claim: ClaimRecord) -> Ref:
    return Ref(reference=claim.reference, id=claim.id)


def kept(database: Database, claim: ClaimRecord) -> tuple[str | None, bool]:
    """The digest of the nominal file of a claim, and whether its process is still to have it made."""
    with database.begin() as connection:
        digest = nominal_files.find_digest(connection, claim.id)
        return digest, controls.stand(connection, claim.id).to_envelop


def test_a_file_is_made_once_of_an_agreed_claim(database: Database, keys: Keys) -> None:
    claim = an_agreed_claim(database)
    assert kept(database, claim) == (None, True)
    act = EnvelopedPeople(database, keys.certificate, people_of)
    act.envelop_people(ref(claim))
    digest, to_envelop = kept(database, claim)
    assert digest
    assert not to_envelop
    act.envelop_people(ref(claim))
    assert kept(database, claim) == (digest, False)


def test_it_beats_with_the_lines_it_has_come_to(
    database: Database, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nominal_acts, "BEAT_LINES", 2)
    claim = an_agreed_claim(database, *(builders.a_person(n) for n in range(1, 6)))
    beats: list[object] = []
    environment = ActivityEnvironment()
    environment.on_heartbeat = lambda *details: beats.extend(details)
    environment.run(EnvelopedPeople(database, keys.certificate, people_of).envelop_people, ref(claim))
    assert beats == [0, 2, 4]
    assert kept(database, claim)[0]


def test_of_a_claim_that_was_replaced_while_it_was_made_no_file_is_kept(database: Database, keys: Keys) -> None:
    claim = an_agreed_claim(database)

    def read(connection: Connection, claim_id: str) -> NominalList:
        with database.begin() as other:
            assert ends.end(other, claim_id, ClaimState.VOID, EMPLOYER)
        return people_of(connection, claim_id)

    EnvelopedPeople(database, keys.certificate, read).envelop_people(ref(claim))
    assert kept(database, claim) == (None, False)


def test_without_a_certificate_nothing_is_made_and_the_agency_is_what_broke(database: Database) -> None:
    claim = an_agreed_claim(database)
    with pytest.raises(ApplicationError) as told:
        EnvelopedPeople(database, None, people_of).envelop_people(ref(claim))
    assert (told.value.type, told.value.non_retryable) == (Part.AGENCY, False)
    assert kept(database, claim) == (None, True)


def test_people_whom_nobody_can_read_are_enveloped_by_nobody_and_the_journal_is_what_broke(
    database: Database, keys: Keys
) -> None:
    claim = an_agreed_claim(database)

    def unreadable(_connection: Connection, _claim_id: str) -> NominalList:
        raise PeopleUnreadable

    with pytest.raises(ApplicationError) as told:
        EnvelopedPeople(database, keys.certificate, unreadable).envelop_people(ref(claim))
    assert told.value.type == Part.JOURNAL
    assert kept(database, claim) == (None, True)


@pytest.mark.parametrize("end", [ClaimState.VOID, ClaimState.ACCEPTED])
def test_once_nobody_puts_it_any_more_the_digest_alone_is_kept(
    database: Database, keys: Keys, end: ClaimState, tmp_path: Path
) -> None:
    claim = an_agreed_claim(database)
    EnvelopedPeople(database, keys.certificate, people_of).envelop_people(ref(claim))
    with database.begin() as connection:
        if end is ClaimState.VOID:
            assert ends.end(connection, claim.id, end, EMPLOYER)
        else:
            for each in (ClaimState.SIGNED, ClaimState.HANDED):
                assert steps.take(connection, claim.id, each)
            assert len(nominal_files.content(connection, claim.id)) > 100
            assert steps.take(connection, claim.id, end)
        assert nominal_files.content(connection, claim.id) == b""
        assert nominal_files.find_digest(connection, claim.id)
        assert connection.execute(text("SELECT count(*) FROM claim_file")).scalar_one() == 1
