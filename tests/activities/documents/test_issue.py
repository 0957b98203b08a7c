"""Documents are created once, agree with the register, and are published together with their notices."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pypdf
import pytest
from temporalio.exceptions import ApplicationError

from activities.documents.acts import StoredDocumentActs
from activities.documents.compose import Composer
from activities.register import StoredRegisterActs
from activities.signing.acts import DocumentSigner
from local.programs import Authorities
from models.bodies.completion import Completion
from models.engine.names import authorization_id
from models.labels import DocumentKind
from models.messages.case import DocumentOrder, DocumentRef, Established, Notified, Ref, Void
from models.store.cases import completions, decisions, documents, requests
from models.store.database import Database
from models.store.journal import events
from models.store.people import notices
from tests.cases import AUTHOR, GROUNDS, IBAN, an_agent, attest, file_a_case, register_a_decision, request_pieces
from tests.judging import verify


def text_of(database: Database, ref: DocumentRef | None) -> str:
    """The words of a stored document, on one line."""
    assert ref
    with database.begin() as connection:
        pdf = documents.content(connection, ref.id)
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def kinds(database: Database, reference: str, *, published_only: bool = True) -> list[str]:
    with database.begin() as connection:
        return [each.kind for each in documents.list_of(connection, reference, published_only=published_only)]


def types(database: Database, reference: str) -> list[str]:
    with database.begin() as connection:
        assert events.broken_links(connection, reference) == []
        return [each.type for each in events.list_of(connection, reference)]


def letters(database: Database, reference: str) -> list[tuple[str, str]]:
    with database.begin() as connection:
        waiting = notices.list_unsent(connection, authorization_id(reference))
    return [(each.kind, each.account.role) for each in waiting]


def test_a_receipt_is_sealed_published_recorded_and_announced_in_one_go(
    database: Database, papers: StoredDocumentActs, signing: DocumentSigner
) -> None:
    reference = file_a_case(database)
    receipt = papers.issue_receipt(Ref(reference=reference, id="1"))
    words = text_of(database, receipt)
    with database.begin() as connection:
        fixed = requests.list_receipts(connection, reference)[0]
        verdict = verify(documents.content(connection, receipt.id), signing.trust, online=True)
    assert verdict.valid
    assert verdict.level == "B-T"
    for expected in (AUTHOR, f"{reference}00", "SPÉCIMEN", "heure de Paris", "DDETS", "Ateliers Durand"):
        assert expected in words
    assert f"{fixed.tacit_acceptance_at.astimezone().year}" in words
    assert types(database, reference) == ["request_received", "receipt_issued"]
    assert letters(database, reference) == [("receipt", "employer")]


def test_twice_and_in_parallel_one_receipt_is_kept(database: Database, papers: StoredDocumentActs) -> None:
    ref = Ref(reference=file_a_case(database), id="1")
    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(papers.issue_receipt, [ref] * 6))
    assert len(set(made)) == 1
    assert papers.issue_receipt(ref) == made[0]
    assert kinds(database, ref.reference) == ["receipt"]
    assert types(database, ref.reference).count("receipt_issued") == 1
    assert len(letters(database, ref.reference)) == 1


def test_a_completion_receipt_names_the_pieces_and_both_receptions(
    database: Database, papers: StoredDocumentActs, acts: StoredRegisterActs
) -> None:
    reference, agent = file_a_case(database), an_agent(database)
    asked = Ref(reference=reference, id=request_pieces(database, reference, agent))
    papers.seal_completion_request(asked)
    assert kinds(database, reference) == []
    found = acts.notify_completion_request(asked)
    assert isinstance(found, Notified)
    assert kinds(database, reference) == ["completion_request"]
    supply(database, reference)
    words = text_of(database, papers.issue_receipt(Ref(reference=reference, id="2")))
    assert "Récépissé de complétude" in words
    assert "Précisions" in words
    assert ("completion_receipt", "employer") in letters(database, reference)


def supply(database: Database, reference: str) -> None:
    with database.begin() as connection:
        employer = requests.get(connection, reference).account_id
        body = Completion.model_validate({"pieces": [{"code": "circumstances", "text": "Le voici."}]})
        actor = events.Actor(role="employer", account_id=employer)
        at = requests.received_now(connection) + timedelta(seconds=1)
        completions.supply(connection, reference, body, actor, at)


def test_a_request_for_pieces_that_was_taken_back_is_not_sealed(database: Database, papers: StoredDocumentActs) -> None:
    reference, agent = file_a_case(database), an_agent(database)
    asked = request_pieces(database, reference, agent)
    with database.begin() as connection:
        completions.cancel(connection, reference, asked, agent)
    assert papers.seal_completion_request(Ref(reference=reference, id=asked)) is None


PRINTED_IBAN = " ".join(IBAN[at : at + 4] for at in range(0, len(IBAN), 4))


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        ({}, "grant", ["Nadia Perrin", "12 000", PRINTED_IBAN, "Maintien dans l’emploi"]),
        (
            {"employees": 30, "hours": "8400.5", "grounds": GROUNDS},
            "partial_grant",
            ["8 400,5", PRINTED_IBAN, "le carnet de commandes est plein", "tribunal administratif"],
        ),
        (
            {"outcome": "refusal", "grounds": GROUNDS},
            "refusal",
            ["ne relève d’aucun motif", "tribunal administratif", "préfet de l’Hérault"],
        ),
    ],
)
def test_a_decision_is_signed_by_a_person_and_published_by_its_notification(
    database: Database,
    papers: StoredDocumentActs,
    acts: StoredRegisterActs,
    body: dict[str, object],
    kind: str,
    words: list[str],
) -> None:
    commitment = {"kind": "keep_jobs", "detail": "42 emplois", "until_on": "2027-06-30"}
    reference, agent = file_a_case(database, commitments=[commitment]), an_agent(database)
    attest(database, reference, agent)
    ref = Ref(reference=reference, id=register_a_decision(database, reference, agent, **body))
    signed = papers.sign_decision(ref)
    assert signed
    assert signed == papers.sign_decision(ref)
    assert kinds(database, reference) == []
    assert isinstance(acts.notify_decision(ref), Notified)
    assert kinds(database, reference) == [kind]
    shown = text_of(database, signed)
    for expected in (*words, "Le motif est établi.", "Nadia Perrin", "RGS"):
        assert expected in shown.replace("\u202f", " ").replace("\u00a0", " ")
    assert types(database, reference)[-2:] == ["decision_signed", "decision_notified"]


def test_a_decision_taken_back_is_not_signed(database: Database, papers: StoredDocumentActs) -> None:
    reference, agent = file_a_case(database), an_agent(database)
    ref = Ref(reference=reference, id=register_a_decision(database, reference, agent))
    with database.begin() as connection:
        decisions.cancel(connection, reference, ref.id, agent)
    assert papers.sign_decision(ref) is None
    assert kinds(database, reference, published_only=False) == []


def test_publishing_a_receipt_never_publishes_a_decision_of_the_same_name(
    database: Database, papers: StoredDocumentActs
) -> None:
    reference, agent = file_a_case(database), an_agent(database)
    papers.sign_decision(Ref(reference=reference, id=register_a_decision(database, reference, agent, id="1")))
    papers.issue_receipt(Ref(reference=reference, id="1"))
    assert kinds(database, reference) == ["receipt"]


def test_silence_is_attested_and_the_decision_it_overtook_is_said_to_be_void(
    database: Database, papers: StoredDocumentActs, acts: StoredRegisterActs
) -> None:
    reference, agent = file_a_case(database, left=timedelta(minutes=10)), an_agent(database)
    late = Ref(reference=reference, id=register_a_decision(database, reference, agent))
    papers.sign_decision(late)
    with database.begin() as connection:
        requests.advance(connection, reference, timedelta(minutes=11))
    assert isinstance(acts.notify_decision(late), Void)
    assert isinstance(acts.establish_silence(Ref(reference=reference, id="")), Established)
    attestation = papers.issue_attestation(Ref(reference=reference, id=""))
    order = DocumentOrder(reference=reference, id="", kind=DocumentKind.ATTESTATION)
    assert papers.issue_document(order) == attestation
    notice = papers.issue_void_notice(late)
    assert papers.issue_void_notice(late) == notice
    assert sorted(kinds(database, reference)) == ["attestation", "void_notice"]
    assert "Une décision d’autorisation a été enregistrée" in text_of(database, notice)
    assert "00 min 00 s" in text_of(database, attestation).replace("\u00a0", " ")
    assert letters(database, reference) == [
        ("attestation", "employer"),
        ("attestation", "signatory"),
        ("void_notice", "employer"),
        ("void_notice", "signatory"),
    ]


def test_only_production_with_a_true_clock_makes_documents_that_are_no_specimens(
    database: Database, signing: DocumentSigner
) -> None:
    real = StoredDocumentActs(database, signing, Composer("https://tacite.example", "production"))
    true, trained = file_a_case(database), file_a_case(database, law_on="2020-04-02")
    assert "SPÉCIMEN" not in text_of(database, real.issue_receipt(Ref(reference=true, id="1")))
    assert "SPÉCIMEN" in text_of(database, real.issue_receipt(Ref(reference=trained, id="1")))


def test_overseas_the_hour_is_that_of_the_place(database: Database, papers: StoredDocumentActs) -> None:
    reference = file_a_case(database, department="974")
    assert "heure de La Réunion (UTC+4)" in text_of(
        database, papers.issue_receipt(Ref(reference=reference, id="1"))
    ).replace("\u00a0", " ")


def test_the_second_time_stamp_authority_stands_in_for_the_first(
    database: Database, papers: StoredDocumentActs, authorities: Authorities
) -> None:
    ref = Ref(reference=file_a_case(database), id="1")
    with authorities.fault("refuse-first"):
        assert papers.issue_receipt(ref).kind == "receipt"


def test_a_broken_part_is_named_and_leaves_nothing_behind(
    database: Database, papers: StoredDocumentActs, authorities: Authorities, signing: DocumentSigner
) -> None:
    ref = Ref(reference=file_a_case(database), id="1")
    with (
        authorities.fault("refuse-first"),
        authorities.fault("refuse-second"),
        pytest.raises(ApplicationError) as broken,
    ):
        papers.issue_receipt(ref)
    assert (broken.value.type, broken.value.non_retryable) == ("timestamp", False)
    away = DocumentSigner(signing.seal_folder / "away", signing.signatories, signing.trust, signing.timestamps)
    with pytest.raises(ApplicationError) as broken:
        StoredDocumentActs(database, away, Composer("", "development")).issue_receipt(ref)
    assert (broken.value.type, broken.value.non_retryable) == ("signer", False)
    assert kinds(database, ref.reference, published_only=False) == []


def test_a_revoked_certificate_holds_the_document_until_it_is_put_back(
    database: Database, papers: StoredDocumentActs, authorities: Authorities
) -> None:
    ref = Ref(reference=file_a_case(database), id="1")
    with authorities.fault("revoke"), pytest.raises(ApplicationError) as revoked:
        papers.issue_receipt(ref)
    assert (revoked.value.type, revoked.value.message) == ("signer", "CertificateRevoked")
    assert kinds(database, ref.reference, published_only=False) == []
    assert papers.issue_receipt(ref).kind == "receipt"


def test_a_wrong_program_is_said_so_without_a_word_of_the_case(database: Database, papers: StoredDocumentActs) -> None:
    with pytest.raises(ApplicationError) as wrong:
        papers.issue_receipt(Ref(reference=file_a_case(database), id="7"))
    assert (wrong.value.type, wrong.value.non_retryable) == ("program", True)
    assert wrong.value.__cause__ is None
