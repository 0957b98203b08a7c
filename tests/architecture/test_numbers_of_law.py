"""No number of law outside `law/`, as far as a program can check: no dates of texts, no delays, no sentence on them."""

import ast

import pytest

from law.silence import Rule
from tests.architecture.repository import SHIPPED, found, name, sentences, tree, under

DATES = {
    "models/identifiers.py": "days that a person may state at all",
    "models/store/paging.py": "the epoch from which places in a list are counted",
}
DELAYS = {
    "activities/signing/verify.py": "for how long a time-stamp may be trusted: X.509, not the law",
    "starter/auth/cookies.py": "how long a session lasts",
    "activities/signing/health.py": "how long before its end a certificate is warned of",
}
SPOKEN = {
    "models/store/operations/retention.py": "how long keys, messages and errands are kept",
    "models/store/operations/jobs.py": "how long what somebody waits for is kept",
    "models/store/agency/files.py": "one file name a second",
    "starter/http/request_body.py": "how long an idempotency key is kept",
}
NUMBER = r"(?:\d+|un|une|deux|trois|quatre|cinq|six|dix|douze|quinze|trente|quarante-huit)"
DELAY = rf"\b{NUMBER}\s+(?:jours?|heures?|mois|semaines?|ans?|années?|days?|months?|hours?)\b"


def test_no_date_of_a_text_stands_outside_the_law() -> None:
    dated = {name(path) for path in under(*SHIPPED) if _calls(tree(path), "date", "datetime")}
    assert dated <= set(DATES)


def test_no_delay_is_counted_outside_the_law() -> None:
    counting = {name(path) for path in under(*SHIPPED) if _delays(tree(path))}
    assert counting <= set(DELAYS)


def test_no_program_words_a_delay() -> None:
    wording = {name(path): found(DELAY, sentences(path)) for path in under(*SHIPPED)}
    assert {path for path, words in wording.items() if words} <= set(SPOKEN)


@pytest.mark.parametrize("suffix", [".typ", ".html", ".sql", ".mako", ".txt"])
def test_no_template_words_a_delay(suffix: str) -> None:
    for path in under(*SHIPPED, suffix=suffix):
        assert found(DELAY, [path.read_text("utf-8")]) == [], name(path)


@pytest.mark.parametrize("rule", list(Rule))
def test_no_rule_of_silence_is_spelled_outside_the_law(rule: Rule) -> None:
    assert [name(path) for path in under(*SHIPPED) if rule.value in sentences(path)] == []


def _calls(module: ast.Module, *called: str) -> list[ast.Call]:
    """Calls of these names with a literal year."""
    return [
        node
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in called
        if node.args and isinstance(node.args[0], ast.Constant)
    ]


def _delays(module: ast.Module) -> list[ast.Call]:
    """Durations of literal days, weeks, months or hours; one day is allowed, because it ends an inclusive day."""
    return [
        node
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if node.func.id in ("timedelta", "relativedelta", "add_months")
        for part in ast.walk(node)
        if isinstance(part, ast.keyword) and part.arg in ("days", "weeks", "months", "years", "hours")
        for number in ast.walk(part.value)
        if isinstance(number, ast.Constant) and number.value != 1
    ]
