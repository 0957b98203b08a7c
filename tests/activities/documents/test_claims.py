"""Documents of a claim: each made once, published with its event in the chain of the claim, and signed by a person."""

import io
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pypdf
import pytest
from sqlalchemy import text

from activities.documents.acts import StoredDocumentActs
from activities.signing.acts import DocumentSigner
from law.amounts import euros_in_french
from models.claim_labels import ClaimState
from models.engine.names import claim_process
from models.labels import DocumentKind
from models.messages.case import DocumentOrder, DocumentRef, Ref
from models.store.cases import documents
from models.store.claims import liquidation, nominal_files, steps, visas
from models.store.claims.records import ClaimRecord
from models.store.database import Database
from models.store.people import notices
from tests import bank_changes
from tests.activities.documents.test_issue import PRINTED_IBAN, text_of
from tests.cases import AUTHOR, an_agent
from tests.judging import verify
from tests.models.store.agency.builders import name_people
from tests.models.store.claims import builders, reviewed
from tests.models.store.claims.real_lines import SENTINEL_NAME, SENTINEL_NIR, stage_real


def receipt_of(papers: StoredDocumentActs, claim: ClaimRecord) -> DocumentRef | None:
    order = DocumentOrder(reference=claim.reference, id=claim.id, kind=DocumentKind.CLAIM_RECEIPT)
    return papers.issue_document(order)


def agreed(database: Database, claim: ClaimRecord | None = None) -> Ref:
    """A claim that an agent agreed to."""
    claim = claim or reviewed.reviewed(database)
    assert reviewed.agree(database, claim, an_agent(database)) == "done"
    return named(database, claim)


def named(database: Database, claim: ClaimRecord) -> Ref:
    """An agreed claim whose people are in a nominal file."""
    name_people(database, claim)
    return Ref(reference=claim.reference, id=claim.id)


def mailed(database: Database, claim: ClaimRecord) -> list[str]:
    with database.begin() as connection:
        waiting = notices.list_unsent(connection, claim_process(claim.subject))
    return [each.kind for each in waiting]


def test_a_receipt_is_sealed_numbered_by_its_claim_published_and_announced(
    database: Database, papers: StoredDocumentActs, signing: DocumentSigner
) -> None:
    claim = builders.claim(database, builders.authorize(database))
    receipt = receipt_of(papers, claim)
    words = text_of(database, receipt)
    assert receipt
    with database.begin() as connection:
        assert verify(documents.content(connection, receipt.id), signing.trust, online=True).valid
        stored = documents.find(connection, claim.reference, "claim_receipt", f"claim/{claim.id}")
    assert stored is not None
    assert stored.serial == f"{claim.reference}00-RI-2026-12-1-1"
    assert stored.published_at is not None
    for expected in (AUTHOR, "décembre 2026, partie 1, version 1", "7 heures", "83,30 €", "84,30 €"):
        assert expected in words.replace("\u202f", " ").replace("\u00a0", " ")
    assert builders.story(database, claim.id) == ["claim_received", "claim_receipt_issued"]
    assert mailed(database, claim) == ["claim_receipt"]
    assert builders.broken(database) == []


def test_receipts_of_many_claims_at_once_have_each_its_number(database: Database, papers: StoredDocumentActs) -> None:
    reference = builders.authorize(database)
    people = [builders.a_person(number) for number in range(1, 7)]
    filed = [builders.claim(database, reference, person, part=part) for part, person in enumerate(people, start=1)]
    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(lambda claim: receipt_of(papers, claim), [*filed, *filed]))
    assert len({each.id for each in made if each}) == 6
    assert all(builders.story(database, each.id).count("claim_receipt_issued") == 1 for each in filed)


def test_a_claim_is_signed_once_by_who_agreed_with_the_account_of_the_decision_and_no_person(
    database: Database, papers: StoredDocumentActs, signing: DocumentSigner
) -> None:
    claim = builders.admit(database, stage_real(database, builders.authorize(database)))
    with database.begin() as connection:
        assert steps.take(connection, claim.id, ClaimState.UNDER_REVIEW)
        (rate,) = liquidation.list_rates(connection, claim.id)
    ref = agreed(database, claim)
    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(papers.sign_claim, [ref] * 4))
    assert len(made) == 1
    signed = made.pop()
    assert signed
    words = text_of(database, signed).replace("\u202f", " ").replace("\u00a0", " ")
    with database.begin() as connection:
        verdict = verify(documents.content(connection, signed.id), signing.trust, online=True)
    assert verdict.valid
    assert verdict.signer == "Nadia Perrin"
    assert rate.hourly is not None
    product = f"{euros_in_french(rate.hourly)} 7 {euros_in_french(7 * rate.hourly)}".replace("\u00a0", " ")
    for expected in (PRINTED_IBAN, "Nadia Perrin", product, "article 5", "42 salariés au plus"):
        assert expected in words
    for hidden in (AUTHOR, SENTINEL_NAME, SENTINEL_NIR, "Anne"):
        assert hidden not in words
    assert builders.state(database, ref.id) == ClaimState.SIGNED
    assert builders.story(database, ref.id).count("claim_signed") == 1
    assert builders.broken(database) == []


def test_a_claim_agreed_by_an_instruction_says_so_and_names_the_file_of_its_people(
    database: Database, papers: StoredDocumentActs
) -> None:
    agent = an_agent(database)
    reviewed.instruct(database, agent)
    claim = reviewed.reviewed(database)
    assert reviewed.agree_by_instruction(database, claim)
    words = text_of(database, papers.sign_claim(named(database, claim)))
    assert "instruction permanente donnée par Nadia Perrin le" in words
    with database.begin() as connection:
        digest = nominal_files.find_digest(connection, claim.id) or "none"
        stated = connection.execute(_NOMINAL, {"subject": claim.chain}).scalar_one()
    assert digest in "".join(words.split())
    assert stated == digest


_NOMINAL = text("SELECT data ->> 'nominal' FROM event WHERE subject = :subject AND type = 'claim_signed'")


def test_a_claim_is_not_signed_before_the_file_of_its_people_is_made(
    database: Database, papers: StoredDocumentActs
) -> None:
    claim = reviewed.reviewed(database)
    assert reviewed.agree(database, claim, an_agent(database)) == "done"
    assert papers.sign_claim(Ref(reference=claim.reference, id=claim.id)) is None
    assert builders.state(database, claim.id) == ClaimState.AGREED
    assert papers.sign_claim(named(database, claim)) is not None
    assert builders.state(database, claim.id) == ClaimState.SIGNED


@pytest.mark.parametrize("ending", ["delegation", "account", "certificate", "bank account", "authority"])
def test_what_ended_between_visa_and_signature_signs_nothing(
    database: Database, papers: StoredDocumentActs, ending: str
) -> None:
    agent, claim = an_agent(database), reviewed.reviewed(database)
    assert reviewed.agree(database, claim, agent) == "done"
    if ending == "delegation":
        reviewed.end_delegations(database, agent)
    elif ending == "account":
        reviewed.close(database, agent)
    else:
        with database.begin() as connection:
            changed = {
                "certificate": "UPDATE delegation SET certificate = 'gone'",
                "bank account": "UPDATE nominal SET iban = 'FR7630006000011234567890189'",
                "authority": "UPDATE authority SET ended_at = now(), ending = 'revoked'",
            }
            connection.execute(text(changed[ending]))
    ref = Ref(reference=claim.reference, id=claim.id)
    assert papers.sign_claim(ref) is None
    assert papers.sign_claim(ref) is None
    assert builders.state(database, claim.id) == ClaimState.UNDER_REVIEW
    assert builders.story(database, claim.id)[-2:] == ["claim_agreed", "claim_agreement_lapsed"]
    assert reviewed.count_visas(database, claim) == 1


def test_what_was_composed_under_a_visa_is_not_signed_under_the_next_one(
    database: Database, papers: StoredDocumentActs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The signature takes long; meanwhile the agreement lapses and the same agent gives another."""
    agent, claim = an_agent(database), reviewed.reviewed(database)
    assert reviewed.agree(database, claim, agent) == "done"
    sign = DocumentSigner.sign

    def late(*arguments: Any) -> bytes:
        with database.begin() as connection:
            assert visas.lapse(connection, claim.id)
        assert reviewed.agree(database, claim, agent) == "done"
        return sign(*arguments)

    ref = named(database, claim)
    with monkeypatch.context() as patched:
        patched.setattr(DocumentSigner, "sign", late)
        assert papers.sign_claim(ref) is None
    assert builders.state(database, claim.id) == ClaimState.AGREED
    assert papers.sign_claim(ref)
    assert builders.story(database, claim.id).count("claim_signed") == 1


def test_what_was_composed_with_one_account_is_not_signed_once_it_is_another(
    database: Database, papers: StoredDocumentActs, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = reviewed.reviewed(database, reference=builders.authorize(database))
    ref, sign = agreed(database, claim), DocumentSigner.sign
    number = bank_changes.ask(database, ref.reference)
    bank_changes.acknowledge(database, ref.reference, number)
    bank_changes.decide(database, ref.reference, number)

    def late(*arguments: Any) -> bytes:
        bank_changes.take_effect(database, ref.reference, number)
        return sign(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(DocumentSigner, "sign", late)
        assert papers.sign_claim(ref) is None
    assert builders.state(database, ref.id) == ClaimState.AGREED
    assert PRINTED_IBAN not in text_of(database, papers.sign_claim(ref))
    assert builders.broken(database) == []


def test_a_refusal_is_signed_with_its_reasons_and_ends_the_claim(
    database: Database, papers: StoredDocumentActs
) -> None:
    claim = reviewed.reviewed(database)
    assert reviewed.refuse(database, claim, an_agent(database)) == "done"
    ref = Ref(reference=claim.reference, id=claim.id)
    signed = papers.sign_claim_refusal(ref)
    assert signed == papers.sign_claim_refusal(ref)
    words = text_of(database, signed)
    for expected in ("est refusée", "Douze salariés étaient en congé", "tribunal administratif", "Nadia Perrin"):
        assert expected in words
    assert builders.state(database, claim.id) == ClaimState.REFUSED
    assert builders.entitlement(database, claim.reference).admitted_hours == Decimal(0)
    assert "sans ajouter ni salarié, ni heure, ni indemnité, dans les 2 mois" in words
    assert mailed(database, claim) == ["claim_refusal"]
    with database.begin() as connection:
        (told,) = notices.list_unsent(connection, claim_process(claim.subject))
    assert told.data == {"sense": "dated", "on": "2027-08-31"}
    assert builders.broken(database) == []


def test_a_claim_that_was_replaced_before_its_signature_is_not_signed(
    database: Database, papers: StoredDocumentActs
) -> None:
    claim = reviewed.reviewed(database)
    ref = agreed(database, claim)
    builders.claim(database, claim.reference, replaces=claim.id)
    assert papers.sign_claim(ref) is None
    assert builders.state(database, claim.id) == ClaimState.REPLACED


def test_the_data_attached_to_a_signed_claim_name_no_person(database: Database, papers: StoredDocumentActs) -> None:
    signed = papers.sign_claim(agreed(database))
    assert signed
    with database.begin() as connection:
        pdf = documents.content(connection, signed.id)
    attached = pypdf.PdfReader(io.BytesIO(pdf)).attachments["donnees.json"][0].decode()
    assert builders.blind(1).hex() not in attached
    assert AUTHOR not in attached


def test_a_receipt_prints_what_the_employer_said_of_the_establishment(
    database: Database, papers: StoredDocumentActs
) -> None:
    claim = builders.claim(database, builders.authorize(database), structural=True)
    words = text_of(database, receipt_of(papers, claim)).replace("\u00a0", " ")
    assert "Heures au-delà de la durée légale heures supplémentaires structurelles" in " ".join(words.split())
    assert "Jours fériés" not in words
