"""A preview shows what would be signed, meets the same conflicts as the decision, and leaves nothing behind."""

import io

import pypdf
import pytest
from sqlalchemy import text

from activities.documents.acts import StoredDocumentActs
from activities.documents.render import ATTACHED
from activities.signing.acts import DocumentSigner
from activities.signing.verify import verify
from models.bodies.decision import GrantBody, RefusalBody
from models.messages.case import Ref
from models.store.cases import decisions, documents
from models.store.cases.decisions import Proposal
from models.store.database import Database
from models.store.journal.events import Actor
from models.store.operations import jobs
from models.store.operations.jobs import JobResult
from tests.cases import an_agent, file_a_case, register_a_decision, request_pieces
from tests.verapdf import violations

PARTIAL = {"employees": 30, "grounds": ["R. 5122-1 : douze salariés restent occupés."]}
REFUSAL = {"outcome": "refusal", "grounds": ["Article R. 5122-1 : le motif n’est pas établi."]}
MARKED = "PROJET : ce document n’est ni signé ni notifié, et n’a aucune valeur."
SPECIMEN = "SPÉCIMEN, instants simulés : ce document n’a aucune valeur."


def propose(database: Database, reference: str, agent: Actor, **stated: object) -> Ref:
    """Submit a decision to preview, as the API does."""
    shape = RefusalBody if stated.get("outcome") == "refusal" else GrantBody
    body = shape.model_validate({"id": "D1", "outcome": "grant"} | stated)
    proposed = Proposal(reference=reference, body=body, digest="00", actor=agent)
    with database.begin() as connection:
        return Ref(reference=reference, id=jobs.submit(connection, proposed.model_dump_json().encode()))


def drawn(database: Database, papers: StoredDocumentActs, ref: Ref) -> JobResult:
    papers.preview_decision(ref)
    with database.begin() as connection:
        done = jobs.take_result(connection, ref.id)
    assert done
    return done


def everything(database: Database) -> dict[str, int]:
    """Number of rows of each table."""
    with database.begin() as connection:
        names = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        return {
            name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
            for name in names.scalars().all()
        }


def words(pdf: bytes) -> list[str]:
    """The text of each page, one space between words."""
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


@pytest.mark.parametrize("stated", [{}, PARTIAL, REFUSAL], ids=["grant", "partial", "refusal"])
def test_a_preview_says_what_the_signed_decision_says(
    stated: dict[str, object], database: Database, papers: StoredDocumentActs, signing: DocumentSigner
) -> None:
    reference, agent = file_a_case(database), an_agent(database)
    before = everything(database)
    pdf = drawn(database, papers, propose(database, reference, agent, **stated)).document
    assert everything(database) == before
    assert pdf
    assert violations(pdf) == []
    assert verify(pdf, signing.trust).problems == ("Ce document n’est pas signé.",)
    signed = papers.sign_decision(
        Ref(reference=reference, id=register_a_decision(database, reference, agent, **stated))
    )
    assert signed
    with database.begin() as connection:
        final = documents.content(connection, signed.id)
    assert _unmarked(pdf, MARKED, "PROJET") == _unmarked(final, SPECIMEN, "SPÉCIMEN")
    assert _attached(pdf) == _attached(final)


def _unmarked(pdf: bytes, sentence: str, mark: str) -> list[str]:
    """The words of each page, without the draft mark and the instant of composition."""
    pages = words(pdf)
    assert sentence in pages[0]
    assert all(mark in page for page in pages)
    told = [" ".join(page.replace(sentence, "").replace(mark, "").split()) for page in pages]
    head, _, rest = told[0].partition("Document établi le ")
    return [head, rest.partition("UTC")[2], *told[1:]]


def _attached(pdf: bytes) -> list[bytes]:
    return pypdf.PdfReader(io.BytesIO(pdf)).attachments[ATTACHED]


def test_a_long_preview_is_marked_on_every_page(database: Database, papers: StoredDocumentActs) -> None:
    grounds = [f"Article R. 5122-1 : motif n° {rank}. " + "Les faits sont établis. " * 40 for rank in range(9)]
    ref = propose(database, file_a_case(database), an_agent(database), outcome="refusal", grounds=grounds)
    pages = words(drawn(database, papers, ref).document or b"")
    assert len(pages) > 2
    assert [page for page in pages if "PROJET" not in page] == []


def test_a_preview_meets_the_conflict_that_the_decision_would_meet(
    database: Database, papers: StoredDocumentActs
) -> None:
    reference, agent = file_a_case(database), an_agent(database)
    request_pieces(database, reference, agent)
    met = drawn(database, papers, propose(database, reference, agent))
    assert (met.answer["slug"], met.document) == ("completion-pending", None)
    assert "annulez-la" in str(met.answer["detail"])
    register_a_decision(database, reference, agent, id="D9", **REFUSAL)
    again = drawn(database, papers, propose(database, reference, agent, **REFUSAL))
    assert again.answer["slug"] == "already-decided"
    with database.begin() as connection:
        assert [each.id for each in decisions.list_of(connection, reference)] == ["D9"]


def test_what_was_proposed_is_drawn_once_and_dropped(database: Database, papers: StoredDocumentActs) -> None:
    ref = propose(database, file_a_case(database), an_agent(database))
    papers.preview_decision(ref)
    papers.preview_decision(ref)
    with database.begin() as connection:
        assert jobs.find_input(connection, ref.id) is None
        assert jobs.take_result(connection, ref.id)
        assert jobs.take_result(connection, ref.id) is None
    papers.preview_decision(ref)
