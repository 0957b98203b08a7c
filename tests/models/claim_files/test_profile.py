"""A profile holds nothing of a person: no name, payee, NIR or account, in whatever member."""

from typing import Any

import pytest
from pydantic import ValidationError

from models.claim_files.fields import DIRECT_COLUMNS, Field
from models.claim_files.profile import ImportProfile, distinct, is_ambiguous, merged

NIR, IBAN = "262056600000109", "FR76 3000 6000 0112 3456 7890 189"


@pytest.mark.parametrize(
    "stated",
    [
        {"name": f"Paie {IBAN}"},
        {"headers": {f"Salarié {NIR}": "ignored"}},
        {"categories": {NIR: "worker"}},
        {"modes": {IBAN: "02"}},
        {"constants": {"category": NIR}},
    ],
)
def test_a_number_of_a_person_or_an_account_is_refused_and_not_repeated(stated: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        ImportProfile.model_validate({"name": "Paie"} | stated)
    (error,) = refused.value.errors(include_input=False)
    assert error["loc"] == tuple(stated)
    assert error["msg"].startswith("Un profil d’import ne contient ni numéro de sécurité sociale ni IBAN")


@pytest.mark.parametrize("field", [Field.NIR, Field.FAMILY_NAME, Field.USAGE_NAME, Field.FIRST_NAME, *DIRECT_COLUMNS])
def test_what_is_of_one_person_is_no_constant(field: Field) -> None:
    with pytest.raises(ValidationError, match="La même valeur ne peut pas être donnée"):
        ImportProfile.model_validate({"name": "Paie", "constants": {field.value: "Durand"}})


def test_what_all_lines_may_share_is_a_constant() -> None:
    stated = {"mode": "02", "week": "du 01/03/2021 au 07/03/2021", "contract_hours": "35", "worked": "0"}
    assert ImportProfile.model_validate({"name": "Paie", "constants": stated}).constants[Field.WORKED] == "0"


def test_values_that_are_read_alike_have_one_meaning() -> None:
    assert is_ambiguous({"Employé": "employee", "EMPLOYE": "worker"})
    assert not is_ambiguous({"Employé": "employee", "EMPLOYE": "employee", "C": "executive"})


def test_what_is_said_now_takes_the_place_of_what_is_read_alike() -> None:
    assert merged({"C": "executive", "O": "worker"}, {"c.": "employee"}) == {"O": "worker", "c.": "employee"}


def test_of_what_was_kept_before_and_is_read_alike_the_last_counts() -> None:
    before = {"C": "executive", "O": "worker", "c": "employee", "-": "worker", "—": "executive"}
    assert distinct(before) == {"O": "worker", "c": "employee", "—": "executive"}
    assert merged(before, {"—": "worker"}) == {"O": "worker", "c": "employee", "—": "worker"}
