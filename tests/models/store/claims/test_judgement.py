"""What a claim may name as the version that it replaces, and when its file is in time; the rest as it is admitted."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text

from law.calendar import midnight
from models.claim_labels import ClaimState
from models.store.cases import requests
from models.store.claims import ends
from models.store.claims.refusals import AdmissionRefused
from models.store.database import Database
from models.store.journal import events
from models.store.journal.events import SYSTEM
from tests.cases import DEPARTMENT
from tests.models.clocks import SECOND, clock_at
from tests.models.store.claims.builders import (
    a_person,
    admit,
    authorize,
    broken,
    claim,
    differences,
    hand_over,
    refused,
    stage,
    state,
)


@pytest.mark.parametrize("end", [ClaimState.REFUSED, ClaimState.REJECTED, ClaimState.VOID])
def test_a_claim_that_names_a_version_that_ended_is_admitted_in_the_place_of_none(
    database: Database, end: ClaimState
) -> None:
    """Twice: the first of them takes nothing from the second, nor gives the hours of the ended one back again."""
    reference = authorize(database, hours="7")
    first = claim(database, reference)
    if end is ClaimState.REJECTED:
        hand_over(database, first.id)
    with database.begin() as connection:
        assert ends.end(connection, first.id, end, SYSTEM)
    second = claim(database, reference, replaces=first.id)
    assert (second.version, second.state, second.replaces) == (2, ClaimState.ADMITTED, None)
    assert refused(database, reference, replaces=first.id).slug == "claim-stands"
    with database.begin() as connection:
        assert ends.end(connection, second.id, ClaimState.VOID, SYSTEM)
    third = claim(database, reference, replaces=first.id)
    assert (third.version, third.replaces, state(database, first.id)) == (3, None, end)
    assert (differences(database), broken(database)) == ((), [])


def test_a_claim_that_names_a_version_of_another_month_is_told_so(database: Database) -> None:
    reference = authorize(database)
    first, week = claim(database, reference), (date(2027, 1, 4), "7")
    other = refused(database, reference, a_person(1, week), replaces=first.id, month=date(2027, 1, 1))
    assert (other.slug, other.detail) == (
        "claim-stands",
        "La demande à remplacer n’est pas une version de ce mois et de cette partie.",
    )


def test_a_claim_whose_file_arrived_in_time_is_in_time_however_long_we_read(database: Database) -> None:
    reference = authorize(database)
    early, late = stage(database, reference), stage(database, reference, part=2)
    with database.begin() as connection:
        case = requests.get(connection, reference)
        instant = midnight(date(2027, 9, 1), DEPARTMENT) - case.clock_offset
        for staged, at in ((early, instant - SECOND), (late, instant)):
            row = {"reference": reference, "account": case.account_id, "claim": staged, "at": at}
            connection.execute(_A_FILE, row)
    with clock_at(database, instant + timedelta(hours=6)) as frozen:
        admitted = admit(frozen, early)
        with pytest.raises(AdmissionRefused, match="31 août 2027"):
            admit(frozen, late)
    with database.begin() as connection:
        [received, *_] = events.list_of(connection, admitted.chain)
    assert datetime.fromisoformat(received.data["sent_at"]) == instant - SECOND + case.clock_offset
    assert admitted.received_at == instant + timedelta(hours=6) + case.clock_offset


_A_FILE = text(
    "INSERT INTO upload (reference, account_id, month, part, state, size, digest, claim_id, received_at, expires_at)"
    " SELECT :reference, :account, month, part, 'read', 1, '', id, :at, :at FROM claim WHERE id = CAST(:claim AS uuid)"
)
