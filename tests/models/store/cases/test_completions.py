"""Requests for pieces: void once silence has come, checked against the law, notified once."""

from datetime import timedelta

import pytest

from models.bodies.completion import Completion, CompletionRequestBody
from models.errors import Unlawful
from models.messages.case import Established, Notified, Void
from models.store.cases import completions, requests, silence
from models.store.database import Database, case_now
from models.store.journal.events import Actor
from tests.cases import an_agent, file_a_case
from tests.models.clocks import SECOND, ask_pieces, clock_at, deadline


def test_a_request_for_pieces_that_no_text_requires_is_not_registered(database: Database) -> None:
    reference, agent = file_a_case(database), an_agent(database)
    pieces = [{"code": "photo", "label": "Une photographie", "text_reference": "l’usage"}]
    with database.begin() as connection:
        due_on = case_now(connection, reference).date() - timedelta(days=1)
        stated = {
            "id": "C1",
            "pieces": pieces,
            "reasons": "Les circonstances restent imprécises à ce jour.",
            "due_on": due_on,
        }
        body = CompletionRequestBody.model_validate(stated)
        with pytest.raises(Unlawful) as refused:
            completions.register(connection, reference, body, b"1", agent)
        assert completions.find(connection, "C1") is None
    assert [(each.pointer, each.code) for each in refused.value.objections] == [
        ("/pieces/0/code", "piece-unknown"),
        ("/pieces/0/text_reference", "piece-without-text"),
        ("/due_on", "limit-in-the-past"),
    ]


@pytest.mark.parametrize("after", [timedelta(), SECOND])
def test_a_request_for_pieces_notified_at_the_instant_or_later_is_void(database: Database, after: timedelta) -> None:
    reference, agent = file_a_case(database), an_agent(database)
    with database.begin() as connection:
        asked = ask_pieces(connection, reference, agent)
    due = deadline(database, reference)
    with clock_at(database, due + after) as frozen, frozen.begin() as connection:
        assert completions.notify(connection, asked) == Void(standing=None)
        assert isinstance(silence.establish(connection, reference), Established)


def test_the_new_receipt_says_that_the_last_piece_was_received(database: Database) -> None:
    reference, agent = file_a_case(database), an_agent(database)
    with database.begin() as connection:
        asked = ask_pieces(connection, reference, agent)
        completions.notify(connection, asked)
        codes = [each.code for each in completions.get(connection, asked).pieces]
        given = {"pieces": [{"code": code, "text": "Les deux ateliers du rez-de-chaussée."} for code in codes]}
        at = requests.received_now(connection)
        completions.supply(connection, reference, Completion.model_validate(given), Actor(role="employer"), at)
        texts = [[each.text for each in receipt.why] for receipt in requests.list_receipts(connection, reference)]
    assert ["La demande a été reçue." in each for each in texts] == [True, False]
    assert ["La dernière pièce a été reçue." in each for each in texts] == [False, True]


def test_a_request_for_pieces_that_was_fulfilled_does_not_stop_the_clock_again(database: Database) -> None:
    # The worker died after the notification: its act is retried, and meanwhile the pieces had arrived.
    reference, agent = file_a_case(database), an_agent(database)
    supplied = Completion.model_validate({"pieces": [{"code": "bank_details", "text": "Compte rectifié"}]})
    with database.begin() as connection:
        asked = ask_pieces(connection, reference, agent)
        assert isinstance(completions.notify(connection, asked), Notified)
        at = case_now(connection, reference)
        completions.supply(connection, reference, supplied, Actor(role="employer"), at)
        assert completions.notify(connection, asked) == Void(standing=None)
    assert deadline(database, reference)
