"""The recipes of CONTRIBUTING.md, and what the page of the architecture says of them."""

import re
from pathlib import Path

RECIPES = "\n## Recipes\n"


def recipes(root: Path) -> dict[str, list[str]]:
    """Return the files of each recipe of a checkout, in order, by the title of the recipe."""
    section = (root / "CONTRIBUTING.md").read_text("utf-8").partition(RECIPES)[2].partition("\n## ")[0]
    _, *parts = section.split("\n### ")
    return {title: _files(steps) for title, _, steps in (part.partition("\n") for part in parts)}


def _files(steps: str) -> list[str]:
    """Return the file of each numbered step; raises AssertionError for a step that does not begin with one."""
    numbered = re.findall(r"^\d+\. (.*)$", steps, re.MULTILINE)
    files = [match[1] for step in numbered if (match := re.match("`([^`]+)`: ", step))]
    assert len(files) == len(numbered), numbered
    return files


def figures_of_the_page(root: Path) -> dict[str, int]:
    """Return how many files a recipe touches, by its title, as the page of the architecture says."""
    page = (root / "docs" / "architecture.md").read_text("utf-8")
    rows = re.findall(r"^\| (To .+?) \| \d+ \| (\d+) \|$", page, re.MULTILINE)
    return {title: int(files) for title, files in rows}
