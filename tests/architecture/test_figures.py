"""The packages keep their shape: few rooms, few floors, no cycle between packages."""

import re
from pathlib import Path

import pytest

from tests.architecture.figures import report, shape
from tests.architecture.repository import ROOT

BOUNDS = {"models/store": (14, 6), "starter": (13, 9)}
"""Maximum of rooms and of floors for each package."""


@pytest.mark.parametrize("package", BOUNDS)
def test_a_package_can_be_seen_at_a_glance(package: str) -> None:
    measured = shape(ROOT, package)
    assert measured.rooms <= BOUNDS[package][0]
    assert measured.floors <= BOUNDS[package][1]


@pytest.mark.parametrize("package", BOUNDS)
def test_no_circle_stands_between_packages(package: str) -> None:
    assert shape(ROOT, package).circles == []


@pytest.mark.parametrize("package", BOUNDS)
def test_the_page_of_the_architecture_says_the_figures_of_today(package: str) -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    *_, today = re.findall(rf"(?m)^\| `{package}`,.*\| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", page)
    measured = shape(ROOT, package)
    assert tuple(map(int, today)) == (
        measured.rooms,
        measured.count,
        measured.floors,
        len(measured.circles),
    )


def test_rooms_arrows_floors_and_circles_are_counted(tmp_path: Path) -> None:
    """A → b → c → d, and c → b closes a cycle: three floors once b and c count as one."""
    package = tmp_path / "starter"
    texts = {
        "__init__.py": "from starter import a",
        "a.py": "def later() -> None:\n    from starter.b import x",
        "b/__init__.py": "",
        "b/inner.py": "from starter.b import other\nimport starter.c",
        "b/other.py": "",
        "c.py": "from starter import b, d",
        "d.py": "import law",
    }
    for file, text in texts.items():
        (package / file).parent.mkdir(parents=True, exist_ok=True)
        (package / file).write_text(text, "utf-8")
    measured = shape(tmp_path, "starter")
    assert measured.modules == {"a": 1, "b": 2, "c": 1, "d": 1}
    assert measured.count == 4
    assert (measured.circles, measured.upward, measured.floors) == ([["b", "c"]], 1, 3)


def test_the_command_says_all_of_it() -> None:
    assert [line.partition(":")[0] for line in report(ROOT) if not line.startswith(" ")] == [
        "models/store",
        "starter",
        "files",
        "functions",
        "recipes, in files touched",
    ]
