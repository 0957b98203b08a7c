"""Décision d'autorisation partielle : le surplus est refusé, avec motifs et voies de recours (R. 5122-4)."""

from typing import Annotated, Final, Literal

from pydantic import Field

from activities.documents.compose import CaseFile
from activities.documents.contents import Commitment, DecisionContent, GrantedTerms, Text
from activities.documents.decisions import (
    decision_document,
    decision_fields,
    granted_fields,
    refusal_fields,
)
from models.labels import DocumentKind
from models.store.cases import decisions


class PartialGrant(DecisionContent):
    """What a partial grant states."""

    kind: Literal[DocumentKind.PARTIAL_GRANT] = DocumentKind.PARTIAL_GRANT
    granted: GrantedTerms
    commitments: tuple[Commitment, ...] = ()
    in_law: Annotated[tuple[Text, ...], Field(min_length=1)]
    in_fact: Annotated[tuple[Text, ...], Field(min_length=1)]
    remedies: Annotated[tuple[Text, ...], Field(min_length=1)]


def compose(case: CaseFile, decision_id: str) -> PartialGrant:
    """Read a decision that grants less than was asked."""
    decision = decisions.get(case.connection, decision_id)
    return PartialGrant.model_validate(
        decision_fields(case) | granted_fields(decision) | refusal_fields(case, decision)
    )


DESCRIPTOR: Final = decision_document(
    DocumentKind.PARTIAL_GRANT, PartialGrant, compose, "Décision d’autorisation partielle"
)
