"""Nothing readable is left of a NIR or an IBAN, wherever it stands; other texts stay."""

from models.claim_files.discretion import discreet, masked


def test_nothing_readable_is_shown_of_a_nir_or_an_iban() -> None:
    assert masked("2 95 10 99 126 111 93") == "2…93"
    assert masked("FR76 3000 6000") == "F…00"
    assert masked("12345") == "…"


def test_a_number_in_a_text_masks_it_and_a_date_does_not() -> None:
    assert discreet("Salarié 1 85 05 78 006 084 91") == "S…91"
    assert discreet("Semaine du 01/03/2021 au 07/03/2021") == "Semaine du 01/03/2021 au 07/03/2021"
