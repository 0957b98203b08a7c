"""`tacite agency` says how long a queue takes, and what the next file would hold without writing anything."""

import json
from pathlib import Path

import pytest

from activities.agency.preview import preview
from cli import agency
from cli.terminal import CommandError


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACITE_DATA", str(tmp_path))
    monkeypatch.delenv("TACITE_DATABASE", raising=False)


def test_a_queue_takes_81_working_days_at_the_usual_hours(capsys: pytest.CaptureFixture[str]) -> None:
    assert agency.show(340_000, dry=False, as_json=True, preview=preview) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["working_days"], found["rows_a_day"], found["files"]) == (81, 4_200, 486)
    assert found["usual_hours"] is True


def test_it_is_said_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    agency.show(4_200, dry=False, as_json=False, preview=preview)
    assert "1 jour ouvré." in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(("rows", "dry"), [(None, False), (10, True), (0, False)])
def test_rows_or_dry_and_not_both(rows: int | None, dry: bool) -> None:
    with pytest.raises(CommandError):
        agency.show(rows, dry=dry, as_json=False, preview=preview)
