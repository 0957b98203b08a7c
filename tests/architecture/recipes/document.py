"""A kind of document: a memo, sealed and published in a case."""

from tests.architecture.recipes.tree import Addition, Tree

MODULE = '''
    """Note au dossier: a toy."""

    from typing import Final, Literal

    from activities.documents.compose import CaseFile
    from activities.documents.contents import Content, Text
    from activities.documents.descriptor import CaseDocument, ImmediatePublication
    from activities.mail.mail_template import MailTemplate
    from models.labels import DocumentKind


    class Memo(Content):
        """What a memo states."""

        kind: Literal[DocumentKind.MEMO] = DocumentKind.MEMO
        words: Text


    def compose(case: CaseFile, about: str) -> Memo:
        """Print what the memo is about."""
        return Memo.model_validate(case.heading | {"words": about})


    DESCRIPTOR: Final = CaseDocument(
        kind=DocumentKind.MEMO,
        content=Memo,
        compose=compose,
        signing_reason="Note au dossier",
        series="NO",
        subject="memo/{about}",
        publication=ImmediatePublication(
            event="memo_issued",
            recipients=lambda _connection, request, _about: [request.account_id],
            mail=MailTemplate("Note au dossier {subject}", "Une note est au dossier {subject}."),
        ),
    )
'''
TEMPLATE = """
    // Note au dossier.
    #import "letter.typ": *

    #letter("Note au dossier")[
      #d.words
    ]
"""
TEST = '''
    """Note au dossier: an example, and what it must state."""

    from activities.documents.kinds.memo import Memo
    from tests.activities.documents.examples import HEADING, Example

    EXAMPLE = Example(Memo.model_validate(HEADING | {"words": "Le site a été visité."}), ("Le site a été visité",))


    def test_it_states_what_the_law_requires() -> None:
        assert EXAMPLE.missing() == []
'''
PROOF = """
from activities.documents.kinds import case_document
from models.labels import CaseEvent, DocumentKind
from starter.pages.employer.case_page import DOCUMENTS

memo = case_document(DocumentKind.MEMO)
assert memo.signing_reason == DOCUMENTS["memo"] == "Note au dossier"
assert memo.subject_of("visite") == "memo/visite"
assert CaseEvent.of(memo.publication.event).label == "Note scellée"
"""
TESTS = "tests/activities/documents"
SNAPSHOT_TEST = f"{TESTS}/test_render.py::test_a_document_says_nothing_else[memo]"


def add(tree: Tree) -> None:
    """Follow the recipe."""
    labels = "models/labels.py"
    tree.insert_after(labels, "ENROLMENT_RECEIPT = ", '    MEMO = "memo", "Note au dossier"\n')
    tree.insert_after(labels, "RECEIPT_ISSUED = ", '    MEMO_ISSUED = "memo_issued", "Note scellée"\n')
    tree.write("activities/documents/kinds/memo.py", MODULE)
    tree.write("activities/documents/templates/memo.typ", TEMPLATE)
    tree.write(f"{TESTS}/kinds/test_memo.py", TEST)
    tree.python("-m", "tests", "-q", SNAPSHOT_TEST, UPDATE_SNAPSHOTS="1")


ADDITION = Addition(
    recipe="To add a kind of document",
    names={"kind": "memo"},
    add=add,
    proof=PROOF,
    tests=(
        f"{TESTS}/kinds/test_memo.py",
        f"{TESTS}/test_render.py::test_every_kind_has_its_module_its_template_and_its_example",
        f"{TESTS}/test_render.py::test_the_attached_data_are_the_content_and_read_back_as_it[memo]",
        "tests/models/test_labels.py",
    ),
)
