"""The events of all cases are time-stamped together; any later insertion or change is detected."""

import subprocess
from pathlib import Path

import pytest
from sqlalchemy import text

from activities.documents.acts import StoredDocumentActs
from activities.signing.acts import DocumentSigner
from models.engine.names import CHAIN
from models.messages.acts import Process
from models.store.audit import stamps
from models.store.audit.findings import Findings
from models.store.database import Database
from tests.cases import file_a_case

NIGHT = Process(id=CHAIN)


def broken(database: Database) -> list[int]:
    """Numbers of the anchors that no longer cover the events that they stamped."""
    findings = Findings()
    with database.snapshot() as connection:
        stamps.check(connection, 0, lambda *_: None, findings)
    return [each.seq for each in findings.verdict(0, everything=True).broken]


def tokens(database: Database) -> list[tuple[bytes, bytes]]:
    with database.begin() as connection:
        rows = connection.execute(text("SELECT digest, token FROM anchor ORDER BY upto")).all()
    return [(bytes(row.digest), bytes(row.token)) for row in rows]


def test_each_night_stamps_what_is_new_and_covers_what_was(database: Database, papers: StoredDocumentActs) -> None:
    file_a_case(database)
    first = papers.stamp_chain(NIGHT)
    assert papers.stamp_chain(NIGHT) == first
    assert len(tokens(database)) == 1
    file_a_case(database)
    assert papers.stamp_chain(NIGHT) > first
    assert len(tokens(database)) == 2
    assert broken(database) == []


def test_nothing_to_stamp_is_no_anchor(database: Database, papers: StoredDocumentActs) -> None:
    assert papers.stamp_chain(NIGHT) == 0
    assert tokens(database) == []


def test_openssl_finds_the_stamp_of_the_authority_on_the_digest(
    database: Database, papers: StoredDocumentActs, tmp_path: Path, signing: DocumentSigner
) -> None:
    file_a_case(database)
    papers.stamp_chain(NIGHT)
    digest, token = tokens(database)[0]
    (tmp_path / "token.der").write_bytes(token)
    anchors_file = tmp_path / "anchors.pem"
    anchors_file.write_bytes(b"\n".join(file.read_bytes() for file in sorted(signing.trust.glob("*.pem"))))
    command = [
        "openssl",
        "ts",
        "-verify",
        "-digest",
        digest.hex(),
        "-token_in",
        "-in",
        str(tmp_path / "token.der"),
    ]
    found = subprocess.run([*command, "-CAfile", str(anchors_file)], capture_output=True, text=True, check=False)
    assert "Verification: OK" in found.stdout + found.stderr, found


@pytest.mark.parametrize("forgery", ["UPDATE event SET digest = 'x' WHERE seq = 1", "DELETE FROM event"])
def test_a_change_behind_the_triggers_back_breaks_the_anchor(
    database: Database, papers: StoredDocumentActs, forgery: str
) -> None:
    file_a_case(database)
    papers.stamp_chain(NIGHT)
    with database.begin() as connection:
        connection.execute(text("ALTER TABLE event DISABLE TRIGGER USER"))
        connection.execute(text(forgery))
    assert broken(database) == [1]
