"""Identifiers, numbers and days that callers state: written forms are normalised, wrong ones refused in French."""

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from models.identifiers import (
    BankAccount,
    Day,
    Department,
    Hours,
    Iban,
    Moment,
    NamedSiret,
    Period,
    Reference,
    Siret,
    find_reference,
    find_uuid,
)
from models.mailed_codes import OneTime

GOOD = [
    (TypeAdapter(Siret), "356 000 000 00048", "35600000000048"),
    (TypeAdapter(Iban), "FR76 3000 6000 0112 3456 7890 189", "FR7630006000011234567890189"),
    (TypeAdapter(Siret), "SIRET : 356.000.000-00048", "35600000000048"),
    (TypeAdapter(Siret), "N° de SIRET 356\u2009000\u202f000/00048", "35600000000048"),
    (TypeAdapter(Siret), "\ufeff356\u200b00000000048\u200e\n", "35600000000048"),
    (TypeAdapter(Siret), "３５６０００００００００４８", "35600000000048"),
    (TypeAdapter(Siret), "356\u201100000000048", "35600000000048"),
    (TypeAdapter(NamedSiret), "SIRET n° 356.000.000-00048\u200b", "35600000000048"),
    (TypeAdapter(NamedSiret), "３５６０００００００００４８", "35600000000048"),
    (TypeAdapter(NamedSiret), "nobody", ""),
    (TypeAdapter(NamedSiret), "9" * 100_000, ""),
    (TypeAdapter(Iban), "IBAN : fr14-2004-1010-0505-0001-3m02-606", "FR1420041010050500013M02606"),
    (TypeAdapter(Iban), "\u200eFR14\u00a02004\t1010 0505 0001 3M02 606\u200b", "FR1420041010050500013M02606"),
    (TypeAdapter(Reference), " 034aqhv0200", "034AQHV02"),
    (TypeAdapter(Reference), "Dossier n° 034 AQHV-02", "034AQHV02"),
    (TypeAdapter(Department), " 02\u200bA ", "2A"),
    (TypeAdapter(Department), "02a", "2A"),
    (TypeAdapter(Hours), "35.50", "35.50"),
    (TypeAdapter(Day), "2024-02-29", "2024-02-29"),
]
WRONG = [
    (TypeAdapter(Siret), "3560000000004", "Le SIRET compte 14 chiffres."),
    (TypeAdapter(Siret), "00000000000000", "Ce SIRET ne désigne aucun établissement."),
    (TypeAdapter(Siret), "35600000000049", "Ce SIRET n’est pas valable : vérifiez ses 14 chiffres."),
    (TypeAdapter(Iban), "FR7630006000011234567890188", "Cet IBAN n’est pas valable"),
    (TypeAdapter(Siret), "", "Le SIRET compte 14 chiffres."),
    (TypeAdapter(Siret), "3560000000004A", "Le SIRET ne contient que des chiffres."),
    (TypeAdapter(Siret), "٣٥٦٠٠٠٠٠٠٠٠٠٤٨", "Le SIRET ne contient que des chiffres."),
    (TypeAdapter(Siret), "9" * 100_000, "Le SIRET compte 14 chiffres."),
    (TypeAdapter(Iban), "FR1420041010050500013M02607", "Cet IBAN n’est pas valable"),
    (TypeAdapter(Iban), "DE89370400440532013001", "Cet IBAN n’est pas valable"),
    (TypeAdapter(Iban), "TR330006100519786457841326", "hors de l’espace SEPA"),
    (TypeAdapter(Iban), "FO6264600001631634", "hors de l’espace SEPA"),
    (TypeAdapter(Iban), "", "Cet IBAN n’est pas valable"),
    (TypeAdapter(Reference), "03٤AQHV02", "Une référence compte 9 caractères"),
    (TypeAdapter(Department), "०७५", "Département inconnu"),
    (TypeAdapter(Hours), "٣٠٠", "texte décimal"),
    (TypeAdapter(Hours), "３００", "texte décimal"),
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


SEPA = [
    *("DE89370400440532013000", "LT121000011101001000", "BE68539007547034", "LU280019400644750000"),
    *("NL91ABNA0417164300", "ES9121000418450200051332", "IE29AIBK93115212345678", "SM86U0322509800000000270100"),
    *("GB29NWBK60161331926819", "CH9300762011623852957", "VA59001123000012345678", "AD1200012030200359100100"),
    *("AL47212110090000000235698741", "ME25505000012345678951", "MK07250120000058984", "MD24AG000225100013104168"),
    *("RS35260005601001611379", "MT84MALT011000012345MTLCAST001S", "DK5000400440116243", "MC5811222000010123456789030"),
]


@pytest.mark.parametrize("iban", SEPA)
def test_an_account_of_any_country_of_the_area_is_taken(iban: str) -> None:
    assert TypeAdapter(Iban).validate_python(iban.lower()) == iban


PIECES = [*"0123456789 .-/_:\u200b\u00a0\u2011３٣Aé\x00", "SIRET", "IBAN", "FR", "n°", "356", "034AQHV02", "2A"]
IDENTIFIERS: list[TypeAdapter[object]] = [TypeAdapter(kind) for kind in (Siret, Iban, Reference, Department, OneTime)]


@seed(20_261_129)
@settings(max_examples=400, deadline=None, database=None)
@given(st.lists(st.sampled_from(PIECES), max_size=18).map("".join) | st.text(max_size=60))
def test_an_identifier_is_read_the_same_again_or_refused(written: str) -> None:
    for kind in IDENTIFIERS:
        try:
            read = kind.validate_python(written)
        except ValidationError:
            continue
        assert kind.validate_python(read) == read
        assert str(read).isascii()


@pytest.mark.parametrize("holder", ["\u200b", "1664", "№ 3", "Ь", "☎"])
def test_a_holder_without_a_letter_is_refused(holder: str) -> None:
    with pytest.raises(ValidationError) as refused:
        BankAccount(iban="FR1420041010050500013M02606", holder=holder)
    assert [each["loc"] for each in refused.value.errors()] == [("holder",)]


def test_an_id_and_a_reference_are_found_however_they_are_pasted() -> None:
    written = "01a2252b-e5eb-7132-9e77-4b957c4154db"
    for pasted in (written, written.upper(), written.replace("-", ""), f" \u200b{written.replace('-', chr(0x2011))}\n"):
        assert find_uuid(pasted) == written
    for wrong in ("", "01a2252b", written + "0", "g" * 32, "\0" + written):
        assert find_uuid(wrong) is None
    assert find_reference("Dossier n° 034 aqhv-02") == "034AQHV02"
    assert find_reference("034AQHV0201") == "034AQHV0201"
    assert find_reference("dossier") is None
