"""What keeps rows as they are: tables, triggers, rules, functions, constraints, as the migrations made them.

`guards.json` lists all of them with digests, as `docs/guards.py` read it from a freshly migrated register. It ships
with the program, so whoever owns the database cannot change it. Whatever was dropped, added or replaced is told. An
index that refuses nothing is not compared, and a table added beside ours neither, as long as no row of ours is in it.
"""

import json
from hashlib import sha256
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text

from models.store.audit.findings import JOURNAL, Findings

FILE: Final = Path(__file__).with_name("guards.json")
NAMES: Final = {
    "table": ("la table", "e"),
    "column": ("la colonne", "e"),
    "trigger": ("le déclencheur", ""),
    "rule": ("la règle", "e"),
    "policy": ("la règle d’accès", "e"),
    "function": ("la fonction", "e"),
    "constraint": ("la contrainte", "e"),
    "index": ("l’index", ""),
}
"""Kind of a guard → its name in French, and the ending of what agrees with it."""
CLOCK_SCHEMA: Final = "skewed"
"""Schema whose function `clock_timestamp` is a clock that runs ahead, in development only."""

Guards = dict[str, dict[str, str]]
"""Kind → name → digest of its definition."""


def version(connection: Connection) -> str:
    """Return the number of the last migration of this register."""
    found: str | None = connection.execute(text("SELECT max(version_num) FROM alembic_version")).scalar()
    return found or ""


def read(connection: Connection, *, offsets: bool) -> Guards:
    """Return the guards of this register; `offsets` leaves out the clock of development."""
    path, schemas = connection.execute(_PATH).one()
    # Names are printed with their schema unless the path finds them: always the same path, the same definitions.
    connection.execute(_SET_PATH, {"path": connection.execute(_OURS).scalar_one()})
    found: Guards = {kind: {} for kind in NAMES}
    searched = [each for each in schemas if not (offsets and each == CLOCK_SCHEMA)]
    for row in connection.execute(_GUARDS, {"schemas": searched}):
        found[row.kind][row.name] = sha256(row.definition.encode()).hexdigest()
    connection.execute(_SET_PATH, {"path": path})
    return found


def document(connection: Connection) -> str:
    """Return the content of `guards.json` for a register that was just migrated."""
    content = {"version": version(connection), "guards": read(connection, offsets=True)}
    return json.dumps(content, indent=1, sort_keys=True) + "\n"


def check(connection: Connection, findings: Findings, *, offsets: bool) -> None:
    """Compare every guard of the register with those that the migrations of this version make."""
    shipped = json.loads(FILE.read_text("utf-8"))
    if (now := version(connection)) != shipped["version"]:
        what = f"le registre est à la version {now or '?'}, ce programme à la version {shipped['version']}"
        findings.add(JOURNAL, 0, f"{what} : ses déclencheurs, fonctions et contraintes ne sont pas comparés")
        return
    _compare(shipped["guards"], read(connection, offsets=offsets), findings)


def _compare(shipped: Guards, guards: Guards, findings: Findings) -> None:
    tables = shipped["table"].keys()
    for kind, (noun, ending) in NAMES.items():
        due, found = shipped[kind], guards[kind]
        for name in sorted(due.keys() | found.keys()):
            named = f"{noun} {name} du registre"
            if name not in found:
                findings.add(JOURNAL, 0, f"{named} est absent{ending}")
            elif name in due and found[name] != due[name]:
                same = "celle" if ending else "celui"
                findings.add(JOURNAL, 0, f"{named} n’est plus {same} de la migration, ou est désactivé{ending}")
            elif name not in due and (kind == "function" or name.partition(".")[0] in tables):
                findings.add(JOURNAL, 0, f"{named} a été ajouté{ending}")


_PATH = text("SELECT current_setting('search_path') AS path, current_schemas(false) AS schemas")
_SET_PATH = text("SELECT set_config('search_path', :path, true)")
_OURS = text(
    "SELECT quote_ident(n.nspname) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.oid = to_regclass('event')"
)
_GUARDS = text("""
WITH ours AS MATERIALIZED (SELECT c.* FROM pg_catalog.pg_class c
    WHERE c.relnamespace = (SELECT relnamespace FROM pg_catalog.pg_class WHERE oid = to_regclass('event'))
    AND c.relkind IN ('r', 'p', 'v', 'm', 'f'))
SELECT 'table' AS kind, o.relname::text AS name, concat_ws('|', o.relkind, o.relpersistence, o.relrowsecurity,
        o.relforcerowsecurity, (SELECT string_agg(i.inhrelid::regclass::text, ',' ORDER BY i.inhrelid::regclass::text)
        FROM pg_catalog.pg_inherits i WHERE i.inhparent = o.oid)) AS definition
    FROM ours o
UNION ALL SELECT 'column', o.relname || '.' || a.attname, concat_ws('|', format_type(a.atttypid, a.atttypmod),
        a.attnotnull, a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid, true))
    FROM ours o JOIN pg_catalog.pg_attribute a ON a.attrelid = o.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = o.oid AND d.adnum = a.attnum
UNION ALL SELECT 'trigger', o.relname || '.' || t.tgname,
        concat_ws('|', pg_get_triggerdef(t.oid, true), CASE WHEN t.tgenabled NOT IN ('O', 'A') THEN t.tgenabled END)
    FROM ours o JOIN pg_catalog.pg_trigger t ON t.tgrelid = o.oid WHERE NOT t.tgisinternal
UNION ALL SELECT 'rule', o.relname || '.' || r.rulename, pg_get_ruledef(r.oid, true)
    FROM ours o JOIN pg_catalog.pg_rewrite r ON r.ev_class = o.oid WHERE o.relkind = 'r'
UNION ALL SELECT 'policy', o.relname || '.' || p.polname, 'policy'
    FROM ours o JOIN pg_catalog.pg_policy p ON p.polrelid = o.oid
UNION ALL SELECT 'constraint', o.relname || '.' || k.conname, concat_ws('|', pg_get_constraintdef(k.oid, true),
        (SELECT string_agg(t.tgenabled::text, ',') FROM pg_catalog.pg_trigger t
        WHERE t.tgconstraint = k.oid AND t.tgenabled NOT IN ('O', 'A')))
    FROM ours o JOIN pg_catalog.pg_constraint k ON k.conrelid = o.oid
    WHERE k.contype <> 'n'
UNION ALL SELECT 'index', o.relname || '.' || i.indexrelid::regclass::text,
        concat_ws('|', pg_get_indexdef(i.indexrelid, 0, true), i.indisvalid, i.indisready, i.indimmediate)
    FROM ours o JOIN pg_catalog.pg_index i ON i.indrelid = o.oid
    WHERE (i.indisunique OR i.indisexclusion)
UNION ALL SELECT 'function', p.oid::regprocedure::text, concat_ws('|', l.lanname, p.prokind, p.provolatile,
        p.proisstrict, p.prosecdef, p.proconfig::text, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid),
        coalesce(pg_get_function_sqlbody(p.oid), p.prosrc))
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_language l ON l.oid = p.prolang
    WHERE p.pronamespace IN (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = ANY(:schemas)
        AND nspname <> 'pg_catalog') AND NOT (l.lanname = 'c' AND p.probin = '$libdir/btree_gist')
""")
