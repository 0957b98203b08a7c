"""What commands print: the answer alone on standard output, cells in French, JSON in the forms of the contract."""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from cli import terminal
from cli.terminal import CommandError, ExitCode


@dataclass(frozen=True)
class Row:
    """A row of an answer."""

    on: date
    hours: Decimal


def test_json_is_one_line_of_plain_values(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.answer({"row": Row(date(2026, 12, 8), Decimal("35.50")), "nom": "Émilie"}, "unused", as_json=True)
    written = capsys.readouterr().out
    assert written.count("\n") == 1
    assert "Émilie" in written
    assert json.loads(written) == {"row": {"on": "2026-12-08", "hours": "35.50"}, "nom": "Émilie"}


def test_what_has_no_json_form_is_an_error_of_the_program() -> None:
    with pytest.raises(TypeError, match="object has no JSON form"):
        terminal.answer(object(), "", as_json=True)


def test_a_cell_is_printed_as_it_was_written(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.answer(None, terminal.table("Agents", ("Nom",), [("[red]Perrin[/red] [x]",)]), as_json=False)
    assert "[red]Perrin[/red] [x]" in capsys.readouterr().out


def test_a_table_shows_its_cells_in_french(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [(True, None, "Nîmes"), (False, ["034", "974"], [])]
    terminal.answer(None, terminal.table("Agents", ("Chef", "Départements", "Note"), rows), as_json=False)
    shown = capsys.readouterr().out
    assert all(cell in shown for cell in ("oui", "non", "—", "034 974", "Nîmes"))


def test_a_sentence_is_no_part_of_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.say("Rien à faire.")
    assert (capsys.readouterr()) == ("", "Rien à faire.\n")


def test_a_file_that_cannot_be_read_is_misuse(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="n’est pas un fichier lisible") as wrong:
        terminal.read_file(tmp_path / "nowhere")
    assert wrong.value.code is ExitCode.MISUSE
