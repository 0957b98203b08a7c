"""Nothing readable is left of a NIR or an IBAN, wherever it stands; other texts stay."""

import pytest

from models.claim_files.discretion import (
    code_or_kind,
    discreet,
    has_personal_figures,
    is_as_written,
    masked,
    value_or_kind,
)


def test_nothing_readable_is_shown_of_a_nir_or_an_iban() -> None:
    assert masked("2 95 10 99 126 111 93") == "2…93"
    assert masked("FR76 3000 6000") == "F…00"
    assert masked("12345") == "…"


def test_a_number_in_a_text_masks_it_and_a_date_does_not() -> None:
    assert discreet("Salarié 1 85 05 78 006 084 91") == "S…91"
    assert discreet("Semaine du 01/03/2021 au 07/03/2021") == "Semaine du 01/03/2021 au 07/03/2021"


@pytest.mark.parametrize(
    "shown",
    [
        *("7,5", "7h30", "-3", "1\u202f234,5", "X9", "ouvrier", "agent de maîtrise", "", "2…93", "…"),
        *("2026-W50", "S26", "du 28/06/2021 au 04/07/2021", "20 h travaillées et 19 h chômées"),
    ],
)
def test_a_wrong_value_without_a_name_is_kept(shown: str) -> None:
    assert value_or_kind(shown) == shown


@pytest.mark.parametrize(
    ("shown", "kept"),
    [
        ("Durand", "texte de 6 caractères"),
        ("Zoé 7", "texte de 5 caractères"),
        ("Du", "texte de 2 caractères"),
        ("É", "texte de 1 caractère"),
        ("2,62057E+14", "texte de 11 caractères"),
        ("12 rue de la République, 3400…", "texte de plus de 29 caractères"),
        ("2 62 05 66 000 001 09", "2…09"),
    ],
)
def test_of_any_other_only_the_kind_is_kept(shown: str, kept: str) -> None:
    assert value_or_kind(shown) == kept


@pytest.mark.parametrize("shown", ["C", "01", "X9", "OQ 2", "N4", "Cat. B", "ETAM", "forfait jours", "2…93", ""])
def test_a_code_of_known_words_figures_and_one_letter_is_kept(shown: str) -> None:
    assert code_or_kind(shown) == shown


@pytest.mark.parametrize("shown", ["Durand", "Ly", "J.-L.", "Zoé 7", "cadre Durand", "2,62057E+14"])
def test_a_code_that_may_be_a_name_or_initials_is_kept_as_its_kind(shown: str) -> None:
    assert code_or_kind(shown) == f"texte de {len(shown)} caractères"


@pytest.mark.parametrize("shown", ["1234", "240", "3.2", "niveau 2 coefficient 170", "C-12/4"])
def test_a_code_of_few_figures_is_kept(shown: str) -> None:
    assert (code_or_kind(shown), has_personal_figures(shown)) == (shown, False)


@pytest.mark.parametrize(
    "shown",
    [
        "12345",
        "0612345678",
        "06 12 34 56 78",
        "12/05/1985",
        "1985-05-12",
        "1/2/85",
        "01.02.85",
        "code 061234",
        "A 1-2-85",
    ],
)
def test_a_telephone_number_a_date_and_other_figures_are_kept_as_their_kind(shown: str) -> None:
    assert (code_or_kind(shown), has_personal_figures(shown)) == (f"texte de {len(shown)} caractères", True)


def test_a_number_of_a_person_is_no_code() -> None:
    assert code_or_kind("2 62 05 66 000 001 09") == "2…09"


def test_only_what_is_neither_masked_nor_cut_nor_a_kind_is_as_written() -> None:
    assert is_as_written("C")
    assert not any(map(is_as_written, ("texte de 6 caractères", "texte de plus de 59 caractères", "2…09", "123…")))
