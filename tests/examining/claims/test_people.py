"""What a line states of a person: read in each form, or at fault."""

import pytest

from examining.claims import people
from law.work_time import Mode
from models.claim_files.faults import FaultCode
from models.claim_files.fields import Category


@pytest.mark.parametrize(
    ("written", "read"),
    [
        *((each, "295109912611193") for each in ("295109912611193", "2951099126111", "2 95 10 99 126 111 93")),
        *((each, "295109912611193") for each in ("2.95.10.99.126.111", "'295109912611193", "2\u00a095109912611193")),
        *((each, "253072B07300470") for each in ("253072B07300470", "253072b073004", "2 53 07 2B 073 004 70")),
        *((each, "253072A07300443") for each in ("253072A07300443", "253072A073004")),
    ],
)
def test_a_nir_has_its_key_computed_or_compared(written: str, read: str) -> None:
    assert people.nir(written) == (read, None)


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("", FaultCode.NIR_MISSING),
        (" - ", FaultCode.NIR_MISSING),
        ("295109912611199", FaultCode.NIR_KEY),
        ("253072A07300470", FaultCode.NIR_KEY),
        *((each, FaultCode.NIR_FORM) for each in ("12", "29510991261119", "295139912611193", "29510991261119A")),
        *((each, FaultCode.NIR_FORM) for each in ("2,95E+14", "253072C07300443", "0000000000000", "٢951099126111")),
        *((each, FaultCode.NIR_TEMPORARY) for each in ("7951099126111", "8951099126111", "395109912611193")),
        *((each, FaultCode.NIR_TEMPORARY) for each in ("NTT123", "1356000000000000123")),
    ],
)
def test_other_numbers_are_at_fault(written: str, fault: FaultCode) -> None:
    assert people.nir(written) == ("", fault)


@pytest.mark.parametrize("written", ["Martin", "D’Angeli", "Le Goff-Éven", "O'Neil", "JOÃO", "Nguyễn", "J. P.", "Ÿ"])
def test_names_are_kept(written: str) -> None:
    assert people.name(f" {written} ") == (written, None)


@pytest.mark.parametrize(
    "written",
    [
        "Mart\x07in",
        "Ã‰lodie",
        "FranÃ§ois",
        "Ã©",
        "H\ufffdl\u00e8ne",
        "H?lène",
        "=1+1",
        "@SUM(A1)",
        "a|b",
        "1234567890",
        "€",
    ],
)
def test_names_with_controls_mojibake_or_formulas_are_at_fault(written: str) -> None:
    assert people.name(written) == ("", FaultCode.NAME_CHARACTERS)


@pytest.mark.parametrize(
    ("written", "category"),
    [
        *((each.value, each) for each in Category),
        *((each.label, each) for each in Category),
        *(
            ("OUVRIERS", Category.WORKER),
            ("Employé(e)", Category.EMPLOYEE),
            ("Agents de maîtrise", Category.SUPERVISOR),
        ),
        *(("Cadres", Category.EXECUTIVE), ("382b", Category.EXECUTIVE), ("486d", Category.SUPERVISOR)),
        *(("474b", Category.TECHNICIAN), ("543a", Category.EMPLOYEE), ("624a", Category.WORKER)),
        *(("C", None), ("", None), ("ETAM", None), ("non cadre", None), ("999z", None)),
    ],
)
def test_categories_by_name_or_pcs(written: str, category: Category | None) -> None:
    assert people.category(written) is category


def test_modes_are_those_of_the_dsn_by_code_or_name() -> None:
    assert {people.mode(each.value) for each in Mode} == {each.value for each in Mode}
    assert [people.mode(each.label) for each in Mode] == [each.value for each in Mode]
    assert people.mode("2") == "02"
    assert {people.mode(each) for each in ("", "0", "11", "99", "C", "35h")} == {None}


@pytest.mark.parametrize("written", ["oui", "O", "1", "X", "Apprenti", "apprentissage", "Contrat d'apprentissage"])
def test_who_is_an_apprentice(written: str) -> None:
    assert people.is_apprentice(written) is True


@pytest.mark.parametrize("written", ["", "non", "N", "0", "CDI", "CDD", "01", "contrat à durée indéterminée"])
def test_who_is_none(written: str) -> None:
    assert people.is_apprentice(written) is False


def test_what_does_not_tell_is_not_guessed() -> None:
    assert people.is_apprentice("peut-être") is None
