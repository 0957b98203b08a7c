"""What the architecture tests examine: tracked files, their syntax trees, their user-visible texts."""

import ast
import re
import subprocess
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
IN_THE_WHEEL = ("law", "models", "workflows", "activities", "starter", "examining", "cli")
FOR_DEVELOPMENT = ("local", "scenarios")
"""Packages that the development image adds and that never ship."""
PACKAGES = (*IN_THE_WHEEL, *FOR_DEVELOPMENT)
PROGRAMS = ("worker", "tacite")
"""Modules beside the packages."""
SHIPPED = ("models", "workflows", "activities", "starter", "examining", "worker.py")
"""Code that runs in production and may contain no number of law."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def tracked() -> tuple[Path, ...]:
    """Every file tracked by the repository, or about to be."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return tuple(path for line in listed.splitlines() if (path := ROOT / line).is_file())


def under(*places: str, suffix: str = ".py") -> list[Path]:
    """Tracked files of some folders (or these files themselves), without generated migrations."""
    return [
        path
        for path in tracked()
        if name(path).startswith(tuple(f"{place}/" for place in places)) or name(path) in places
        if path.suffix == suffix and "/migrations/versions/" not in name(path)
    ]


def name(path: Path) -> str:
    """The path of a file relative to the repository."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Every node of a file: the tests of this folder walk the same trees many times."""
    return tuple(ast.walk(tree(path)))


def imported(path: Path) -> set[str]:
    """Top-level names of the modules that a file imports, at any depth."""
    found = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def functions(path: Path) -> Iterator[Function]:
    return (node for node in nodes(path) if isinstance(node, Function))


@cache
def sentences(path: Path) -> tuple[str, ...]:
    """String literals of a program that are not docstrings: texts that it may show."""
    docstrings = {
        id(node.value) for node in nodes(path) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    literals = (node for node in nodes(path) if isinstance(node, ast.Constant) and id(node) not in docstrings)
    return tuple(node.value for node in literals if isinstance(node.value, str))


def found(pattern: str, texts: Iterable[str], flags: int = 0) -> list[str]:
    """Every match of a pattern in some texts."""
    return [match[0] for text in texts for match in re.finditer(pattern, text, flags)]
