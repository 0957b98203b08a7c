"""A preview shows what would be signed, meets the same conflicts as the decision, and leaves nothing behind."""

import io
import json
import re

import pypdf
import pytest
from sqlalchemy import text

from activities.documents.acts import StoredDocumentActs
from activities.documents.render import ATTACHED
from activities.signing.acts import DocumentSigner
from models.bodies.completion import CompletionRequestBody
from models.bodies.decision import GrantBody, RefusalBody
from models.messages.case import Ref
from models.store.cases import decisions, documents
from models.store.cases.decisions import Proposal
from models.store.claims.proposals import ClaimRefusalProposal, CompletionProposal
from models.store.claims.records import ClaimRecord
from models.store.database import Database
from models.store.journal.events import Actor
from models.store.operations import jobs
from models.store.operations.jobs import JobResult
from tests.cases import GROUNDS, an_agent, file_a_case, in_a_month, register_a_decision, request_pieces
from tests.judging import verify
from tests.models.store.claims import reviewed
from tests.verapdf import violations

PIECES = {
    "pieces": [{"code": "circumstances", "label": "Précisions", "text_reference": "R. 5122-2"}],
    "reasons": "Les circonstances ne disent pas quels ateliers sont fermés.",
    "due_on": in_a_month(),
}
PARTIAL = {"employees": 30, "grounds": GROUNDS}
REFUSAL = {"outcome": "refusal", "grounds": GROUNDS}
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


def test_a_preview_of_a_request_for_pieces_says_what_the_sealed_one_says(
    database: Database, papers: StoredDocumentActs, signing: DocumentSigner
) -> None:
    reference, agent = file_a_case(database), an_agent(database)
    before = everything(database)
    pdf = drawn(database, papers, propose_pieces(database, reference, agent)).document
    assert everything(database) == before
    assert pdf
    assert verify(pdf, signing.trust).problems == ("Ce document n’est pas signé.",)
    asked = request_pieces(database, reference, agent, **PIECES)
    sealed = papers.seal_completion_request(Ref(reference=reference, id=asked))
    assert sealed
    with database.begin() as connection:
        final = documents.content(connection, sealed.id)
    assert _unmarked(pdf, MARKED, "PROJET") == _unmarked(final, SPECIMEN, "SPÉCIMEN")
    assert _attached(pdf) == _attached(final)
    again = drawn(database, papers, propose_pieces(database, reference, agent, id="C9"))
    assert (again.answer["slug"], again.document) == ("completion-pending", None)


def test_a_preview_of_the_refusal_of_a_claim_says_what_the_signed_one_says(
    database: Database, papers: StoredDocumentActs, signing: DocumentSigner
) -> None:
    claim, agent = reviewed.reviewed(database), an_agent(database)
    before = everything(database)
    pdf = drawn(database, papers, propose_claim_refusal(database, claim, agent)).document
    assert everything(database) == before
    assert pdf
    assert verify(pdf, signing.trust).problems == ("Ce document n’est pas signé.",)
    assert reviewed.refuse(database, claim, agent) == "done"
    stands = drawn(database, papers, propose_claim_refusal(database, claim, agent))
    assert (stands.answer["slug"], stands.document) == ("claim-settled", None)
    signed = papers.sign_claim_refusal(Ref(reference=claim.reference, id=claim.id))
    assert signed
    with database.begin() as connection:
        final = documents.content(connection, signed.id)
    assert _unmarked(pdf, MARKED, "PROJET") == _unmarked(final, SPECIMEN, "SPÉCIMEN")
    assert _attached(pdf) == _attached(final)


def propose_claim_refusal(database: Database, claim: ClaimRecord, agent: Actor) -> Ref:
    """Submit a refusal of a claim to preview, as the API does."""
    proposed = ClaimRefusalProposal(
        reference=claim.reference, claim_id=claim.id, grounds=reviewed.CLAIM_GROUNDS, actor=agent
    )
    with database.begin() as connection:
        return Ref(reference=claim.reference, id=jobs.submit(connection, proposed.model_dump_json().encode()))


def propose_pieces(database: Database, reference: str, agent: Actor, **stated: object) -> Ref:
    """Submit a request for pieces to preview, as the API does."""
    body = CompletionRequestBody.model_validate({"id": "P1"} | PIECES | stated)
    proposed = CompletionProposal(reference=reference, body=body, digest="00", actor=agent)
    with database.begin() as connection:
        return Ref(reference=reference, id=jobs.submit(connection, proposed.model_dump_json().encode()))


def _unmarked(pdf: bytes, sentence: str, mark: str) -> str:
    """The words of all pages, without its mark, the instant of composition, and what only a signed document has."""
    pages = words(pdf)
    assert sentence in pages[0]
    assert all(mark in page for page in pages)
    told = (" ".join(page.replace(sentence, "").replace(mark, "").split()) for page in pages)
    return " ".join(_OWN.sub("", page).strip() for page in told)


_OWN = re.compile(
    r"à \d+ h \d+ min \d+ s, heure|électroniquement le .*?UTC\+\d+\)"
    r"|N° \w{11}-[A-Z]+[\d-]+ |Dossier \w{9}(, document \w{11}-[A-Z]+[\d-]+)?\. Pour vérifier .*$"
)
"""The instant of the signature; the number of a document, which a draft has not; the foot of a page."""


def _attached(pdf: bytes) -> dict[str, object]:
    """The attached data, without what only a signed document has: its number and its code."""
    (data,) = pypdf.PdfReader(io.BytesIO(pdf)).attachments[ATTACHED]
    return {name: value for name, value in json.loads(data).items() if name not in ("serial", "code")}


def test_a_long_preview_is_marked_on_every_page(database: Database, papers: StoredDocumentActs) -> None:
    grounds = GROUNDS + [
        f"Article R. 5122-1 : motif n° {rank}. " + "Les faits sont établis. " * 40 for rank in range(9)
    ]
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
