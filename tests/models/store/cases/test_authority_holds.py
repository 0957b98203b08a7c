"""What was filed without a proven authority is held, and released by the proof of whoever filed it, nobody else's."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select, update

from models.errors import NotAllowed
from models.labels import HoldReason, Proof
from models.store.cases import authority_holds, holds
from models.store.database import Database
from models.store.journal import events
from models.store.journal.events import SYSTEM
from models.store.people import members, parties
from models.store.schema.cases import establishment
from models.store.schema.journal import event
from tests.cases import Employer, an_agent, an_employer, file_a_case


def a_filer(database: Database, siret: str = "", *, proven: bool = False) -> Employer:
    with database.begin() as connection:
        return an_employer(connection, siret, proven=proven)


def held_for(database: Database, reference: str) -> list[HoldReason]:
    with database.begin() as connection:
        return [each.reason for each in holds.list_standing(connection, reference)]


def hold_if_unproven(database: Database, reference: str, siret: str) -> list[HoldReason]:
    with database.begin() as connection:
        authority_holds.hold_if_unproven(connection, reference, siret)
    return held_for(database, reference)


def prove(database: Database, who: Employer) -> bool:
    with database.begin() as connection:
        return authority_holds.prove(connection, who.siret, who.account_id, Proof.LETTER, SYSTEM)


def test_the_proof_of_whoever_filed_releases_and_is_recorded_once(database: Database) -> None:
    filer = a_filer(database)
    reference = file_a_case(database, employer=filer)
    assert hold_if_unproven(database, reference, filer.siret) == [HoldReason.AUTHORITY]
    assert hold_if_unproven(database, reference, filer.siret) == [HoldReason.AUTHORITY]
    assert (prove(database, filer), prove(database, filer)) == (True, False)
    assert held_for(database, reference) == []
    with database.begin() as connection:
        types = [each.type for each in events.list_of(connection, reference)]
        logged = connection.execute(select(event.c.data).where(event.c.type == "authority_proven")).scalars().all()
    assert types[-2:] == ["hand_over_held", "hand_over_released"]
    assert [each["proof"] for each in logged] == ["letter"]


def validated(database: Database, who: Employer, department: str, *, confirmed: bool = False) -> bool:
    """Whether a signatory of a département may validate an authority."""
    agent = an_agent(database, "signatory", department)
    with database.begin() as connection:
        row = update(establishment).where(establishment.c.siret == who.siret)
        connection.execute(row.values(department_confirmed=confirmed))
    try:
        with database.begin() as connection:
            return authority_holds.validate(connection, who.siret, who.account_id, agent, "Vu sur place.")
    except NotAllowed:
        return False


def test_until_the_department_is_confirmed_the_agents_of_each_that_was_stated_validate(database: Database) -> None:
    squatter = a_filer(database)
    firm = a_filer(database, squatter.siret)
    with database.begin() as connection:
        for who, department in ((squatter, "974"), (firm, "34")):
            parties.found(connection, who.siret, who.account_id)
            parties.state_department(connection, who.siret, who.account_id, department)
        moved = update(establishment).where(establishment.c.siret == firm.siret).values(department="974")
        connection.execute(moved)
    assert not validated(database, firm, "75")
    assert not validated(database, firm, "34", confirmed=True)
    assert validated(database, firm, "34")
    assert validated(database, squatter, "974", confirmed=True)


def test_another_s_proof_does_not_release_a_stranger_s_request(database: Database) -> None:
    pirate = a_filer(database)
    reference = file_a_case(database, employer=pirate)
    hold_if_unproven(database, reference, pirate.siret)
    prove(database, a_filer(database, pirate.siret))
    assert held_for(database, reference) == [HoldReason.AUTHORITY]


def test_whoever_left_after_filing_was_entitled_to_file(database: Database) -> None:
    filer = a_filer(database, proven=True)
    a_filer(database, filer.siret)
    reference = file_a_case(database, employer=filer)
    with database.begin() as connection:
        members.remove(connection, filer.siret, filer.account_id, filer.account_id)
    assert hold_if_unproven(database, reference, filer.siret) == []


def test_revoking_holds_what_was_filed_and_not_sent(database: Database) -> None:
    filer = a_filer(database, proven=True)
    reference = file_a_case(database, employer=filer)
    assert hold_if_unproven(database, reference, filer.siret) == []
    with database.begin() as connection:
        authority_holds.revoke(connection, filer.siret, filer.account_id, SYSTEM)
    assert hold_if_unproven(database, reference, filer.siret) == [HoldReason.AUTHORITY]


def test_a_proof_that_comes_while_a_case_is_being_held_leaves_none_held(database: Database) -> None:
    for _ in range(8):
        filer = a_filer(database)
        reference = file_a_case(database, employer=filer)
        with ThreadPoolExecutor(2) as threads:
            held = threads.submit(hold_if_unproven, database, reference, filer.siret)
            proof = threads.submit(prove, database, filer)
            held.result()
            assert proof.result()
        assert held_for(database, reference) == []
