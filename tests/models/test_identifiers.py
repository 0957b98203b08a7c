"""Identifiers, numbers and days that callers state: written forms are normalised, wrong ones refused in French."""

import pytest
from pydantic import TypeAdapter, ValidationError

from models.identifiers import Day, Department, Email, Hours, Iban, Moment, Period, Reference, Siret

GOOD = [
    (TypeAdapter(Siret), "356 000 000 00048", "35600000000048"),
    (TypeAdapter(Iban), "FR76 3000 6000 0112 3456 7890 189", "FR7630006000011234567890189"),
    (TypeAdapter(Email), " Jeanne@Exemple.FR ", "Jeanne@Exemple.FR"),
    (TypeAdapter(Reference), " 034aqhv0200", "034AQHV02"),
    (TypeAdapter(Department), "02a", "2A"),
    (TypeAdapter(Hours), "35.50", "35.50"),
    (TypeAdapter(Day), "2024-02-29", "2024-02-29"),
]
WRONG = [
    (TypeAdapter(Siret), "3560000000004", "Le SIRET compte 14 chiffres."),
    (TypeAdapter(Siret), "00000000000000", "Ce SIRET ne désigne aucun établissement."),
    (TypeAdapter(Siret), "35600000000049", "La clé de contrôle de ce SIRET est fausse."),
    (TypeAdapter(Iban), "FR7630006000011234567890188", "Cet IBAN est faux"),
    (TypeAdapter(Iban), "DE89370400440532013000", "tenu en France ou à Monaco"),
    (TypeAdapter(Email), "jeanne@exemple", "n’a pas la forme"),
    (TypeAdapter(Reference), "034AQHV2", "Une référence compte 9 caractères"),
    (TypeAdapter(Department), "20", "Département inconnu"),
    (TypeAdapter(Hours), 35.5, "texte décimal"),
    (TypeAdapter(Hours), "1e3", "texte décimal"),
    (TypeAdapter(Day), "2026-02-29", "Cette date n’existe pas."),
    (TypeAdapter(Day), 20261201, "Écrivez cette date ainsi"),
    (TypeAdapter(Day), "1989-12-31", "Cette date est trop éloignée."),
    (TypeAdapter(Moment), 1_766_000_000, "Écrivez cet instant ainsi"),
    (TypeAdapter(Moment), "2150-12-31T12:00:00Z", "Cet instant est trop éloigné."),
]


@pytest.mark.parametrize(("kind", "written", "read"), GOOD)
def test_a_value_is_read_however_it_is_written(kind: TypeAdapter[object], written: object, read: str) -> None:
    assert str(kind.validate_python(written)).lstrip("0") == read.lstrip("0")


@pytest.mark.parametrize(("kind", "written", "sentence"), WRONG)
def test_a_wrong_value_is_refused_with_a_french_sentence(
    kind: TypeAdapter[object], written: object, sentence: str
) -> None:
    with pytest.raises(ValidationError, match=sentence):
        kind.validate_python(written)


def test_both_ends_of_a_period_are_in_it() -> None:
    assert Period.model_validate({"start_on": "2026-12-01", "end_on": "2026-12-31"}).days == 31
