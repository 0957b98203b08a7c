"""What a claim may name as the version that it replaces; what else is judged is tested as it is admitted."""

from datetime import date

import pytest

from models.claim_labels import ClaimState
from models.store.claims import ends
from models.store.database import Database
from models.store.journal.events import SYSTEM
from tests.models.store.claims.builders import (
    a_person,
    authorize,
    broken,
    claim,
    differences,
    hand_over,
    refused,
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
