"""A file of answers that was set aside is applied after all, once what it answers is known."""

import json

import pytest
from sqlalchemy import Connection

from models.agency_answers import AnswerFault, answer_name
from models.claim_labels import ClaimState
from models.errors import Conflict
from models.store.agency import answer_files, claim_rows, files, sent
from models.store.agency.answer_files import AnswerFileRecord
from models.store.agency.channels import CLAIMS
from models.store.database import Database
from starter.services import set_aside
from tests.cases import master_key
from tests.models.store.agency.builders import a_queued_claim
from tests.models.store.claims import builders


def a_file_set_aside(connection: Connection, *more: object) -> AnswerFileRecord:
    """A file that three runs could not apply, with the answer to the claim that waits, and other rows."""
    rows = claim_rows.list_ready(connection, 1)
    deposit = files.reserve(connection, CLAIMS, lambda _: "TACITE_DI_20261201091530.json", b"{}", rows)
    sent.mark_written(connection, deposit.id)
    line = {"numLigne": 1, "typeMouvement": "C", "codeTraitement": "0000", "empreinteDocument": rows[0].sha256}
    content = json.dumps({"lignesTelechargement": [line, *more]}).encode()
    file = answer_files.note(connection, CLAIMS, answer_name(deposit.name), content, master_key())
    for _ in range(answer_files.MAX_TRIES):
        answer_files.fail(connection, file.id, AnswerFault.UNKNOWN_LINE)
    return file


def test_a_replay_applies_what_can_be_and_the_file_stays_while_something_cannot(database: Database) -> None:
    claim = a_queued_claim(database)
    with database.begin() as connection:
        file = a_file_set_aside(connection, {"numLigne": 9, "typeMouvement": "C", "codeTraitement": "0000"})
        set_aside.replay(connection, file.id, master_key())
        assert [each.id for each in answer_files.list_quarantined(connection)] == [file.id]
    assert builders.state(database, claim.id) == ClaimState.ACCEPTED
    with database.begin() as connection, pytest.raises(Conflict, match="une ligne que nous n’avons pas déposée"):
        set_aside.replay(connection, file.id, master_key())
    assert builders.story(database, claim.id).count("claim_accepted") == 1


def test_a_replay_applies_every_row_and_ends_what_was_set_aside(database: Database) -> None:
    claim = a_queued_claim(database)
    with database.begin() as connection:
        file = a_file_set_aside(connection)
        set_aside.replay(connection, file.id, master_key())
        assert answer_files.list_quarantined(connection) == []
    assert builders.state(database, claim.id) == ClaimState.ACCEPTED
    assert builders.broken(database) == []
