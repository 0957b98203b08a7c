"""Codes of letters: hard to guess, hard to mistype unnoticed."""

from models.letter_codes import SYMBOLS, digest, is_well_typed, new_code
from tests.cases import master_key


def test_a_code_has_fifteen_symbols_of_five_bits_and_no_two_alike() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert len(SYMBOLS) == 32
    assert not set("01IO") & set(SYMBOLS)
    assert all(len(each) == 19 and is_well_typed(each) for each in codes)


def test_spacing_and_case_are_forgiven_and_one_wrong_symbol_is_seen() -> None:
    code = new_code()
    assert is_well_typed(f" {code.lower().replace('-', ' ')} ")
    for at, symbol in enumerate(code):
        for other in set(SYMBOLS) - {symbol} if symbol != "-" else ():
            assert not is_well_typed(code[:at] + other + code[at + 1 :])
    assert not is_well_typed(code[:-1])
    assert not is_well_typed("")


def test_the_digest_is_of_one_letter_and_of_one_code() -> None:
    code = new_code()
    assert digest(master_key(), "a", code) == digest(master_key(), "a", code.lower())
    assert digest(master_key(), "a", code) != digest(master_key(), "b", code)
    assert digest(master_key(), "a", code) != digest(master_key(), "a", new_code())
