"""Names and texts in the characters that every bank of SEPA takes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.bank.sepa_text import UNNAMED, identifier, sepa_name, sepa_text

TAKEN = re.compile(r"[A-Za-z0-9/?:().,'+ -]*")


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("« Économie & Fils »", "Economie + Fils"),
        ("Zoé L’Œuf – cœur", "Zoe L'Oeuf - coeur"),
        ("Łukasz Đorđević Straße", "Lukasz Dordevic Strasse"),
        ("Société n° 3 [Île_de_Ré]", "Societe no 3 (Ile-de-Re)"),
        ("a\t b\n\u00a0c\u202f", "a b c"),
        ("//a//b/", "a/b"),
        ("10 % de 5 €", "10 . de 5 EUR"),
        ("Пётр", "Petr"),
        ("", ""),
    ],
)
def test_a_text_is_written_as_a_reader_would(written: str, plain: str) -> None:
    assert sepa_text(written, 70) == plain


def test_a_long_text_ends_with_a_whole_word() -> None:
    assert sepa_text("Établissements réunis de la vallée", 16) == "Etablissements"
    assert sepa_text("x" * 80, 70) == "x" * 70


@pytest.mark.parametrize("nothing", ["", " ", "«»", "/", "\u202e", "…"])
def test_a_name_of_which_no_letter_is_left_is_what_the_epc_writes_for_none(nothing: str) -> None:
    assert sepa_name(nothing) == UNNAMED


@given(st.text(max_size=200), st.integers(1, 140))
def test_any_text_ends_in_those_characters_and_stays_there(text: str, length: int) -> None:
    plain = sepa_text(text, length)
    assert TAKEN.fullmatch(plain)
    assert len(plain) <= length
    assert "//" not in plain
    assert plain == plain.strip(" /")
    assert sepa_text(plain, length) == plain


@pytest.mark.parametrize("wrong", ["", "x" * 36, "/a", "a/", "a//b", "é", "a_b", " a", "a ", "a\n"])
def test_an_identifier_is_never_changed_but_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="no identifier of SEPA"):
        identifier(wrong)


@pytest.mark.parametrize("right", ["034AQHV02-202104-01-01-00001-1", "a/b", "x" * 35, "run:1"])
def test_an_identifier_that_banks_take_stays_as_it_is(right: str) -> None:
    assert identifier(right) == right
