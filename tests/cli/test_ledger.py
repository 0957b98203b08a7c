"""`tacite ledger`: accounts and entries of an authorization, what is wrong with them, and the same in the doctor."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from cli import ledger
from cli.doctor import examine
from cli.ledger import ACCOUNTS, KINDS
from cli.terminal import CommandError
from models.store.database import Database
from models.store.schema import claims
from tests.cases import file_a_case
from tests.cli.test_doctor import a_setting
from tests.models.store.claims.builders import a_person, authorize, claim


@pytest.fixture
def at_hand(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A register that commands work on."""
    settings = a_setting(tmp_path, database=database.dsn.replace("+psycopg", ""))
    monkeypatch.setattr(ledger, "current_settings", lambda: settings)
    return database


def test_the_ledger_of_an_authorization_is_shown(at_hand: Database, capsys: pytest.CaptureFixture[str]) -> None:
    reference = authorize(at_hand, hours="100")
    claim(at_hand, reference, a_person(1, cents=10_000))
    assert ledger.show(f"{reference}00", check=False, as_json=True) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["accounts"] == [
        {"account": "authorised", "hours": "-100.00", "cents": 0},
        {"account": "available", "hours": "93.00", "cents": -10_000},
        {"account": "admitted", "hours": "7.00", "cents": 10_000},
    ]
    assert [(each["seq"], each["kind"], each["state_cents"]) for each in facts["entries"]] == [
        (1, "granted", 0),
        (2, "admitted", 6_700),
    ]
    assert ledger.show(reference, check=False, as_json=False) == 0
    shown = capsys.readouterr().out.replace("\N{NO-BREAK SPACE}", " ")
    assert all(each in shown for each in ("demande reçue", "disponible", "100,00 €", "33,00 €"))


def test_a_ledger_that_balances_is_said_to_and_one_that_does_not_is_a_negative_answer(
    at_hand: Database, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    reference, other = authorize(at_hand), authorize(at_hand)
    for each in (reference, other):
        claim(at_hand, each)
    assert ledger.show(None, check=True, as_json=True) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts == {"reference": None, "entitlements": 2, "entries": 4, "differences": []}
    with at_hand.begin() as connection:
        connection.execute(text("UPDATE entitlement SET admitted_hours = 0 WHERE reference = :r"), {"r": reference})
    assert (ledger.show(None, check=True, as_json=False), ledger.show(reference, check=True, as_json=True)) == (1, 1)
    assert ledger.show(other, check=True, as_json=True) == 0
    assert reference in capsys.readouterr().out
    settings = a_setting(tmp_path, database=at_hand.dsn.replace("+psycopg", ""))
    (told,) = [each for each in examine(settings, ()) if each.part == "Grand livre"]
    assert (told.ok, reference in told.found, "tacite ledger --check" in (told.remedy or "")) == (False, True, True)


def test_a_claim_past_its_last_day_of_payment_is_told_by_the_doctor(at_hand: Database, tmp_path: Path) -> None:
    found = claim(at_hand, authorize(at_hand))
    settings = a_setting(tmp_path, database=at_hand.dsn.replace("+psycopg", ""))
    (told,) = [each for each in examine(settings, ()) if each.part == "Demandes d’indemnisation"]
    assert (told.ok, told.found) == (True, "0 à agréer, 0 à transmettre, 0 sans réponse ; aucune hors délai")
    with at_hand.begin() as connection:
        late = "UPDATE claim SET due_on = (case_now(reference) AT TIME ZONE 'Europe/Paris')::date - 3 WHERE id = :id"
        connection.execute(text(late), {"id": found.id})
    (told,) = [each for each in examine(settings, ()) if each.part == "Demandes d’indemnisation"]
    said = " ".join(told.found.split())
    assert (told.ok, said) == (False, "1 sans réponse après leur dernier jour de paiement, la première depuis 2 jours")


def test_an_authorization_of_which_nothing_was_claimed_is_whole(
    at_hand: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = authorize(at_hand)
    assert ledger.show(reference, check=True, as_json=True) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["entitlements"], found["entries"], found["differences"]) == (0, 0, [])


def test_what_cannot_be_shown_is_said(at_hand: Database) -> None:
    nowhere = "034ZZZZ99"
    said = ((None, False, 2), ("034", True, 2), (file_a_case(at_hand), False, 1), (nowhere, True, 1))
    for reference, check, code in said:
        with pytest.raises(CommandError) as found:
            ledger.show(reference, check=check, as_json=True)
        assert found.value.code == code


def test_every_account_and_kind_has_a_french_name() -> None:
    assert ACCOUNTS.keys() == set(claims.ACCOUNTS)
    assert KINDS.keys() == {kind for kind, _, _ in claims.MOVES}
