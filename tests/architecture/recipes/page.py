"""The recipes of CONTRIBUTING.md, and what the page of the architecture says of them."""

import re
from pathlib import Path

RECIPES = "\n## Recipes\n"


def recipes(root: Path) -> dict[str, list[str]]:
    """Return the files of each recipe of a checkout, in order, by the title of the recipe."""
    section = (root / "CONTRIBUTING.md").read_text("utf-8").partition(RECIPES)[2].partition("\n## ")[0]
    _, *parts = section.split("\n### ")
    titled = (part.partition("\n") for part in parts)
    return {title: re.findall(r"^\d+\. `([^`]+)`: ", steps, re.MULTILINE) for title, _, steps in titled}


def figures_of_the_page(root: Path) -> dict[str, int]:
    """Return how many files a recipe touches, by its title, as the page of the architecture says."""
    page = (root / "docs" / "architecture.md").read_text("utf-8")
    rows = re.findall(r"^\| (To .+?) \| \d+ \| (\d+) \|$", page, re.MULTILINE)
    return {title: int(files) for title, files in rows}
