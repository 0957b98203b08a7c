"""`tests/` mirrors the modules: one finds the tests of a module by its name, or reads here where else they are."""

from collections import Counter, defaultdict
from fnmatch import fnmatch
from pathlib import PurePosixPath

from tests.architecture.of_no_module import OF_NO_MODULE
from tests.architecture.repository import PACKAGES, PROGRAMS, ROOT, name, under
from tests.architecture.tested_elsewhere import TESTED_ELSEWHERE, Row


def _by_folder(paths: list[PurePosixPath]) -> defaultdict[PurePosixPath, list[PurePosixPath]]:
    found = defaultdict(list)
    for path in paths:
        found[path.parent].append(path)
    return found


ROWS = [row for rows in TESTED_ELSEWHERE.values() for row in rows]
FILES = [PurePosixPath(name(path)) for path in under(*PACKAGES, *(f"{each}.py" for each in PROGRAMS))]
MODULES = [path.with_suffix("") for path in FILES if path.stem != "__init__" and "migrations" not in path.parts]
FOLDERS = [path.parent for path in FILES if path.stem == "__init__"]
"""Packages, which may hold something of their own (`models/terms`)."""
TESTS = [
    path.relative_to("tests")
    for each in under("tests")
    if (path := PurePosixPath(name(each))).name.startswith("test_")
    if len(path.parts) == 2 or path.parts[1] in PACKAGES
]
MODULES_OF, TESTS_OF = _by_folder(MODULES), _by_folder(TESTS)
SERVICES = PurePosixPath("starter/services")
ENDPOINTS = {each for each in FOLDERS if each.parent == PurePosixPath("starter/api")}


def own_tests(module: PurePosixPath) -> list[PurePosixPath]:
    """Return the tests of a module: `test_<module>.py` and `test_<module>_<aspect>.py` in the folder of its name.

    A service may have its tests beside the endpoint of its name, because they call it.
    """
    own = f"test_{module.name.strip('_')}"
    folders = {module.parent} | (ENDPOINTS if module.parent == SERVICES else set())
    beside = (test for folder in folders for test in TESTS_OF[folder])
    return [test for test in beside if test.stem == own or test.stem.startswith(f"{own}_")]


def modules_of(row: Row) -> list[PurePosixPath]:
    """Return the modules that a row is about."""
    beside = MODULES_OF[PurePosixPath(row.folder)]
    return [module for module in beside if any(fnmatch(module.name, pattern) for pattern in row.modules.split())]


def test_a_module_has_its_own_tests_or_is_said_to_be_tested_elsewhere_once() -> None:
    listed = Counter(module for row in ROWS for module in modules_of(row))
    assert [str(each) for each in MODULES if bool(own_tests(each)) + listed[each] != 1] == []


def test_every_name_that_is_said_to_be_tested_elsewhere_is_a_module() -> None:
    stale = [
        f"{row.folder}/{pattern}"
        for row in ROWS
        for pattern in row.modules.split()
        if not modules_of(row._replace(modules=pattern))
    ]
    assert stale == []


def test_every_test_that_a_row_names_exists() -> None:
    named = {test for row in ROWS for test in row.tests.split()} | OF_NO_MODULE.keys()
    assert sorted(test for test in named if not (ROOT / "tests" / test).is_file()) == []
    assert [row for row in ROWS if not row.tests] == []


def test_every_test_is_of_a_module_or_said_to_be_of_none() -> None:
    mirrored = {str(test) for module in (*MODULES, *FOLDERS) for test in own_tests(module)}
    assert mirrored & OF_NO_MODULE.keys() == set()
    assert sorted({str(test) for test in TESTS} - mirrored - OF_NO_MODULE.keys()) == []
