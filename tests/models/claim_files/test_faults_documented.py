"""docs/claims.md states every kind of fault in the words that people are told."""

from models.claim_files.faults import FaultCode
from tests.architecture.repository import ROOT


def test_the_page_has_the_row_of_each_kind_in_their_order() -> None:
    rows = (ROOT / "docs/claims.md").read_text("utf-8").partition("## Kinds of fault")[2].splitlines()
    stated = [row for row in rows if row.startswith("| `")]
    assert stated == [f"| `{each.value}` | {each.label} | {each.advice} |" for each in FaultCode]
