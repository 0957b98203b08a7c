"""A file of answers that was set aside is applied after all, once what it answers is known."""

import json

from models.agency_answers import AnswerFault, answer_name
from models.claim_labels import ClaimState
from models.store.agency import answer_files, claim_rows, files, nominal_files, sent
from models.store.agency.channels import CLAIMS
from models.store.database import Database
from starter.services import set_aside
from tests.models.store.agency.builders import a_queued_claim
from tests.models.store.claims import builders


def test_a_replay_applies_every_row_and_ends_what_was_set_aside(database: Database) -> None:
    claim = a_queued_claim(database)
    with database.begin() as connection:
        nominal_files.keep(connection, claim.id, b"nominal")
        rows = claim_rows.list_ready(connection, 1)
        deposit = files.reserve(connection, CLAIMS, lambda _: "TACITE_DI_20261201091530.json", b"{}", rows)
        sent.mark_written(connection, deposit.id)
        line = {"numLigne": 1, "typeMouvement": "C", "codeTraitement": "0000", "empreinteDocument": rows[0].sha256}
        content = json.dumps({"lignesTelechargement": [line]}).encode()
        file = answer_files.note(connection, CLAIMS, answer_name(deposit.name), content)
        for _ in range(answer_files.MAX_TRIES):
            answer_files.fail(connection, file.id, AnswerFault.UNKNOWN_LINE)
        set_aside.replay(connection, file.id)
        assert answer_files.list_quarantined(connection) == []
    assert builders.state(database, claim.id) == ClaimState.ACCEPTED
    assert builders.broken(database) == []
