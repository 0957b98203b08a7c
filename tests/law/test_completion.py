"""Requests for missing pieces: from the closed list, indispensable, not yet held, within two months."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.completion import Asking, Piece, PieceAsked, completion_objections, is_supplied_again, piece_name
from law.grounds import Ground
from law.opinion import opinion_duty

TODAY = date(2026, 11, 22)
TOMORROW = TODAY + timedelta(days=1)
PIECE = PieceAsked("circumstances", "Motifs détaillés", "R. 5122-2")
REASONS = "Les circonstances ne disent pas quels ateliers sont fermés."
ASKING = Asking(TODAY, TODAY)


def codes(*pieces: PieceAsked, reasons: str = REASONS, due_on: date = TOMORROW, asking: Asking = ASKING) -> list[str]:
    return [each.code for each in completion_objections(pieces, reasons, due_on, asking)]


def test_a_request_for_pieces_with_text_reasons_and_limit_is_admitted() -> None:
    assert codes(PIECE) == []


def test_a_piece_is_named_by_the_closed_list_and_the_words_of_the_agent_make_it_precise() -> None:
    named = piece_name("circumstances", "Votre RIB original signé")
    assert named == "Motifs justifiant le recours à l’activité partielle : Votre RIB original signé"
    assert piece_name("bank_details", "Coordonnées bancaires") == "Coordonnées bancaires"
    assert piece_name("bilan", "Bilan") == "Bilan"


def test_every_fault_of_a_request_for_pieces_comes_at_once() -> None:
    without_text = PieceAsked("payroll", "Bulletins de paie", "usage du service")
    found = completion_objections([PIECE, without_text, PIECE], " ", TODAY, ASKING)
    assert [(each.pointer, each.code) for each in found] == [
        ("/pieces/1/code", "piece-unknown"),
        ("/pieces/1/text_reference", "piece-without-text"),
        ("/pieces/2/code", "piece-repeated"),
        ("/reasons", "completion-without-reasons"),
        ("/due_on", "limit-in-the-past"),
    ]
    assert codes() == ["no-piece"]


@pytest.mark.parametrize("piece", Piece)
def test_each_piece_is_asked_under_the_article_that_requires_it(piece: Piece) -> None:
    for reference in (
        piece.article.value,
        f"article {piece.article} du code du travail",
        piece.article.replace(". ", ""),
    ):
        assert codes(PieceAsked(piece, piece.label, reference)) == []
    for reference in ("L. 1-1", "R. 5122-2 du code de la santé publique", "usage", "R. 5122-20"):
        assert codes(PieceAsked(piece, piece.label, reference)) == ["piece-without-text"]


@pytest.mark.parametrize(
    "label",
    ["une copie de la présente demande", "Copie du dossier", "EXEMPLAIRE DU FORMULAIRE", "duplicata du récépissé"],
)
def test_the_request_itself_is_no_piece(label: str) -> None:
    assert codes(PieceAsked("circumstances", label, "R. 5122-2")) == ["piece-already-held"]
    assert codes(PieceAsked("circumstances", "Copie de l’arrêté de fermeture", "R. 5122-2")) == []


@pytest.mark.parametrize("reasons", ["", " ", ".", "non", "Pour voir.", "pièce pièce pièce pièce pièce"])
def test_the_reasons_say_why_in_a_sentence(reasons: str) -> None:
    assert codes(PIECE, reasons=reasons) == ["completion-without-reasons"]


@pytest.mark.parametrize(
    ("asked_on", "latest"),
    [
        (date(2026, 11, 22), date(2027, 1, 22)),
        (date(2026, 12, 31), date(2027, 2, 28)),
        (date(2027, 12, 31), date(2028, 2, 29)),
    ],
)
def test_the_limit_is_two_months_away_at_most(asked_on: date, latest: date) -> None:
    asking = Asking(asked_on, asked_on)
    assert codes(PIECE, due_on=latest, asking=asking) == []
    for later in (latest + timedelta(days=1), date(2150, 12, 31), date.max):
        assert codes(PIECE, due_on=later, asking=asking) == ["limit-too-far"]


@given(st.dates(date(2014, 10, 1), date(2100, 1, 1)), st.integers(-400, 400))
def test_a_limit_is_admitted_from_tomorrow_for_two_months(asked_on: date, days: int) -> None:
    admitted = codes(PIECE, due_on=asked_on + timedelta(days=days), asking=Asking(asked_on, asked_on)) == []
    assert admitted == (1 <= days <= 62) or 59 <= days <= 62


def test_a_piece_supplied_is_asked_again_for_another_reason_only() -> None:
    asking = Asking(TODAY, TODAY, supplied={"circumstances": ["Les circonstances ne disent rien des ateliers fermés."]})
    assert codes(PIECE, reasons="Les circonstances ne disent rien des ateliers fermés !", asking=asking) == [
        "piece-already-supplied"
    ]
    assert codes(PIECE, reasons="Rien ne date la fermeture de chaque atelier.", asking=asking) == []
    assert is_supplied_again([PIECE], {"circumstances"})
    assert not is_supplied_again([PIECE], {"employees"})


def test_an_opinion_that_may_follow_is_not_indispensable() -> None:
    opinion = PieceAsked("works_council_opinion", "Avis du comité", "R. 5122-2")
    for ground, headcount, expected in (
        (Ground.DISASTER_OR_WEATHER, 120, ["piece-not-indispensable"]),
        (Ground.ECONOMIC_CONDITIONS, 20, ["piece-not-indispensable"]),
        (Ground.ECONOMIC_CONDITIONS, 120, []),
    ):
        duty = opinion_duty(ground, TODAY, headcount)
        assert codes(opinion, asking=Asking(TODAY, TODAY, duty)) == expected


def test_commitments_and_bank_details_are_asked_only_where_a_text_requires_them() -> None:
    commitments = PieceAsked("commitments", "Engagements", "R. 5122-9")
    assert codes(commitments, asking=Asking(TODAY, TODAY, commitments_due=False)) == ["piece-not-indispensable"]
    bank = PieceAsked("bank_details", "Compte", "R. 5122-26")
    for received_on, expected in ((date(2014, 7, 1), ["piece-not-indispensable"]), (date(2014, 7, 2), [])):
        assert codes(bank, asking=Asking(TODAY, received_on)) == expected
