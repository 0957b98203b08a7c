"""Answers of the agency are a stranger’s bytes: what is not exactly as agreed is refused, row by row."""

import json

import pytest

from models.agency_answers import (
    AnswerFault,
    AnswerRefused,
    answer_name,
    deposit_name,
    is_of_stream,
    read_answers,
)

LINE = {"numLigne": 1, "typeMouvement": "C", "codeTraitement": "0000", "libelleTraitement": "Ligne intégrée"}


def file_of(*lines: object) -> bytes:
    return json.dumps({"msgInformatif": None, "lignesTelechargement": lines}).encode()


def test_rows_that_are_not_answered_yet_are_left_out() -> None:
    read = read_answers(file_of(LINE, LINE | {"numLigne": 2, "codeTraitement": None}))
    assert [(place, each.line, each.code, each.accepts) for place, each in read.lines] == [(1, 1, "0000", True)]
    assert read.malformed == []


def test_a_row_that_cannot_be_read_spoils_no_other() -> None:
    read = read_answers(file_of(LINE | {"codeTraitement": "00"}, LINE | {"numLigne": 2}, "row", LINE))
    assert [(place, each.line) for place, each in read.lines] == [(2, 2), (4, 1)]
    assert read.malformed == [1, 3]


def test_a_row_accepted_without_all_its_people_is_not_accepted() -> None:
    ((_, answered),) = read_answers(file_of(LINE | {"lignesRejetees": [3, 4]})).lines
    assert not answered.accepts


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b"null",
        b"{}",
        file_of(),
        file_of(LINE | {"numLigne": "1"}),
        file_of(LINE | {"numLigne": 0}),
        file_of(LINE | {"codeTraitement": "00"}),
        file_of(LINE | {"codeTraitement": 0}),
        file_of(LINE | {"libelleTraitement": "x" * 201}),
        file_of(LINE | {"empreinteDocument": "b" * 63}),
        file_of(LINE | {"lignesRejetees": [1.5]}),
        file_of(LINE | {"lignesRejetees": [*range(1, 10_002)]}),
        file_of({"numLigne": 1}),
    ],
)
def test_anything_else_is_malformed_and_quotes_nothing(wrong: bytes) -> None:
    with pytest.raises(AnswerRefused) as refused:
        read_answers(wrong)
    assert refused.value.fault is AnswerFault.MALFORMED
    assert str(refused.value) == "malformed"
    assert refused.value.__cause__ is None


def test_the_names_of_a_file_and_of_its_answers_are_tied() -> None:
    assert answer_name("TACITE_DI_20261201091530.json") == "TACITE_DI_20261201091530_FichierRetour.json"
    assert deposit_name(answer_name("TACITE_DI_20261201091530.json")) == "TACITE_DI_20261201091530.json"


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("TACITE_DI_20261201091530_FichierRetour.json", True),
        ("TACITE_DA_20261201091530_FichierRetour.json", False),
        ("TACITE_DI_2026_FichierRetour.json", False),
        ("TACITE_DI_20261201091530_FichierRetour.json.tmp", False),
        ("../TACITE_DI_20261201091530_FichierRetour.json", False),
    ],
)
def test_only_files_of_our_prefix_are_ours(name: str, ours: bool) -> None:
    assert is_of_stream(name, "TACITE_DI_") is ours
