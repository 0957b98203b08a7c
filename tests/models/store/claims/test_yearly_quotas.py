"""The quotas of a year, with decisions about single cases: the order of the claims decides nothing."""

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Final

import pytest

from law.grounds import Ground
from law.quota import Authority
from models.claim_labels import ClaimState
from models.store.claims import ends
from models.store.claims.refusals import AdmissionRefused
from models.store.database import Database
from models.store.journal.events import SYSTEM, Actor
from tests.cases import an_agent
from tests.models.store.claims.builders import WEEK, a_person, authorize, claim, employer_of
from tests.models.store.claims.test_quota_exceptions import end, have_used, limits, place_of, record

ORDINARY: Final = 1000
USED: Final = 990
"""Hours of the year that claims of no case here have used before."""
ACTS: Final = 8
"""Of each part of a trial."""


def two_cases(database: Database, ground: Ground = Ground.ECONOMIC_CONDITIONS) -> tuple[str, str]:
    """Two cases of one establishment."""
    first = authorize(database, ground=ground)
    return first, authorize(database, employer=employer_of(database, first), ground=ground, other_employees=True)


@pytest.mark.parametrize("raised_first", [True, False])
def test_hours_beyond_the_quota_are_those_of_the_case_raised_whoever_comes_first(
    database: Database, *, raised_first: bool
) -> None:
    raised, ordinary = two_cases(database)
    have_used(database, raised, 960)
    record(database, place_of(database, raised), hours="1050")
    for each in (raised, ordinary) if raised_first else (ordinary, raised):
        week = WEEK if each == raised else WEEK + timedelta(weeks=1)
        assert claim(database, each, a_person(1, (week, "35"))).state == ClaimState.ADMITTED
    last = a_person(1, (WEEK + timedelta(weeks=2), "5.01"))
    with pytest.raises(AdmissionRefused, match=r"1.000 heures.*ligne 1"):
        claim(database, ordinary, last, part=2)
    assert claim(database, raised, last, part=2).state == ClaimState.ADMITTED
    with pytest.raises(AdmissionRefused, match=r"1.050 heures"):
        claim(database, raised, a_person(1, (WEEK - timedelta(weeks=1), "15")), part=3)
    assert limits(database) == (1050, 100)


@pytest.mark.parametrize("raised_first", [True, False])
def test_the_quota_of_ground_4_nests_likewise(database: Database, *, raised_first: bool) -> None:
    raised, ordinary = two_cases(database, Ground.RESTRUCTURING)
    have_used(database, raised, 80, 80)
    record(database, place_of(database, raised), authority=Authority.PREFECT, hours="130")
    for each in (raised, ordinary) if raised_first else (ordinary, raised):
        week, hours = (WEEK, "28") if each == raised else (WEEK + timedelta(weeks=1), "20")
        assert claim(database, each, a_person(1, (week, hours))).state == ClaimState.ADMITTED
    last = a_person(1, (WEEK + timedelta(weeks=2), "2"))
    with pytest.raises(AdmissionRefused, match=r"de 100 heures par salarié pour ce motif"):
        claim(database, ordinary, last, part=2)
    assert claim(database, raised, last, part=2).state == ClaimState.ADMITTED
    assert limits(database) == (1000, 130)


def test_a_version_that_takes_the_place_of_another_gives_its_hours_back_to_the_others(database: Database) -> None:
    raised, ordinary = two_cases(database)
    have_used(database, raised, 980)
    record(database, place_of(database, raised), hours="1030")
    first = claim(database, ordinary, a_person(1, (WEEK, "20")))
    long = claim(database, raised, a_person(1, (WEEK, "10"), (WEEK + timedelta(weeks=1), "20")))
    after = a_person(1, (WEEK + timedelta(weeks=2), "8"))
    with pytest.raises(AdmissionRefused, match=r"1.030 heures"):
        claim(database, raised, after, part=2)
    claim(database, raised, a_person(1, (WEEK, "10")), replaces=long.id)
    with pytest.raises(AdmissionRefused, match=r"1.000 heures"):
        claim(database, ordinary, after, part=2)
    claim(database, ordinary, a_person(1, (WEEK, "12")), replaces=first.id)
    assert claim(database, ordinary, after, part=2).state == ClaimState.ADMITTED
    with pytest.raises(AdmissionRefused, match=r"1.030 heures"):
        claim(database, raised, a_person(1, (WEEK - timedelta(weeks=1), "20.01")), part=2)
    assert limits(database) == (1030, 100)


@dataclass
class Model:
    """What one person has of a year: the quotas of cases that have their own, and the case and hours of each claim."""

    raised: dict[str, int] = field(default_factory=dict)
    standing: dict[str, tuple[str, int]] = field(default_factory=dict)
    """By the id of the claim."""

    def limit(self, case: str) -> int:
        return self.raised.get(case, ORDINARY)

    def admits(self, case: str, hours: int) -> bool:
        """Whether the claims that no quota above L allows have at most L hours, for each L that these hours concern."""
        claims = [("", USED), *self.standing.values(), (case, hours)]
        quotas = {self.limit(each) for each, _ in claims if self.limit(each) >= self.limit(case)}
        return all(sum(stated for each, stated in claims if self.limit(each) <= most) <= most for most in quotas)


@dataclass
class Trial:
    """Random acts on the claims of a new person in some cases, each of which is answered as the model says."""

    database: Database
    cases: list[str]
    agent: Actor
    person: int
    model: Model = field(default_factory=Model)
    decisions: dict[str, str] = field(default_factory=dict)
    part: int = 0

    def claim(self, case: str, hours: int) -> bool:
        """Claim hours of a case in a part of their own; returns whether they are admitted, as the model says."""
        expected = self.model.admits(case, hours)
        self.part += 1
        line = a_person(self.person, (WEEK + timedelta(weeks=self.part % 3), str(hours)))
        try:
            admitted = claim(self.database, case, line, part=self.part).id
        except AdmissionRefused:
            assert not expected, (self, case, hours)
            return False
        assert expected, (self, case, hours)
        self.model.standing[admitted] = case, hours
        return True

    def give_back(self, claim_id: str) -> None:
        with self.database.begin() as connection:
            assert ends.end(connection, claim_id, ClaimState.REFUSED, SYSTEM)
        del self.model.standing[claim_id]

    def decide(self, case: str, most: int) -> None:
        """Record a decision about a case, or end the one that it has."""
        if case in self.decisions:
            end(self.database, self.decisions.pop(case), self.agent)
            del self.model.raised[case]
        else:
            self.decisions[case] = record(self.database, place_of(self.database, case), self.agent, hours=str(most))
            self.model.raised[case] = most

    def act(self, random: Random) -> None:
        case, drawn = random.choice(self.cases), random.random()
        if drawn < 0.2:
            self.decide(case, random.choice((1005, 1012, 1020)))
        elif drawn < 0.4 and self.model.standing:
            self.give_back(random.choice([*self.model.standing]))
        else:
            self.claim(case, random.randint(1, 7))


@pytest.mark.parametrize("seed", range(4))
def test_random_claims_and_decisions_are_answered_as_a_pure_model_says_whatever_their_order(
    database: Database, seed: int
) -> None:
    random, cases, agent = Random(seed), [*two_cases(database)], an_agent(database)
    cases.append(authorize(database, employer=employer_of(database, cases[0]), other_employees=True))
    trial = Trial(database, cases, agent, person=1)
    have_used(database, cases[0], USED)
    for case, most in zip(cases, (1005, 1020), strict=False):
        trial.decide(case, most)
    for _ in range(ACTS):
        trial.claim(random.choice(cases), random.randint(1, 7))
    admitted = [*trial.model.standing.values()]
    for each in [*trial.model.standing]:
        trial.give_back(each)
    random.shuffle(admitted)
    assert all(trial.claim(*each) for each in admitted), "the same claims are admitted in another order"
    for _ in range(ACTS):
        trial.act(random)
