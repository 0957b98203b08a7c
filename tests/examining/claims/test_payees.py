"""What direct payment adds of an employee: all of it, or its line is at fault."""

import pytest

from examining.claims.payees import read
from models.claim_files.faults import FaultCode
from models.claim_files.fields import DIRECT_COLUMNS, Field

WHOLE = {
    Field.FAMILY_NAME: "Martin",
    Field.BIRTH_NAME: "Durand",
    Field.CIVILITY: "Madame",
    Field.BIRTH_DATE: "01/10/1995",
    Field.COMMUNE: "2b096",
    Field.ADDRESS: "12 bis,  rue de l’Église",
    Field.POSTCODE: "1000",
    Field.CITY: "Bourg-en-Bresse",
    Field.IBAN: "FR76 3000 6000 0112 3456 7890 189",
}
READ = ["Durand", "Mme", "1995-10-01", "2B096", "12 bis, rue de l’Église", "01000", "Bourg-en-Bresse"]


def test_a_payee_is_read_whole() -> None:
    assert read(WHOLE) == ([*READ, "FR7630006000011234567890189"], [])
    assert read(WHOLE | {Field.BIRTH_NAME: ""})[0][0] == "Martin"


@pytest.mark.parametrize(
    ("field", "written", "shown"),
    [
        (Field.CIVILITY, "Dr", "Dr"),
        (Field.BIRTH_DATE, "01/10/95", "01/10/95"),
        (Field.COMMUNE, "Bastia", "Bastia"),
        (Field.ADDRESS, "", ""),
        (Field.ADDRESS, "=1|2", "=1|2"),
        (Field.ADDRESS, "a" * 201, "a" * 201),
        (Field.POSTCODE, "ABC", "ABC"),
        (Field.CITY, "", ""),
    ],
)
def test_a_missing_or_unreadable_value_is_a_fault(field: Field, written: str, shown: str) -> None:
    assert read(WHOLE | {field: written})[1] == [(FaultCode.PAYEE_INCOMPLETE, field, shown)]


@pytest.mark.parametrize(
    "iban", ["FR7630006000011234567890188", "FR76", "ZZ7630006000011234567890189", "FR76300060000112345678901890", "="]
)
def test_an_iban_of_another_form_or_key_is_a_fault_that_shows_nothing_of_it(iban: str) -> None:
    ((code, field, shown),) = read(WHOLE | {Field.IBAN: iban})[1]
    assert (code, field) == (FaultCode.IBAN, Field.IBAN)
    assert iban not in shown or iban == shown == ""
    assert len(shown) <= 4


def test_the_values_are_those_of_the_canonical_columns() -> None:
    assert len(read(WHOLE)[0]) == len(DIRECT_COLUMNS)
