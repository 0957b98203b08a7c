"""Names in capitals of ASCII: no letter is lost, none is left over, words are kept whole."""

import re
import unicodedata

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from models.printed_signs import printed_signs
from models.transliteration import has_letter, latin_capitals

NAMES = {
    "Łukasz Đorđević ßtraße Ørsted æon": "LUKASZ DORDEVIC SSTRASSE ORSTED AEON",
    "Đặng Łódź – Ørsted": "DANG LODZ - ORSTED",
    "Société A–B": "SOCIETE A-B",
    "L’Œuvre du Père Noël": "L'OEUVRE DU PERE NOEL",
    "Ateliers\nDurand\tSA\r\n": "ATELIERS DURAND SA",
    "Þórður Ðuro İstanbul ıŞĞ": "THORDUR DURO ISTANBUL ISG",
    "Μιχάλης": "MICHALIS",
    "Москва": "MOSKVA",
    "S.A.R.L. « ½ litre » n° 3": "S.A.R.L. << 1/2 LITRE >> N",
}


@pytest.mark.parametrize(("name", "written"), NAMES.items())
def test_each_letter_is_written_in_latin_capitals(name: str, written: str) -> None:
    assert latin_capitals(name, 140).startswith(written)


@pytest.mark.parametrize("name", ["北京烤鸭", "كريم", "שלום", "გამარჯობა", "देवनागरी", "서울", "とうきょう"])
def test_no_script_comes_out_empty(name: str) -> None:
    assert has_letter(latin_capitals(name, 140))


def test_a_long_name_is_cut_after_a_whole_word() -> None:
    assert latin_capitals("œ" * 10 + " société", 20) == "OE" * 10
    assert latin_capitals("œ" * 10 + " société", 27) == "OE" * 10
    assert latin_capitals("œ" * 10 + " société", 28) == "OE" * 10 + " SOCIETE"
    assert latin_capitals("œ" * 140, 140) == "OE" * 70


SILENT = frozenset("ƄƅƧƨƸƹƼƽɁɂЪЬъь")
"""Tones, stops and signs of soft or hard consonants: they have no letter of their own in Latin."""
LETTERS = [
    sign
    for sign in sorted(printed_signs() - SILENT)
    if unicodedata.category(sign) in ("Lu", "Ll")
    and (sign < "\u0250" or "\u0386" <= sign < "\u03cf" or "Ё" <= sign <= "я")
]


def test_every_common_letter_that_is_admitted_has_a_latin_form() -> None:
    assert len(LETTERS) > 500
    assert [letter for letter in LETTERS if not has_letter(latin_capitals(letter, 140))] == []


@seed(20_261_129)
@settings(max_examples=500, deadline=None, database=None)
@given(st.text(max_size=200))
def test_any_name_becomes_one_bounded_line_of_ascii(name: str) -> None:
    written = latin_capitals(name, 140)
    assert re.fullmatch(r"([!-~]+( [!-~]+)*)?", written)
    assert len(written) <= 140
    assert written == written.upper()
