"""What the law objects to a decision is judged as it is taken, that on an amendment against what stands too."""

from decimal import Decimal

import pytest

from models.errors import Unlawful
from models.store.database import Database
from tests.amendments import amend
from tests.cases import GROUNDS, an_agent, file_a_case, let_silence_accept, register_a_decision


def objected(database: Database, reference: str, **grant: object) -> list[tuple[str, str]]:
    """Where a grant meets an objection, and which."""
    with pytest.raises(Unlawful) as refused:
        register_a_decision(database, reference, an_agent(database), **grant)
    return [(each.pointer, each.code) for each in refused.value.objections]


def test_a_grant_gives_no_more_than_was_asked_and_less_with_reasons_alone(database: Database) -> None:
    reference = file_a_case(database)
    assert objected(database, reference, hours="12001", grounds=GROUNDS) == [("/hours", "more-than-asked")]
    assert ("/grounds", "partial-without-reasons") in objected(database, reference, hours="11999")


def test_an_amendment_granted_in_part_takes_nothing_away(database: Database) -> None:
    reference = file_a_case(database)
    let_silence_accept(database, reference)
    amendment = amend(database, reference, hours=Decimal(15_000))
    assert objected(database, amendment, hours="11999", grounds=GROUNDS) == [("/hours", "less-than-authorised")]
    assert register_a_decision(database, amendment, an_agent(database), hours="12000", grounds=GROUNDS)
