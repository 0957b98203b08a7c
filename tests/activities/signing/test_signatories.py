"""Signatories: who may sign for a département on a day."""

import json
from datetime import date
from pathlib import Path

import pytest

from activities.signing.errors import SignatoryNotAllowed, SignerUnavailable
from activities.signing.signatories import Signatory, allowed, signatory
from local.authorities import prepare

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    prepared = tmp_path_factory.mktemp("authorities")
    prepare(prepared, "http://127.0.0.1:9")
    return prepared / "signatories"


def test_the_director_comes_first_and_the_delegate_with_the_act(folder: Path) -> None:
    director, delegate = allowed(folder, "34", TODAY)
    assert (director.name, director.delegation) == ("Marc Olivier", None)
    assert delegate.delegation == "arrêté du 3 janvier 2024 portant délégation de signature"
    assert (folder / delegate.folder / "certificate.pem").exists()


@pytest.mark.parametrize(
    ("person", "on"), [("former", TODAY), ("former", date(2024, 1, 1)), ("delegate", date(2024, 1, 2))]
)
def test_nobody_signs_out_of_the_period(folder: Path, person: str, on: date) -> None:
    with pytest.raises(SignatoryNotAllowed, match="ne peut pas signer"):
        signatory(folder, person, "34", on)


def test_the_first_and_last_days_of_a_period_count(folder: Path) -> None:
    assert signatory(folder, "delegate", "34", date(2024, 1, 3)).name == "Nadia Perrin"
    assert signatory(folder, "former", "34", date(2023, 12, 31)).name == "Paul Ancelin"


def test_an_unknown_person_does_not_sign(folder: Path) -> None:
    with pytest.raises(SignatoryNotAllowed, match="pas enregistré"):
        signatory(folder, "nobody", "34", TODAY)


def test_a_person_signs_for_the_departments_recorded() -> None:
    person = Signatory(
        id="a",
        name="Anne Roux",
        quality="Directrice",
        departments=("34", "2A"),
        from_on=TODAY,
        until_on=None,
        delegation=None,
        folder="a",
    )
    assert person.may_sign("2A", TODAY)
    assert not person.may_sign("75", TODAY)


@pytest.mark.parametrize("content", ["", "{}", json.dumps([{"id": "a"}])])
def test_an_unreadable_record_is_the_operators_matter(tmp_path: Path, content: str) -> None:
    (tmp_path / "signatories.json").write_text(content)
    with pytest.raises(SignerUnavailable):
        allowed(tmp_path, "34", TODAY)
