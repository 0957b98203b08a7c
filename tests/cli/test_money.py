"""`tacite allowance`, `hours` and `forfeiture`: the same cents as the API, every wrong option named."""

import json

import pytest

import tacite


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = tacite.run(list(arguments))
    said = capsys.readouterr()
    return code, said.out, said.err


def test_an_allowance_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(
        capsys, "allowance", "--on", "2020-03-16", "--hourly-gross", "10.15", "--hours", "105", "--json"
    )
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert found["allowance"] == {"hourly": "8.03", "total": "843.15"}
    assert found["indemnity"] == {"hourly": "8.03", "total": "843.15"}
    assert [each["month"] for each in found["months"]] == ["2020-03"]
    assert {"article", "text", "value", "source"} == found["why"][0].keys()


def test_an_allowance_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    period = ("--on", "2021-05-01", "--to", "2021-07-31")
    code, out, _ = run(capsys, "allowance", *period, "--hourly-gross", "20", "--hours", "400")
    assert code == 0
    assert "Allocation versée à l’employeur" in out
    assert "2021-06" in out


def test_payable_hours_are_told_by_month(capsys: pytest.CaptureFixture[str]) -> None:
    week = ("--week", "2020-03-30", "--contract-week", "35", "--worked", "0")
    found = json.loads(run(capsys, "hours", *week, "--json")[1])
    assert (found["payable_hours"], found["by_month"]) == ("35", {"2020-03": "14", "2020-04": "21"})
    assert "14 h ; " in run(capsys, "hours", *week)[1]


@pytest.mark.parametrize(
    ("ended", "last", "forfeited"),
    [
        ("2021-04-30", "2021-10-31", "2021-11-01"),
        ("2025-06-15", "2025-12-15", "2025-12-16"),
        ("2024-02-29", "2024-08-31", "2024-09-01"),
    ],
)
def test_forfeiture_is_told(capsys: pytest.CaptureFixture[str], ended: str, last: str, forfeited: str) -> None:
    arguments = ("--period-end", ended, "--filed-on", "2020-12-31")
    found = json.loads(run(capsys, "forfeiture", *arguments, "--json")[1])
    assert (found["last_day_on"], found["forfeited_on"]) == (last, forfeited)
    assert "regularise_until" not in found
    longer = json.loads(run(capsys, "forfeiture", *arguments, "--reference-months", "12", "--json")[1])
    assert longer["regularise_until"] > last
    assert "Régularisation" in run(capsys, "forfeiture", *arguments, "--reference-months", "12")[1]


def test_every_wrong_option_is_named_in_french(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "allowance", "--on", "2020-13-16", "--hourly-gross", "x", "--hours", "y")
    assert (code, out) == (2, "")
    assert all(f"--{name} : " in err for name in ("on", "hourly-gross", "hours"))


def test_a_rate_that_is_not_known_is_no_guess(capsys: pytest.CaptureFixture[str]) -> None:
    stated = ("--hours", "7", "--hourly-gross", "12", "--department", "976")
    code, _, err = run(capsys, "allowance", "--on", "2021-02-01", *stated)
    assert code == 2
    assert "--on : Aucun texte lu" in err


@pytest.mark.parametrize(
    ("stated", "sentence"),
    [
        ("forfeiture --period-end 2150-01-31 --filed-on 2149-12-01", "--filed-on : Ce jour de dépôt est trop éloigné"),
        ("hours --week 2026-11-02 --contract-week 35 --worked 0 --days 3", "--days : Les jours ne comptent pas"),
        ("hours --week 2026-11-02 --contract-week 35 --worked 0 --half-days 1", "--half-days : Les jours ne comptent"),
        ("hours --week 2026-11-03 --contract-week 35 --worked 0", "--week : Une semaine se désigne par son lundi"),
        ("allowance --on 2019-02-01 --hours 7 --hourly-gross 12", "--headcount : Indiquez l’effectif"),
    ],
)
def test_a_question_without_an_answer_names_its_option(
    capsys: pytest.CaptureFixture[str], stated: str, sentence: str
) -> None:
    code, out, err = run(capsys, *stated.split())
    assert (code, out) == (2, "")
    assert sentence in err


def test_figures_of_days_to_come_are_said_to_be_those_of_today(capsys: pytest.CaptureFixture[str]) -> None:
    stated = ("--hours", "7", "--hourly-gross", "12", "--on")
    assert "ces chiffres sont ceux connus le" in run(capsys, "allowance", *stated, "2150-01-04")[1]
    assert "connus le" not in run(capsys, "allowance", *stated, "2025-01-06")[1]
