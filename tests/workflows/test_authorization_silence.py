"""Silence is acceptance at its instant, whenever it is recorded."""

import asyncio
from datetime import timedelta

import pytest

from models.store.cases import requests
from tests.cases import an_agent
from tests.workflows.conftest import Stage

SOON = timedelta(seconds=30)
"""Lateness to accept on a busy machine; a wrong rule would be late by hours."""


def lateness(stage: Stage, reference: str) -> timedelta:
    record = stage.request(reference)
    assert record.outcome == "tacit"
    assert record.effect_at == record.deadline_at
    assert record.recorded_at is not None
    assert record.effect_at is not None
    return record.recorded_at - record.effect_at


async def test_a_request_left_to_silence_is_accepted_at_the_instant_of_its_receipt(stage: Stage) -> None:
    reference = await stage.open()
    await stage.advance(reference, days=17)
    assert timedelta() <= lateness(stage, reference) < SOON
    await stage.until(lambda: "authorization_tacitly_granted" in stage.event_types(reference))
    with stage.database.begin() as connection:
        kinds = connection.exec_driver_sql("SELECT kind FROM document ORDER BY signed_at").scalars().all()
    assert kinds == ["receipt", "attestation"]


async def test_agent_then_colleagues_then_head_are_reminded_before_silence(stage: Stage) -> None:
    agent, colleague = an_agent(stage.database), an_agent(stage.database)
    head = an_agent(stage.database, "head")
    reference = await stage.open()
    with stage.database.begin() as connection:
        requests.assign(connection, reference, agent.account_id)
    await stage.advance(reference, days=17)
    await stage.until(lambda: sum("silence-" in key for key in stage.mails.sent) == 4)
    keys = [key for key in stage.mails.sent if "/silence-" in key]
    recipients = {rank: {key.rsplit("/", 1)[1] for key in keys if f"/silence-{rank}" in key} for rank in range(3)}
    assert recipients == {
        0: {agent.account_id},
        1: {agent.account_id, colleague.account_id},
        2: {head.account_id},
    }
    assert stage.event_types(reference).count("reminder_sent") == 3


async def test_a_case_lives_until_its_last_claim_would_be_out_of_time(stage: Stage) -> None:
    reference = await stage.open()
    await stage.advance(reference, days=17)
    assert stage.request(reference).status == "tacitly_authorized"
    await stage.advance(reference, days=300)
    ended = await stage.handle(reference).result()
    assert ended.outcome == "tacit"
    assert stage.request(reference).status == "closed"
    assert stage.event_types(reference)[-1] == "case_closed"


async def test_an_engine_three_seconds_ahead_asks_too_early_and_waits(stage: Stage) -> None:
    reference = await stage.open()
    left = _time_left(stage, reference)
    stage.clockwork._raise_offset(stage.clockwork._meant(reference), left - timedelta(seconds=3))
    await stage.clockwork._skipper.fast_forward(stage.handle(reference), left)
    await asyncio.sleep(1)
    record, now = stage.request(reference), stage.clockwork._now(stage.clockwork._meant(reference))
    assert record.deadline_at is not None
    assert record.outcome is None or now >= record.deadline_at, "silence before its instant"
    await stage.until(lambda: stage.request(reference).outcome is not None)
    assert timedelta() <= lateness(stage, reference) < SOON


async def test_an_engine_three_seconds_behind_records_late_and_dates_rightly(stage: Stage) -> None:
    reference = await stage.open()
    left = _time_left(stage, reference)
    stage.clockwork._raise_offset(stage.clockwork._meant(reference), left + timedelta(seconds=3))
    await stage.clockwork._skipper.fast_forward(stage.handle(reference), left)
    await stage.until(lambda: stage.request(reference).outcome is not None)
    assert timedelta(seconds=3) <= lateness(stage, reference) < timedelta(seconds=3) + SOON


@pytest.mark.slow
async def test_a_case_whose_engine_was_skipped_too_far_hears_of_the_instant_when_time_passes(
    stage: Stage,
) -> None:
    reference = await stage.open()
    await stage.clockwork._skipper.fast_forward(stage.handle(reference), timedelta(days=17))
    await stage.advance(reference, days=17)
    assert stage.request(reference).outcome == "tacit"


def _time_left(stage: Stage, reference: str) -> timedelta:
    record = stage.request(reference)
    assert record.deadline_at is not None
    return record.deadline_at - stage.clockwork._now(stage.clockwork._meant(reference))


async def test_a_worker_stopped_over_the_instant_and_started_an_hour_later_dates_it_rightly(
    stage: Stage,
) -> None:
    reference = await stage.open()
    await stage.until(lambda: "/receipt-" in "".join(stage.mails.sent) or _receipted(stage))
    skipped = _time_left(stage, reference) + timedelta(hours=1)
    async with stage.without_workers():
        stage.clockwork._raise_offset(stage.clockwork._meant(reference), skipped)
        skipping = asyncio.create_task(stage.clockwork._skipper.fast_forward(stage.handle(reference), skipped))
        await asyncio.sleep(1)
        assert stage.request(reference).outcome is None
    await skipping
    await stage.until(lambda: stage.request(reference).outcome is not None)
    assert timedelta(hours=1) <= lateness(stage, reference) < timedelta(hours=1, minutes=1)


def _receipted(stage: Stage) -> bool:
    with stage.database.begin() as connection:
        return bool(connection.exec_driver_sql("SELECT count(*) FROM document").scalar())


@pytest.mark.slow  # many processes at once
async def test_overlapping_requests_all_become_authorizations(stage: Stage) -> None:
    references = [await stage.open() for _ in range(8)]
    await asyncio.gather(*(stage.advance(each, days=17) for each in references))
    for reference in references:
        lateness(stage, reference)
        assert stage.event_types(reference).count("authorization_tacitly_granted") == 1
