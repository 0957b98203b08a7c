"""The shape of the code in figures: `python -m tests.architecture.figures [ROOT]`, on this checkout or another one.

A room is an immediate child of a package: a module, or a sub-package with everything in it. An arrow means that one
room imports another. Floors are the longest chain of arrows, where each cycle counts as one room.
"""

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.architecture.recipes.page import recipes
from tests.architecture.repository import PACKAGES, PROGRAMS, functions, nodes

HOUSES = ("models/store", "starter")
"""The two packages that grow with every feature."""

Arrows = dict[str, frozenset[str]]
"""Each room, and the rooms that it imports."""


@dataclass(frozen=True)
class Shape:
    """The figures of one package."""

    modules: dict[str, int]
    """Modules of each room."""
    arrows: Arrows
    circles: list[list[str]]
    """Rooms that import each other, directly or not."""
    upward: int
    """Arrows that point upwards, whatever order of the floors is chosen."""
    floors: int

    @property
    def rooms(self) -> int:
        """Immediate children."""
        return len(self.modules)

    @property
    def count(self) -> int:
        """Arrows between rooms."""
        return sum(len(targets) for targets in self.arrows.values())


def shape(root: Path, package: str) -> Shape:
    """Measure one package of a checkout, given by its path below the root."""
    folder = root / package
    modules = {_room(folder, path): 0 for path in _files(folder)}
    found: dict[str, set[str]] = {room: set() for room in modules}
    for path in _files(folder):
        room = _room(folder, path)
        modules[room] += path.name != "__init__.py" or path.parent == folder
        found[room] |= _imported_rooms(path, package.replace("/", "."), modules.keys()) - {room}
    arrows = {room: frozenset(targets) for room, targets in found.items()}
    circles = _circles(arrows)
    return Shape(modules, arrows, circles, _upward(arrows, circles), _floors(arrows, circles))


def _files(folder: Path) -> list[Path]:
    """Python files of a folder, without its own `__init__`, which is not a room, and without generated files."""
    paths = sorted(folder.rglob("*.py"))
    return [path for path in paths if path != folder / "__init__.py" and "versions" not in path.parts]


def _room(folder: Path, path: Path) -> str:
    return path.relative_to(folder).parts[0].removesuffix(".py")


def _imported_rooms(path: Path, package: str, rooms: Iterable[str]) -> set[str]:
    names = {f"{package}.{room}": room for room in rooms}
    parts = len(package.split(".")) + 1
    prefixes = {".".join(name.split(".")[:parts]) for name in _imported_names(path)}
    return {names[prefix] for prefix in prefixes & names.keys()}


def _imported_names(path: Path) -> Iterator[str]:
    """Dotted names that a file imports, at any depth."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _reached(arrows: Arrows) -> dict[str, set[str]]:
    """Every room reachable from each room."""
    reached = {room: set(targets) for room, targets in arrows.items()}
    while True:
        further = {room: targets.union(*(reached[target] for target in targets)) for room, targets in reached.items()}
        if further == reached:
            return reached
        reached = further


def _circles(arrows: Arrows) -> list[list[str]]:
    reached = _reached(arrows)
    groups = {
        tuple(sorted(other for other in reached[room] if room in reached[other]))
        for room in arrows
        if room in reached[room]
    }
    return sorted(list(group) for group in groups)


def _upward(arrows: Arrows, circles: list[list[str]]) -> int:
    """Arrows of cycles that go against the order in which rooms that import more than they are imported come on top."""
    against = 0
    for circle in circles:
        inside = {room: arrows[room] & set(circle) for room in circle}
        balance = {room: len(inside[room]) - sum(room in targets for targets in inside.values()) for room in circle}
        order = sorted(circle, key=lambda room: (-balance[room], room))
        against += sum(
            order.index(target) < order.index(room) for room, targets in inside.items() for target in targets
        )
    return against


def _floors(arrows: Arrows, circles: list[list[str]]) -> int:
    merged = {room: "+".join(circle) for circle in circles for room in circle}
    below: dict[str, set[str]] = {merged.get(room, room): set() for room in arrows}
    for room, targets in arrows.items():
        here = merged.get(room, room)
        below[here] |= {merged.get(target, target) for target in targets} - {here}
    heights: dict[str, int] = {}

    def height(room: str) -> int:
        if room not in heights:
            heights[room] = 1 + max((height(target) for target in below[room]), default=0)
        return heights[room]

    return max((height(room) for room in below), default=0)


@dataclass(frozen=True)
class Totals:
    """Sizes of all programs but tests and benches; `__init__` files and generated migrations are left out."""

    files: int
    lines_of_a_file: float
    functions: int
    lines_of_a_function: float


def totals(root: Path) -> Totals:
    """Count files and functions, with the median of their lines; a function counts the lines of its body."""
    files = [path for package in PACKAGES for path in _files(root / package) if path.name != "__init__.py"]
    files += [root / f"{program}.py" for program in PROGRAMS]
    texts = [path.read_text("utf-8") for path in files]
    bodies = [
        (function.end_lineno or 0) - function.body[0].lineno + 1 for path in files for function in functions(path)
    ]
    return Totals(len(files), median(len(text.splitlines()) for text in texts), len(bodies), median(bodies))


def report(root: Path) -> Iterator[str]:
    """Yield the lines that the command prints."""
    for package in HOUSES:
        it = shape(root, package)
        counts = f"{it.rooms} rooms, {it.count} arrows, {it.floors} floors"
        yield f"{package}: {counts}, {it.upward} arrows upward, {len(it.circles)} circles"
        yield from (f"  circle: {', '.join(circle)}" for circle in it.circles)
        yield "  modules: " + ", ".join(f"{room} {count}" for room, count in sorted(it.modules.items()))
    all_of_it = totals(root)
    yield f"files: {all_of_it.files}, median {all_of_it.lines_of_a_file:g} lines"
    yield f"functions: {all_of_it.functions}, median {all_of_it.lines_of_a_function:g} lines"
    yield "recipes, in files touched:"
    yield from (f"  {title}: {len(files)}" for title, files in recipes(root).items())


if __name__ == "__main__":
    print(*report(Path(sys.argv[1] if len(sys.argv) > 1 else ".")), sep="\n")
