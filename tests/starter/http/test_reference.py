"""The OpenAPI document is clean, and the reference draws every call of it.

The rules are those that linters of OpenAPI recommend, and ours: `redocly lint --extends=recommended` agrees.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator

import pytest
from pydantic import TypeAdapter

from docs.openapi import document as written
from models.bodies.filing import Filing
from starter.http.openapi import FILING_EXAMPLE, LATER
from starter.http.reference import GROUPS, calls_of, count_calls, kind_of

Document = dict[str, dict[str, dict[str, dict[str, object]]]]
ENGLISH = re.compile(r"\b(the|which|that|with|its|whose|whether)\b")


@pytest.fixture(scope="module")
def document() -> Document:
    described: Document = json.loads(written())
    return described


def calls(document: Document) -> Iterator[tuple[str, str, dict[str, object]]]:
    for path, methods in document["paths"].items():
        for method, call in methods.items():
            yield path, method, call


def _responses(call: dict[str, object]) -> dict[str, dict[str, object]]:
    responses = call["responses"]
    assert isinstance(responses, dict)
    return responses


def test_every_call_has_a_name_of_its_own_a_group_and_words_in_french(document: Document) -> None:
    names = Counter(str(call["operationId"]) for _, _, call in calls(document))
    assert [name for name, count in names.items() if count > 1 or not re.fullmatch(r"[a-z_]+", name)] == []
    tags = {tag for _, tag, _ in GROUPS}
    for path, method, call in calls(document):
        assert set(call["tags"]) <= tags, path  # type: ignore[call-overload]
        for member in ("summary", "description"):
            assert call[member], (method, path, member)
            assert not ENGLISH.search(str(call[member])), (method, path, call[member])
    assert sum(count_calls(document).values()) == sum(names.values())


def test_who_may_call_is_said_of_every_call_and_its_problems_are_described(document: Document) -> None:
    for path, method, call in calls(document):
        public, answers = call["security"] == [], _responses(call)
        assert public == ("401" not in answers), (method, path)
        assert set(answers) >= {*LATER, "default"}, (method, path)
        assert ("{" in path) <= ("404" in answers), (method, path)
        assert ("requestBody" in call) <= {"413", "415", "422"}.issubset(answers), (method, path)
        assert any(status.startswith("2") for status in answers), (method, path)
    described = document["components"]["responses"]
    assert all("Retry-After" in described[f"Problem{status}"]["headers"] for status in LATER)  # type: ignore[operator]
    assert document["servers"]
    assert {"HTTPBearer", "Session"} <= set(document["components"]["securitySchemes"])


def test_every_reference_leads_somewhere_and_no_component_is_unused(document: Document) -> None:
    named = set(re.findall(r"#/components/(\w+/\w+)", str(document)))
    there = {f"{kind}/{name}" for kind in ("schemas", "responses", "headers") for name in document["components"][kind]}
    assert named <= there
    assert there - named == set()


def test_the_example_of_a_filing_is_one() -> None:
    assert TypeAdapter(Filing).validate_python(FILING_EXAMPLE)


def test_the_reference_says_of_a_filing_what_it_takes_and_answers(document: Document) -> None:
    [filing] = [each for each in calls_of(document, "Employeur") if each.id == "file_request"]
    members = {(row.depth, row.name): row for row in filing.body}
    assert members[0, "hours"].required
    assert members[1, "iban"].kind == "texte"
    assert "economic_conditions" in members[0, "ground"].kind
    assert '"siret": "35600000000048"' in filing.example
    created = next(each for each in filing.answers if each.status == "201")
    assert {"reference", "tacit_acceptance_at"} <= {row.name for row in created.members}
    assert kind_of(document, {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]}) == "date"
