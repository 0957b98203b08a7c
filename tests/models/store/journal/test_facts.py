"""Every event states facts; which types may change which is decided once, here for those that change none."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from models.labels import CaseEvent
from models.store.journal.fact_statements import (
    ACCESS_FACTS,
    CASE_FACTS,
    CLAIM_FACTS,
    ENTITLEMENT_FACTS,
    FIRM_FACTS,
)
from models.store.journal.facts import (
    ADDED,
    CHANGES,
    LABELS,
    NAMED_CHANGES,
    VERSION,
    differing,
    follow,
)

ROOT = Path(__file__).parents[4]
CHANGE_NO_FACT = {
    "reminder_sent", "notice_refused", "incident_opened", "incident_closed", "checklist_attested", "document_read",
    "message_sent", "hand_over_reviewed", "hand_over_given_up", "works_council_opinion_waived",
    "draft_opened", "draft_filed", "draft_lapsed", "draft_deleted",
    "enrolment_requested", "enrolment_activated", "enrolment_lapsed", "enrolment_readdressed", "enrolment_evicted",
    "credentials_issued", "credentials_alerted", "credentials_overdue", "credentials_sent",
    "establishment_looked_up", "department_confirmed",
}  # fmt: skip
"""Types of events after which every row that money or power depends on is what it was before."""


@cache
def appended() -> tuple[str, ...]:
    return tuple(_appended())


def _appended() -> Iterator[str]:
    """Types of the events that the programs append: to cases, drafts, enrolments and the journal."""
    yield from (str(each.value) for each in CaseEvent)
    for path in (
        each for folder in ("models", "activities", "starter", "cli") for each in (ROOT / folder).rglob("*.py")
    ):
        source = path.read_text("utf-8")
        yield from re.findall(r"append_event\(\w+, '(\w+)'", source)
        if path.parent.name == "kinds":
            yield from re.findall(r'\bevent="(\w+)"', source)
        if path.name == "listings.py":
            yield from re.findall(r'"(establishment_\w+|department_confirmed)"', source)
        for call in ast.walk(ast.parse(source)) if "events.append(" in source else ():
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "events.append" and len(call.args) > 2:
                kind = call.args[2]
                if isinstance(kind, ast.Constant):
                    yield str(kind.value)


def test_each_type_of_event_may_change_a_fact_or_is_known_to_change_none() -> None:
    types = set(appended())
    assert len(types) > 30
    changing = "|".join([*CHANGES.values(), *NAMED_CHANGES.values()])
    unknown = {each for each in types - CHANGE_NO_FACT if not re.fullmatch(changing, each)}
    assert unknown == set(), (
        "say in CHANGES which facts these events change, or in CHANGE_NO_FACT that they change none"
    )
    assert types >= CHANGE_NO_FACT, "no such event any more"


def test_the_function_of_the_register_computes_what_the_audit_computes() -> None:
    newest = max((ROOT / "models/store/migrations/sql").glob("*_facts.sql")).read_text("utf-8")
    assert all(
        statement in newest for statement in (CASE_FACTS, ACCESS_FACTS, FIRM_FACTS, CLAIM_FACTS, ENTITLEMENT_FACTS)
    )


def test_each_fact_has_its_sentence_and_its_events() -> None:
    assert CHANGES.keys() | NAMED_CHANGES.keys() | {"course", "silent"} == LABELS.keys()
    assert ADDED.keys() <= CHANGES.keys()


def test_an_event_of_version_1_says_nothing_of_holds_and_the_next_one_states_them() -> None:
    first = follow({}, 1, "request_received", {VERSION: "1", "request": "a"})
    now = {VERSION: "2", "request": "a", "holds": "planted"}
    assert differing({key: value for key, (value, _) in first.items()}, now) == ()
    second = follow(first, 2, "reminder_sent", now)
    assert second["holds"] == ("planted", 2)
    third = follow(second, 3, "reminder_sent", {VERSION: "2", "request": "b"})
    assert differing({key: value for key, (value, _) in third.items()}, {VERSION: "2", "request": "b"}) == (
        "holds",
        "request",
    )


def test_an_event_of_version_2_says_nothing_of_files_and_the_next_one_states_them() -> None:
    first = follow({}, 1, "request_received", {VERSION: "2", "request": "a"})
    assert (
        differing({key: value for key, (value, _) in first.items()}, {VERSION: "3", "request": "a", "files": "b"}) == ()
    )
    assert follow(first, 2, "reminder_sent", {VERSION: "3", "request": "a", "files": "b"})["files"] == ("b", 2)


def test_a_later_version_is_not_left_for_an_earlier_one() -> None:
    stated = follow({}, 1, "request_received", {VERSION: "2", "holds": "a"})
    stated = follow(stated, 2, "reminder_sent", {VERSION: "1"})
    assert differing({key: value for key, (value, _) in stated.items()}, {VERSION: "2"}) == ("holds",)
