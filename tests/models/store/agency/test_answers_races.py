"""Answers and admissions take their locks in one order: none of them waits for the other for ever."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count

import pytest

from models.claim_labels import ClaimState
from models.store.agency import answers
from models.store.agency.answer_files import AnswerFileRecord
from models.store.agency.claim_rows import ClaimRow
from models.store.claims import ends
from models.store.claims.records import ClaimRecord
from models.store.claims.refusals import AdmissionRefused
from models.store.database import Database
from tests.models.store.agency import builders as agency
from tests.models.store.claims import builders
from tests.models.store.claims.builders import EMPLOYER, a_person, employer_of

ROUNDS = 6


def a_claim_of(database: Database, reference: str, *people: int, part: int) -> ClaimRecord:
    lines = [a_person(each, n=n) for n, each in enumerate(people, start=1)]
    claim = builders.claim(database, reference, *lines, part=part)
    agency.sign(database, claim)
    agency.queue(database, claim.id)
    return claim


def reject(database: Database, file: AnswerFileRecord, rows: list[ClaimRow]) -> None:
    with database.begin() as connection:
        answers.apply(connection, file, agency.answers(rows, "3308"))


def admit(database: Database, claim_id: str) -> None:
    """Admit a claim, unless the week of somebody in it is full by then."""
    with suppress(AdmissionRefused):
        builders.admit(database, claim_id)


@pytest.mark.slow  # a race, repeated
def test_rejections_of_two_authorizations_and_admissions_for_the_same_people_all_end(database: Database) -> None:
    """The second claim has the people that come first: taken one claim after the other, both would wait."""
    one = builders.authorize(database)
    other = builders.authorize(database, employer=employer_of(database, one))
    parts = count(1)
    for second in range(10, 10 + ROUNDS):
        pairs = ((one, (3, 4)), (other, (1, 2)))
        handed = [a_claim_of(database, reference, *people, part=next(parts)) for reference, people in pairs]
        rows = agency.hand_over(database, *handed, second=second)
        file = agency.answer(database, rows, "3308", second=second)
        crossed = ((one, (1, 4)), (other, (2, 3)))
        staged = [builders.stage(database, each, *map(a_person, people), part=next(parts)) for each, people in crossed]

        with ThreadPoolExecutor(3) as pool:
            admitted = [pool.submit(admit, database, each) for each in staged]
            for each in (pool.submit(reject, database, file, rows), *admitted):
                each.result(timeout=30)
        assert {builders.state(database, each.id) for each in handed} == {ClaimState.REJECTED}
        with database.begin() as connection:
            for claim_id in staged:
                ends.end(connection, claim_id, ClaimState.VOID, EMPLOYER)
    assert builders.differences(database) == ()
    assert builders.broken(database) == []
