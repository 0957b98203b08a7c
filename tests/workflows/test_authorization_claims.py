"""An authorization stays open until the claims of the period granted are out of time, and not a second less."""

import asyncio
from datetime import date, timedelta

import pytest

from law.calendar import add_months, midnight
from law.correction import corrected_until
from models.claim_labels import ClaimState
from models.engine.names import authorization_id, subject_of
from models.store.claims import ends
from models.store.journal.events import SYSTEM
from tests.cases import DEPARTMENT, GROUNDS
from tests.models.store.claims import builders
from tests.workflows.conftest import Stage
from workflows.authorization import AuthorizationWorkflow

REQUESTED = {"start_on": "2026-12-01", "end_on": "2027-02-28"}
OF_REQUESTED = midnight(date(2027, 9, 1), DEPARTMENT)
"""Claims are out of time from this instant when the whole period is granted."""
AS_BEFORE = midnight(date(2027, 8, 29), DEPARTMENT)
"""When cases ended that counted months to the same day, from the end of the period requested."""
GRANTED = REQUESTED | {"end_on": "2027-01-31"}
OF_GRANTED = midnight(date(2027, 8, 1), DEPARTMENT)
SOON = timedelta(seconds=30)
"""Lateness to accept on a busy machine; a wrong rule would be late or early by days."""


def open_after(stage: Stage, reference: str) -> timedelta:
    """Return how long after the claims of the period granted were out of time the case was closed."""
    closed_at = stage.request(reference).closed_at
    assert closed_at is not None
    return closed_at - OF_GRANTED


async def partial_grant(stage: Stage) -> str:
    """An authorization for less than was requested, to the forfeiture of its claims."""
    reference = await _granted_in_part(stage)
    await stage.advance(reference, days=400)
    await stage.handle(reference).result()
    return authorization_id(reference)


async def waited_by_request(stage: Stage) -> str:
    """A case that waited by the period requested, a day or more too short, when cases began to ask the register."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(AuthorizationWorkflow, "_outlast_claims", _outlast_as_before)
        reference = await stage.open(period=REQUESTED)
        await stage.send_update("decide", reference, stage.grant(reference))
        await stage.advance(reference, days=30)
        await stage.stop_workers()
    await stage.start_workers()
    await stage.clockwork.advance_to(reference, AS_BEFORE + timedelta(minutes=1))
    await stage.advance(reference, days=60)
    await stage.handle(reference).result()
    return authorization_id(reference)


PATHS = (partial_grant, waited_by_request)


async def _granted_in_part(stage: Stage) -> str:
    reference = await stage.open(period=REQUESTED)
    less = stage.grant(reference, period=GRANTED, grounds=GROUNDS)
    await stage.send_update("decide", reference, less)
    return reference


async def _outlast_as_before(self: AuthorizationWorkflow, settlement: object) -> None:
    """What earlier releases did: months to the same day, from the end of the period requested."""
    forfeited_on = add_months(self._case.end_on, 6) + timedelta(days=1)
    await self._clock.until(midnight(forfeited_on, self._case.department), lambda: False, "En attente")


async def test_the_period_granted_counts_and_not_the_one_requested(stage: Stage) -> None:
    reference = subject_of(await partial_grant(stage))
    assert timedelta() <= open_after(stage, reference) < SOON


async def test_an_engine_a_second_ahead_asks_too_early_and_the_case_stays_open(stage: Stage) -> None:
    reference = await _granted_in_part(stage)
    meant = stage.clockwork._meant(reference)
    left = OF_GRANTED - await asyncio.to_thread(stage.clockwork._now, meant)
    stage.clockwork._raise_offset(meant, left - timedelta(seconds=1))
    await stage.clockwork._skipper.fast_forward(stage.handle(reference), left)
    await stage.handle(reference).result()
    assert timedelta() <= open_after(stage, reference) < SOON


async def test_a_case_that_waited_by_the_period_requested_asks_the_register_before_it_ends(stage: Stage) -> None:
    reference = subject_of(await waited_by_request(stage))
    closed_at = stage.request(reference).closed_at
    assert closed_at is not None
    assert timedelta() <= closed_at - OF_REQUESTED < SOON


async def test_a_case_stays_open_while_a_claim_that_was_rejected_may_be_put_right(stage: Stage) -> None:
    reference = await _granted_in_part(stage)
    made = builders.claim(stage.database, reference)
    builders.hand_over(stage.database, made.id)
    told = OF_GRANTED + timedelta(days=2)
    await stage.clockwork.advance_to(reference, told)
    assert stage.request(reference).closed_at is None, "the agency has not answered yet"
    with stage.database.begin() as connection:
        assert ends.end(connection, made.id, ClaimState.REJECTED, SYSTEM)
    until, _ = corrected_until(told.date(), DEPARTMENT)
    over = midnight(until + timedelta(days=1), DEPARTMENT)
    await stage.clockwork.advance_to(reference, over - timedelta(minutes=1))
    assert stage.request(reference).closed_at is None
    await stage.advance(reference, days=2)
    await stage.handle(reference).result()
    closed_at = stage.request(reference).closed_at
    assert closed_at is not None
    assert timedelta() <= closed_at - over < SOON
