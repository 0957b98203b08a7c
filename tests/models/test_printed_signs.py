"""The signs that documents print: what the shipped fonts have."""

import pytest

from docs.printed_signs import document
from models.printed_signs import FILE, has_glyph, unprinted


@pytest.mark.slow  # reads every glyph of every font
def test_the_list_of_signs_is_that_of_the_shipped_fonts() -> None:
    assert FILE.read_text("utf-8") == document(), "run: python -m docs.printed_signs"


@pytest.mark.parametrize("sign", "aéŒŸŁđßΩЖ1½²ᵉ€≥≤≠−≈∞√™№•→☐")
def test_letters_figures_and_common_symbols_have_a_glyph(sign: str) -> None:
    assert has_glyph(sign)


@pytest.mark.parametrize("sign", "中אبद🙂\ue000\ufffd\x07\u200b")
def test_other_signs_have_none(sign: str) -> None:
    assert not has_glyph(sign)


def test_a_mark_is_printed_on_a_letter_of_the_main_font_only() -> None:
    assert list(unprinted("J\u0304 a\u00a0b\n")) == []
    assert list(unprinted("\u0301a中Ω\u0301")) == [0, 2, 4]
