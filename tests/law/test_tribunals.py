"""Courts by département; jurisdictions are those that R. 221-3 lists (version of 18 April 2024, Légifrance)."""

from datetime import date

import pytest

from law.directory import DEPARTMENTS
from law.tribunals import tribunal


def test_every_departement_has_one_court_with_an_address() -> None:
    found = {each.code: tribunal(each.code) for each in DEPARTMENTS}
    assert len(set(found.values())) == 37
    assert all(any(sign.isdigit() for sign in court.address) for court in found.values())


@pytest.mark.parametrize(
    ("department", "name"),
    [
        ("34", "tribunal administratif de Montpellier"),
        ("30", "tribunal administratif de Nîmes"),
        ("2A", "tribunal administratif de Bastia"),
        ("02", "tribunal administratif d’Amiens"),
        ("18", "tribunal administratif d’Orléans"),
        ("83", "tribunal administratif de Toulon"),
        ("92", "tribunal administratif de Cergy-Pontoise"),
        ("93", "tribunal administratif de Montreuil"),
        ("94", "tribunal administratif de Melun"),
        ("974", "tribunal administratif de La Réunion"),
        ("976", "tribunal administratif de Mayotte"),
    ],
)
def test_the_court_is_that_of_the_departement(department: str, name: str) -> None:
    assert tribunal(department).name == name


def test_courts_overseas_had_the_names_of_their_towns() -> None:
    before, after = date(2015, 10, 17), date(2015, 10, 18)
    assert tribunal("974", before).name == "tribunal administratif de Saint-Denis"
    assert tribunal("974", after).name == "tribunal administratif de La Réunion"
    assert tribunal("976", before).name == "tribunal administratif de Mayotte"


def test_a_court_is_named_with_where_to_write_to_it() -> None:
    assert tribunal("34").sentence == (
        "tribunal administratif de Montpellier (6, rue Pitot, CS 99002, 34063 Montpellier Cedex 02)"
    )
