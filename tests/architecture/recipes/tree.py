"""A copy of the repository, to which a test adds something."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

from tests.architecture.repository import ROOT, tracked

GIT = ("git", "-c", "user.name=recipes", "-c", "user.email=recipes@tacite.invalid", "-c", "core.hooksPath=")


@dataclass(frozen=True)
class Tree:
    """The tracked files, copied, under a git of their own."""

    root: Path

    @classmethod
    def copied_to(cls, root: Path) -> "Tree":
        """Copy every tracked file and commit the copy."""
        for path in tracked():
            target = root / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)
        tree = cls(root)
        tree._git("init", "-q")
        tree.commit("copy")
        return tree

    def commit(self, subject: str) -> None:
        """Commit everything, so that `touched` starts again from nothing."""
        self._git("add", "--all")
        self._git("commit", "-q", "-m", subject)

    def touched(self) -> set[str]:
        """Return the files that were added or changed since the last commit."""
        lines = self._git("status", "--porcelain", "--untracked-files=all").splitlines()
        return {line[3:] for line in lines}

    def write(self, file: str, text: str) -> None:
        """Add a file, which must not exist."""
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as opened:
            opened.write(dedent(text).lstrip("\n"))

    def insert_after(self, file: str, start: str, text: str) -> None:
        """Insert lines after the one line that starts so, its indentation aside."""
        path = self.root / file
        lines = path.read_text("utf-8").splitlines(keepends=True)
        found = [number for number, line in enumerate(lines) if line.lstrip().startswith(start)]
        assert len(found) == 1, f"{len(found)} lines of {file} start with {start!r}: one is expected"
        lines.insert(found[0] + 1, text)
        path.write_text("".join(lines), "utf-8")

    def append(self, file: str, text: str) -> None:
        """Add lines at the end of a file."""
        with (self.root / file).open("a", encoding="utf-8") as opened:
            opened.write(text)

    def replace(self, file: str, old: str, new: str) -> None:
        """Replace what stands once in a file."""
        path = self.root / file
        text = path.read_text("utf-8")
        assert text.count(old) == 1, f"{file} has {old!r} {text.count(old)} times: once is expected"
        path.write_text(text.replace(old, new), "utf-8")

    def python(self, *arguments: str, **variables: str) -> str:
        """Run this Python in the copy, whose modules come first; returns what it says."""
        return self._run(sys.executable, *arguments, **variables)

    def _git(self, *arguments: str) -> str:
        return self._run(*GIT, *arguments)

    def _run(self, *command: str, **variables: str) -> str:
        ended = subprocess.run(
            command, cwd=self.root, env=os.environ | variables, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout


@dataclass(frozen=True, kw_only=True)
class Addition:
    """Something small that follows one recipe."""

    recipe: str
    """Title of the recipe."""
    names: dict[str, str] = field(default_factory=dict)
    """What the placeholders of the recipe stand for."""
    add: Callable[[Tree], None]
    proof: str = ""
    """Statements that fail unless the addition works."""
    tests: tuple[str, ...] = ()
    """Tests of the copy that watch over such additions, as pytest names them."""

    def files(self, listed: list[str]) -> set[str]:
        """Return the files of a recipe under the names of this addition."""
        files = set()
        for file in listed:
            for placeholder, name in self.names.items():
                file = file.replace(f"<{placeholder}>", name)
            files.add(file)
        return files
