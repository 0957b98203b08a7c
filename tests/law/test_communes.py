"""The département of a commune: its INSEE code decides, a postcode only suggests."""

import pytest

from law.communes import CODES, NEIGHBOURS, contradicts, department_of_commune, department_of_postcode


@pytest.mark.parametrize(
    ("code", "department"),
    [
        ("01053", "01"),
        ("34172", "34"),
        ("75056", "75"),
        ("75101", "75"),
        ("95127", "95"),
        ("2A004", "2A"),
        ("2B033", "2B"),
        ("97105", "971"),
        ("97209", "972"),
        ("97302", "973"),
        ("97411", "974"),
        ("97502", "975"),
        ("97608", "976"),
        # Saint-Barthélemy and Saint-Martin, today and when they were communes of Guadeloupe.
        ("97701", None),
        ("97801", None),
        ("97123", None),
        ("97127", None),
        # French Polynesia, New Caledonia, Monaco, abroad.
        ("98735", None),
        ("98818", None),
        ("99138", None),
        ("99109", None),
        # Corsica before 1976; no commune at all.
        ("20004", None),
        ("00001", None),
        ("96001", None),
        ("", None),
        ("34", None),
        ("341720", None),
        ("2C004", None),
        ("2a004", None),
        ("３４１７２", None),
        ("34172\n", None),
    ],
)
def test_the_code_of_a_commune_gives_its_department_or_none(code: str, department: str | None) -> None:
    assert department_of_commune(code) == department


@pytest.mark.parametrize(
    ("code", "department"),
    [
        ("34000", "34"),
        ("01000", "01"),
        ("75116", "75"),
        ("20000", "2A"),
        ("20137", "2A"),
        ("20200", "2B"),
        ("20600", "2B"),
        ("20700", None),
        ("20300", None),
        ("97100", "971"),
        ("97133", None),
        ("97150", None),
        ("97400", "974"),
        ("97600", "976"),
        # CEDEX codes of La Réunion begin like Saint-Martin.
        ("97801", None),
        ("98000", None),
        ("99999", None),
        ("00100", None),
        ("2A004", None),
        ("3400", None),
        ("", None),
    ],
)
def test_a_postcode_suggests_a_department_or_none(code: str, department: str | None) -> None:
    assert department_of_postcode(code) == department


def test_every_department_is_reached_by_a_commune() -> None:
    reached = {department_of_commune(f"{code}01"[:5] if len(code) == 3 else f"{code}001") for code in CODES}
    assert reached == CODES


@pytest.mark.parametrize(
    ("postcode", "department", "wrong"),
    [
        ("75001", "974", True),
        ("75001", "971", True),
        ("75001", "13", True),
        ("97400", "75", True),
        ("97400", "976", True),
        ("20200", "13", True),
        ("75001", "75", False),
        # Postcodes that serve communes of the next département, or of a commune far from its post office.
        ("42620", "03", False),
        ("94390", "91", False),
        ("05110", "04", False),
        ("33220", "24", False),
        ("20000", "2B", False),
        # Postcodes that say nothing.
        ("97133", "974", False),
        ("97801", "974", False),
        ("20700", "2A", False),
        ("98000", "06", False),
        ("12345678", "75", False),
    ],
)
def test_a_postcode_contradicts_a_department_that_is_no_neighbour(postcode: str, department: str, wrong: bool) -> None:
    assert contradicts(postcode, department) is wrong


def test_every_department_of_the_mainland_has_neighbours_that_exist_and_none_overseas() -> None:
    named = {code for pair in NEIGHBOURS for code in pair}
    assert named == {code for code in CODES if len(code) == 2}
    assert all(len(pair) == 2 for pair in NEIGHBOURS)
