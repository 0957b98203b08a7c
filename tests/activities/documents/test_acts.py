"""The act that issues a document of any kind that is kept in a case."""

import pytest
from temporalio.exceptions import ApplicationError

from activities.documents.acts import StoredDocumentActs
from models.labels import DocumentKind
from models.messages.case import DocumentOrder, Ref
from models.store.database import Database
from tests.activities.documents.test_issue import types
from tests.cases import file_a_case


def an_order(reference: str, kind: DocumentKind) -> DocumentOrder:
    """Order a document about the first reception of a case."""
    return DocumentOrder(reference=reference, id="1", kind=kind)


def test_a_document_of_any_kind_is_issued_on_order(database: Database, papers: StoredDocumentActs) -> None:
    reference = file_a_case(database)
    issued = papers.issue_document(an_order(reference, DocumentKind.RECEIPT))
    assert issued == papers.issue_receipt(Ref(reference=reference, id="1"))
    assert types(database, reference) == ["request_received", "receipt_issued"]


def test_a_kind_that_no_case_keeps_is_an_error_of_the_program(database: Database, papers: StoredDocumentActs) -> None:
    with pytest.raises(ApplicationError) as wrong:
        papers.issue_document(an_order(file_a_case(database), DocumentKind.ENROLMENT_RECEIPT))
    assert (wrong.value.type, wrong.value.non_retryable) == ("program", True)
