"""Tables, triggers, functions and constraints are those that the migrations make, after a restore too."""

import pytest
from sqlalchemy import Connection, text

from models.store.audit import guards
from models.store.database import Database


def test_the_shipped_list_is_what_the_migrations_make(database: Database) -> None:
    with database.begin() as connection:
        written = guards.document(connection)
    assert guards.FILE.read_text("utf-8") == written, "write it again: python -m docs.guards"


def test_the_path_of_the_reader_changes_no_definition_and_is_left_alone(database: Database) -> None:
    with database.begin() as connection:
        usual = guards.read(connection, offsets=False)
        connection.execute(text("SELECT set_config('search_path', 'pg_catalog, public', true)"))
        assert guards.read(connection, offsets=False) == usual
        assert connection.execute(text("SHOW search_path")).scalar() == "pg_catalog, public"


@pytest.mark.parametrize("kind", ["constraint", "column", "index", "trigger"])
def test_a_definition_that_was_dumped_and_restored_is_the_same(database: Database, kind: str) -> None:
    with database.begin() as connection:
        usual = guards.read(connection, offsets=False)
        for statement in _restored(connection, kind):
            connection.execute(text(statement.replace(":", r"\:")))
        assert guards.read(connection, offsets=False) == usual


def _restored(connection: Connection, kind: str) -> list[str]:
    """Statements that make each thing of a kind again from the definition that a dump would hold."""
    return list(connection.execute(text(_RESTORED[kind])).scalars())


_OURS = "c.relnamespace = 'public'::regnamespace"
_RESTORED = {
    "constraint": "SELECT format('ALTER TABLE %I DROP CONSTRAINT %I, ADD CONSTRAINT %I %s', c.relname, k.conname,"
    " k.conname, pg_get_constraintdef(k.oid)) FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid"
    f" WHERE {_OURS} AND k.contype IN ('c', 'f', 'x')",
    "column": "SELECT format('ALTER TABLE %I ALTER %I SET DEFAULT %s', c.relname, a.attname,"
    " pg_get_expr(d.adbin, d.adrelid)) FROM pg_attrdef d JOIN pg_class c ON c.oid = d.adrelid"
    " JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum"
    f" WHERE {_OURS} AND a.attgenerated = ''",
    "index": "SELECT format('DROP INDEX %s; %s', i.indexrelid::regclass, pg_get_indexdef(i.indexrelid))"
    " FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid"
    f" WHERE {_OURS} AND i.indisunique AND k.oid IS NULL",
    "trigger": "SELECT format('DROP TRIGGER %I ON %I; %s', t.tgname, c.relname, pg_get_triggerdef(t.oid))"
    f" FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE {_OURS} AND NOT t.tgisinternal",
}
