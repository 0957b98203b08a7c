"""Another label of an outcome."""

from models.labels import Outcome
from tests.architecture.recipes.tree import Addition, Tree

PROOF = """
from datetime import datetime, timezone

from models.labels import Outcome
from models.messages.case import Case
from workflows.parts.operator_texts import settled

case = Case.model_construct(department="75")
text = settled(case, Outcome.REFUSED, datetime(2026, 11, 22, tzinfo=timezone.utc))
assert text.startswith("**Refus motivé**"), text
"""


def add(tree: Tree) -> None:
    """Follow the recipe."""
    tree.replace("models/labels.py", f'"{Outcome.REFUSED.label}"', '"Refus motivé"')


ADDITION = Addition(
    recipe="To change the label of an outcome or a status",
    add=add,
    proof=PROOF,
    tests=("tests/models/test_labels.py",),
)
