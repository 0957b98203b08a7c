"""Décision d'autorisation partielle : le surplus est refusé, avec motifs et voies de recours (R. 5122-4)."""

from typing import Annotated, Final, Literal

from pydantic import Field

from activities.documents.compose import CaseFile
from activities.documents.contents import GrantContent, Text
from activities.documents.decisions import (
    decision_document,
    decision_fields,
    granted_fields,
    refusal_fields,
)
from models.labels import DocumentKind
from models.store.cases import decisions


class PartialGrant(GrantContent):
    """What a partial grant states."""

    kind: Literal[DocumentKind.PARTIAL_GRANT] = DocumentKind.PARTIAL_GRANT
    in_law: tuple[Text, ...]
    in_fact: tuple[Text, ...]
    remedies: Annotated[tuple[Text, ...], Field(min_length=1)]


def compose(case: CaseFile, decision_id: str) -> PartialGrant:
    """Read a decision that grants less than was asked."""
    decision = decisions.get(case.connection, decision_id)
    return PartialGrant.model_validate(
        decision_fields(case) | granted_fields(case, decision) | refusal_fields(case, decision)
    )


DESCRIPTOR: Final = decision_document(
    DocumentKind.PARTIAL_GRANT, PartialGrant, compose, "Décision d’autorisation partielle", "DAP"
)
