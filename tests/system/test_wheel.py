"""What ships, in a fresh environment of `requirements.lock` alone: every command and every program starts there."""

import re
import subprocess
from datetime import date
from pathlib import Path
from typing import Final

import pytest

from local.payroll_files import as_csv
from local.payrolls import long_table, payroll
from tests.architecture.repository import FOR_DEVELOPMENT
from tests.shipping import fresh_environment

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]  # a whole environment is installed

NOWHERE: Final = "Aucun Tacite ici"
"""A command that prints this has imported all that it needs: it looks for an installation first."""
REFERENCE: Final = "034AAAA01"
AGENT: Final = ("--role", "operator", "--name", "x", "--email", "x@tacite.invalid", "--subject", "x")
DELEGATION: Final = ("--certificate", "x", "--act", "x", "--from-on", "2026-01-01", "--department", "34")
COMMANDS: Final[dict[tuple[str, ...], tuple[tuple[str, ...], int, str]]] = {
    ("accounts", "create"): (("--role", "operator"), 3, NOWHERE),
    ("agency",): (("--rows", "4200"), 0, ""),
    ("agents", "open"): (AGENT, 3, NOWHERE),
    ("agents", "delegate"): (("x", *DELEGATION), 3, NOWHERE),
    ("agents", "close"): (("x",), 3, NOWHERE),
    ("allowance",): (("--on", "2026-11-02", "--hours", "7", "--hourly-gross", "15"), 0, ""),
    ("audit",): ((), 3, NOWHERE),
    ("claims", "check"): (("x.csv", "--month", "2026-11"), 0, ""),
    ("claims", "convert"): (("x.csv",), 0, ""),
    ("deadline",): (("--received-at", "2026-12-01T09:00:00+01:00"), 0, ""),
    ("doctor",): ((), 3, NOWHERE),
    ("forfeiture",): (("--period-end", "2026-11-30", "--filed-on", "2026-11-02"), 0, ""),
    ("hours",): (("--week", "2026-11-02", "--contract-week", "35", "--worked", "7"), 0, ""),
    ("incidents",): ((), 3, NOWHERE),
    ("keys", "erase"): ((REFERENCE, "--reason", "x"), 3, NOWHERE),
    ("migrate",): ((), 3, NOWHERE),
    ("reconcile",): ((), 3, NOWHERE),
    ("replay",): ((REFERENCE,), 3, NOWHERE),
    ("resume",): ((REFERENCE, "--reason", "x"), 3, NOWHERE),
    ("setup-engine",): ((), 3, NOWHERE),
    ("ledger",): (("--check",), 3, NOWHERE),
    ("letters", "list"): ((), 3, NOWHERE),
    ("letters", "print"): (("0192f0c1-7b3a-7000-8000-000000000001", "--reason", "Lettres du jour"), 3, NOWHERE),
    ("tokens", "list"): ((), 3, NOWHERE),
    ("tokens", "revoke"): (("x",), 3, NOWHERE),
    ("trust",): (("x",), 3, NOWHERE),
    ("verify",): (("x.pdf",), 3, NOWHERE),
    ("window",): (("--ground", "disaster_or_weather", "--placement-on", "2026-12-01"), 0, ""),
}
"""Every command with arguments that end quickly, the exit code, and its standard error."""
ON_ONE_MACHINE: Final = (("up",), ("demo",), ("advance",))
"""Commands of a development machine, which do not ship."""
PROGRAMS: Final = ("worker", "starter", "starter.relay")
IMPORT_EVERYTHING: Final = """
import importlib, importlib.metadata, pathlib
for file in importlib.metadata.files("tacite"):
    module = file.with_suffix("")
    if file.suffix == ".py" and module.name != "__main__" and "migrations" not in module.parts:
        importlib.import_module(".".join(module.parts).removesuffix(".__init__"))
"""


class Shipped:
    """The fresh environment, run in an empty folder."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._folder = folder

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self._programs / program, *arguments],
            cwd=self._folder,
            env={"COLUMNS": "200", "LANG": "C.UTF-8"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def commands(self, *group: str) -> set[tuple[str, ...]]:
        """The commands that the help lists; an unknown name is a group, whose help lists the rest."""
        shown = self.run("tacite", *group, "--help").stdout
        listed = {(*group, name) for name in re.findall(r"(?m)^│ ([a-z][a-z-]*) ", shown)}
        groups = [each for each in listed if each not in COMMANDS]
        return (listed & set(COMMANDS)).union(*(self.commands(*each) or {each} for each in groups))


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Shipped:
    empty = tmp_path_factory.mktemp("empty")
    (empty / "x.pdf").write_bytes(b"%PDF-1.7")
    (empty / "x.csv").write_text(as_csv(long_table(payroll(1, date(2026, 11, 1)))), "utf-8")
    return Shipped(fresh_environment(tmp_path_factory.mktemp("fresh")), empty)


def test_the_help_lists_what_operators_need_and_no_command_of_a_development_machine(shipped: Shipped) -> None:
    listed = shipped.commands()
    assert listed == set(COMMANDS)
    assert not {*ON_ONE_MACHINE} & listed


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_starts(shipped: Shipped, command: tuple[str, ...]) -> None:
    arguments, code, sentence = COMMANDS[command]
    ended = shipped.run("tacite", *command, *arguments)
    assert (ended.returncode, "Traceback" in ended.stderr) == (code, False), ended.stderr
    assert sentence in ended.stderr
    assert bool(ended.stdout) == (code == 0)


@pytest.mark.parametrize("command", [each for (each,) in ON_ONE_MACHINE])
def test_a_command_of_a_development_machine_is_unknown(shipped: Shipped, command: str) -> None:
    ended = shipped.run("tacite", command)
    assert (ended.returncode, f"Commande inconnue : {command}" in ended.stderr) == (2, True), ended.stderr


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_program_starts_and_names_the_variables_that_are_missing(shipped: Shipped, program: str) -> None:
    ended = shipped.run("python", "-m", program)
    said = ended.stdout + ended.stderr
    assert (ended.returncode, "Traceback" in said) == (3, False), said
    assert "Réglages absents ou faux" in said
    assert "TACITE_DATABASE" in said


def test_every_module_finds_what_it_imports(shipped: Shipped) -> None:
    ended = shipped.run("python", "-c", IMPORT_EVERYTHING)
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize("package", FOR_DEVELOPMENT)
def test_a_package_for_development_is_not_there(shipped: Shipped, package: str) -> None:
    assert "ModuleNotFoundError" in shipped.run("python", "-c", f"import {package}").stderr
