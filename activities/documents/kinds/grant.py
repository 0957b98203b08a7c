"""Décision d'autorisation, pour tout ce qui était demandé (R. 5122-4)."""

from typing import Final, Literal

from activities.documents.compose import CaseFile
from activities.documents.contents import GrantContent
from activities.documents.decisions import decision_document, decision_fields, granted_fields
from models.labels import DocumentKind
from models.store.cases import decisions


class Grant(GrantContent):
    """What a grant states."""

    kind: Literal[DocumentKind.GRANT] = DocumentKind.GRANT


def compose(case: CaseFile, decision_id: str) -> Grant:
    """Read a decision that grants all that was asked."""
    decision = decisions.get(case.connection, decision_id)
    return Grant.model_validate(decision_fields(case) | granted_fields(case, decision))


DESCRIPTOR: Final = decision_document(DocumentKind.GRANT, Grant, compose, "Décision d’autorisation", "DA")
