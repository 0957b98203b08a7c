"""A claim is acknowledged, controlled and looked at by an agent; it waits while the register holds it."""

from datetime import date, timedelta

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from activities.reminders import remind
from law.calendar import midnight
from models.bodies.filing import Opinion
from models.claim_labels import ClaimState
from models.labels import Proof
from models.messages.case import Ref, Reminder
from models.store.cases import authority_holds, files, opinions, requests
from models.store.claims import ends, steps
from models.store.claims.records import ClaimRecord
from models.store.database import case_now
from starter.engine import EngineClient
from tests.cases import DEPARTMENT, an_agent, an_employer
from tests.models.store.claims import builders, reviewed
from tests.models.store.claims.builders import EMPLOYER
from tests.starter.relay.relaying import emptied, relaying
from tests.workflows import claims
from tests.workflows.conftest import Stage

ACKNOWLEDGED = "claim_receipt_issued"


def is_acknowledged(stage: Stage, claim: ClaimRecord) -> bool:
    return ACKNOWLEDGED in builders.story(stage.database, claim.id)


async def test_a_claim_gets_its_receipt_and_waits_for_a_visa(stage: Stage) -> None:
    claim = await claims.open_claim(stage)
    await claims.until(stage, claim, ClaimState.UNDER_REVIEW)
    await stage.until(lambda: is_acknowledged(stage, claim))
    assert sorted(builders.story(stage.database, claim.id)) == ["claim_controlled", ACKNOWLEDGED, "claim_received"]
    assert builders.broken(stage.database) == []


def void(stage: Stage, claim: ClaimRecord) -> None:
    with stage.database.begin() as connection:
        assert ends.end(connection, claim.id, ClaimState.VOID, EMPLOYER)


async def test_a_claim_that_its_employer_cancels_ends(stage: Stage) -> None:
    claim = await claims.open_claim(stage)
    await claims.until(stage, claim, ClaimState.UNDER_REVIEW)
    void(stage, claim)
    await claims.look(stage, claim)
    assert await claims.end(stage, claim) == ClaimState.VOID
    assert is_acknowledged(stage, claim)


async def test_a_version_that_another_replaces_ends(stage: Stage) -> None:
    claim = await claims.open_claim(stage)
    await claims.until(stage, claim, ClaimState.UNDER_REVIEW)
    second = builders.claim(stage.database, claim.reference, replaces=claim.id)
    await claims.start(stage, second)
    await claims.look(stage, claim)
    assert await claims.end(stage, claim) == ClaimState.REPLACED
    await claims.until(stage, second, ClaimState.UNDER_REVIEW)


async def test_a_version_that_was_replaced_before_its_process_could_start_has_its_receipt(stage: Stage) -> None:
    first = builders.claim(stage.database, builders.authorize(stage.database))
    builders.claim(stage.database, first.reference, replaces=first.id)
    await claims.start(stage, first)
    assert await claims.end(stage, first) == ClaimState.REPLACED
    assert is_acknowledged(stage, first)
    assert builders.broken(stage.database) == []


def supply_opinion(stage: Stage, claim: ClaimRecord) -> None:
    with stage.database.begin() as connection:
        by = requests.get(connection, claim.reference).account_id
        file = files.add(connection, by, "application/pdf", b"%PDF-1.7").id
        given = Opinion(opinion="favourable", given_on=date(2026, 11, 20), file=file)
        opinions.supply(connection, claim.reference, given, EMPLOYER)


async def test_a_claim_waits_for_the_opinion_and_goes_on_when_it_arrives(stage: Stage) -> None:
    claim = await claims.open_claim(stage, **builders.missing_opinion())
    await stage.until(lambda: claims.mails(stage, claim) == ["held-opinion"])
    assert claims.now(stage, claim).state == ClaimState.HELD
    supply_opinion(stage, claim)
    await claims.look(stage, claim)
    await claims.until(stage, claim, ClaimState.UNDER_REVIEW)
    assert claims.now(stage, claim).signals == ()
    assert builders.broken(stage.database) == []


async def test_a_claim_goes_on_once_an_agent_no_longer_waits_for_the_opinion(stage: Stage) -> None:
    claim = await claims.open_claim(stage, **builders.missing_opinion())
    await stage.until(lambda: claims.mails(stage, claim) == ["held-opinion"])
    with stage.database.begin() as connection:
        opinions.waive(connection, claim.reference, "Le comité n’a plus d’élus.", an_agent(stage.database))
    await claims.look(stage, claim)
    await claims.until(stage, claim, ClaimState.UNDER_REVIEW)
    assert builders.broken(stage.database) == []


async def test_a_claim_under_review_is_held_when_the_last_day_of_the_opinion_passes(stage: Stage) -> None:
    claim = await claims.open_claim(stage, headcount=60, works_council={"pending": True})
    await claims.until(stage, claim, ClaimState.UNDER_REVIEW)
    with stage.database.begin() as connection:
        due_on = opinions.find_due_day(connection, claim.reference)
        assert due_on is not None
        at = midnight(due_on + timedelta(days=1), DEPARTMENT)
        requests.advance(connection, claim.reference, at - case_now(connection, claim.reference))
        reminder = Reminder(subject=claim.reference, kind="opinion", rung=3, instant=at)
        assert remind(connection, reminder)
    await claims.look(stage, claim)
    await claims.until(stage, claim, ClaimState.HELD)
    await stage.until(lambda: claims.mails(stage, claim) == ["held-opinion"])


async def test_a_claim_waits_for_the_proof_of_an_authority(stage: Stage) -> None:
    with stage.database.begin() as connection:
        employer = an_employer(connection, proven=False)
    claim = await claims.open_claim(stage, employer=employer)
    await stage.until(lambda: claims.mails(stage, claim) == ["held-authority"])
    with stage.database.begin() as connection:
        authority_holds.prove(connection, employer.siret, employer.account_id, Proof.LETTER, EMPLOYER)
    await claims.look(stage, claim)
    await claims.until(stage, claim, ClaimState.UNDER_REVIEW)


async def test_a_signer_that_is_away_delays_the_receipt_and_nothing_else(stage: Stage) -> None:
    stage.documents.broken = "signer"
    claim = await claims.open_claim(stage)
    await claims.until(stage, claim, ClaimState.UNDER_REVIEW)
    await stage.until(lambda: bool(stage.incidents(claim.subject)))
    assert not is_acknowledged(stage, claim)
    stage.documents.broken = ""
    await claims.handle(stage, claim).signal("resume")
    await stage.until(lambda: builders.story(stage.database, claim.id)[-1] == "incident_closed")
    assert is_acknowledged(stage, claim)
    assert builders.broken(stage.database) == []


async def test_the_relay_starts_a_claim_and_wakes_it_with_everything_that_happens_to_it(stage: Stage) -> None:
    async with relaying(stage.database, EngineClient(stage.client)):
        claim = builders.claim(stage.database, builders.authorize(stage.database))
        await claims.until(stage, claim, ClaimState.UNDER_REVIEW)
        assert reviewed.agree(stage.database, claim, an_agent(stage.database)) == "done"
        await claims.until(stage, claim, ClaimState.SIGNED)
        for state in (ClaimState.HANDED, ClaimState.ACCEPTED):
            with stage.database.begin() as connection:
                assert steps.take(connection, claim.id, state)
        assert await claims.end(stage, claim) == ClaimState.ACCEPTED
        await emptied(stage.database)
    assert [each for each in builders.broken(stage.database) if each[0].startswith("claim:")] == []


async def test_a_claim_that_reconciliation_has_look_again_finds_nothing_new(stage: Stage) -> None:
    claim = await claims.open_claim(stage)
    await claims.until(stage, claim, ClaimState.UNDER_REVIEW)
    await stage.until(lambda: is_acknowledged(stage, claim))
    told = len(builders.story(stage.database, claim.id))
    await claims.handle(stage, claim).execute_update("complete", Ref(reference=claim.subject, id=""))
    assert await claims.handle(stage, claim).query("wakes_at") is None
    assert len(builders.story(stage.database, claim.id)) == told


async def test_a_message_about_another_claim_is_refused(stage: Stage) -> None:
    claim = await claims.open_claim(stage)
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await claims.handle(stage, claim).execute_update("look", Ref(reference=f"{claim.reference}:2026-12:2:1", id=""))
    assert isinstance(refused.value.cause, ApplicationError)
    assert refused.value.cause.type == "other-claim"
