"""Money leaves once for one employee and one day, whenever and for whomever each authorization was accepted."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import text

from models.bodies.decision import HandOverBody
from models.errors import Conflict
from models.establishments import Headcount, ListedEstablishment
from models.labels import HoldReason, Proof
from models.store.agency import rows
from models.store.cases import authority_holds, decisions, documents, holds, requests, reviews, silence
from models.store.cases.documents import Sealed
from models.store.database import Database, case_now
from models.store.journal.events import SYSTEM
from models.store.people import companies, parties
from tests.cases import Employer, an_agent, an_employer, file_a_case, register_a_decision

BODY = HandOverBody(reason="Les deux demandes visent des ateliers différents.")
MONTH = {"start_on": "2026-12-01", "end_on": "2026-12-31"}


def somebody(database: Database, siret: str = "", *, proven: bool = False) -> Employer:
    """Somebody who enrolled a firm on their own, as an activation founds it."""
    with database.begin() as connection:
        who = an_employer(connection, siret, proven=proven)
        connection.execute(text("DELETE FROM party WHERE account_id = CAST(:a AS uuid)"), {"a": who.account_id})
        parties.found(connection, who.siret, who.account_id)
    return who


def prove(database: Database, who: Employer) -> None:
    with database.begin() as connection:
        authority_holds.prove(connection, who.siret, who.account_id, Proof.LETTER, SYSTEM)


def sealed(reference: str, kind: str, at: Any, subject: str = "") -> Sealed:
    return Sealed(
        reference=reference,
        kind=kind,
        subject=subject,
        number=f"{reference}00",
        sha256="b" * 64,
        bytes=b"%PDF",
        signed_at=at,
    )


def accepted(database: Database, who: Employer, left: int = -1, **changes: Any) -> str:
    """A request that silence accepted, `left` seconds away, with a stand-in for its attestation."""
    reference = file_a_case(database, employer=who, left=timedelta(seconds=left), **changes)
    with database.begin() as connection:
        silence.establish(connection, reference)
        at = case_now(connection, reference)
        documents.store(connection, sealed(reference, "attestation", at))
        documents.publish(connection, reference, "", at)
    return reference


def granted(database: Database, who: Employer, **changes: Any) -> str:
    reference = file_a_case(database, employer=who, **changes)
    decision = register_a_decision(database, reference, an_agent(database))
    with database.begin() as connection:
        documents.store(connection, sealed(reference, "grant", case_now(connection, reference), decision))
        decisions.sign(connection, decision)
        decisions.notify(connection, decision)
    return reference


def hand_over(database: Database, reference: str) -> list[HoldReason]:
    with database.begin() as connection:
        return rows.hand_over(connection, reference)


def allow(database: Database, reference: str) -> None:
    with database.begin() as connection:
        reviews.release(connection, reference, BODY, an_agent(database))


@pytest.mark.parametrize("first_granted", [False, True])
@pytest.mark.parametrize("second_granted", [False, True])
def test_of_two_people_of_one_firm_who_prove_one_after_the_other_the_second_waits(
    database: Database, *, first_granted: bool, second_granted: bool
) -> None:
    late = somebody(database)
    early = somebody(database, late.siret)
    ways = {False: accepted, True: granted}
    accepted_first = ways[first_granted](database, late, period=MONTH)
    accepted_then = ways[second_granted](database, early, period=MONTH, ground="economic_conditions")
    assert [hand_over(database, each) for each in (accepted_first, accepted_then)] == [[HoldReason.AUTHORITY]] * 2
    prove(database, early)
    assert hand_over(database, accepted_then) == []
    prove(database, late)
    assert hand_over(database, accepted_first) == [HoldReason.LIMITS]
    allow(database, accepted_first)
    assert hand_over(database, accepted_first) == []
    with database.begin() as connection:
        assert any(accepted_then in each for each in requests.get(connection, accepted_first).signals)


def test_a_headcount_that_grows_from_request_to_request_lets_one_through(database: Database) -> None:
    firm = somebody(database, proven=True)
    same: dict[str, Any] = {"period": MONTH, "employees": 12, "hours": "1500"}
    references = [
        accepted(database, firm, headcount=stated, other_employees=stated > 12, **same) for stated in (12, 24, 36, 48)
    ]
    held = [hand_over(database, each) for each in references]
    assert held == [[], *[[HoldReason.LIMITS]] * 3]


def test_the_register_of_establishments_knows_how_many_work_there(database: Database) -> None:
    firm = somebody(database, proven=True)
    with database.begin() as connection:
        band = Headcount(least=20, most=49)
        listed = ListedEstablishment(
            siret=firm.siret, state="active", head_office=True, source="sirene", headcount=band
        )
        companies.store(connection, firm.siret, "listed", "sirene", [listed])
    same: dict[str, Any] = {"period": MONTH, "headcount": 400, "other_employees": True}
    references = [accepted(database, firm, employees=each, **same) for each in (30, 19, 1)]
    assert [hand_over(database, each) for each in references] == [[], [], [HoldReason.LIMITS]]


def test_what_a_signatory_allowed_waits_again_when_more_was_handed_over_meanwhile(database: Database) -> None:
    late = somebody(database)
    early = somebody(database, late.siret, proven=True)
    asked: dict[str, Any] = {"period": MONTH, "employees": 20, "headcount": 42, "other_employees": True}
    first, third = accepted(database, early, **asked), accepted(database, early, -1, **asked)
    assert [hand_over(database, each) for each in (first, third)] == [[], []]
    second = accepted(database, late, **asked)
    assert hand_over(database, second) == [HoldReason.AUTHORITY, HoldReason.LIMITS]
    allow(database, second)
    more = accepted(database, early, **asked | {"employees": 2})
    assert hand_over(database, more) == []
    prove(database, late)
    assert hand_over(database, second) == [HoldReason.LIMITS]


@pytest.mark.parametrize("seed", [*range(3), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(3, 12))])
def test_no_day_has_more_employees_than_the_least_headcount_unless_a_signatory_allowed_it(
    database: Database, seed: int
) -> None:
    chance, people = Random(seed), [somebody(database)]
    people += [somebody(database, people[0].siret) for _ in range(chance.randint(0, 2))]
    filed: dict[str, tuple[date, date, int, int]] = {}
    for _ in range(chance.randint(3, 6)):
        start = date(2026, 12, 1) + timedelta(days=chance.randint(0, 60))
        end, headcount = start + timedelta(days=chance.randint(0, 60)), chance.randint(5, 40)
        employees, other = chance.randint(1, headcount), chance.random() < 0.8
        reference = chance.choice([accepted, granted] if other else [accepted])(
            database,
            chance.choice(people),
            period={"start_on": start.isoformat(), "end_on": end.isoformat()},
            headcount=headcount,
            employees=employees,
            hours="100",
            other_employees=other,
        )
        filed[reference] = (start, end, employees, headcount)
    allowed = play(database, chance, people, list(filed))
    with database.begin() as connection:
        queued = set(connection.execute(text("SELECT reference FROM deposit_row")).scalars()) - allowed
    sent = [terms for reference, terms in filed.items() if reference in queued]
    for n in range(130):
        day = date(2026, 12, 1) + timedelta(days=n)
        shared = [each for each in sent if each[0] <= day <= each[1]]
        if len(shared) > 1:
            assert sum(each[2] for each in shared) <= min(each[3] for each in shared)


def play(database: Database, chance: Random, people: list[Employer], references: list[str]) -> set[str]:
    """Prove, hand over and allow in any order; returns what a signatory allowed."""
    allowed: set[str] = set()
    for _ in range(3):
        for reference in chance.sample(references, len(references)):
            if chance.random() < 0.4:
                prove(database, chance.choice(people))
            hand_over(database, reference)
            if chance.random() < 0.15:
                with suppress(Conflict):
                    allow(database, reference)
                    allowed.add(reference)
    return allowed


def test_hand_overs_at_once_are_judged_one_after_the_other(database: Database) -> None:
    firm = somebody(database, proven=True)
    same: dict[str, Any] = {"period": MONTH, "employees": 42, "ground": "economic_conditions"}
    references = [granted(database, firm, other_employees=True, **same) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(lambda each: hand_over(database, each), references))
    assert sorted(outcomes) == [[], *[[HoldReason.LIMITS]] * 3]
    with database.begin() as connection:
        assert sum(bool(holds.list_standing(connection, each)) for each in references) == 3
