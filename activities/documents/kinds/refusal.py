"""Décision de refus, motivée en droit et en fait, avec délais et voies de recours (R. 5122-4 ; CRPA L. 211-5)."""

from typing import Annotated, Final, Literal

from pydantic import Field

from activities.documents.compose import CaseFile
from activities.documents.contents import DecisionContent, Text
from activities.documents.decisions import decision_document, decision_fields, refusal_fields
from models.labels import DocumentKind
from models.store.cases import decisions


class Refusal(DecisionContent):
    """What a refusal states."""

    kind: Literal[DocumentKind.REFUSAL] = DocumentKind.REFUSAL
    in_law: tuple[Text, ...]
    """Empty in decisions that an earlier release registered without it: nothing is added in the agent’s place."""
    in_fact: tuple[Text, ...]
    remedies: Annotated[tuple[Text, ...], Field(min_length=1)]


def compose(case: CaseFile, decision_id: str) -> Refusal:
    """Read a decision that refuses the request."""
    decision = decisions.get(case.connection, decision_id)
    return Refusal.model_validate(decision_fields(case) | refusal_fields(case, decision))


DESCRIPTOR: Final = decision_document(DocumentKind.REFUSAL, Refusal, compose, "Décision de refus", "DR")
