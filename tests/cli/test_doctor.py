"""What `tacite doctor` says of the programs and folders that uploads, proofs and verifications need."""

from email.message import Message
from pathlib import Path
from urllib.error import HTTPError

import pytest

from cli import doctor
from cli.doctor import Finding, examine
from law.upkeep import Notice, Weight
from local.engine import Engine
from models.settings import Settings


def a_setting(tmp_path: Path, **changes: object) -> Settings:
    needed: dict[str, object] = {
        "database": "postgresql://nobody@127.0.0.1:1/nothing",
        "engine": "127.0.0.1:1",
        "master_key": tmp_path / "master.key",
        "blind_key": tmp_path / "blind.key",
        "trust": tmp_path,
        "seal": tmp_path,
        "signatories": tmp_path,
        "timestamps": (),
        "agency": tmp_path.as_uri(),
        "mail": "smtp://127.0.0.1:1",
    }
    return Settings.model_validate(needed | changes)


def told(settings: Settings, part: str) -> Finding:
    (found,) = [each for each in examine(settings, ()) if each.part == part]
    return found


def test_a_program_that_examines_and_is_away_is_told(tmp_path: Path) -> None:
    found = told(a_setting(tmp_path, examining=f"unix:{tmp_path}/nobody"), "Examen des fichiers")
    assert (found.ok, "python -m examining" in str(found.remedy)) == (False, True)


def test_an_answer_that_is_an_error_is_told_in_french(tmp_path: Path) -> None:
    def fails() -> str:
        raise HTTPError("http://x", 503, "Service Unavailable", Message(), None)

    *_, found = examine(a_setting(tmp_path), [("Horodatage x", fails)])
    assert (found.ok, found.found) == (False, "répond 503 (service indisponible)")


@pytest.mark.parametrize(("name", "ok"), [(".", True), ("first", True), ("not/there", False)])
def test_the_folder_of_letters_must_be_there(tmp_path: Path, name: str, ok: bool) -> None:
    found = told(a_setting(tmp_path, letters=tmp_path / name), "Lettres")
    assert found.ok is ok
    assert list(tmp_path.iterdir()) == []


def test_a_provider_of_firms_that_is_away_is_told(tmp_path: Path) -> None:
    firms = {
        "firms_issuer": "http://127.0.0.1:1",
        "firms_client": "tacite",
        "firms_secret": tmp_path / "secret",
        "firms_levels": ("eidas2",),
        "firms_verified_claims": ("siret",),
        "profile": "development",
    }
    found = told(a_setting(tmp_path, **firms), "Fournisseur d’identité des entreprises")
    assert not found.ok


def test_a_queue_that_no_worker_serves_is_told(tmp_path: Path) -> None:
    engine = Engine(tmp_path / "engine", headless=True)
    engine.start()
    try:
        found = told(a_setting(tmp_path, engine=engine.address), "Files du moteur")
    finally:
        engine.stop()
    assert not found.ok
    assert "verifying" in found.found


def test_a_text_that_is_missing_is_told_and_is_no_fault_but_a_contradiction_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing, wrong = Notice(Weight.WARNING, "Aucun plancher lu."), Notice(Weight.ERROR, "Le plancher dépasse le SMIC.")
    monkeypatch.setattr(doctor, "notices", lambda on: (wrong, missing))
    found = [each for each in examine(a_setting(tmp_path), ()) if each.part == "Loi"]
    assert [(each.ok, each.found, bool(each.remedy)) for each in found] == [
        (False, wrong.text, True),
        (True, missing.text, False),
    ]
