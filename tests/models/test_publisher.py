"""Who publishes an installation: read from one file, without anything invented."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from models.publisher import Publisher, publisher


def test_without_a_file_nothing_is_stated() -> None:
    stated = publisher(None)
    assert stated == Publisher()
    assert (stated.name, stated.accessibility.state) == ("", "none")


def test_a_state_of_conformity_needs_an_audit(tmp_path: Path) -> None:
    file = tmp_path / "publisher.json"
    file.write_text('{"accessibility": {"state": "partial", "rate": 60}}', "utf-8")
    with pytest.raises(ValidationError, match="audited_on, auditor and rate"):
        publisher(file)


@pytest.mark.parametrize(
    "stated", ['{"data_protection": "javascript:alert(1)"}', '{"nmae": "x"}', '{"accessibility": {"rate": 101}}']
)
def test_what_could_not_be_shown_is_refused(stated: str) -> None:
    with pytest.raises(ValidationError):
        Publisher.model_validate_json(stated)
