"""`tacite keys erase`: a person types the reference again before anything is destroyed."""

import io

import pytest

import tacite
from cli import operations


class Typed(io.StringIO):
    """What a person types at a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def erased(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    asked: list[tuple[str, str]] = []

    def erase(reference: str, reason: str) -> str:
        asked.append((reference, reason))
        return reference

    monkeypatch.setattr(operations, "erase", erase)
    return asked


@pytest.mark.parametrize(("typed", "code"), [("034AAAA01\n", 0), ("oui\n", 2), ("", 2)])
def test_a_person_types_the_reference_again(
    typed: str, code: int, erased: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", Typed(typed))
    assert tacite.run(["keys", "erase", "034AAAA01", "--reason", "Article 17 du RGPD."]) == code
    assert erased == ([("034AAAA01", "Article 17 du RGPD.")] if code == 0 else [])


def test_a_program_has_stated_it(
    erased: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert tacite.run(["keys", "erase", "034AAAA01", "--reason", "Article 17.", "--json"]) == 0
    assert capsys.readouterr().out == '{"reference": "034AAAA01"}\n'
    assert len(erased) == 1
