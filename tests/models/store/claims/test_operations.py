"""Thousands of random acts on claims: each is answered, and everything adds up, as a pure model of them says."""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple
from datetime import date
from random import Random
from typing import Any, Final, NamedTuple

import pytest
from sqlalchemy import Connection, text

from law.calendar import midnight
from law.grounds import Ground
from models.store.claims import quota_exceptions
from models.store.database import Database
from tests.cases import DEPARTMENT, an_agent
from tests.models.clocks import clock_at
from tests.models.store.claims.builders import authorize, differences, employer_of
from tests.models.store.claims.claims_model import ACCOUNTS, LIMITS, Model
from tests.models.store.claims.claims_sums import ZERO, Authorization
from tests.models.store.claims.operations import FIRST, Act, World

SEED: Final = int(os.environ.get("OPERATIONS_SEED", "5122"))
MANY: Final = int(os.environ.get("OPERATIONS", "2000"))
"""Each takes milliseconds of processor: two thousand reach every answer, `OPERATIONS=10000` proves the sums."""
OF_A_WORLD: Final = 400
"""Acts on the same authorizations."""
LATE_ACTS: Final = 100
"""The last of them, which come after the forfeiture."""
AT_ONCE: Final = 20
"""Acts of one transaction, after which every sum is compared."""
LATE: Final = midnight(date(2027, 12, 1), DEPARTMENT)
ANSWERS: Final = {
    *("accepted", "admitted", "already-handed", "claim-stands", "done", "employees-exceeded", "followed", "forfeited"),
    *("hours-exceeded", "impossible", "outside-period", "quota-exceeded", "staged"),
}
"""Answers that acts must have had, or the model was asked too little."""


class OtherThanTheModel(Exception):
    """An act was answered, or left sums, otherwise than the model says."""


class Registers(NamedTuple):
    """The register in time, and after the forfeiture."""

    in_time: Database
    late: Database


@pytest.mark.parametrize("acts", [OF_A_WORLD, pytest.param(MANY, marks=[pytest.mark.slow, pytest.mark.timeout(1_800)])])
def test_thousands_of_random_acts_are_answered_and_add_up_as_a_pure_model_says(
    database: Database, monkeypatch: pytest.MonkeyPatch, acts: int
) -> None:
    monkeypatch.setattr(quota_exceptions, "yearly_limits", lambda _year, _decisions: LIMITS)
    random, answers = Random(SEED), Counter[str]()
    worlds = []
    with clock_at(database, LATE) as late:
        for number in range(acts // OF_A_WORLD):
            world = a_world(database, random)
            worlds.append(play(Registers(database, late), world, number * OF_A_WORLD, answers))
    with database.begin() as connection:
        for each in worlds:
            compare(connection, each)
    assert ANSWERS - answers.keys() == set(), answers
    assert differences(database) == ()


def a_world(database: Database, random: Random) -> World:
    """Two authorizations of one employer, one of them of ground 4, and one of another."""
    period = {"start_on": f"{FIRST.start_on}", "end_on": f"{FIRST.end_on}"}
    terms: dict[str, Any] = {"hours": str(FIRST.hours), "employees": FIRST.employees, "period": period}
    model = Model()
    first = authorize(database, **terms)
    same, own = employer_of(database, first), Ground.RESTRUCTURING
    for reference, ground in (
        (first, None),
        (authorize(database, employer=same, ground=own, **terms), own),
        (authorize(database, **terms), None),
    ):
        siret = employer_of(database, reference).siret
        model.authorizations[reference] = Authorization(siret, ground is own, FIRST)
    return World(Random(random.random()), an_agent(database, "signatory"), model)


def play(registers: Registers, world: World, before: int, answers: Counter[str]) -> World:
    """Play the acts of a world, and return it as it is then; fails with the shortest prefix that shows a difference."""
    for begun in range(0, OF_A_WORLD, AT_ONCE):
        unplayed = world.copy()
        try:
            _play_at_once(registers, world, begun, answers)
        except OtherThanTheModel:
            _fail_at_first(registers, unplayed, before, begun)
            raise
    return world


def _play_at_once(registers: Registers, world: World, begun: int, answers: Counter[str]) -> None:
    _grow_late(registers, world, begun)
    with registers[world.model.is_late].begin() as connection:
        for _ in range(AT_ONCE):
            answers[_play_one(connection, world).partition(" ")[0]] += 1
        compare(connection, world)


def _grow_late(registers: Registers, world: World, begun: int) -> None:
    """Pass the forfeiture at its act, once every amendment is counted."""
    if begun < OF_A_WORLD - LATE_ACTS or world.model.is_late:
        return
    world.model.is_late = True
    with registers.in_time.begin() as connection:
        for reference in world.model.authorizations:
            act = Act("follow", reference=reference)
            world.expect(act)
            world.do(connection, act)


def _play_one(connection: Connection, world: World) -> str:
    act = world.draw()
    expected, found = world.expect(act), world.do(connection, act)
    if expected != found:
        raise OtherThanTheModel(f"expected {expected}, found {found}: {act}")
    return found


def _fail_at_first(registers: Registers, world: World, before: int, begun: int) -> None:
    """Play the same acts again, comparing after each, and fail at the first that differs."""
    _grow_late(registers, world, begun)
    with registers[world.model.is_late].begin() as connection:
        for number in range(begun, begun + AT_ONCE):
            try:
                _play_one(connection, world)
                compare(connection, world)
            except OtherThanTheModel as different:
                pytest.fail(f"OPERATIONS_SEED={SEED}, after {before + number + 1} acts: {different}")


def compare(connection: Connection, world: World) -> None:
    """Compare every sum, and the state of every claim, of a world."""
    authorizations = world.model.authorizations
    row = {"references": [*authorizations], "sirets": [each.siret for each in authorizations.values()]}
    for what, rows in _expected(world).items():
        found = {tuple(each) for each in connection.execute(_FOUND[what], row)}
        if found != (expected := set(rows)):
            raise OtherThanTheModel(f"{what}: expected {expected - found}, found {found - expected}")


def _expected(world: World) -> dict[str, Iterator[tuple[object, ...]]]:
    model = world.model
    opened = {claim.reference: model.authorizations[claim.reference] for claim in model.claims}
    return {
        "entitlements": (
            (reference, model.admitted_hours(reference), *astuple(each.terms)) for reference, each in opened.items()
        ),
        "accounts": (row for each in opened for row in _accounts(model, each)),
        "claims": (
            (claim_id, each.version, each.state.value, each.late, bool(each.visa))
            for claim_id, each in zip(world.ids, model.claims, strict=True)
        ),
        "years": ((*key, *hours) for key, hours in model.years().items()),
        "weeks": ((*key, *hours) for key, hours in model.weeks().items()),
    }


def _accounts(model: Model, reference: str) -> Iterator[tuple[object, ...]]:
    """Accounts of an authorization on which anything stands: they add up to nothing."""
    hours, cents = Counter[str](), Counter[str]()
    for each in (each for each in model.standing() if each.reference == reference):
        hours[ACCOUNTS[each.state]] += each.hours  # type: ignore[assignment]
        cents[ACCOUNTS[each.state]] += each.cents
    authorised = model.authorizations[reference].terms.hours
    hours["authorised"], hours["available"] = -authorised, authorised - sum(hours.values(), ZERO)  # type: ignore[assignment]
    cents["available"] = -cents.total()
    assert sum(hours.values()) == cents.total() == 0
    yield from ((reference, each, hours[each], cents[each]) for each in hours if hours[each] or cents[each])


_FOUND: Final = {
    "entitlements": text(
        "SELECT reference, admitted_hours, start_on, end_on, authorised_employees, authorised_hours FROM entitlement"
        " WHERE reference = ANY(:references)"
    ),
    "accounts": text(
        "SELECT reference, account, hours, cents FROM ledger_balance"
        " WHERE reference = ANY(:references) AND (hours, cents) <> (0, 0)"
    ),
    "claims": text(
        "SELECT id::text, version, state, regularisation, EXISTS (SELECT FROM visa v WHERE v.claim_id = c.id)"
        " FROM claim c WHERE reference = ANY(:references)"
    ),
    "years": text(
        "SELECT blind, siret, year, hours, hours_ground_4 FROM person_year WHERE siret = ANY(:sirets) AND hours <> 0"
    ),
    "weeks": text(
        "SELECT blind, siret, week_on, payable, limit_hours FROM person_week"
        " WHERE siret = ANY(:sirets) AND payable <> 0"
    ),
}
