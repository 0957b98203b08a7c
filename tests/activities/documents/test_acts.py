"""The act that issues a document of any kind that is kept in a case."""

import pytest
from temporalio.exceptions import ApplicationError

from activities.documents.acts import StoredDocumentActs
from models.labels import DocumentKind
from models.messages.case import DocumentOrder, Ref
from models.store.database import Database
from tests import bank_changes
from tests.activities.documents.test_issue import types
from tests.cases import an_agent, file_a_case
from tests.models.store.claims import builders, reviewed


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


def test_a_change_of_account_is_not_signed_once_the_delegation_of_its_decision_ended(
    database: Database, papers: StoredDocumentActs
) -> None:
    reference, agent = builders.authorize(database), an_agent(database)
    number = bank_changes.ask(database, reference)
    bank_changes.acknowledge(database, reference, number)
    bank_changes.decide(database, reference, number, agent)
    reviewed.end_delegations(database, agent)
    order = DocumentOrder(reference=reference, id=number, kind=DocumentKind.BANK_CHANGE_DECISION)
    assert papers.issue_document(order) is None
    assert papers.issue_document(order) is None
    assert types(database, reference)[-2:] == ["bank_change_decided", "bank_change_decision_lapsed"]
    assert builders.broken(database) == []
    bank_changes.decide(database, reference, number, id="B-again")
    assert papers.issue_document(order)
    assert types(database, reference).count("bank_change_decided") == 2
    assert builders.broken(database) == []
