"""The migrations create the tables that the code describes, once, whoever runs them."""

import importlib
import pkgutil
import secrets
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from local.postgres import Postgres
from models.store import schema
from models.store.audit import verdicts
from models.store.audit.findings import Verdict
from models.store.cases import authority_holds, holds, requests
from models.store.database import Database, now
from models.store.journal import events
from models.store.migrate import configuration, migrate
from models.store.people import authorities, members, parties, series
from models.store.schema.base import metadata


def test_the_migrated_register_is_the_one_described(database: Database) -> None:
    for module in pkgutil.iter_modules(schema.__path__, f"{schema.__name__}."):
        importlib.import_module(module.name)  # a table is described once its module is loaded
    with database.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_events_of_the_earlier_version_are_whole_and_a_later_one_states_all_their_case(postgres: Postgres) -> None:
    dsn = postgres.database(f"earlier_{secrets.token_hex(4)}")
    with Database(dsn, size=1) as database:
        with database.begin() as connection:
            config = configuration(connection)
            scripts = ScriptDirectory.from_config(config)
            [evidence] = [each for each in scripts.walk_revisions() if each.path.endswith("_evidence.py")]
            command.upgrade(config, str(evidence.down_revision))
            connection.execute(text(A_CASE_OF_BEFORE))
        migrate(dsn)
        before = _audit(database)
        with database.begin() as connection:
            events.append(connection, "034AAAA01", "reminder_sent", now(connection))
        after = _audit(database)
        with database.begin() as connection:
            connection.execute(text("UPDATE nominal SET iban = 'x'"))
        changed = _audit(database)
    assert (before.broken, before.events, before.unstated) == ((), 6, 1)
    assert (after.broken, after.events, after.unstated) == ((), 7, 0)
    assert [(each.subject, each.seq) for each in changed.broken] == [("034AAAA01", 3)]


def test_events_of_version_1_say_nothing_of_what_version_2_added(postgres: Postgres) -> None:
    dsn = postgres.database(f"facts_{secrets.token_hex(4)}")
    with Database(dsn, size=1) as database:
        with database.begin() as connection:
            command.upgrade(configuration(connection), "0017")
            connection.execute(text(A_CASE_OF_BEFORE.replace("INSERT INTO nominal VALUES", INTO_NOMINAL)))
            today = "'access:' || (now() AT TIME ZONE 'Europe/Paris')::date"
            opened = f"{today}, 'account_opened', now(), now(), 'system', NULL, :data"
            stated = text(f"SELECT append_event({opened})")
            connection.execute(stated, {"data": '{"account": "01a224dc-1cc1-7ae1-807a-df322041b22c"}'})
        migrate(dsn)
        with database.begin() as connection:
            connection.execute(text("UPDATE request SET other_employees = true"))
        of_version_1 = _audit(database)
        with database.begin() as connection:
            events.append(connection, "034AAAA01", "reminder_sent", now(connection))
        adopted = _audit(database)
        with database.begin() as connection:
            connection.execute(text("UPDATE request SET other_employees = false, hours = 2"))
            events.append(connection, "034AAAA01", "reminder_sent", now(connection))
        changed = _audit(database)
    assert (of_version_1.broken, of_version_1.unstated) == ((), 0)
    assert adopted.broken == ()
    assert [(each.subject, each.seq) for each in changed.broken] == [("034AAAA01", 3), ("034AAAA01", 1)]


INTO_NOMINAL = "INSERT INTO nominal (reference, author, circumstances, iban, holder) VALUES"


def _audit(database: Database) -> Verdict:
    with database.snapshot() as connection:
        return verdicts.examine(connection, lambda *_: None, everything=True, offsets=True)


A_CASE_OF_BEFORE = """
INSERT INTO account (id, role, name, email) VALUES ('01a224dc-1cc1-7ae1-807a-df322041b22c', 'employer', 'x', 'x');
INSERT INTO establishment (siret, department, letters, requests, name, address)
    VALUES ('35600000000048', '034', 'AAAA', 1, 'x', 'x');
INSERT INTO request (reference, siret, account_id, department, ground, perimeter, placement_on, start_on, end_on,
    headcount, employees, hours, received_at, deadline_at)
    VALUES ('034AAAA01', '35600000000048', '01a224dc-1cc1-7ae1-807a-df322041b22c', '034', 'restructuring',
    'full_closure', '2026-12-01', '2026-12-01', '2026-12-31', 1, 1, 1, now(), now() + interval '15 days');
INSERT INTO nominal VALUES ('034AAAA01', 'x', 'x', 'FR1420041010050500013M02606', 'x');
INSERT INTO receipt VALUES ('034AAAA01', 1, now(), '15_days', '2026-12-15', now() + interval '15 days', '[]');
SELECT append_event('034AAAA01', 'request_received', now(), now(), 'employer', NULL, '{}');
SELECT append_event('034AAAA01', 'receipt_issued', now(), now(), 'system', NULL, '{}');
"""


@pytest.mark.slow
def test_several_parts_that_start_at_once_migrate_once(postgres: Postgres) -> None:
    dsn = postgres.database("migrated_at_once")
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(migrate, [dsn] * 4))
    with Database(dsn) as database, database.begin() as connection:
        found = connection.exec_driver_sql("SELECT count(*) FROM alembic_version").scalar()
    assert found == 1


def test_letters_given_before_series_existed_are_never_given_again(postgres: Postgres) -> None:
    dsn = postgres.database("migrated_with_letters")
    with Database(dsn) as database, database.begin() as connection:
        command.upgrade(configuration(connection), "0005")
        connection.exec_driver_sql(
            "INSERT INTO establishment (siret, department, letters, requests, name, address)"
            " VALUES ('35600000000048', '34', 'AAAA', 99, 'Ateliers', '')"
        )
    migrate(dsn)
    with Database(dsn) as database, database.begin() as connection:
        assert series.next_reference(connection, "35600000000048", str(UUID(int=1))) == "034AXHB01"


def test_whoever_acted_before_authority_was_asked_for_counts_as_proven_and_no_case_is_held(postgres: Postgres) -> None:
    dsn = postgres.database("migrated_with_accounts")
    with Database(dsn) as database:
        with database.begin() as connection:
            command.upgrade(configuration(connection), "0007")
            connection.execute(text(A_CASE_OF_BEFORE + PEOPLE_OF_BEFORE))
        migrate(dsn)
        with database.begin() as connection:
            rows = connection.exec_driver_sql("SELECT account_id::text, ending FROM authority WHERE proof = 'earlier'")
            proven = {account[-1]: ending for account, ending in rows.all()}
            members.accept(connection, f"{NAMED}3", f"{NAMED}3")
            authority_holds.hold_if_unproven(connection, "034AAAA01", "35600000000048")
            held = holds.list_standing(connection, "034AAAA01")
            joined = authorities.is_proven(connection, f"{NAMED}3", "35600000000048")
    assert proven == {"1": None, "4": None, "c": "left"}, "a member, a mandate, somebody who filed and left"
    assert (held, joined) == ([], True)


NAMED = "01a224dc-1cc1-7ae1-807a-00000000000"
PEOPLE_OF_BEFORE = f"""
INSERT INTO account (id, role, name, email) SELECT ('{NAMED}' || n)::uuid, 'employer', 'x', 'x'
    FROM generate_series(1, 4) n;
INSERT INTO account_establishment (account_id, siret, role) VALUES ('{NAMED}1', '35600000000048', 'main');
INSERT INTO account_establishment VALUES ('{NAMED}3', '35600000000048', 'member', NULL);
INSERT INTO mandate (siret, account_id, name, email, starts_on, ends_on, given_by, accepted_at)
    VALUES ('35600000000048', '{NAMED}4', 'x', 'x', '2026-01-01', '2099-01-01', '{NAMED}1', now());
"""


def test_what_was_filed_before_it_named_its_party_stays_with_that_of_its_filer(postgres: Postgres) -> None:
    dsn = postgres.database("migrated_with_parties")
    siret = "35600000000048"
    with Database(dsn) as database:
        with database.begin() as connection:
            command.upgrade(configuration(connection), "0020")
            connection.execute(text(A_CASE_OF_BEFORE + PEOPLE_OF_BEFORE + PARTIES_OF_BEFORE))
        migrate(dsn)
        with database.begin() as connection:
            own = {number: parties.find(connection, siret, f"{NAMED}{number}") for number in "134"}
            case = requests.get(connection, "034AAAA01")
            readers = [n for n in "134" if parties.is_readable(connection, siret, case.party, f"{NAMED}{n}")]
            filing_for = parties.acting_for(connection, siret, f"{NAMED}4")
    assert own["3"] != own["1"] is not None
    assert own["4"] is None, "an agent of record belongs to nobody"
    assert (case.party, filing_for) == (own["1"], own["1"])
    assert readers == ["1", "4"]


PARTIES_OF_BEFORE = f"""
UPDATE account_establishment SET joined_at = now();
INSERT INTO party (account_id, siret) VALUES ('{NAMED}1', '35600000000048'), ('{NAMED}3', '35600000000048');
INSERT INTO party (account_id, siret, party)
    SELECT '{NAMED}4', siret, party FROM party WHERE account_id = '{NAMED}1';
UPDATE request SET account_id = '{NAMED}4';
"""
