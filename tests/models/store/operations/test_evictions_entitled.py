"""An eviction removes whom a squatter let in, never who is entitled without them; then the firm can enrol and prove."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import Connection, text

from models.errors import Conflict
from models.labels import Belonging, HoldReason, Proof
from models.store.cases import authority_holds, holds
from models.store.database import Database
from models.store.journal import representation
from models.store.journal.events import SYSTEM
from models.store.operations import evictions
from models.store.people import accounts, authorities, mandates, members, parties
from tests.cases import DEPARTMENT, Employer, a_siret, an_employer, file_a_case

ACT = "00000000-0000-0000-0000-000000000002"
TODAY = date.today()  # noqa: DTZ011  days around today, in any zone
PERIOD = (TODAY - timedelta(days=3), TODAY + timedelta(days=3))


def enrol(connection: Connection, siret: str) -> str:
    """A party of its own, as an activation founds it."""
    account_id = an_employer(connection, siret, proven=False).account_id
    row = {"siret": siret, "account": account_id}
    connection.execute(text("DELETE FROM party WHERE siret = :siret AND account_id = CAST(:account AS uuid)"), row)
    parties.found(connection, siret, account_id)
    return account_id


def invite(connection: Connection, siret: str, by: str, person: str = "") -> str:
    holder = members.invite(connection, siret, "Luc Petit", "luc@firm.invalid", Belonging.MAIN, by)
    members.accept(connection, holder, person or holder)
    return person or holder


def mandate(connection: Connection, siret: str, by: str, person: str = "") -> str:
    given = mandates.give(connection, siret, "Cabinet", "c@firm.invalid", PERIOD, by)
    members.accept(connection, given.account_id, person or given.account_id)
    return person or given.account_id


def prove(connection: Connection, siret: str, account_id: str) -> None:
    authority_holds.prove(connection, siret, account_id, Proof.LETTER, SYSTEM)


def acts_for(connection: Connection, account_id: str) -> set[str]:
    return {each.siret for each in accounts.list_establishments(connection, account_id)}


def somebody_can_speak(connection: Connection, siret: str) -> None:
    """Either a member is proven and acts, or a newcomer enrols, acts, is there to be validated, and proves."""
    contact = accounts.find_filer(connection, siret)
    assert authorities.has_proven_member(connection, siret) == (contact is not None)
    if contact:
        assert authorities.is_proven(connection, contact.id, siret)
        assert siret in acts_for(connection, contact.id)
        return
    newcomer = enrol(connection, siret)
    assert authorities.may_join(connection, newcomer, siret)
    assert siret in acts_for(connection, newcomer)
    assert newcomer in {each.id for each in authorities.list_unproven(connection, siret)}
    prove(connection, siret, newcomer)
    assert authorities.is_proven(connection, newcomer, siret)


@pytest.mark.parametrize("by_siret", [False, True])
def test_who_accepted_a_squatter_s_invitation_and_proved_stays_when_the_squatter_goes(
    database: Database, by_siret: bool
) -> None:
    siret = a_siret()
    with database.begin() as connection:
        squatter = enrol(connection, siret)
        boss = invite(connection, siret, squatter)
        colleague = invite(connection, siret, boss)
        prove(connection, siret, boss)
    reference = file_a_case(database, employer=Employer(boss, siret, DEPARTMENT))
    with database.begin() as connection:
        evictions.evict(connection, siret if by_siret else squatter, SYSTEM, ACT)
        assert [authorities.is_proven(connection, each, siret) for each in (squatter, boss, colleague)] == [0, 1, 1]
        assert not representation.is_linked(connection, squatter, siret)
        assert holds.list_standing(connection, reference) == []
        somebody_can_speak(connection, siret)


def test_whoever_inherited_from_the_evicted_alone_goes_and_has_no_authority_left(database: Database) -> None:
    siret = a_siret()
    with database.begin() as connection:
        squatter = enrol(connection, siret)
        accomplice = invite(connection, siret, squatter)
        agent = mandate(connection, siret, accomplice)
        prove(connection, siret, squatter)
        assert authorities.is_proven(connection, agent, siret)
        evictions.evict(connection, squatter, SYSTEM, ACT)
        for each in (squatter, accomplice, agent):
            assert not authorities.is_proven(connection, each, siret)
            assert acts_for(connection, each) == set()
            assert authorities.find_living(connection, each, siret) is None
        somebody_can_speak(connection, siret)


def test_the_agent_of_record_of_the_true_firm_stays_its_agent_though_a_squatter_had_mandated_it_too(
    database: Database,
) -> None:
    siret = a_siret()
    with database.begin() as connection:
        squatter, boss = enrol(connection, siret), enrol(connection, siret)
        agent = invite(connection, siret, squatter, mandate(connection, siret, squatter))
        prove(connection, siret, boss)
        mandate(connection, siret, boss, agent)
        evictions.evict(connection, squatter, SYSTEM, ACT)
        assert not representation.is_linked(connection, agent, siret)
        assert authorities.is_proven(connection, agent, siret)
        assert acts_for(connection, agent) == {siret}
        somebody_can_speak(connection, siret)


def test_what_somebody_gave_before_leaving_stands_though_a_squatter_mandates_and_loses_them(
    database: Database,
) -> None:
    siret = a_siret()
    with database.begin() as connection:
        former = enrol(connection, siret)
        prove(connection, siret, former)
        boss = invite(connection, siret, former)
        members.remove(connection, siret, former, boss)
        squatter = enrol(connection, siret)
        mandate(connection, siret, squatter, former)
        evictions.evict(connection, squatter, SYSTEM, ACT)
        assert authorities.is_proven(connection, boss, siret)


def test_what_an_entitled_colleague_had_given_as_well_is_inherited_again(database: Database) -> None:
    siret = a_siret()
    with database.begin() as connection:
        squatter = enrol(connection, siret)
        prove(connection, siret, squatter)
        boss = enrol(connection, siret)
        colleague = invite(connection, siret, squatter)
        prove(connection, siret, boss)
        invite(connection, siret, boss, colleague)
        evictions.evict(connection, squatter, SYSTEM, ACT)
        assert authorities.is_proven(connection, colleague, siret)


def test_somebody_who_left_and_enrols_again_waits_for_a_validation_like_anybody(database: Database) -> None:
    siret = a_siret()
    with database.begin() as connection:
        person, boss = enrol(connection, siret), enrol(connection, siret)
        prove(connection, siret, person)
        authorities.leave(connection, siret, person)
        assert {each.id for each in authorities.list_unproven(connection, siret)} == {person, boss}


@pytest.mark.parametrize("seed", [*range(3), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(3, 30))])
def test_after_any_evictions_somebody_can_enrol_and_prove(database: Database, seed: int) -> None:
    chance, siret = Random(seed), a_siret()
    with database.begin() as connection:
        people = [enrol(connection, siret) for _ in range(chance.randint(1, 3))]
        deeds: list[Callable[[str], object]] = [
            lambda one: people.append(invite(connection, siret, one)),
            lambda one: people.append(mandate(connection, siret, one)),
            lambda one: invite(connection, siret, one, chance.choice(people)),
            lambda one: mandate(connection, siret, one, chance.choice(people)),
            lambda one: prove(connection, siret, one),
        ]
        for _ in range(10):
            with suppress(Conflict), connection.begin_nested():  # what nobody may accept
                chance.choice(deeds)(chance.choice(people))
        for _ in range(2):
            one = chance.choice(people)
            evictions.evict(connection, one, SYSTEM, ACT)
            assert not authorities.is_proven(connection, one, siret)
            assert siret not in acts_for(connection, one)
        somebody_can_speak(connection, siret)


def test_what_the_evicted_filed_is_held_and_what_the_entitled_filed_is_not(database: Database) -> None:
    siret = a_siret()
    with database.begin() as connection:
        squatter = enrol(connection, siret)
        boss = invite(connection, siret, squatter)
        prove(connection, siret, boss)
    theirs, ours = (file_a_case(database, employer=Employer(each, siret, DEPARTMENT)) for each in (squatter, boss))
    with database.begin() as connection:
        evictions.evict(connection, siret, SYSTEM, ACT)
        reasons = [{each.reason for each in holds.list_standing(connection, one)} for one in (theirs, ours)]
    assert (HoldReason.EVICTION in reasons[0], reasons[1]) == (True, set())
