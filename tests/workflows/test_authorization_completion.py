"""A request for missing pieces stops the clock; the last piece restarts the whole delay (CRPA L. 114-5)."""

from datetime import timedelta

from models.labels import Outcome
from models.messages.case import Void
from models.store.cases import completions
from tests.cases import an_agent
from tests.workflows.conftest import Stage


async def test_the_whole_delay_starts_again_when_the_last_piece_comes(stage: Stage) -> None:
    reference = await stage.open()
    first = stage.request(reference).deadline_at
    await stage.advance(reference, days=14)
    await stage.send_update("request_completion", reference, stage.request_pieces(reference))
    assert stage.request(reference).status == "awaiting_completion"
    await stage.advance(reference, days=5)
    assert stage.request(reference).outcome is None
    receipt = stage.supply_pieces(reference)
    await stage.send_update("complete", reference, str(receipt.version))
    assert first is not None
    assert receipt.tacit_acceptance_at - first == timedelta(days=19)
    assert stage.request(reference).deadline_at == receipt.tacit_acceptance_at
    await stage.advance(reference, days=17)
    record = stage.request(reference)
    assert (record.outcome, record.effect_at) == ("tacit", receipt.tacit_acceptance_at)
    assert {"completion_requested", "completion_received"} <= set(stage.event_types(reference))


async def test_a_request_for_pieces_sealed_too_late_is_void(stage: Stage) -> None:
    reference = await stage.open()
    completion_id = stage.request_pieces(reference)
    await stage.advance(reference, days=17)
    found = await stage.send_update("request_completion", reference, completion_id)
    assert Void.model_validate(found) == Void(standing=Outcome.TACIT)
    assert stage.request(reference).outcome == "tacit"
    await stage.until(lambda: any("P1" in key for key in stage.mails.sent))


async def test_when_the_limit_passes_both_are_told_and_the_clock_stays_stopped(stage: Stage) -> None:
    reference = await stage.open()
    await stage.send_update("request_completion", reference, stage.request_pieces(reference, days=3))
    await stage.advance(reference, days=60)
    assert stage.request(reference).status == "awaiting_completion"
    await stage.until(lambda: sum("completion-" in key for key in stage.mails.sent) == 2)
    await stage.send_update("decide", reference, stage.refuse(reference))
    assert stage.request(reference).outcome == "refused"


async def test_a_cancelled_request_for_pieces_lets_the_clock_run_to_its_receipt_instant(stage: Stage) -> None:
    reference = await stage.open()
    due = stage.request(reference).deadline_at
    await stage.send_update("request_completion", reference, stage.request_pieces(reference))
    agent = an_agent(stage.database)
    with stage.database.begin() as connection:
        completions.cancel(connection, reference, "P1", agent)
    await stage.send_update("complete", reference)
    assert stage.request(reference).deadline_at == due
    await stage.advance(reference, days=17)
    assert stage.request(reference).effect_at == due


async def test_a_request_for_pieces_cancelled_after_the_instant_lets_silence_stand_at_it(
    stage: Stage,
) -> None:
    reference = await stage.open()
    due = stage.request(reference).deadline_at
    await stage.send_update("request_completion", reference, stage.request_pieces(reference))
    await stage.advance(reference, days=30)
    agent = an_agent(stage.database)
    with stage.database.begin() as connection:
        completions.cancel(connection, reference, "P1", agent)
    await stage.send_update("complete", reference)
    await stage.until(lambda: stage.request(reference).outcome == "tacit")
    assert stage.request(reference).effect_at == due
