"""Requests for missing pieces."""

from datetime import date, timedelta

from law.completion import PieceAsked, completion_objections
from law.grounds import Ground
from law.opinion import opinion_duty

TODAY = date(2026, 11, 22)
PIECE = PieceAsked("circumstances", "Motifs détaillés", "R. 5122-2")


def test_a_request_for_pieces_with_text_reasons_and_limit_is_admitted() -> None:
    assert completion_objections([PIECE], "Aucun motif lisible.", TODAY + timedelta(days=1), TODAY) == ()


def test_every_fault_of_a_request_for_pieces_comes_at_once() -> None:
    without_text = PieceAsked("payroll", "Bulletins de paie", "usage du service")
    found = completion_objections([PIECE, without_text, PIECE], " ", TODAY, TODAY)
    assert [(each.pointer, each.code) for each in found] == [
        ("/pieces/1/text_reference", "piece-without-text"),
        ("/pieces/2/code", "piece-repeated"),
        ("/reasons", "completion-without-reasons"),
        ("/due_on", "limit-in-the-past"),
    ]
    assert [each.code for each in completion_objections([], "x", date.max, TODAY)] == ["no-piece"]


def test_an_opinion_that_may_follow_is_not_indispensable() -> None:
    opinion = PieceAsked("works_council_opinion", "Avis du comité", "R. 5122-2")
    for ground, headcount, codes in (
        (Ground.DISASTER_OR_WEATHER, 120, ["piece-not-indispensable"]),
        (Ground.ECONOMIC_CONDITIONS, 20, ["piece-not-indispensable"]),
        (Ground.ECONOMIC_CONDITIONS, 120, []),
    ):
        duty = opinion_duty(ground, TODAY, headcount)
        found = completion_objections([opinion], "Avis manquant.", date.max, TODAY, duty)
        assert [each.code for each in found] == codes
