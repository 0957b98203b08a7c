"""`make check-law`: prints what to look at, and fails only when the figures contradict each other."""

from datetime import date

import pytest

from cli import upkeep
from cli.terminal import ExitCode
from law.upkeep import Notice, Weight


def test_what_is_old_or_missing_is_printed_and_nothing_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert upkeep.check(date(2026, 11, 29)) == ExitCode.DONE
    assert "à revoir : Aucun plancher lu pour le SMIC du 1er juin 2026" in capsys.readouterr().err


def test_a_contradiction_fails(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = Notice(Weight.ERROR, "Le plancher du 1er janvier 2026 dépasse le SMIC.")
    monkeypatch.setattr(upkeep, "notices", lambda on: (wrong,))
    assert upkeep.check(date(2026, 11, 29)) == ExitCode.NEGATIVE
    assert "ERREUR : Le plancher du 1er janvier 2026" in capsys.readouterr().err


def test_nothing_to_look_at_is_said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "notices", lambda on: ())
    assert upkeep.check(date(2026, 11, 29)) == ExitCode.DONE
    assert "à jour" in capsys.readouterr().err
