"""`tacite deadline` and `tacite window`: worked dates, in JSON and in French."""

import json
from datetime import datetime

import pytest

import tacite
from law.texts import instant_in_french

DEADLINES = [
    # received, département, rule, last day, acceptance
    # both sides of each change of rule
    ("2013-07-01T00:00:00+02:00", "75", "15_days", "2013-07-16", "2013-07-17T00:00:00+02:00"),
    ("2020-03-25T23:59:59+01:00", "75", "15_days", "2020-04-09", "2020-04-10T00:00:00+02:00"),
    ("2020-03-26T00:00:00+01:00", "75", "2_days", "2020-03-28", "2020-03-29T00:00:00+01:00"),
    ("2020-03-28T23:59:59+01:00", "75", "2_days", "2020-03-30", "2020-03-31T00:00:00+02:00"),
    ("2020-03-29T00:00:00+01:00", "75", "48_hours", "2020-03-31", "2020-03-31T01:00:00+02:00"),
    ("2020-09-30T23:59:59+02:00", "75", "48_hours", "2020-10-02", "2020-10-02T23:59:59+02:00"),
    ("2020-10-01T00:00:00+02:00", "75", "15_days", "2020-10-16", "2020-10-17T00:00:00+02:00"),
    # month ends, ends of years, leap days, public holidays
    ("2026-01-31T12:00:00+01:00", "75", "15_days", "2026-02-15", "2026-02-16T00:00:00+01:00"),
    ("2026-12-20T12:00:00+01:00", "75", "15_days", "2027-01-04", "2027-01-05T00:00:00+01:00"),
    ("2024-02-14T12:00:00+01:00", "75", "15_days", "2024-02-29", "2024-03-01T00:00:00+01:00"),
    ("2023-02-14T12:00:00+01:00", "75", "15_days", "2023-03-01", "2023-03-02T00:00:00+01:00"),
    ("2026-12-10T12:00:00+01:00", "75", "15_days", "2026-12-25", "2026-12-26T00:00:00+01:00"),
    # the nights of 23 and 25 hours
    ("2026-03-13T12:00:00+01:00", "75", "15_days", "2026-03-28", "2026-03-29T00:00:00+01:00"),
    ("2026-03-14T12:00:00+01:00", "75", "15_days", "2026-03-29", "2026-03-30T00:00:00+02:00"),
    ("2026-10-09T12:00:00+02:00", "75", "15_days", "2026-10-24", "2026-10-25T00:00:00+02:00"),
    ("2026-10-10T12:00:00+02:00", "75", "15_days", "2026-10-25", "2026-10-26T00:00:00+01:00"),
    # the other side of midnight
    ("2026-11-22T23:30:00+01:00", "75", "15_days", "2026-12-07", "2026-12-08T00:00:00+01:00"),
    ("2026-11-22T23:30:00+01:00", "974", "15_days", "2026-12-08", "2026-12-09T00:00:00+04:00"),
    ("2026-11-22T23:30:00+01:00", "976", "15_days", "2026-12-08", "2026-12-09T00:00:00+03:00"),
    ("2026-11-22T02:00:00+01:00", "971", "15_days", "2026-12-06", "2026-12-07T00:00:00-04:00"),
    ("2026-11-22T02:00:00+01:00", "972", "15_days", "2026-12-06", "2026-12-07T00:00:00-04:00"),
    ("2026-11-22T02:00:00+01:00", "973", "15_days", "2026-12-06", "2026-12-07T00:00:00-03:00"),
    ("2026-11-22T02:00:00+01:00", "975", "15_days", "2026-12-06", "2026-12-07T00:00:00-03:00"),
    ("2020-03-26T03:00:00+01:00", "972", "15_days", "2020-04-09", "2020-04-10T00:00:00-04:00"),
    ("2020-03-25T22:00:00+01:00", "974", "2_days", "2020-03-28", "2020-03-29T00:00:00+04:00"),
    ("2020-03-28T22:00:00+01:00", "974", "48_hours", "2020-03-31", "2020-03-31T01:00:00+04:00"),
    ("2020-10-01T03:00:00+02:00", "971", "48_hours", "2020-10-02", "2020-10-02T21:00:00-04:00"),
    ("2020-09-30T23:00:00+02:00", "974", "15_days", "2020-10-16", "2020-10-17T00:00:00+04:00"),
    # written forms
    ("2026-11-22T10:00:00Z", "075", "15_days", "2026-12-07", "2026-12-08T00:00:00+01:00"),
    ("2026-11-22T10:00:00.999999Z", "02a", "15_days", "2026-12-07", "2026-12-08T00:00:00+01:00"),
]


WINDOWS = [
    # ground, placement, département, closes, accepted until
    ("economic_conditions", "2026-12-01", "75", "2026-12-01T00:00:00+01:00", None),
    ("supply_difficulties", "2013-07-02", "75", "2013-07-02T00:00:00+02:00", None),
    ("restructuring", "2020-04-15", "974", "2020-04-15T00:00:00+04:00", None),
    # ground 3: thirty days since the first text
    ("disaster_or_weather", "2013-07-01", "75", "2013-08-01T00:00:00+02:00", None),
    ("disaster_or_weather", "2019-11-04", "75", "2019-12-05T00:00:00+01:00", None),
    # ground 5: before the placement, then thirty days for receptions from 26 March 2020
    ("exceptional_circumstances", "2020-02-24", "75", "2020-02-24T00:00:00+01:00", None),
    ("exceptional_circumstances", "2020-02-25", "75", "2020-03-27T00:00:00+01:00", None),
    # published examples: the thirtieth day is a Sunday
    (
        "exceptional_circumstances",
        "2020-03-20",
        "75",
        "2020-04-21T00:00:00+02:00",
        "2020-05-01T00:00:00+02:00",
    ),
    ("exceptional_circumstances", "2020-10-30", "75", "2020-12-01T00:00:00+01:00", None),
    # the tolerance of March and April 2020, both sides
    ("disaster_or_weather", "2020-02-29", "75", "2020-03-31T00:00:00+02:00", None),
    ("disaster_or_weather", "2020-03-01", "75", "2020-04-01T00:00:00+02:00", "2020-05-01T00:00:00+02:00"),
    (
        "exceptional_circumstances",
        "2020-03-30",
        "75",
        "2020-04-30T00:00:00+02:00",
        "2020-05-01T00:00:00+02:00",
    ),
    ("exceptional_circumstances", "2020-03-31", "75", "2020-05-01T00:00:00+02:00", None),
    # public holidays, of everywhere and of some places only
    ("disaster_or_weather", "2026-04-01", "75", "2026-05-05T00:00:00+02:00", None),
    ("disaster_or_weather", "2025-11-26", "75", "2025-12-27T00:00:00+01:00", None),
    ("disaster_or_weather", "2025-11-26", "67", "2025-12-30T00:00:00+01:00", None),
    ("disaster_or_weather", "2024-11-20", "974", "2024-12-24T00:00:00+04:00", None),
    ("disaster_or_weather", "2024-11-20", "75", "2024-12-21T00:00:00+01:00", None),
    # leap day, night of 23 hours, overseas
    ("disaster_or_weather", "2024-01-30", "75", "2024-03-01T00:00:00+01:00", None),
    ("disaster_or_weather", "2026-02-27", "75", "2026-03-31T00:00:00+02:00", None),
    ("disaster_or_weather", "2026-09-25", "75", "2026-10-27T00:00:00+01:00", None),
    ("exceptional_circumstances", "2026-11-03", "971", "2026-12-04T00:00:00-04:00", None),
]


@pytest.mark.parametrize(("received", "department", "rule", "last_day", "acceptance"), DEADLINES)
def test_deadline_tells_when_silence_accepts(
    received: str,
    department: str,
    rule: str,
    last_day: str,
    acceptance: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = ["deadline", "--received-at", received, "--department", department, "--json"]
    assert tacite.run(arguments) == 0
    told = json.loads(capsys.readouterr().out)
    assert list(told) == ["rule", "last_day_on", "tacit_acceptance_at", "why"]
    assert (told["rule"], told["last_day_on"], told["tacit_acceptance_at"]) == (rule, last_day, acceptance)
    assert all(list(each) == ["article", "text", "value", "source"] for each in told["why"])


@pytest.mark.parametrize(("ground", "placement", "department", "closes", "accepted"), WINDOWS)
def test_window_tells_until_when_a_request_may_come(
    ground: str,
    placement: str,
    department: str,
    closes: str,
    accepted: str | None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = [
        "window",
        "--ground",
        ground,
        "--placement-on",
        placement,
        "--department",
        department,
        "--json",
    ]
    assert tacite.run(arguments) == 0
    told = json.loads(capsys.readouterr().out)
    assert list(told) == ["closes_at", "accepted_until", "why"]
    assert (told["closes_at"], told["accepted_until"]) == (closes, accepted or closes)


def test_a_person_reads_the_same_in_french(capsys: pytest.CaptureFixture[str]) -> None:
    tacite.run(["deadline", "--received-at", "2020-03-29T00:00:00+01:00"])
    tacite.run(["window", "--ground", "exceptional_circumstances", "--placement-on", "2020-03-20"])
    shown = capsys.readouterr().out
    assert f"Acceptation implicite : {instant_in_french(datetime.fromisoformat('2020-03-31T01:00:00+02:00'))}" in shown
    assert "Par tolérance, admise jusqu’au 1er mai 2020" in shown
