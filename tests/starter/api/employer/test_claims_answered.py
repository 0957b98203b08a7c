"""An employer sees why a signed claim waits, what the agency answered, and what to do about it."""

import json
from collections.abc import Iterator

import pytest

from local.postgres import Postgres
from models.agency_advice import advise
from models.agency_answers import answer_name
from models.claim_labels import ClaimState
from models.store.agency import answer_files, answers, channel_states, claim_rows, files, sent
from models.store.agency.channels import CLAIMS
from models.store.claims import records
from models.store.database import Database
from tests.builders import Credentials
from tests.cases import master_key
from tests.models.store.agency.builders import OPERATOR, queue, sign
from tests.starter.claimed import a_claim, a_line, authorized_for, filed
from tests.starter.conftest import one_register
from tests.starter.people import Door


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


def reject(database: Database, claim_id: str) -> None:
    """Put a queued claim into a file, and apply an answer that rejects it."""
    with database.begin() as connection:
        rows = claim_rows.list_ready(connection, 1)
        deposit = files.reserve(connection, CLAIMS, lambda _: "TACITE_DI_20261201091530.json", b"{}", rows)
        sent.mark_written(connection, deposit.id)
        line = {"numLigne": 1, "typeMouvement": "C", "codeTraitement": "3417", "libelleTraitement": "Commune inconnue"}
        content = json.dumps({"lignesTelechargement": [line | {"lignesRejetees": [1]}]}).encode()
        file = answer_files.note(connection, CLAIMS, answer_name(deposit.name), content, master_key())
        answers.apply(connection, file, content)


async def test_a_signed_claim_says_why_it_waits_then_what_the_agency_answered(
    door: Door, boss: Credentials, database: Database
) -> None:
    reference = authorized_for(database, boss)
    found = await filed(door(boss), reference, a_claim(a_line(1)))
    address = found["links"]["self"].removeprefix("/api/v1")
    with database.begin() as connection:
        claim = records.get(connection, found["id"])
        channel_states.freeze(connection, CLAIMS, "Migration interne, à ne pas dire.", None, OPERATOR)
    sign(database, claim)
    assert queue(database, claim.id) == []
    (waiting,) = (await door(boss).get(address)).json()["versions"]
    assert waiting["waits"].startswith("L’agence de paiement ne reçoit aucun fichier")
    assert "Migration" not in waiting["waits"]
    reject(database, claim.id)
    (rejected,) = (await door(boss).get(address)).json()["versions"]
    assert (rejected["state"], rejected["waits"]) == (ClaimState.REJECTED, None)
    (answer,) = rejected["answers"]
    assert (answer["code"], answer["lines"], answer["advice"]) == ("3417", [1], advise("3417"))
