"""Incidents as a person reads them: since when here, on what they wait, what to do."""

import pytest
from rich.console import Console

from cli.operations import in_words, subject_from
from models.remedies import remedy


def shown(value: object) -> str:
    console = Console(width=400, record=True, file=None)
    with console.capture() as captured:
        console.print(value)
    return captured.get()


def test_no_incident_is_said_in_words() -> None:
    assert in_words([]) == "Aucun incident."


def test_an_incident_is_told_in_the_hour_of_paris_with_its_remedy() -> None:
    parked = {
        "process": "authorization:034AAAA01",
        "act": "sign_decision",
        "part": "timestamp",
        "opened_at": "2026-11-28T19:41:58.481678Z",
    }
    text = shown(in_words([parked])).replace("\N{NO-BREAK SPACE}", " ")
    assert "28 novembre 2026 à 20 h 41 min 58 s" in text
    assert "l’horodatage" in text
    assert remedy("timestamp") in text


@pytest.mark.parametrize(
    ("argument", "subject"),
    [
        ("034 AQHV 02", "034AQHV02"),
        (" 034aqhv02:2021-04:1:2", "034AQHV02:2021-04:1:2"),
        ("Authorizations", "authorizations"),
        ("034AQHV02:2021-04", "034aqhv02:2021-04"),
    ],
)
def test_what_operators_type_is_found_by_its_form(argument: str, subject: str) -> None:
    assert subject_from(argument) == subject
