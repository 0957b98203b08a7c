"""Remedies: court, prefet and minister, with their delays (CJA R. 421-1, R. 421-6, R. 421-7)."""

from datetime import date

from law.remedies import remedies

TODAY = date(2026, 11, 22)


def test_remedies_name_court_prefet_and_minister_with_their_delays() -> None:
    to_court, to_authority, silence = remedies(TODAY, "2A")
    assert "deux mois suivant sa notification" in to_court
    assert "tribunal administratif de Bastia (Villa Montépiano, 20407 Bastia Cedex)" in to_court
    assert "https://citoyens.telerecours.fr" in to_court
    assert "préfet de la Corse-du-Sud" in to_authority
    assert "L. 411-2" in to_authority
    assert "vaut rejet" in silence
    assert "relations entre le public" not in remedies(date(2015, 12, 31), "75")[1]


def test_a_court_was_not_seized_online_by_everybody_before_the_end_of_2018() -> None:
    assert "telerecours" not in remedies(date(2018, 11, 29), "75")[0]
    assert "telerecours" in remedies(date(2018, 11, 30), "75")[0]


def test_distance_makes_the_delay_longer() -> None:
    assert "un mois pour les personnes qui demeurent outre-mer" in remedies(TODAY, "34")[0]
    assert "qui ne demeurent pas dans le ressort de ce tribunal" in remedies(TODAY, "974")[0]


def test_the_delay_was_of_three_months_in_mayotte() -> None:
    assert "trois mois suivant sa notification" in remedies(date(2015, 10, 17), "976")[0]
    assert "deux mois suivant sa notification" in remedies(date(2015, 10, 18), "976")[0]
