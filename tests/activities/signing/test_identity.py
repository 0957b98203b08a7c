"""Names of a signatory: alike however they are written, and never another person's."""

from pathlib import Path

import pytest

from activities.signing.errors import SignatoryNotAllowed
from activities.signing.identity import names_agree, refuse_another, subject_names
from activities.signing.keys import load_signer


@pytest.mark.parametrize(
    "written",
    ["Nadia Perrin", "PERRIN Nadia", "nadia perrin", "Mme Nadia PERRIN", "Nadia  Pérrin", "Nadia Perrin, contrôleuse"],
)
def test_one_person_is_recognised_however_the_name_is_written(written: str) -> None:
    assert names_agree("Nadia Perrin", written)


@pytest.mark.parametrize("other", ["", "Nadia", "Nadia Perrin Martin", "Nadine Perrin", ", Nadia Perrin", "N. Perrin"])
def test_another_name_is_another_person(other: str) -> None:
    assert not names_agree("Nadia Perrin", other)
    assert not names_agree(other, "Nadia Perrin")


def test_compound_names_and_order() -> None:
    assert names_agree("Jean-François Élie Dupré", "DUPRE Jean François Elie")


def test_the_certificate_bears_the_name_of_who_decides(authority_folder: Path) -> None:
    certificate = load_signer(authority_folder / "signatories" / "delegate").signing_cert
    assert certificate is not None
    assert subject_names(certificate) == ("Nadia Perrin", "Nadia Perrin")
    refuse_another(certificate, "Nadia Perrin", "PERRIN Nadia")
    for recorded, decider in (("Nadia Perrin", "Marc Olivier"), ("Marc Olivier", "Marc Olivier")):
        with pytest.raises(SignatoryNotAllowed):
            refuse_another(certificate, recorded, decider)
    with pytest.raises(SignatoryNotAllowed):
        refuse_another(None, "Nadia Perrin", "Nadia Perrin")
