"""Answers that are spoilt, of others, or do not come: set aside, left, or asked for again, and seen by operators."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import text
from temporalio.exceptions import ApplicationError

from models.agency_answers import AnswerFault
from models.claim_labels import AnswerFileState, ClaimState
from models.labels import Part
from models.messages.answers import AnswerFiles, Unanswered
from models.store.agency import answer_files, channel_states, files
from models.store.claims import nominal_files
from models.store.database import now
from tests.activities.agency.claims import CHANNEL
from tests.activities.agency.exchanges import Exchange
from tests.cases import IBAN, master_key
from tests.models.store.agency.builders import OPERATOR, done_by_two, silent_since
from tests.models.store.claims import builders

SPOILT = {
    "wrong-stream": AnswerFault.WRONG_STREAM,
    "malformed": AnswerFault.MALFORMED,
    "huge": AnswerFault.TOO_LARGE,
}


@pytest.mark.parametrize("order", SPOILT)
async def test_a_spoilt_file_is_set_aside_after_three_runs_and_others_go_on(exchange: Exchange, order: str) -> None:
    claim = exchange.claim()
    with exchange.server.fault(order):
        deposit = await exchange.deposit(claim)
        spoilt = await exchange.answered(deposit)
    other = exchange.claim(person=2)
    await exchange.answered(await exchange.deposit(other))
    for left in (True, True, order == "huge"):
        await exchange.run()
        assert spoilt.exists() is left
    assert exchange.states(claim, other) == [ClaimState.HANDED, ClaimState.ACCEPTED]
    with exchange.database.begin() as connection:
        (aside,) = answer_files.list_quarantined(connection)
        assert (aside.fault, aside.tries) == (SPOILT[order], 3)
        assert (answer_files.content(connection, aside, master_key()) is None) is (order == "huge")
    await exchange.run()
    assert [state for state, _ in exchange.files()].count(AnswerFileState.QUARANTINED) == 1
    spoilt.unlink(missing_ok=True)


async def test_files_that_stay_at_the_agency_hide_no_other(exchange: Exchange, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("activities.agency.answers.MAX_FILES", 1)
    with exchange.server.fault("huge"):
        huge = await exchange.answered(await exchange.deposit(exchange.claim()))
    assert [await exchange.run() for _ in range(3)] == [(huge.name,)] * 3
    claim = exchange.claim(person=2)
    other = await exchange.answered(await exchange.deposit(claim))
    assert await exchange.run() == (other.name,)
    assert exchange.states(claim) == [ClaimState.ACCEPTED]
    huge.unlink()


async def test_a_spoilt_row_sets_its_file_aside_and_the_others_are_applied_at_once(exchange: Exchange) -> None:
    claims = [exchange.claim(person=person) for person in (1, 2)]
    with exchange.server.fault("unknown-line"):
        spoilt = await exchange.answered(await exchange.deposit(*claims))
    for left in (True, True, False):
        await exchange.run()
        assert exchange.states(*claims) == [ClaimState.ACCEPTED] * 2
        assert spoilt.exists() is left
    with exchange.database.begin() as connection:
        (aside,) = answer_files.list_quarantined(connection)
        told = connection.execute(_SET_ASIDE).scalar_one()
    assert (aside.fault, aside.tries) == (AnswerFault.UNKNOWN_LINE, 3)
    assert told["rows"] == "3"
    assert [builders.story(exchange.database, each.id).count("claim_accepted") for each in claims] == [1, 1]
    assert exchange.troubled() == []


_SET_ASIDE = text("SELECT data FROM event WHERE type = 'answer_quarantined'")


async def test_what_is_kept_of_a_file_of_answers_shows_no_account(exchange: Exchange) -> None:
    claim = exchange.claim()
    answered = await exchange.answered(await exchange.deposit(claim))
    assert IBAN.encode() in answered.read_bytes()
    await exchange.run()
    with exchange.database.begin() as connection:
        kept = connection.execute(text("SELECT bytes FROM agency_file")).scalar_one()
        file = answer_files.hold(connection, connection.execute(text("SELECT id::text FROM agency_file")).scalar_one())
        assert IBAN.encode() not in kept
        assert IBAN.encode() in (answer_files.content(connection, file, master_key()) or b"")


async def test_a_file_that_cannot_be_sent_again_holds_up_no_other(exchange: Exchange) -> None:
    with exchange.server.fault("silent"):
        deposits = [await exchange.deposit(exchange.claim(person=person)) for person in (1, 2)]
        exchange.back_date(1)
        stuck, lost = (exchange.server.deposits / each.name for each in deposits)
        stuck.write_bytes(b"another file")
        lost.unlink()
        with pytest.raises(ApplicationError) as broken:
            await exchange.watch()
        assert broken.value.type == Part.AGENCY
        assert lost.exists()
        stuck.unlink()
        assert (await exchange.watch()).sent_again == 1
        assert stuck.exists()


@pytest.mark.parametrize("closed", ["frozen", "outside its hours"])
async def test_nothing_is_sent_again_while_the_channel_takes_no_file(exchange: Exchange, closed: str) -> None:
    claim = exchange.claim()
    with exchange.server.fault("silent"):
        deposit = await exchange.deposit(claim)
        exchange.back_date(1)
        put = exchange.server.deposits / deposit.name
        put.unlink()
        if closed == "frozen":
            with exchange.database.begin() as connection:
                channel_states.freeze(connection, CHANNEL.name, "Migration annoncée par l’agence.", None, OPERATOR)
            assert (await exchange.watch()).sent_again == 0
            with exchange.database.begin() as connection:
                assert channel_states.resume(connection, CHANNEL.name, OPERATOR)
        else:
            assert (await exchange.closed_now().watch_answers(CHANNEL)).sent_again == 0
        assert not put.exists()
        assert (await exchange.watch()).sent_again == 1
    with exchange.database.begin() as connection:
        assert files.count_written(connection, CHANNEL.name, now(connection) - timedelta(hours=1)) == 1


async def test_what_is_never_answered_is_noted_sent_again_and_told(exchange: Exchange) -> None:
    claim = exchange.claim()
    with exchange.server.fault("silent"):
        deposit = await exchange.deposit(claim)
        put = exchange.server.deposits / deposit.name
        with exchange.database.begin() as connection:
            nominal = exchange.server.deposits / f"{nominal_files.find_digest(connection, claim.id)}.p7m"
        before = put.read_bytes(), nominal.read_bytes()
        assert [(await exchange.watch()).sent_again for _ in range(3)] == [0, 0, 0]
        exchange.back_date(1)
        put.unlink()
        nominal.unlink()
        assert await exchange.watch() == Unanswered(files=1, sent_again=1, overdue=0)
        assert (put.read_bytes(), nominal.read_bytes()) == before
        assert (await exchange.watch()).sent_again == 0
        exchange.back_date(4)
        assert (await exchange.watch()).overdue == 1
    assert exchange.troubled() == ["deposit:claims"]
    await exchange.answered(deposit)
    await exchange.run()
    assert (await exchange.watch()).overdue == 0
    assert exchange.troubled() == []
    assert exchange.states(claim) == [ClaimState.ACCEPTED]


async def test_what_two_operators_ask_for_again_is_the_same_files_once_the_channel_is_open(exchange: Exchange) -> None:
    claim = exchange.claim()
    with exchange.server.fault("silent"):
        deposit = await exchange.deposit(claim)
        put = exchange.server.deposits / deposit.name
        with exchange.database.begin() as connection:
            nominal = exchange.server.deposits / f"{nominal_files.find_digest(connection, claim.id)}.p7m"
        before = put.read_bytes(), nominal.read_bytes()
        silent_since(exchange.database, put=timedelta(days=6), put_again=timedelta(days=5))
        assert (await exchange.watch()).overdue == 1
        put.unlink()
        nominal.unlink()
        with exchange.database.begin() as connection:
            channel_states.freeze(connection, CHANNEL.name, "Migration annoncée par l’agence.", None, OPERATOR)
        done_by_two(exchange.database, "resend_deposit", deposit.id)
        assert (await exchange.watch()).sent_again == 0
        assert not put.exists()
        with exchange.database.begin() as connection:
            assert channel_states.resume(connection, CHANNEL.name, OPERATOR)
        assert await exchange.watch() == Unanswered(files=1, sent_again=1, overdue=0)
        assert (put.read_bytes(), nominal.read_bytes()) == before
        assert (await exchange.watch()).sent_again == 0
    assert exchange.troubled() == []
    await exchange.answered(deposit)
    await exchange.run()
    assert exchange.states(claim) == [ClaimState.ACCEPTED]
    exchange.check()


async def test_a_frozen_channel_is_not_read(exchange: Exchange) -> None:
    claim = exchange.claim()
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
