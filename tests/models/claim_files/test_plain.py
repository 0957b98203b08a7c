"""Headers and codes are compared without their case, accents and punctuation."""

from models.claim_files.plain import MAX_HEADER, normalised


def test_case_accents_and_punctuation_make_no_difference() -> None:
    assert {normalised(each) for each in ("Employé(e)", "EMPLOYE E", "  employé-e ")} == {"employe e"}
    assert normalised("N° d’œuvre") == "no d oeuvre"
    assert normalised("—") == normalised("") == ""


def test_what_is_longer_than_a_header_is_not_looked_at() -> None:
    assert normalised("a" * MAX_HEADER + "b") == "a" * MAX_HEADER
