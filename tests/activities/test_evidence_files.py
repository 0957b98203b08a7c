"""Files that a case cites, and rows of no case: whoever changes or plants them is told."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from activities.signing.acts import DocumentSigner
from models.bodies.completion import Completion
from models.bodies.filing import Opinion
from models.store.audit.findings import Broken
from models.store.cases import completions, files, opinions, requests, silence
from models.store.database import Database, case_now
from models.store.journal.events import Actor
from tests.activities.evidence import audit
from tests.activities.tampering import tamper
from tests.cases import an_agent, file_a_case, request_pieces

EMPLOYER = Actor(role="employer")


@pytest.fixture
def cited(database: Database) -> str:
    """A case with two files: the opinion that followed, and a piece."""
    reference = file_a_case(database, works_council={"pending": True}, headcount=60)
    asked = request_pieces(database, reference, an_agent(database))
    with database.begin() as connection:
        account_id = requests.get(connection, reference).account_id
        opinion = files.add(connection, account_id, "text/plain", b"Avis favorable.").id
        piece = files.add(connection, account_id, "text/plain", b"Les deux ateliers.").id
        completions.notify(connection, asked)
        supplied = Completion.model_validate({"pieces": [{"code": "circumstances", "file": piece}]})
        completions.supply(connection, reference, supplied, EMPLOYER, case_now(connection, reference))
        given = Opinion.model_validate({"opinion": "favourable", "given_on": "2026-01-05", "file": opinion})
        opinions.supply(connection, reference, given, EMPLOYER)
    return reference


def told(database: Database, signing: DocumentSigner, *, everything: bool = True) -> list[Broken]:
    return [each for each in audit(database, signing, everything=everything).broken if "horodat" not in each.what]


OTHER = "bytes = 'x', sha256 = encode(sha256('x'), 'hex')"
OF_OPINION = "id IN (SELECT file_id FROM opinion WHERE file_id IS NOT NULL)"


def test_files_that_nobody_changed_are_whole(database: Database, signing: DocumentSigner, cited: str) -> None:
    assert told(database, signing) == []


@pytest.mark.parametrize(
    ("change", "seq", "what"),
    [
        (f"UPDATE file SET {OTHER} WHERE {OF_OPINION}", 5, "fichier joint"),
        (f"UPDATE file SET {OTHER} WHERE NOT {OF_OPINION}", 5, "fichier joint"),
        (f"UPDATE file SET bytes = 'x' WHERE {OF_OPINION}", 0, "octets du fichier"),
        (f"UPDATE file SET bytes = 'x' WHERE NOT {OF_OPINION}", 0, "octets du fichier"),
        (f"DELETE FROM file WHERE NOT {OF_OPINION}", 5, "fichier joint"),
    ],
    ids=["opinion", "piece", "bytes of the opinion", "bytes of the piece", "piece removed"],
)
def test_a_cited_file_that_changed_is_told_with_its_case_also_at_night(
    database: Database, signing: DocumentSigner, cited: str, change: str, seq: int, what: str
) -> None:
    tamper(database, change)
    for everything in (True, False):
        [found] = told(database, signing, everything=everything)
        assert (found.subject, found.seq, what in found.what) == (cited, seq, True)


PLANTED = {
    "a document": (
        "INSERT INTO document (reference, kind, subject, number, sha256, bytes, signed_at)"
        " VALUES ('{0}', 'attestation', '', '{0}00', encode(sha256('x'), 'hex'), 'x', now())",
        "n’est ni publié",
    ),
    "a row for the agency": (
        "INSERT INTO deposit_row (key, channel, reference, document_id) SELECT 'k', 'authorizations', '{0}', id"
        " FROM document LIMIT 1",
        "sans autorisation",
    ),
    "a file for the agency": (
        "INSERT INTO deposit (channel, name, bytes, sha256, reserved_at) VALUES ('authorizations', 'f', 'x',"
        " repeat('0', 64), now())",
        "",
    ),
    "an opinion of no case": (
        "ALTER TABLE opinion DROP CONSTRAINT opinion_reference_fkey; INSERT INTO opinion (reference, version, form)"
        " VALUES ('034ZZZZ01', 1, 'none_given')",
        "table opinion",
    ),
}


def test_what_is_planted_is_told(database: Database, signing: DocumentSigner, cited: str) -> None:
    with database.begin() as connection:
        for statement, _ in PLANTED.values():
            connection.execute(text(statement.format(cited)))
    found = [each.what for each in told(database, signing)]
    assert all(any(what in each for each in found) for _, what in PLANTED.values()), found
    assert [each for each in found if "le fichier f" in each] == [
        "le fichier f n’a la ligne d’aucun dossier",
        "le fichier f, qui attend l’ASP, n’a plus les octets de son empreinte",
    ]


def test_silence_leaves_no_orphan(database: Database, signing: DocumentSigner) -> None:
    reference = file_a_case(database, left=timedelta(seconds=-1))
    with database.begin() as connection:
        silence.establish(connection, reference)
    assert told(database, signing) == []
