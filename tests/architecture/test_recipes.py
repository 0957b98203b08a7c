"""Each recipe of CONTRIBUTING.md is followed in a copy: it names every file that is touched, and what it adds works."""

import re
from dataclasses import dataclass
from textwrap import indent

import pytest

from models.labels import Labelled, Outcome, Status
from tests.architecture.recipes import act, api_call, document, endpoint, label, law, process
from tests.architecture.recipes.page import figures_of_the_page, recipes
from tests.architecture.recipes.tree import Tree
from tests.architecture.repository import PACKAGES, ROOT, name, under

ADDITIONS = {
    module.ADDITION.recipe: module.ADDITION for module in (document, api_call, endpoint, process, act, law, label)
}
RECIPES = recipes(ROOT)
MOST_FILES = {
    "To add a kind of document": 6,
    "To add a kind of process": 4,
    "To change the label of an outcome or a status": 1,
}
"""Files that an addition may touch, tests and documentation included."""
PROOFS = "tests/architecture/test_additions.py"


@dataclass(frozen=True)
class Followed:
    """A copy to which everything was added, and what each addition touched."""

    tree: Tree
    touched: dict[str, set[str]]


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Followed:
    tree = Tree.copied_to(tmp_path_factory.mktemp("recipes"))
    touched: dict[str, set[str]] = {}
    for recipe, addition in ADDITIONS.items():
        addition.add(tree)
        touched[recipe] = tree.touched()
        tree.commit(recipe)
    return Followed(tree, touched)


def test_every_recipe_is_followed() -> None:
    assert [*RECIPES] == [*ADDITIONS]


@pytest.mark.slow
@pytest.mark.parametrize("recipe", ADDITIONS)
def test_a_recipe_names_exactly_the_files_that_it_touches(recipe: str, followed: Followed) -> None:
    assert followed.touched[recipe] == ADDITIONS[recipe].files(RECIPES[recipe])


@pytest.mark.parametrize("recipe", MOST_FILES)
def test_what_is_added_often_touches_few_files(recipe: str) -> None:
    assert len(RECIPES[recipe]) <= MOST_FILES[recipe]


@pytest.mark.slow
def test_what_was_added_works_and_passes_the_tests_that_watch_over_it(followed: Followed) -> None:
    proofs = [
        f"\n\ndef test_{number}() -> None:\n{indent(addition.proof, '    ')}"
        for number, addition in enumerate(ADDITIONS.values())
        if addition.proof
    ]
    followed.tree.write(PROOFS, '"""What was added works."""\n' + "".join(proofs))
    tests = [test for addition in ADDITIONS.values() for test in addition.tests]
    followed.tree.python("-m", "tests", "-q", PROOFS, *dict.fromkeys(tests))


@pytest.mark.slow
def test_what_was_added_is_formatted_and_without_faults(followed: Followed) -> None:
    files = {file for touched in followed.touched.values() for file in touched if file.endswith(".py")}
    followed.tree.python("-m", "ruff", "format", "--check", *sorted(files))
    followed.tree.python("-m", "ruff", "check", *sorted(files))


@pytest.mark.parametrize("words", [Outcome, Status])
def test_the_label_of_an_outcome_or_a_status_stands_in_one_file(words: type[Labelled]) -> None:
    for path in under(*PACKAGES, "tests"):
        text = path.read_text("utf-8")
        found = [each.label for each in words if re.search(rf"[\"']{re.escape(each.label)}[\"']", text)]
        assert found == [] or name(path) == "models/labels.py"


def test_the_figures_of_the_page_are_those_of_the_recipes() -> None:
    assert figures_of_the_page(ROOT) == {recipe: len(RECIPES[recipe]) for recipe in MOST_FILES}
