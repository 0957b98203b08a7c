"""The text of a file in each encoding; a byte that is wrong costs its line, NUL costs the file."""

import pytest

from examining.claims.refused import FileRefused
from examining.claims.texts import MAX_LINE_CHARACTERS, lines_of, text_of
from models.claim_files.refusals import RefusalCode

TEXT = "nom;prénom\nD’Été;Œuvre €\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_each_encoding_is_recognised(encoding: str) -> None:
    assert text_of(TEXT.encode(encoding)) == TEXT


def test_a_wrong_byte_among_utf8_stays_where_it_is() -> None:
    assert text_of(TEXT.encode() + b"H\xe9l\n") == TEXT + "H\ufffdl\n"


def test_bytes_of_no_encoding_become_signs_that_no_name_has() -> None:
    assert text_of(b"nom;pr\xe9nom\nH\x81l\xe8ne;x\n") == "nom;prénom\nH\ufffdlène;x\n"


def test_a_file_of_dos_is_told_by_its_letters() -> None:
    assert text_of("Hélène Noël".encode("cp850")) == "Hélène Noël"
    assert text_of("D’Angeli".encode("cp1252")) == "D’Angeli"


def test_nul_refuses_the_file_at_its_line() -> None:
    with pytest.raises(FileRefused) as refused:
        text_of(b"nom;prenom\na;b\nc;\0d\ne;f\n")
    assert (refused.value.code, refused.value.line) == (RefusalCode.NUL, 3)


def test_lines_have_any_end_and_are_counted() -> None:
    lines = lines_of("a\r\nb\rc\n\nd")
    assert [(each, lines.number) for each in lines] == [("a\r\n", 1), ("b\r", 2), ("c\n", 3), ("\n", 4), ("d", 5)]
    assert list(lines_of("")) == []


def test_a_line_that_is_too_long_refuses_the_file() -> None:
    with pytest.raises(FileRefused) as refused:
        list(lines_of("a\n" + "b" * (MAX_LINE_CHARACTERS + 1)))
    assert (refused.value.code, refused.value.line) == (RefusalCode.LINE_TOO_LONG, 2)
