"""The register checks decisions and requests for pieces against the law itself, whatever the caller."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from models.bodies.completion import CompletionRequestBody
from models.bodies.decision import GrantBody, RefusalBody
from models.errors import Unlawful
from models.store.cases import completions, decisions
from models.store.database import Database, case_now
from tests.cases import an_agent, file_a_case


@pytest.mark.parametrize("reasons", [{}, {"grounds": ()}, {"grounds": [" "]}, {"grounds": ""}])
def test_a_refusal_without_reasons_cannot_be_built(reasons: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        RefusalBody.model_validate({"id": "D1", "outcome": "refusal"} | reasons)


def test_a_grant_of_more_or_of_less_without_reasons_is_not_registered(database: Database) -> None:
    reference, agent = file_a_case(database), an_agent(database)
    body = GrantBody.model_validate({"id": "D1", "outcome": "grant", "employees": 999, "hours": "1"})
    with database.begin() as connection:
        with pytest.raises(Unlawful) as refused:
            decisions.register(connection, reference, body, b"1", actor=agent)
        assert decisions.list_of(connection, reference) == []
    assert [(each.pointer, each.code) for each in refused.value.objections] == [
        ("/employees", "more-than-asked"),
        ("/grounds", "partial-without-reasons"),
    ]


def test_the_register_says_whether_a_grant_is_partial(database: Database) -> None:
    agent = an_agent(database)
    less = {"hours": "1", "grounds": ["R. 5122-1 : une heure suffit."]}
    for stated, partial in ((less, True), ({}, False)):
        body = GrantBody.model_validate({"id": f"D-{partial}", "outcome": "grant"} | stated)
        with database.begin() as connection:
            found = decisions.register(connection, file_a_case(database), body, b"1", actor=agent)
        assert found.partial is partial


def test_a_request_for_pieces_that_no_text_requires_is_not_registered(database: Database) -> None:
    reference, agent = file_a_case(database), an_agent(database)
    pieces = [{"code": "photo", "label": "Une photographie", "text_reference": "l’usage"}]
    with database.begin() as connection:
        due_on = case_now(connection, reference).date() - timedelta(days=1)
        stated = {"id": "C1", "pieces": pieces, "reasons": "Pour voir.", "due_on": due_on}
        body = CompletionRequestBody.model_validate(stated)
        with pytest.raises(Unlawful) as refused:
            completions.register(connection, reference, body, b"1", agent)
        assert completions.find(connection, "C1") is None
    assert [(each.pointer, each.code) for each in refused.value.objections] == [
        ("/pieces/0/text_reference", "piece-without-text"),
        ("/due_on", "limit-in-the-past"),
    ]
