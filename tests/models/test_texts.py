"""Texts that people write: one form of what a reader sees, refused with its place when it cannot be printed."""

import unicodedata
from time import process_time

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from models.printed_signs import unprinted
from models.texts import Line, Prose, TextForm, TextRefused, is_seen, line, prose, says_something, shown

PRINT_NOTHING = [
    *("\u200b", "\ufeff", "\u00ad", "\u2060", "\u200d", "\u034f", "\ufe0f", "\U000e0101", "\u180e"),
    *(" ", "\u00a0", "\u202f", "\u2003", "\u3000", "\t", "\n", "\u2028", "\u2800", "\u3164", "\u115f", "\uffa0"),
    *("\u2800 \u2800", " \u200b\n", "\ufe0f\ufe0f", "", "—", "- - -", "«\u00a0»", "...", "?!"),
    *("ː", "ˑ", "ˌ", "ˈ ʼ", "ʹ", "ͺ"),
]
REFUSED = {
    "\u202e\u202c": "invisible-sign",
    "Durand\u2066 SA": "invisible-sign",
    "Durand\u200f": "invisible-sign",
    "a\u061cb": "invisible-sign",
    "Durand\x1f": "invisible-sign",
    "\x9fDurand": "invisible-sign",
    "Du\x1b[1mrand": "invisible-sign",
    "a\U000e0041": "invisible-sign",
    "a\ufff9b": "invisible-sign",
    "Durand 中": "unprintable-sign",
    "Durand 🙂": "unprintable-sign",
    "אבג": "unprintable-sign",
    "كريم": "unprintable-sign",
    "देव": "unprintable-sign",
    "a\ue000": "unprintable-sign",
    "a\U0010ffff": "unprintable-sign",
    "a\u0378": "unprintable-sign",
    "lone \ud800": "unprintable-sign",
    "a\ufffd": "unprintable-sign",
    "\u0301a": "unprintable-sign",
    "x\u0489": "unprintable-sign",
    "A\u0302\u0303\u0304\u0306": "too-many-marks",
    "A\u0302\u200b\u0303\u034f\u0304\u0306": "too-many-marks",
}
READ_AS = {
    "  Société\u200b\t Durand ": "Société Durand",
    "Cafe\u0301": "Café",
    "ﬁn insuﬃsant ﬀ": "fin insuffisant ff",
    "ＡＢ　１２": "AB 12",
    "𝐃𝐮𝐫𝐚𝐧𝐝": "Durand",
    "50 ㎡": "50 m²",
    "10² ½ ⅓ 1ᵉʳ ≥ ≤ ≠ − ≈ €": "10² ½ ⅓ 1ᵉʳ ≥ ≤ ≠ − ≈ €",
    "Łukasz Đorđević Đặng Ørsted Œuvre": "Łukasz Đorđević Đặng Ørsted Œuvre",
    "Αθήνα Москва": "Αθήνα Москва",
    "L’Oréal – « Paris »": "L’Oréal – « Paris »",
    "J\u0304": "J\u0304",
}


@pytest.mark.parametrize("text", PRINT_NOTHING, ids=ascii)
@pytest.mark.parametrize("admit", [line, prose])
def test_a_text_that_prints_as_nothing_is_empty(admit: object, text: str) -> None:
    assert callable(admit)
    with pytest.raises(TextRefused) as refused:
        admit(text, 200)
    assert refused.value.code == "empty"


@pytest.mark.parametrize(("text", "code"), REFUSED.items(), ids=ascii)
@pytest.mark.parametrize("admit", [line, prose])
def test_a_sign_that_commands_or_cannot_be_printed_is_refused(admit: object, text: str, code: str) -> None:
    assert callable(admit)
    with pytest.raises(TextRefused) as refused:
        admit(text, 200)
    assert refused.value.code == code
    assert "Durand" not in str(refused.value)


@pytest.mark.parametrize(("text", "read"), READ_AS.items(), ids=ascii)
def test_forms_that_are_one_for_a_reader_are_one(text: str, read: str) -> None:
    assert line(text, 200) == prose(text, 200) == read


def test_the_place_of_a_refused_sign_is_said() -> None:
    with pytest.raises(TextRefused, match=r"signe n° 8 du texte \(U\+4E2D\)"):
        line("Durand 中", 200)
    with pytest.raises(TextRefused, match=r"U\+202E \(signe n° 2 du texte\)"):
        line("D\u202eurand", 200)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("  Durand  中", 11),
        ("\ufeffDu\u00adrand 中", 10),
        ("Fe\u0301lice 中", 9),
        ("Feb\ufb02e 中", 7),
        ("㎡ 中 中", 3),
        ("e\u0302 e\u20d0", 5),
        ("x\u0302 e\u0301 ƃ\u0302", 8),
        ("Durand \ufa0a", 8),
        ("Durand \u1112\u1161\u11ab", 8),
        ("a\u200be\u0301\u0301\u0301\u0301", 7),
    ],
    ids=ascii,
)
def test_the_place_is_that_in_what_was_typed(text: str, place: int) -> None:
    for read in (line, prose):
        with pytest.raises(TextRefused, match=rf"signe n° {place} du texte"):
            read(text, 200)
    with pytest.raises(TextRefused, match="signe n° 17 du texte"):
        prose("\r\n\r\n\r\n\r\nDurand\r\n中", 200)


@pytest.mark.parametrize("sign", ["\n", "\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"], ids=ascii)
def test_a_line_has_no_line_break_but_at_its_ends(sign: str) -> None:
    assert line(f"{sign}Durand{sign}", 200) == "Durand"
    with pytest.raises(TextRefused) as refused:
        line(f"Durand{sign}DÉCISION D’AUTORISATION", 200)
    assert refused.value.code == "line-break"


def test_prose_keeps_paragraphs_and_no_break_spaces_and_bounds_blank_lines() -> None:
    text = " Un\r\ndeux\x85trois\u2029quatre \n \n\n\n\ncinq\u00a0: 12\u202f000  €\n"
    assert prose(text, 200) == "Un\ndeux\ntrois\n\nquatre\n\ncinq\u00a0: 12\u202f000 €"


def test_lengths_are_those_of_the_admitted_text() -> None:
    assert line("e\u0301" * 10 + "\u200b" * 10, 10) == "é" * 10
    for text in ("é" * 11, "ﬃ" * 4):
        with pytest.raises(TextRefused, match="dépasse 10 caractères"):
            line(text, 10)
    with pytest.raises(TextRefused) as refused:
        prose("ab", 10, min_length=3)
    assert refused.value.code == "empty"


def test_a_flood_of_marks_costs_nothing() -> None:
    began = process_time()
    for text in ("a" + "\u0301\u0323" * 250_000, "\u200b" * 500_000, "a\u200b\u0301" * 100_000):
        with pytest.raises(TextRefused):
            prose(text, 10_000)
    assert process_time() - began < 2


def test_pydantic_reports_the_code_and_the_sentence_and_the_schema_the_lengths() -> None:
    adapter: TypeAdapter[str] = TypeAdapter(Line)
    with pytest.raises(ValidationError) as refused:
        adapter.validate_python("\u200b")
    assert refused.value.errors()[0]["ctx"]["code"] == "empty"
    assert adapter.json_schema() == {"type": "string", "minLength": 1, "maxLength": 200}
    assert TypeAdapter(Prose).validate_python(" a\n\n\n\nb ") == "a\n\nb"
    assert TextForm("line", 3).admit(" abc ") == "abc"


ANY_TEXT = st.text(st.characters(max_codepoint=0x10FFFF), max_size=60) | st.lists(
    st.sampled_from(
        [*"aé €½²ﬁＡ㎡\t\n\r\v\f\x85", "\u0301", "\u0323", "\u200b", "\u00a0", "\u2028", "\u2126", "\u2000"]
    ),
    max_size=40,
).map("".join)


@seed(20_261_129)
@settings(max_examples=400, deadline=None, database=None)
@given(ANY_TEXT)
def test_what_is_admitted_is_admitted_again_unchanged_and_prints(text: str) -> None:
    for admit in (line, prose):
        try:
            admitted = admit(text, 50)
        except TextRefused:
            continue
        assert admit(admitted, 50) == admitted == shown(admitted)
        assert unicodedata.is_normalized("NFC", admitted)
        assert not list(unprinted(admitted))
        assert admit is prose or "\n" not in admitted


@seed(20_261_129)
@settings(max_examples=400, deadline=None, database=None)
@given(ANY_TEXT)
def test_a_text_of_before_is_always_shown_with_a_sign_for_what_is_lost(text: str) -> None:
    assert not list(unprinted(shown(text)))
    assert shown(shown(text)) == shown(text)


def test_what_cannot_be_printed_of_a_text_of_before_is_seen() -> None:
    assert shown("Durand\u202e\x07 中 ≥\u200b 3") == "Durand □ ≥ 3"
    assert (shown("\u202e\u200b"), shown("")) == ("□", "")


@pytest.mark.parametrize(
    "text", ["non", "a" * 20, "a a a a a a a a a a a", "ab ab ab ab ab", "abababab abababab", "1 2", ""]
)
def test_a_reason_that_is_no_sentence_says_nothing(text: str) -> None:
    assert not says_something(text)


@pytest.mark.parametrize("text", ["Signataire rétabli.", "vu au guichet", "bourrage papier", "Adresse fausse."])
def test_a_short_reason_says_something(text: str) -> None:
    assert says_something(text)


def test_a_sign_is_seen_or_not() -> None:
    assert not any(map(is_seen, ("\u3164" * 12, "\u2800" * 12, "\u200b\u00ad ", "\uffa0\u115f", "\U0001d159", "")))
    assert all(map(is_seen, ("a", "1", "!", "🙂", "密", " \u3164€")))
