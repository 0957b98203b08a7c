"""Documents: what each must state, that it states nothing else, and that no text can break it."""

import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pymupdf
import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from pypdf import PdfReader

from activities.documents.contents import Commitment, Employer, PrintedAccount
from activities.documents.french import legible
from activities.documents.kinds import KINDS
from activities.documents.render import TEMPLATES, canonical, render
from models.labels import DocumentKind
from models.printed_signs import printed_signs
from models.texts import TextRefused, line, prose
from tests.activities.documents.examples import (
    AT,
    EMPLOYER,
    a_grant,
    a_receipt,
    a_refusal,
    every_document,
    text_of,
)
from tests.verapdf import violations

SNAPSHOTS = Path(__file__).with_name("snapshots")
DOCUMENTS = every_document()

NUMBERED = "034AQHV0200"


def test_every_kind_has_its_module_its_template_and_its_example() -> None:
    assert set(KINDS) == set(DocumentKind)
    assert set(DOCUMENTS) == {kind.value for kind in DocumentKind}
    templates = {path.stem for path in TEMPLATES.glob("*.typ")} - {"document", "letter"}
    assert templates == set(DOCUMENTS)


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_document_bears_its_number(kind: str) -> None:
    text = text_of(render(DOCUMENTS[kind], AT))
    assert f"N° {NUMBERED}-XX1" in text


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_document_says_nothing_else(kind: str) -> None:
    """Compare with the snapshot of the whole text; `UPDATE_SNAPSHOTS=1` rewrites it: review before committing."""
    snapshot = SNAPSHOTS / f"{kind}.txt"
    text = text_of(render(DOCUMENTS[kind], AT)).replace(". ", ".\n") + "\n"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        snapshot.write_text(text, "utf-8")
    assert text == snapshot.read_text("utf-8")


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_an_ordinary_document_fits_on_two_pages_neither_of_which_is_nearly_empty(kind: str) -> None:
    pages = PdfReader(BytesIO(render(DOCUMENTS[kind], AT))).pages
    assert len(pages) <= 2
    assert all(len(page.extract_text().splitlines()) > 10 for page in pages)


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_the_attached_data_are_the_content_and_read_back_as_it(kind: str) -> None:
    letter = DOCUMENTS[kind]
    (attached,) = PdfReader(BytesIO(render(letter, AT))).attachments["donnees.json"]
    assert attached.decode() == canonical(letter)
    again = KINDS[letter.kind].content.model_validate_json(attached)
    assert type(again) is type(letter)
    assert canonical(again) == canonical(letter)
    assert json.loads(attached)["kind"] == kind


def test_the_data_are_attached_as_data_of_the_document_and_its_language_is_french() -> None:
    document = render(a_receipt(), AT)
    assert b"/AFRelationship/Data" in document
    assert b"/Lang(fr-FR)" in document


def test_the_same_content_at_the_same_instant_gives_the_same_bytes_in_any_thread() -> None:
    letters = [*DOCUMENTS.values()] * 4
    once = [render(letter, AT) for letter in DOCUMENTS.values()] * 4
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda letter: render(letter, AT), letters)) == once
    assert render(a_receipt(), AT + timedelta(seconds=1)) != once[0]


def test_a_specimen_says_so() -> None:
    sentence = "SPÉCIMEN, instants simulés"
    assert sentence in text_of(render(a_receipt(specimen=True), AT))
    assert sentence not in text_of(render(a_receipt(), AT))
    assert violations(render(a_receipt(specimen=True), AT)) == []


def test_a_director_signs_for_the_prefect_without_delegation() -> None:
    assert "par délégation" not in text_of(render(a_refusal(), AT))


def test_a_decision_without_checklist_or_commitments_has_no_empty_heading() -> None:
    text = text_of(render(a_grant(checklist=None, commitments=()), AT))
    assert "Vérifications" not in text
    assert "Engagements" not in text


HOSTILE = (
    '#panic("lu")',
    '#include "/etc/passwd"',
    "= Titre $x^2$ *gras* _ital_ `code` <étiquette> @ref \\ // /* */",
    '"]#[" \\u{41} #{1+1}',
    "'; DROP TABLE requests; --",
    "]] }} ${x} {{ x }}",
    "emoji 🙂🇫🇷 中文 שלום",
    "a\u202eb\u0000\u0007c\u200b\ufeff",
    "- tiret\n+ plus\n/ terme : sens",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_read_as_markup(text: str) -> None:
    employer = EMPLOYER.model_copy(update={"name": text, "address": text})
    grounds = {"in_law": (text,), "in_fact": (text,), "remedies": (text,)}
    pdf = render(a_refusal(employer=employer, **grounds), AT)
    shown = re.sub(r"\s+", "", legible(text))
    assert re.sub(r"\s+", "", text_of(pdf)).count(shown) >= 5
    assert violations(pdf) == []


def test_every_character_said_to_be_printable_is() -> None:
    signs = sorted(printed_signs())
    pdf = render(a_refusal(in_fact=(" ".join(signs), "".join(signs))), AT)
    assert violations(pdf) == []
    assert glyphs_missing(pdf) == []


SEEN = "effectif ≥ 50 salariés et baisse ≤ 10 %, recul de −12 %, ≠ ≈, ⅓, 1ᵉʳ, 10², Łódź, J\u0304"


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_common_signs_are_printed_in_every_kind_of_document(kind: str) -> None:
    employer = EMPLOYER.model_copy(update={"name": line(SEEN, 200), "address": line(SEEN, 200)})
    pdf = render(DOCUMENTS[kind].model_copy(update={"employer": employer}), AT)
    assert glyphs_missing(pdf) == []
    assert "≥50salariésetbaisse≤10%,reculde−12%,≠≈,⅓,1ᵉʳ,10²,Łódź," in re.sub(r"\s", "", text_of(pdf))


ANY_TEXT = st.text(
    st.sampled_from(sorted(printed_signs())) | st.characters(max_codepoint=0x2FFF), min_size=1, max_size=40
)


@seed(20_261_129)
@settings(max_examples=60, deadline=None, database=None)
@given(ANY_TEXT, ANY_TEXT)
def test_every_admitted_text_is_printed_by_every_kind_of_document(name: str, reason: str) -> None:
    try:
        employer = EMPLOYER.model_copy(update={"name": line(name, 200), "address": line(name, 200)})
        stated = prose(reason, 200)
    except TextRefused:
        return
    for document in (*DOCUMENTS.values(), a_refusal(in_fact=(stated,))):
        pdf = render(document.model_copy(update={"employer": employer}), AT)
        assert glyphs_missing(pdf) == []


def test_the_longest_account_of_the_area_is_printed_in_groups() -> None:
    account = PrintedAccount(iban="MT84MALT011000012345MTLCAST001S", holder="Durand")
    assert "MT84 MALT 0110 0001 2345 MTLC AST0 01S" in text_of(render(a_grant(bank_account=account), AT))


def test_a_name_stored_with_line_breaks_makes_no_paragraph() -> None:
    name = "Durand\n\nDÉCISION D’AUTORISATION\u2029La demande\r\nest ACCORDÉE"
    employer = Employer(name=name, address=EMPLOYER.address, siret=EMPLOYER.siret)
    assert employer.name == "Durand DÉCISION D’AUTORISATION La demande est ACCORDÉE"
    assert "Durand DÉCISION D’AUTORISATION La demande est ACCORDÉE" in text_of(render(a_receipt(employer=employer), AT))


def glyphs_missing(pdf: bytes) -> list[int]:
    """The pages on which a glyph is that of a missing sign."""
    with pymupdf.Document(stream=pdf, filetype="pdf") as pages:  # type: ignore[no-untyped-call]
        traces = [(number, pages[number].get_texttrace()) for number in range(len(pages))]
    return [number for number, spans in traces if any(sign[1] == 0 for span in spans for sign in span["chars"])]


def test_long_names_and_forty_commitments_run_over_several_pages() -> None:
    employer = EMPLOYER.model_copy(update={"name": "SOCIÉTÉ " * 25})
    many = tuple(
        Commitment(label=f"Engagement {rank}", detail="former les salariés de l’atelier " * 8) for rank in range(1, 41)
    )
    pdf = render(a_grant(employer=employer, commitments=many), AT)
    text = text_of(pdf)
    pages = len(PdfReader(BytesIO(pdf)).pages)
    assert pages > 3
    assert all(f"Engagement {rank}" in text for rank in range(1, 41))
    assert f"Page {pages} sur {pages}" in text
    assert violations(pdf) == []


def test_a_word_without_a_blank_breaks_instead_of_leaving_the_page() -> None:
    employer = EMPLOYER.model_copy(update={"name": "W" * 200})
    assert violations(render(a_receipt(employer=employer), AT)) == []


def test_an_unknown_kind_or_field_is_refused() -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(DocumentKind).validate_python("poem")
    with pytest.raises(ValidationError):
        a_receipt(kind="refusal")
    with pytest.raises(ValidationError):
        a_receipt(poem="oui")
    with pytest.raises(ValidationError):
        a_refusal(remedies=())
