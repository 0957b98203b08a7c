"""A new value of a rule of law, from a day on, by a text that does not exist."""

from tests.architecture.recipes.tree import Addition, Tree

VALUE = "    DatedValue(date(2031, 1, 1), Decimal(1200), Text.R_5122_6, Text.ORDER_2030_QUOTA),\n"
EXAMPLES = "        (ECONOMIC, date(2030, 12, 31), 1000),\n        (ECONOMIC, date(2031, 1, 1), 1200),\n"
PROOF = """
from datetime import date

from law.grounds import Ground
from law.quota import annual_quota

eve, day = (annual_quota(Ground.ECONOMIC_CONDITIONS, each) for each in (date(2030, 12, 31), date(2031, 1, 1)))
assert (eve.hours, day.hours) == (1000, 1200)
assert day.why[0].source == "arrêté du 1er décembre 2030"
"""


def add(tree: Tree) -> None:
    """Follow the recipe."""
    tree.insert_after("CHANGELOG.md", "### In law", "\n* **Annual quota of hours**: 1,200 from 2031 on.\n")
    text = '    ORDER_2030_QUOTA = "arrêté du 1er décembre 2030"\n'
    tree.insert_after("law/texts.py", "ORDER_2021_QUOTA = ", text)
    tree.insert_after("law/quota.py", "DatedValue(date(2022, 1, 1)", VALUE)
    tree.insert_after("tests/law/test_quota.py", "(ECONOMIC, date(2022, 1, 1)", EXAMPLES)


ADDITION = Addition(
    recipe="To change a rule of law",
    names={"rule": "quota"},
    add=add,
    proof=PROOF,
    tests=("tests/law/test_quota.py",),
)
