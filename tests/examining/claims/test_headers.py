"""Headers are recognised by name, whatever their accents, case and punctuation; an unknown one has a guess or none."""

import pytest

from examining.claims.headers import ALIASES, NEVER_READ, guess, recognised
from models.claim_files.fields import Field
from models.claim_files.plain import normalised


@pytest.mark.parametrize("field", list(ALIASES), ids=lambda field: field.value)
def test_every_alias_names_one_field_in_any_case(field: Field) -> None:
    for alias in ALIASES[field]:
        assert normalised(alias) == alias
        assert [each for each in ALIASES if alias in ALIASES[each]] == [field]
        assert {recognised(form) for form in (alias, alias.upper(), f" {alias.title()} ", alias.replace(" ", "_"))} == {
            field
        }


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ("N° SS", Field.NIR),
        ("N° de sécurité sociale", Field.NIR),
        ("Numéro de Sécurité Sociale", Field.NIR),
        ("Prénom(s)", Field.FIRST_NAME),
        ("PRÉNOM", Field.FIRST_NAME),
        ("Nom d’usage", Field.USAGE_NAME),
        ("Catégorie socio-professionnelle", Field.CATEGORY),
        ("Mode d'aménagement", Field.MODE),
        ("Mod. Tps. Trav.", Field.MODE),
        ("Durée hebdo.", Field.CONTRACT_HOURS),
        ("H. trav.", Field.WORKED),
        ("H. Chôm.", Field.IDLE),
        ("Heures travaillées (ou assimilées)", Field.WORKED),
        ("Heures chômées (h)", Field.IDLE),
        ("Heures chômées (maladie)", None),
        ("Commentaire", None),
    ],
)
def test_headers_as_programs_write_them(written: str, field: Field | None) -> None:
    assert recognised(written) is field


def test_the_columns_of_the_canonical_file_and_the_members_of_the_contract_are_recognised() -> None:
    assert all(recognised(name) is field for field in Field for name in (field.value, field.label))


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ("Prénoms du collaborateur", Field.FIRST_NAME),
        ("Heures chomees AP", Field.IDLE),
        ("Taux horaire brut (moyenne)", Field.HOURLY_GROSS),
        ("catégorrie", Field.CATEGORY),
        ("Zzz", None),
    ],
)
def test_an_unknown_header_is_guessed_by_its_words_or_its_spelling(written: str, field: Field | None) -> None:
    assert recognised(written) is None
    assert guess(written) is field


def test_data_that_no_list_names_is_of_no_field() -> None:
    assert {recognised(each) for each in NEVER_READ} == {None}
