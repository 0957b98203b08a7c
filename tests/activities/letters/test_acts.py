"""A letter is in the folder once, whole, with the only code that counts; nothing of it is kept here."""

import os
import re
import stat
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import text
from temporalio.exceptions import ApplicationError

from law.calendar import local
from law.texts import in_french
from models.letter_codes import digest
from models.settings import Profile
from models.store.database import Database, now
from models.store.journal.events import Actor
from models.store.people import accounts, letters
from tests.cases import an_employer, master_key
from tests.starter.letters import draw, know_address

PRINTED = re.compile(r"\b(?:[A-Z2-9]{4}-){3}[A-Z2-9]{4}\b")


def ordered(database: Database) -> str:
    with database.begin() as connection:
        who = an_employer(connection, proven=False)
    know_address(database, who.siret)
    with database.begin() as connection:
        letter = letters.request(connection, who.siret, who.account_id)
        operator = accounts.create(connection, "operator", "Exploitation", "o@tacite.invalid")
        letters.order(connection, letter.id, Actor(role="operator", account_id=operator))
    return letter.id


def stored(database: Database, letter: str) -> bytes:
    with database.begin() as connection:
        found = text("SELECT digest FROM letter WHERE id = CAST(:id AS uuid)")
        return bytes(connection.execute(found, {"id": letter}).scalar_one())


def words(folder: Path) -> str:
    [file] = folder.glob("*.pdf")
    [page] = PdfReader(file).pages
    return page.extract_text()


def test_the_letter_shows_the_address_of_the_register_and_the_code_of_the_digest(
    database: Database, tmp_path: Path
) -> None:
    letter = ordered(database)
    assert draw(database, tmp_path, letter)
    shown = words(tmp_path)
    assert "1 PLACE DU MARCHE" in shown
    assert "34000 MONTPELLIER" in shown
    [code] = PRINTED.findall(shown)
    assert digest(master_key(), letter, code) == stored(database, letter)
    [file] = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) & 0o007 == 0


def test_the_group_of_the_folder_reads_it_and_nobody_else(database: Database, tmp_path: Path) -> None:
    folder, before = tmp_path / "printing", os.umask(0o077)
    try:
        assert draw(database, folder, ordered(database))
    finally:
        os.umask(before)
    [file] = folder.iterdir()
    assert [stat.S_IMODE(each.stat().st_mode) for each in (folder, file)] == [0o750, 0o640]


@pytest.mark.parametrize("profile", ["production", "training", "development"])
def test_a_letter_has_its_day_and_says_that_it_is_a_specimen_in_a_trial_world(
    database: Database, tmp_path: Path, profile: Profile
) -> None:
    assert draw(database, tmp_path, ordered(database), profile)
    with database.begin() as connection:
        today = in_french(local(now(connection), "34").date())
    shown = " ".join(words(tmp_path).split())
    assert f"Le {today}" in shown
    assert ("SPÉCIMEN" in shown) == (profile != "production")


def test_what_a_stranger_wrote_stands_apart_and_neither_dials_nor_speaks(database: Database, tmp_path: Path) -> None:
    letter = ordered(database)
    with database.begin() as connection:
        stated = {"name": "votre comptable. Appelez le 01 99 00 12 34 : evil.example/code", "id": letter}
        of_letter = "(SELECT account_id FROM letter WHERE id = CAST(:id AS uuid))"
        connection.execute(text(f"UPDATE account SET name = :name WHERE id = {of_letter}"), stated)
        connection.execute(text("UPDATE establishment SET name = 'Composez le 01 99 00 12 34'"))
    assert draw(database, tmp_path, letter)
    shown = " ".join(words(tmp_path).split())
    told = shown.split("Texte écrit par cette personne, qui n’est pas du service : ")[1]
    assert told.startswith("votre comptable Appelez le 01 99 evil example code Si cette personne agit bien pour vous")
    assert "00 12 34" not in shown
    assert "Composez" not in shown
    assert "au nom de l’établissement ATELIERS DURAND" in shown


def test_a_second_run_changes_nothing(database: Database, tmp_path: Path) -> None:
    letter = ordered(database)
    assert draw(database, tmp_path, letter)
    before = stored(database, letter)
    assert not draw(database, tmp_path, letter)
    assert stored(database, letter) == before


def test_an_attempt_that_broke_leaves_no_letter_whose_code_counts(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = ordered(database)
    with monkeypatch.context() as broken:
        broken.setattr(letters, "mark_printed", _break)
        with pytest.raises(ApplicationError):
            draw(database, tmp_path, letter)
    first = PRINTED.findall(words(tmp_path))[0]
    assert draw(database, tmp_path, letter)
    assert PRINTED.findall(words(tmp_path))[0] != first
    assert digest(master_key(), letter, first) != stored(database, letter)


def _break(*_: object) -> None:
    raise OSError("the folder went away")


def test_a_letter_whose_address_is_gone_is_dropped(database: Database, tmp_path: Path) -> None:
    letter = ordered(database)
    with database.begin() as connection:
        connection.execute(text("DELETE FROM company"))
    assert not draw(database, tmp_path, letter)
    assert list(tmp_path.iterdir()) == []


def test_no_event_holds_the_code_and_the_printing_is_in_the_log_of_accesses(database: Database, tmp_path: Path) -> None:
    draw(database, tmp_path, ordered(database))
    code = PRINTED.findall(words(tmp_path))[0]
    with database.begin() as connection:
        told = connection.execute(text("SELECT type, data::text FROM event WHERE subject LIKE 'access:%'")).all()
    assert {"letter_ordered", "letter_printed"} <= {row.type for row in told}
    assert not any(code in row.data or code.replace("-", "") in row.data for row in told)
