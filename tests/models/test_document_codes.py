"""Codes of documents: random, of 128 bits at least, the same however they are typed."""

from math import log2

from models.document_codes import code_digest, new_code
from models.mailed_codes import SYMBOLS


def test_a_code_has_128_bits_and_is_never_the_same() -> None:
    code = new_code()
    assert len(code.replace("-", "")) * log2(len(SYMBOLS)) >= 128
    assert len({new_code() for _ in range(100)}) == 100


def test_a_code_is_the_same_however_it_is_typed() -> None:
    code = new_code()
    assert code_digest(code) == code_digest(code.replace("-", " ").lower())
    assert code_digest(code) != code_digest(new_code())
