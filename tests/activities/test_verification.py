"""The act that verifies: the register is asked, the file is judged once, its bytes are dropped."""

import pytest

from activities import verification
from activities.documents.acts import StoredDocumentActs
from activities.signing.acts import DocumentSigner
from activities.signing.verdicts import IsRegistered
from activities.verification import StoredVerificationActs
from models.messages.case import Ref
from models.messages.verification import Upload, Verification
from models.store.cases import documents
from models.store.database import Database
from models.store.operations import jobs
from tests.cases import an_agent, file_a_case, register_a_decision
from tests.judging import an_examiner


@pytest.fixture
def verifying(database: Database, signing: DocumentSigner) -> StoredVerificationActs:
    return StoredVerificationActs(database, signing.trust, an_examiner())


def verdict_on(database: Database, verifying: StoredVerificationActs, content: bytes) -> Verification:
    """Have a file judged twice; the second time there is nothing left to judge."""
    with database.begin() as connection:
        upload = Upload(id=jobs.submit(connection, content))
    verifying.verify_document(upload)
    verifying.verify_document(upload)
    with database.begin() as connection:
        assert jobs.find_input(connection, upload.id) is None
        done = jobs.take_result(connection, upload.id)
        assert jobs.take_result(connection, upload.id) is None
    assert done
    return Verification.model_validate(done.answer)


def test_an_uploaded_document_is_judged_once_and_dropped(
    database: Database, papers: StoredDocumentActs, verifying: StoredVerificationActs
) -> None:
    reference = file_a_case(database)
    receipt = papers.issue_receipt(Ref(reference=reference, id="1"))
    with database.begin() as connection:
        content = documents.content(connection, receipt.id)
    verdict = verdict_on(database, verifying, content)
    assert (verdict.valid, verdict.registered, verdict.case_reference) == (True, True, reference)


def test_a_decision_signed_but_not_published_is_not_in_the_register(
    database: Database, papers: StoredDocumentActs, verifying: StoredVerificationActs
) -> None:
    reference = file_a_case(database)
    decision = register_a_decision(database, reference, an_agent(database))
    signed = papers.sign_decision(Ref(reference=reference, id=decision))
    assert signed
    with database.begin() as connection:
        content = documents.content(connection, signed.id)
    assert verdict_on(database, verifying, content).registered is False


def test_a_document_just_found_valid_is_not_judged_again_but_later_it_is(
    database: Database,
    papers: StoredDocumentActs,
    verifying: StoredVerificationActs,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    receipt = papers.issue_receipt(Ref(reference=file_a_case(database), id="1"))
    with database.begin() as connection:
        content = documents.content(connection, receipt.id)
    first = verdict_on(database, verifying, content)
    judged: list[bytes] = []

    def judge(read: bytes, _known: IsRegistered) -> Verification:
        judged.append(read)
        return first

    monkeypatch.setattr(verifying._judge, "verify", judge)
    assert verdict_on(database, verifying, content) == first
    assert judged == []
    monkeypatch.setattr(verification, "LIFETIME", 0.0)
    assert verdict_on(database, verifying, content) == first
    assert judged == [content]
