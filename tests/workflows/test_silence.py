"""Silence is acceptance at its instant, whatever the hour at which it is recorded."""

from datetime import timedelta

from tests.workflows.conftest import Stage


async def test_a_request_left_to_silence_is_accepted_at_the_instant_of_its_receipt(stage: Stage) -> None:
    reference = await stage.open()
    due = stage.request(reference).deadline_at
    await stage.advance(reference, days=17)
    asked = stage.request(reference)
    assert asked.outcome == "tacit"
    assert asked.effect_at == due
    assert asked.recorded_at is not None
    assert due is not None
    assert timedelta(0) <= asked.recorded_at - due < timedelta(seconds=5)
    assert stage.story(reference) == []
