"""What names people is read through calls that note the reading, and nowhere else in the doors."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.architecture.repository import name, nodes, under

READERS: Final[dict[str, str | tuple[str, ...]]] = {
    "models.store.cases.requests.find_nominal": "starter/auth/caller.py",
    "models.store.cases.files.read": "starter/services/files.py",
    "models.store.cases.documents.content": "starter/auth/caller.py",
    "models.store.cases.messages.list_page": "starter/services/messages.py",
    "models.store.cases.messages.get": "starter/services/messages.py",
    "models.store.people.access_log.list_page": "starter/services/access_log.py",
    "models.engine.codec.CaseCodec": "starter/services/codec.py",
    "starter.services.jobs.preview": (
        "starter/services/claim_visas.py",
        "starter/services/completion_requests.py",
        "starter/services/decisions.py",
    ),
}
"""What returns nominal data → the only files of the doors that use it, and note it."""
NOTING: Final = {reader: {files} if isinstance(files, str) else set(files) for reader, files in READERS.items()}


def test_nominal_data_is_read_only_where_the_reading_is_noted() -> None:
    uses: dict[str, set[str]] = {}
    for path in under("starter"):
        for used in _uses(path):
            uses.setdefault(used, set()).add(name(path))
    assert {reader: uses.get(reader) for reader in NOTING} == NOTING


def test_whoever_reads_nominal_data_notes_it() -> None:
    for path in under(*sorted(set().union(*NOTING.values()))):
        assert ".note_reading(" in path.read_text("utf-8"), name(path)


def test_the_doors_reach_no_table_of_the_register() -> None:
    tables = "models.store.schema"
    assert [name(path) for path in under("starter") if any(used.startswith(tables) for used in _uses(path))] == []


def _uses(path: Path) -> Iterator[str]:
    """Full names of what a file imports, and of the attributes that it takes from what it imports."""
    imports: dict[str, str] = {}
    for node in nodes(path):
        if isinstance(node, ast.ImportFrom) and node.module:
            imports |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    yield from imports.values()
    for node in nodes(path):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{imports.get(node.value.id, node.value.id)}.{node.attr}"


def test_only_a_service_admits_a_caller_or_opens_a_transaction() -> None:
    calls = (".admit(", "database.begin(")
    doors = under("starter/api", "starter/pages")
    assert [name(path) for path in doors if any(call in path.read_text("utf-8") for call in calls)] == []
