"""What operators read of a channel: its last files, the rows without an answer, the codes of rejections, its events."""

import pytest

from models.claim_labels import AnswerFileState
from models.errors import Unknown
from models.store.agency import answer_files, answers, channel_states, channel_traffic
from models.store.agency.channels import AMENDMENTS, CLAIMS
from models.store.database import Database
from tests.builders import staff
from tests.cases import master_key
from tests.models.store.agency.builders import OPERATOR, a_queued_claim, answer, hand_over

UNKNOWN_ID = "01a22a88-f8b4-7721-be3f-256ee4620001"


def answered(database: Database, code: str, second: int) -> None:
    """Put a claim, and apply an answer of some code to it."""
    file = answer(database, hand_over(database, a_queued_claim(database), second=second), code, second=second)
    with database.begin() as connection:
        content = answer_files.content(connection, file, master_key())
        assert content is not None
        answers.apply(connection, file, content)
        answer_files.end(connection, file.id, AnswerFileState.APPLIED)


def test_the_last_files_and_the_rows_without_an_answer_are_read(database: Database) -> None:
    with database.begin() as connection:
        before = channel_traffic.read(connection, CLAIMS)
    answered(database, "0000", 20)
    hand_over(database, a_queued_claim(database), second=40)
    with database.begin() as connection:
        found = channel_traffic.read(connection, CLAIMS)
        other = channel_traffic.read(connection, AMENDMENTS)
    named = "TACITE_DI_20261201091540.json", "TACITE_DI_20261201091520_FichierRetour.json"
    assert (found.deposit, found.answers) == named
    assert found.unanswered == before.unanswered + 1
    assert found.unanswered_since is not None
    assert (other.deposit, other.answers, other.unanswered) == (None, None, 0)


def test_rejections_are_counted_by_code_and_acceptances_are_none(database: Database) -> None:
    for second, code in enumerate(("0000", "3308", "3308", "3435"), start=10):
        answered(database, code, second)
    with database.begin() as connection:
        found = channel_traffic.list_rejections(connection, CLAIMS)
        assert channel_traffic.list_rejections(connection, AMENDMENTS) == []
    assert [(each.code, each.count, each.of_people) for each in found] == [("3308", 2, False), ("3435", 1, False)]


def test_who_froze_a_channel_is_read_with_why(database: Database) -> None:
    who = staff(database, "operator").account_id
    with database.begin() as connection:
        by = OPERATOR.model_copy(update={"account_id": who})
        channel_states.freeze(connection, AMENDMENTS, "L’agence migre.", None, by)
        channel_states.resume(connection, AMENDMENTS, by)
        found = channel_traffic.list_events(connection, AMENDMENTS)
    assert [(each.type, each.actor_id) for each in found] == [("agency_resumed", who), ("agency_frozen", who)]
    assert found[1].data["reason"] == "L’agence migre."


def test_a_file_of_answers_is_read_with_the_lines_that_we_put(database: Database) -> None:
    rows = hand_over(database, a_queued_claim(database), second=50)
    file = answer(database, rows, second=50)
    with database.begin() as connection:
        assert channel_traffic.get_answer_file(connection, file.id) == file
        assert channel_traffic.find_sent_lines(connection, file.name) == {1: rows[0].key}
        assert channel_traffic.find_sent_lines(connection, "TACITE_DI_20200101000000_FichierRetour.json") is None
        with pytest.raises(Unknown):
            channel_traffic.get_answer_file(connection, UNKNOWN_ID)
