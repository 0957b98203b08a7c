"""No number of law outside `law/`, as far as a program can check: no dates of texts, no delays, no sentence on them."""

import ast

import pytest

from law.silence import Rule
from tests.architecture.repository import SHIPPED, found, name, sentences, tree, under

DATES = {
    "examining/claims/payees.py": "days of birth that a file may state at all",
    "examining/claims/weeks.py": "the day from which workbooks count, and ISO weeks",
    "models/identifiers.py": "days that a person may state at all",
    "models/store/paging.py": "the epoch from which places in a list are counted",
}
DELAYS = {
    "examining/claims/weeks.py": "the days of an ISO week, and those from which workbooks count",
    "examining/trust.py": "how old the revocation data of a time-stamp may be: X.509, not the law",
    "starter/auth/cookies.py": "how long a session lasts",
    "starter/pages/components/time_left.py": "units in which what is left of a delay is told, not a delay",
    "starter/pages/public/site_files.py": "how long security.txt may be relied on: RFC 9116, not the law",
    "models/store/claims/uploads/receiving.py": "how long the bytes of a file of a claim are kept",
    "models/store/agency/waiting_answers.py": "how long the agency may leave a file unanswered: its usage, not the law",
    "models/store/people/letters.py": "how long the code of a letter works, and how often a letter goes",
    "models/store/people/companies.py": "how long an answer of the register of establishments is kept",
    "activities/signing/health.py": "how long before its end a certificate is warned of",
    "activities/mail/smtp.py": "how long a full mailbox is tried again",
    "models/store/audit/stamps.py": "how long an anchor may wait for its time-stamp",
    "workflows/nightly.py": "how long of the day copies of anchors are tried again",
    "workflows/parts/notices.py": "how long a process waits for its last mails",
    "workflows/parts/running_acts.py": "how long an act may run",
}
SPOKEN = {
    "models/store/operations/retention.py": "how long keys, messages and errands are kept",
    "models/store/operations/jobs.py": "how long what somebody waits for is kept",
    "models/store/agency/files.py": "one file name a second",
    "models/store/audit/rows.py": "how far back the audit of a night compares files",
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
