"""Authority belongs to the pair (account, establishment); members and agents of record inherit their giver's."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Connection

from cli.accounts import open_account
from models.labels import Belonging, Proof
from models.store.database import Database
from models.store.people import accounts, authorities, mandates, members, tokens
from tests.cases import Employer, a_siret, an_employer

TODAY = date.today()  # noqa: DTZ011  days around today, in any zone
PERIOD = (TODAY - timedelta(days=3), TODAY + timedelta(days=3))


def a_colleague(connection: Connection, boss: Employer, role: Belonging = Belonging.MAIN) -> str:
    """Somebody whom an account invited, and who accepted."""
    holder = members.invite(connection, boss.siret, "Luc Petit", "luc@tacite.invalid", role, boss.account_id)
    members.accept(connection, holder, holder)
    return holder


def a_mandate(connection: Connection, boss: Employer, period: tuple[date, date] = PERIOD) -> mandates.MandateRecord:
    """A mandate that an account gave, and that was accepted."""
    given = mandates.give(connection, boss.siret, "Cabinet", "c@tacite.invalid", period, boss.account_id)
    members.accept(connection, given.account_id, given.account_id)
    return mandates.get(connection, given.id)


def test_one_account_proves_for_one_establishment_only(database: Database) -> None:
    with database.begin() as connection:
        boss, other = an_employer(connection, proven=False), an_employer(connection, proven=False)
        accounts.enrol(connection, boss.account_id, accounts.get_establishment(connection, other.siret))
        assert authorities.record(connection, boss.siret, boss.account_id, Proof.LETTER)
        assert not authorities.record(connection, boss.siret, boss.account_id, Proof.VALIDATION)
        assert authorities.list_proven(connection, boss.account_id) == {boss.siret}
        assert not authorities.is_proven(connection, other.account_id, other.siret)


def test_a_stranger_who_enrolled_the_same_firm_gains_nothing_from_another_s_proof(database: Database) -> None:
    with database.begin() as connection:
        boss = an_employer(connection)
        stranger = an_employer(connection, boss.siret, proven=False)
        assert not authorities.is_proven(connection, stranger.account_id, boss.siret)


def test_a_member_inherits_at_once_or_when_the_giver_proves(database: Database) -> None:
    with database.begin() as connection:
        proven, unproven = an_employer(connection), an_employer(connection, proven=False)
        assert authorities.is_proven(connection, a_colleague(connection, proven), proven.siret)
        early = a_colleague(connection, unproven)
        of_early = a_colleague(connection, Employer(early, unproven.siret, unproven.department))
        assert not authorities.is_proven(connection, early, unproven.siret)
        authorities.record(connection, unproven.siret, unproven.account_id, Proof.LETTER)
        assert authorities.is_proven(connection, early, unproven.siret)
        assert authorities.is_proven(connection, of_early, unproven.siret)


def test_what_a_member_proves_does_not_go_back_to_whoever_invited(database: Database) -> None:
    with database.begin() as connection:
        boss = an_employer(connection, proven=False)
        authorities.record(connection, boss.siret, a_colleague(connection, boss), Proof.PROVIDER)
        assert not authorities.is_proven(connection, boss.account_id, boss.siret)


def test_a_mandate_inherits_within_its_period_and_gives_nothing_on(database: Database) -> None:
    with database.begin() as connection:
        boss = an_employer(connection)
        holder = a_mandate(connection, boss)
        assert authorities.is_proven(connection, holder.account_id, boss.siret)
        past = a_mandate(connection, boss, (TODAY - timedelta(days=30), TODAY - timedelta(days=20)))
        assert not authorities.is_proven(connection, past.account_id, boss.siret)
        follower = a_colleague(connection, Employer(holder.account_id, boss.siret, boss.department))
        assert not authorities.is_proven(connection, follower, boss.siret)
        mandates.revoke(connection, holder.id)
        assert not authorities.is_proven(connection, holder.account_id, boss.siret)


def test_a_mandate_of_somebody_unproven_gives_nothing(database: Database) -> None:
    with database.begin() as connection:
        boss = an_employer(connection, proven=False)
        assert not authorities.is_proven(connection, a_mandate(connection, boss).account_id, boss.siret)


def test_whoever_leaves_has_none_left_but_those_invited_keep_theirs(database: Database) -> None:
    with database.begin() as connection:
        boss = an_employer(connection)
        colleague = a_colleague(connection, boss)
        members.remove(connection, boss.siret, boss.account_id, boss.account_id)
        assert not authorities.is_proven(connection, boss.account_id, boss.siret)
        assert authorities.is_proven(connection, colleague, boss.siret)
        stranger = an_employer(connection, boss.siret, proven=False)
        back = members.invite(connection, boss.siret, "A", "a@a.invalid", Belonging.MEMBER, stranger.account_id)
        members.accept(connection, back, boss.account_id)
        assert not authorities.is_proven(connection, boss.account_id, boss.siret)


def test_revoking_reaches_everybody_who_inherited(database: Database) -> None:
    with database.begin() as connection:
        pirate = an_employer(connection)
        colleague = a_colleague(connection, pirate)
        mandated = a_mandate(connection, pirate)
        members.remove(connection, pirate.siret, pirate.account_id, pirate.account_id)
        authorities.revoke(connection, pirate.siret, pirate.account_id)
        for each in (pirate.account_id, colleague, mandated.account_id):
            assert not authorities.is_proven(connection, each, pirate.siret)


def test_an_account_that_is_not_an_employer_s_holds_no_authority(database: Database) -> None:
    with database.begin() as connection:
        boss = an_employer(connection)
        operator = accounts.create(connection, "operator", "Exploitation", "o@tacite.invalid")
        with pytest.raises(ValueError, match="employer"):
            authorities.record(connection, boss.siret, operator, Proof.LETTER)


@pytest.mark.parametrize("trial", [False, True])
def test_an_employer_opened_from_the_command_line_is_proven_in_development_only(
    database: Database, *, trial: bool
) -> None:
    siret = a_siret()
    named = accounts.Establishment(siret=siret, department="34", name="Ateliers", address="x")
    token = open_account(database, "employer", "Jeanne", "j@tacite.invalid", establishments=[named], trial=trial)
    with database.begin() as connection:
        bearer = tokens.find_bearer(connection, token)
        assert bearer
        assert authorities.is_proven(connection, bearer[0].id, siret) is trial
