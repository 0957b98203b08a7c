"""Who imports whom, where import-linter's contracts do not reach: programs, and the libraries of `law`."""

import importlib
import sys

import pytest

from tests.architecture.repository import (
    FOR_DEVELOPMENT,
    IN_THE_WHEEL,
    PACKAGES,
    PROGRAMS,
    ROOT,
    imported,
    name,
    under,
)


@pytest.mark.parametrize("package", PACKAGES)
def test_the_package_imported_is_ours_and_not_a_namesake_from_the_registry(package: str) -> None:
    assert importlib.import_module(package).__file__ == str(ROOT / package / "__init__.py")


def test_the_law_imports_the_standard_library_dates_and_public_holidays_only() -> None:
    allowed = sys.stdlib_module_names | {"law", "dateutil", "jours_feries_france"}
    assert {name(path): extra for path in under("law") if (extra := imported(path) - allowed)} == {}


def test_the_law_reads_no_clock() -> None:
    for path in under("law"):
        source = path.read_text("utf-8")
        assert not {word for word in (".now(", ".today(", ".utcnow(", "time()") if word in source}, name(path)


@pytest.mark.parametrize("package", FOR_DEVELOPMENT)
def test_of_what_ships_the_command_line_alone_imports_what_is_for_development(package: str) -> None:
    users = {name(path) for path in under(*IN_THE_WHEEL, *(f"{program}.py" for program in PROGRAMS))}
    assert {user for user in users if package in imported(ROOT / user)} == {"tacite.py"}


def test_nobody_imports_a_program() -> None:
    shipped = under(*PACKAGES, "worker.py")
    assert [name(path) for path in shipped if imported(path) & set(PROGRAMS)] == []


def test_the_worker_never_imports_the_doors() -> None:
    assert [name(path) for path in under("worker.py") if "starter" in imported(path)] == []


def test_statements_are_written_in_the_register_only() -> None:
    """Elsewhere, only SQLAlchemy's connection type and its errors may be used."""
    for path in under("workflows", "activities", "starter", "worker.py"):
        lines = path.read_text("utf-8").splitlines()
        used = {line for line in lines if line.startswith(("from sqlalchemy", "import sqlalchemy"))}
        assert {line for line in used if not line.startswith("from sqlalchemy.exc import ")} <= {
            "from sqlalchemy import Connection"
        }, name(path)
