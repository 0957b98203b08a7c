"""Terms of use: an accepted version never changes, and covers what the article requires."""

import pytest

from law.enrolment import TERMS
from models.terms import FOLDER, VERSIONS, terms

ACCEPTED = {
    "2014-10-01": "cf4eb55a2c3e4f0774af059778e3eded46275c36e43e4fdb73b7bfd08643d3b7",
    "2020-04-02": "db7a3228038a8d72779bae6fe826d4eb8c546af1d7be6e21d41cbf9fb4f76278",
}
"""Digest of every version that was ever in force."""
SUBJECTS = (
    "Identification",
    "Intégrité",
    "Lisibilité",
    "Fiabilité",
    "Date et heure",
    "Réception",
    "Conservation",
)


def test_no_accepted_text_was_ever_changed() -> None:
    assert {version: terms(version).sha256 for version in VERSIONS} == ACCEPTED


def test_each_file_is_a_version_named_by_the_day_from_which_it_applies() -> None:
    assert {file.stem for file in FOLDER.glob("*.txt")} == set(VERSIONS)
    assert [entry.since.isoformat() for entry in TERMS] == list(VERSIONS)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_version_covers_what_the_article_asks_for(version: str) -> None:
    headings = [line for line in terms(version).text.splitlines() if line.startswith("§")]
    for subject in (
        "Identification",
        "Intégrité",
        "Lisibilité",
        "Fiabilité",
        "Date et heure",
        "Réception",
        "Conservation",
    ):
        assert any(subject in heading for heading in headings), subject
    assert "R. 5122-26" in terms(version).text


def test_a_version_that_never_was_is_unknown() -> None:
    with pytest.raises(LookupError):
        terms("../terms/2014-10-01")
