"""Départements and services in charge."""

from datetime import date

import pytest

from law.calendar import legal_time_reason
from law.dated import BeforeFirstText
from law.directory import DEPARTMENTS, LEGAL_TIMES, UnknownDepartment, department, service
from law.texts import Text


def test_there_are_102_departements_in_the_order_of_the_codes() -> None:
    codes = [each.code for each in DEPARTMENTS]
    metropolis = [f"{number:02d}" for number in range(1, 20)] + ["2A", "2B"]
    metropolis += [str(number) for number in range(21, 96)]
    assert codes == metropolis + [str(number) for number in range(971, 977)]


def test_every_legal_time_has_a_french_name_which_explanations_say() -> None:
    assert LEGAL_TIMES == {
        "Europe/Paris": "heure de Paris",
        "America/Guadeloupe": "heure de la Guadeloupe",
        "America/Martinique": "heure de la Martinique",
        "America/Cayenne": "heure de la Guyane",
        "Indian/Reunion": "heure de La Réunion",
        "America/Miquelon": "heure de Saint-Pierre-et-Miquelon",
        "Indian/Mayotte": "heure de Mayotte",
    }
    for each in DEPARTMENTS:
        reason = legal_time_reason(Text.R_5122_4, date(2026, 12, 1), each.code)
        assert reason.value == LEGAL_TIMES[each.zone.key]


@pytest.mark.parametrize(
    ("written", "code", "prefix", "name"),
    [
        ("75", "75", "075", "Paris"),
        ("075", "75", "075", "Paris"),
        ("2A", "2A", "02A", "Corse-du-Sud"),
        ("02A", "2A", "02A", "Corse-du-Sud"),
        ("2a", "2A", "02A", "Corse-du-Sud"),
        ("01", "01", "001", "Ain"),
        ("971", "971", "971", "Guadeloupe"),
        ("974", "974", "974", "La Réunion"),
        ("93", "93", "093", "Seine-Saint-Denis"),
        ("35", "35", "035", "Ille-et-Vilaine"),
    ],
)
def test_every_written_form_names_its_departement(written: str, code: str, prefix: str, name: str) -> None:
    found = department(written)
    assert (found.code, found.prefix, found.name) == (code, prefix, name)


@pytest.mark.parametrize("code", ["20", "020", "1", "96", "970", "977", "0971", "", " 75", "2C", "٧٥"])
def test_an_unknown_code_is_refused_without_being_echoed(code: str) -> None:
    with pytest.raises(UnknownDepartment, match=r"^Département inconnu, codes admis") as refused:
        department(code)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("code", "on", "name"),
    [
        ("34", date(2021, 3, 31), "Unité départementale de l’Hérault de la DIRECCTE"),
        ("34", date(2021, 4, 1), "DDETS de l’Hérault"),
        ("48", date(2021, 4, 1), "DDETS-PP de la Lozère"),
        ("75", date(2021, 4, 1), "Unité départementale de Paris de la DRIEETS"),
        ("971", date(2021, 3, 31), "DIECCTE de la Guadeloupe"),
        ("971", date(2021, 4, 1), "DEETS de la Guadeloupe"),
    ],
)
def test_the_service_has_the_name_of_its_time(code: str, on: date, name: str) -> None:
    assert service(code, on).name == name


def test_the_contacts_of_every_service_are_fictional_and_distinct() -> None:
    services = [service(each.code, date(2026, 11, 22)) for each in DEPARTMENTS]
    assert all(each.fictional and each.email.endswith(".invalid") for each in services)
    assert all(each.phone.startswith("01 99 00 ") and len(each.phone) == 14 for each in services)
    assert len({each.email for each in services}) == len({each.phone for each in services}) == 102


def test_no_service_is_known_before_the_first_text() -> None:
    with pytest.raises(BeforeFirstText):
        service("75", date(2013, 6, 30))


def test_every_departement_dates_its_decisions_from_the_town_of_its_prefecture() -> None:
    assert all(each.seat for each in DEPARTMENTS)
    assert (department("34").seat, department("02A").seat, department("974").seat) == (
        "Montpellier",
        "Ajaccio",
        "Saint-Denis",
    )
