"""An eviction and an activation at the same time: whichever comes first, nobody who is evicted acts afterwards."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import sleep

import pytest
from sqlalchemy import Connection

from law.calendar import local
from law.directory import PARIS
from models.errors import Unknown
from models.labels import Belonging, HoldReason
from models.mailed_codes import canonical
from models.store.cases import holds
from models.store.database import Database, now
from models.store.journal import representation
from models.store.journal.events import SYSTEM
from models.store.operations import evictions
from models.store.people import accounts, activations, mandates, members, parties, tokens
from tests.cases import Employer, a_siret, an_employer, ask_to_enrol, file_a_case
from tests.starter.people import code_of

ACT = "00000000-0000-0000-0000-000000000001"


def evict(database: Database, subject: str) -> None:
    with database.begin() as connection:
        evictions.evict(connection, subject, SYSTEM, ACT)


def acts_for(database: Database, account_id: str, siret: str) -> bool:
    with database.begin() as connection:
        return representation.is_linked(connection, account_id, siret)


@pytest.mark.parametrize("by_siret", [False, True])
def test_an_eviction_waits_for_an_activation_under_way_and_removes_whom_it_let_in(
    database: Database, by_siret: bool
) -> None:
    siret = a_siret()
    record = ask_to_enrol(database, siret=siret)
    code = canonical(code_of(database, siret))
    with database.begin() as connection:
        existing = an_employer(connection).account_id
        first = an_employer(connection, siret=siret, proven=False).account_id
    with ThreadPoolExecutor(1) as threads:
        with database.begin() as connection:
            assert activations.activate(connection, code, existing)
            evicting = threads.submit(evict, database, siret if by_siret else record.id)
            sleep(0.3)
            assert not evicting.done()
        evicting.result(30)
    assert not acts_for(database, existing, siret)
    assert acts_for(database, first, siret) is not by_siret


def test_an_activation_waits_for_an_eviction_under_way_and_its_code_is_worth_nothing(database: Database) -> None:
    siret = a_siret()
    record = ask_to_enrol(database, siret=siret)
    code = canonical(code_of(database, siret))
    with database.begin() as connection:
        existing = an_employer(connection).account_id

    def activate() -> bool:
        with database.begin() as connection:
            return activations.activate(connection, code, existing) is not None

    with ThreadPoolExecutor(1) as threads:
        with database.begin() as connection:
            evictions.evict(connection, record.id, SYSTEM, ACT)
            activating = threads.submit(activate)
            sleep(0.3)
            assert not activating.done()
        assert activating.result(30) is False
    assert not acts_for(database, existing, siret)
    with pytest.raises(Unknown):
        evict(database, siret)


def mandated(connection: Connection, siret: str, giver: str, holder: str) -> str:
    today = local(now(connection), PARIS).date()
    given = mandates.give(connection, siret, "Cabinet", "c@tacite.invalid", (today, today), giver)
    members.accept(connection, given.account_id, holder)
    return given.id


def beside(connection: Connection, first: Employer, *, apart: bool = True) -> Employer:
    account_id = accounts.create(connection, "employer", "Quelqu’un", "quelqu.un@ailleurs.invalid")
    if apart:
        accounts.enrol(connection, account_id, accounts.get_establishment(connection, first.siret), apart=True)
    return replace(first, account_id=account_id)


def living(connection: Connection, of: Employer) -> bool:
    return bool(tokens.list_in_force(connection, of.account_id))


def is_evicted(database: Database, reference: str) -> bool:
    with database.begin() as connection:
        return holds.was_held(connection, reference, HoldReason.EVICTION)


def test_whom_a_squatter_mandated_keeps_what_others_gave_them(database: Database) -> None:
    """The firm accepted the squatter's mandate, and its accountant too; an accomplice acts by that mandate alone."""
    with database.begin() as connection:
        firm = an_employer(connection, proven=False)
        squatter = beside(connection, firm)
        accountant, accomplice = (beside(connection, firm, apart=False) for _ in range(2))
        ours = mandated(connection, firm.siret, firm.account_id, accountant.account_id)
    own, of_firm = file_a_case(database, employer=firm), file_a_case(database, employer=accountant)
    with database.begin() as connection:
        for each in (firm, accountant, accomplice):
            mandated(connection, firm.siret, squatter.account_id, each.account_id)
        received = mandated(connection, firm.siret, firm.account_id, squatter.account_id)
        for each in (firm, accountant, accomplice):
            tokens.issue(connection, each.account_id, "Essai")
    theirs = [file_a_case(database, employer=each) for each in (squatter, accountant, accomplice)]
    evict(database, squatter.account_id)
    assert acts_for(database, firm.account_id, firm.siret)
    assert not acts_for(database, squatter.account_id, firm.siret)
    assert not any(is_evicted(database, each) for each in (own, of_firm))
    assert all(is_evicted(database, each) for each in theirs)
    with database.begin() as connection:
        covered = {
            each.account_id: [known.siret for known in accounts.list_establishments(connection, each.account_id)]
            for each in (firm, squatter, accountant, accomplice)
        }
        assert covered == {
            firm.account_id: [firm.siret],
            squatter.account_id: [],
            accountant.account_id: [firm.siret],
            accomplice.account_id: [],
        }
        issued = [each for each in (firm, accountant, accomplice) if living(connection, each)]
        assert issued == [firm, accountant]
        assert mandates.get(connection, ours).in_force
        assert mandates.get(connection, received).revoked_at


def test_squatters_who_invite_each_other_are_evicted_together_by_the_establishment(database: Database) -> None:
    """An inviter of one's own kind hides nobody: whoever founded a party stays its founder."""
    with database.begin() as connection:
        first = an_employer(connection, proven=False)
        friend = beside(connection, first, apart=False)

        def invite(giver: Employer, taker: Employer) -> None:
            who = (first.siret, "X", "x@ailleurs.invalid", Belonging.MAIN, giver.account_id)
            members.accept(connection, members.invite(connection, *who), taker.account_id)

        invite(first, friend)
        invite(friend, first)
        assert evictions.list_evicted(connection, first.siret) == [first.account_id]
    evict(database, first.siret)
    assert not any(acts_for(database, each.account_id, first.siret) for each in (first, friend))


def test_a_member_of_an_evicted_party_who_enrols_again_is_alone(database: Database) -> None:
    with database.begin() as connection:
        squatter = an_employer(connection, proven=False)
        employee = beside(connection, squatter, apart=False)
        who = (squatter.siret, "X", "x@ailleurs.invalid", Belonging.MEMBER, squatter.account_id)
        members.accept(connection, members.invite(connection, *who), employee.account_id)
    evict(database, squatter.siret)
    with database.begin() as connection:
        record = accounts.get_establishment(connection, squatter.siret)
        for each in (squatter, employee):
            accounts.enrol(connection, each.account_id, record, apart=True)
    reference = file_a_case(database, employer=employee)
    with database.begin() as connection:
        theirs = parties.find(connection, squatter.siret, employee.account_id)
        assert parties.is_readable(connection, squatter.siret, theirs, employee.account_id)
        assert not parties.is_readable(connection, squatter.siret, theirs, squatter.account_id)
    assert not is_evicted(database, reference)
