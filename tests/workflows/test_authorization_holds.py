"""An authorization whose filer has not proven an authority: held, reminded of, handed over once proven; or given up."""

from time import sleep

import pytest
from sqlalchemy import Connection, func, select

from models.engine.names import authorization_id, subject_of
from models.labels import HoldReason, Proof
from models.store.agency import rows
from models.store.cases import authority_holds, documents, holds
from models.store.journal.events import SYSTEM
from models.store.schema.journal import deposit_row
from tests.cases import Employer, an_employer
from tests.workflows.conftest import Stage


def unproven(stage: Stage) -> Employer:
    with stage.database.begin() as connection:
        return an_employer(connection, proven=False)


def prove(stage: Stage, filer: Employer) -> None:
    with stage.database.begin() as connection:
        authority_holds.prove(connection, filer.siret, filer.account_id, Proof.LETTER, SYSTEM)


def queued(stage: Stage, reference: str) -> int:
    """How many rows of a case are in the queue of the agency."""
    with stage.database.begin() as connection:
        query = select(func.count()).select_from(deposit_row).where(deposit_row.c.reference == reference)
        return int(connection.execute(query).scalar_one())


def reminded(stage: Stage) -> list[str]:
    """Ranks of the reminders that were sent."""
    return [key.split("/")[1] for key in stage.mails.sent if "/authority-" in key]


async def test_silence_accepts_an_unproven_request_and_the_proof_hands_it_over(stage: Stage) -> None:
    filer = unproven(stage)
    reference = await stage.open(employer=filer)
    await stage.advance(reference, days=17)
    await stage.until(lambda: "hand_over_held" in stage.event_types(reference))
    assert stage.request(reference).status == "tacitly_authorized"
    with stage.database.begin() as connection:
        kinds = [each.kind for each in documents.list_of(connection, reference, published_only=True)]
    assert "attestation" in kinds
    await stage.advance(reference, days=40)
    await stage.until(lambda: reminded(stage) == ["authority-0", "authority-1", "authority-2"])
    assert queued(stage, reference) == 0
    prove(stage, filer)
    await stage.send_update("release_hand_over", reference)
    await stage.until(lambda: queued(stage, reference) == 1)
    await stage.advance(reference, days=400)
    await stage.handle(reference).result()
    assert stage.event_types(reference).count("hand_over_held") == 1
    assert "hand_over_given_up" not in stage.event_types(reference)


async def test_a_release_while_another_reason_stands_hands_nothing_over(stage: Stage) -> None:
    filer = unproven(stage)
    reference = await stage.open(employer=filer)
    await stage.send_update("decide", reference, stage.grant(reference))
    await stage.until(lambda: "hand_over_held" in stage.event_types(reference))
    with stage.database.begin() as connection:
        holds.hold(connection, reference, HoldReason.LIMITS)
    prove(stage, filer)
    await stage.send_update("release_hand_over", reference, "early")
    assert queued(stage, reference) == 0
    with stage.database.begin() as connection:
        holds.release(connection, reference, HoldReason.LIMITS)
    await stage.send_update("release_hand_over", reference, "last")
    await stage.until(lambda: queued(stage, reference) == 1)


async def never_proven(stage: Stage) -> str:
    """An authorization whose hand-over is given up."""
    reference = await stage.open(employer=unproven(stage))
    await stage.advance(reference, days=400)
    await stage.handle(reference).result()
    return authorization_id(reference)


async def proven_later(stage: Stage) -> str:
    """An authorization that is held, then handed over."""
    filer = unproven(stage)
    reference = await stage.open(employer=filer)
    await stage.send_update("decide", reference, stage.grant(reference))
    await stage.until(lambda: "hand_over_held" in stage.event_types(reference))
    await stage.advance(reference, days=20)
    prove(stage, filer)
    await stage.send_update("release_hand_over", reference)
    await stage.until(lambda: queued(stage, reference) == 1)
    await stage.advance(reference, days=400)
    await stage.handle(reference).result()
    return authorization_id(reference)


PATHS = (never_proven, proven_later)


@pytest.mark.slow
async def test_an_authority_never_proven_ends_at_the_forfeiture_of_the_last_claim(stage: Stage) -> None:
    reference = subject_of(await never_proven(stage))
    assert stage.event_types(reference)[-2:] == ["hand_over_given_up", "case_closed"]
    assert queued(stage, reference) == 0
    assert reminded(stage) == [f"authority-{rank}" for rank in range(4)]


@pytest.mark.slow
async def test_time_that_is_made_to_pass_waits_for_an_act_under_way(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = rows.hand_over

    def slow(connection: Connection, reference: str) -> list[HoldReason]:
        sleep(0.5)
        return quick(connection, reference)

    monkeypatch.setattr(rows, "hand_over", slow)
    await never_proven(stage)
    assert reminded(stage) == [f"authority-{rank}" for rank in range(4)]


async def test_a_run_that_starts_again_finds_the_hold_in_the_register(stage: Stage) -> None:
    filer = unproven(stage)
    reference = await stage.open(employer=filer)
    await stage.send_update("decide", reference, stage.grant(reference))
    await stage.until(lambda: "hand_over_held" in stage.event_types(reference))
    await stage.handle(reference).terminate()
    await stage.start(reference)
    prove(stage, filer)
    await stage.send_update("release_hand_over", reference)
    await stage.until(lambda: queued(stage, reference) == 1)
    assert stage.event_types(reference).count("hand_over_held") == 1
