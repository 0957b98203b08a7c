"""Answers that are spoilt, of others, or do not come: set aside, left, or asked for again, and seen by operators."""

from collections.abc import Sequence

import pytest

from models.agency_answers import AnswerFault
from models.claim_labels import AnswerFileState, ClaimState
from models.messages.answers import AnswerFiles, Unanswered
from models.store.agency import answer_files, channel_states
from tests.activities.agency.claims import CHANNEL
from tests.activities.agency.exchanges import Exchange
from tests.models.store.agency.builders import OPERATOR, a_queued_claim

SPOILT = {
    "unknown-line": AnswerFault.UNKNOWN_LINE,
    "wrong-stream": AnswerFault.WRONG_STREAM,
    "malformed": AnswerFault.MALFORMED,
    "huge": AnswerFault.TOO_LARGE,
}


@pytest.mark.parametrize("order", SPOILT)
async def test_a_spoilt_file_is_set_aside_after_three_runs_and_others_go_on(exchange: Exchange, order: str) -> None:
    claim = a_queued_claim(exchange.database)
    with exchange.server.fault(order):
        deposit = await exchange.deposit(claim)
        spoilt = await exchange.answered(deposit)
    other = a_queued_claim(exchange.database, person=2)
    await exchange.answered(await exchange.deposit(other))
    for left in (True, True, order == "huge"):
        await exchange.run()
        assert spoilt.exists() is left
    assert exchange.states(claim, other) == [ClaimState.HANDED, ClaimState.ACCEPTED]
    with exchange.database.begin() as connection:
        (aside,) = answer_files.list_quarantined(connection)
        assert (aside.fault, aside.tries) == (SPOILT[order], 3)
        assert (answer_files.content(connection, aside.id) is None) is (order == "huge")
    await exchange.run()
    assert [state for state, _ in exchange.files()].count(AnswerFileState.QUARANTINED) == 1
    spoilt.unlink(missing_ok=True)


async def test_what_is_never_answered_is_noted_sent_again_and_told(exchange: Exchange) -> None:
    claim = a_queued_claim(exchange.database)
    with exchange.server.fault("silent"):
        deposit = await exchange.deposit(claim)
        put = exchange.server.deposits / deposit.name
        before = put.read_bytes()
        assert [(await exchange.watch()).sent_again for _ in range(3)] == [0, 0, 0]
        exchange.back_date(1)
        put.unlink()
        assert await exchange.watch() == Unanswered(files=1, sent_again=1, overdue=0)
        assert put.read_bytes() == before
        assert (await exchange.watch()).sent_again == 0
        exchange.back_date(4)
        assert (await exchange.watch()).overdue == 1
    assert exchange.troubled() == ["deposit:claims"]
    await exchange.answered(deposit)
    await exchange.run()
    assert (await exchange.watch()).overdue == 0
    assert exchange.troubled() == []
    assert exchange.states(claim) == [ClaimState.ACCEPTED]


async def test_a_frozen_channel_is_not_read(exchange: Exchange) -> None:
    claim = a_queued_claim(exchange.database)
    await exchange.answered(await exchange.deposit(claim))
    with exchange.database.begin() as connection:
        channel_states.freeze(connection, CHANNEL.name, "Migration annoncée par l’agence.", None, OPERATOR)
    assert await exchange.acts.list_answers(CHANNEL) == AnswerFiles(open=False)
    with exchange.database.begin() as connection:
        assert channel_states.resume(connection, CHANNEL.name, OPERATOR)
    await exchange.run()
    assert exchange.states(claim) == [ClaimState.ACCEPTED]


async def test_files_of_others_are_left_where_they_are(exchange: Exchange) -> None:
    others: Sequence[str] = ("FLUX_EA2_20261130.zip", "TACITE_DI_x.json", "autre_20261122091530_FichierRetour.json")
    for name in others:
        (exchange.server.answers / name).write_bytes(b"{}")
    assert await exchange.run() == ()
    assert {each.name for each in exchange.server.answers.iterdir()} >= set(others)
