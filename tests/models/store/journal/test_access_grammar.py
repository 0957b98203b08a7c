"""The types of events of the access log, who causes them, and when: any other event there is told."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.store.journal.access_grammar import BESIDE, CAUSES, STATING, find_fault
from models.store.journal.facts import NAMED_CHANGES

ROOT = Path(__file__).parents[4]
WRITERS = {
    *("access_log.append", "access_log.write", "accesses.write", "accesses.write_last", "append", "write_last"),
    *("_log", "_record"),
}
LAST_NAMES = {each.rpartition(".")[2] for each in WRITERS}
NEW_YEAR = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
"""In Paris, 1 January 2027."""


def appended() -> Iterator[str]:
    """Types that the programs and the migrations append to the access log."""
    for folder in ("models", "starter", "cli", "activities"):
        for path in (ROOT / folder).rglob("*.py"):
            for call in ast.walk(ast.parse(path.read_text("utf-8"))):
                if (
                    isinstance(call, ast.Call)
                    and _last_name(call.func) in LAST_NAMES
                    and ast.unparse(call.func) in WRITERS
                ):
                    kinds = [each.value for each in call.args[1:2] if isinstance(each, ast.Constant)]
                    yield from (str(each) for each in kinds)
    yield "access_refused"  # by its name in models/store/people/access_log.py
    for path in (ROOT / "models/store/migrations/sql").glob("*_facts.sql"):
        yield from re.findall(r"'(\w+_stated)'", path.read_text("utf-8"))


def _last_name(called: ast.expr) -> str:
    match called:
        case ast.Attribute(attr=last) | ast.Name(id=last):
            return last
    return ""


def test_each_type_that_is_appended_is_listed_and_no_other() -> None:
    assert {*appended()} == CAUSES.keys() | BESIDE
    assert not CAUSES.keys() & BESIDE


def test_who_causes_an_event_that_may_change_what_gives_power_is_said() -> None:
    changing = "|".join(NAMED_CHANGES.values())
    beside = {each for each in BESIDE if re.fullmatch(changing, each)}
    assert beside == set()
    assert all(CAUSES[each] == ("program",) for each in CAUSES if each.endswith(STATING))


@pytest.mark.parametrize(
    ("chain", "kind", "role", "account", "fault"),
    [
        ("access:2027-01-01", "account_changed", "head", "a", None),
        ("access:2027-01-01", "account_changed", "operator", None, None),
        ("access:2027-01-01", "account_changed", "operator", "a", "auteur"),
        ("access:2027-01-01", "account_changed", "head", None, "auteur"),
        ("access:2027-01-01", "account_changed", "system", None, "auteur"),
        ("access:2027-01-01", "members_changed", "system", None, None),
        ("access:2027-01-01", "members_changed", "system", "a", "auteur"),
        ("access:2027-01-01", "members_changed", "employer", "a", "auteur"),
        ("access:2026-12-31", "account_changed", "head", "a", "de ce jour"),
        ("access:2027-01-01", "account_amended", "head", "a", "type"),
        ("access:2027-01-01", "signed_in", "employer", "a", None),
        ("35600000000048", "authority_changed", "system", None, "établissement"),
        ("35600000000048", "enrolment_requested", "system", None, None),
        ("034AQHV02", "request_received", "employer", "a", None),
    ],
)
def test_an_event_that_cannot_be_there_is_told(
    chain: str, kind: str, role: str, account: str | None, fault: str | None
) -> None:
    found = find_fault(chain, kind, NEW_YEAR, (role, account))
    assert found is None if fault is None else fault in (found or "")
