"""Tables that people attach are handed on as plain text, bounded, without signs that move or hide others."""

import pytest

from models.examination.drawings import MAX_CELL, MAX_COLUMNS, MAX_ROWS, TABLE, TableDrawing
from tests.examining.conftest import Listening


def read(examining: Listening, text: str, encoding: str = "utf-8") -> TableDrawing:
    return examining.client.examine(TABLE, text.encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "cp850"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_a_table_is_read_in_its_encoding_by_its_separator(encoding: str, separator: str, examining: Listening) -> None:
    text = "\n".join(separator.join(row) for row in (("Prénom", "Heures"), ("Émilie", "12"), ("Jean", "10")))
    assert read(examining, text, encoding) == TableDrawing(
        rows=(("Prénom", "Heures"), ("Émilie", "12"), ("Jean", "10"))
    )


def test_a_title_and_decimal_commas_do_not_hide_the_separator(examining: Listening) -> None:
    text = "Heures par salarié\n\nnom;heures;taux\nA;12,5;11,88\nB;7,0;12,03\n"
    assert read(examining, text).rows[1] == ("nom", "heures", "taux")


def test_formulas_and_markup_are_text(examining: Listening) -> None:
    rows = read(examining, "nom;note\n=cmd|'/C calc'!A0;<script>alert(1)</script>\nB;c\n").rows
    assert rows[1] == ("=cmd|'/C calc'!A0", "<script>alert(1)</script>")


def test_signs_that_hide_or_turn_others_are_left_out(examining: Listening) -> None:
    assert read(examining, "a;b\n\u202egpj.exe;x\u200by\n1;2\n").rows[1] == ("gpj.exe", "x y")


def test_a_large_table_is_cut_and_says_so(examining: Listening) -> None:
    long = read(examining, "a;b\n" * (MAX_ROWS + 50))
    assert (len(long.rows), long.whole) == (MAX_ROWS, False)
    wide = read(examining, "\n".join([";".join(["v"] * (MAX_COLUMNS + 5))] * 3))
    assert ({len(row) for row in wide.rows}, wide.whole) == ({MAX_COLUMNS}, False)
    deep = read(examining, f"a;b\n{'x' * (MAX_CELL + 9)};1\n")
    assert (len(deep.rows[1][0]), deep.whole) == (MAX_CELL, False)
    assert read(examining, "a;b\n1;2\n" * 500_000).whole is False


@pytest.mark.parametrize("text", ["", "Madame,\n\nJe vous écris.\n", "<html>", '{"a": 1}', "%PDF-1.7"])
def test_what_is_no_table_is_not_shown(text: str, examining: Listening) -> None:
    assert read(examining, text) == TableDrawing()
