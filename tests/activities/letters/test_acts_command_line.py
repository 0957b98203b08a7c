"""From an unproven employer's silence to the agency's folder, the letter ordered from the command line."""

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

import tacite
from activities.documents.acts import StoredDocumentActs
from activities.register import StoredRegisterActs
from models.labels import HoldReason, Proof
from models.letter_codes import digest
from models.messages.case import Ref
from models.store.cases import authority_holds, holds
from models.store.database import Database
from models.store.journal.events import Actor
from models.store.people import letters
from tests.activities.evidence import deposit
from tests.activities.letters.test_acts import PRINTED, words
from tests.cases import an_employer, file_a_case, master_key
from tests.starter.letters import draw, know_address


@pytest.fixture
def printing(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "letters"
    for name in ("MASTER_KEY", "BLIND_KEY", "TRUST", "SEAL", "SIGNATORIES"):
        monkeypatch.setenv(f"TACITE_{name}", "/nowhere")
    monkeypatch.setenv("TACITE_DATABASE", database.dsn)
    monkeypatch.setenv("TACITE_AGENCY", "file:///nowhere")
    monkeypatch.setenv("TACITE_TIMESTAMPS", "[]")
    monkeypatch.setenv("TACITE_LETTERS", str(folder))
    folder.mkdir()
    return folder


def listed(capsys: pytest.CaptureFixture[str]) -> Sequence[str]:
    assert tacite.run(["letters", "list", "--json"]) == 0
    return [each["id"] for each in json.loads(capsys.readouterr().out)["items"]]


def test_the_code_of_a_letter_ordered_here_hands_the_authorization_over(
    database: Database,
    papers: StoredDocumentActs,
    acts: StoredRegisterActs,
    tmp_path: Path,
    printing: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    agency = tmp_path / "agency"
    agency.mkdir()
    with database.begin() as connection:
        firm = an_employer(connection, proven=False)
    case = Ref(reference=file_a_case(database, employer=firm, left=timedelta(seconds=-1)), id="")
    acts.establish_silence(case)
    papers.issue_attestation(case)
    held = acts.hand_over(case)
    assert held
    assert held.reasons == (HoldReason.AUTHORITY,)
    know_address(database, firm.siret)
    with database.begin() as connection:
        letter = letters.request(connection, firm.siret, firm.account_id).id
    assert listed(capsys) == [letter]
    assert tacite.run(["letters", "print", letter]) == 0
    assert draw(database, printing, letter)
    assert listed(capsys) == []
    [code] = PRINTED.findall(words(printing))
    deposit(database, agency)
    assert list(agency.iterdir()) == []
    with database.begin() as connection:
        code_digest = digest(master_key(), letter, code)
        assert letters.redeem(connection, letter, code_digest) == "good"
        actor = Actor(role="employer", account_id=firm.account_id)
        authority_holds.prove(connection, firm.siret, firm.account_id, Proof.LETTER, actor)
        assert holds.list_standing(connection, case.reference) == []
    assert acts.hand_over(case) is None
    deposit(database, agency)
    [file] = agency.iterdir()
    assert firm.siret in file.read_text()


def test_what_cannot_be_printed_is_said(
    database: Database, printing: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tacite.run(["letters", "print", str(uuid4())]) == 1
    assert "Aucune lettre" in capsys.readouterr().err
    monkeypatch.delenv("TACITE_LETTERS")
    assert tacite.run(["letters", "print", str(uuid4())]) == 3
    assert "TACITE_LETTERS" in capsys.readouterr().err
