"""What agents and the agency say of a claim: agreed, signed, handed over, answered; or refused, or agreed in vain."""

from sqlalchemy import text

from models.claim_labels import ClaimSignal, ClaimState
from models.engine.names import claim_process
from models.labels import HoldReason
from models.store.cases import documents, holds
from models.store.claims import ends, steps
from models.store.claims.records import ClaimRecord
from models.store.journal import outbox
from tests.cases import an_agent
from tests.models.store.agency import builders as agency
from tests.models.store.claims import builders, reviewed
from tests.models.store.claims.builders import EMPLOYER
from tests.workflows import claims
from tests.workflows.conftest import Stage

ALL_THE_WAY = [
    "claim_received",
    "claim_controlled",
    "claim_agreed",
    "claim_signed",
    "claim_handed_to_asp",
    "claim_accepted",
]


def story(stage: Stage, claim: ClaimRecord) -> list[str]:
    """The events of a claim but for its receipt, which is sealed beside the rest."""
    return [each for each in builders.story(stage.database, claim.id) if each != "claim_receipt_issued"]


def kinds(stage: Stage, claim: ClaimRecord) -> list[str]:
    with stage.database.begin() as connection:
        listed = documents.list_of(connection, claim.reference, published_only=True)
    return sorted(each.kind for each in listed)


def take(stage: Stage, claim: ClaimRecord, state: ClaimState) -> None:
    """Lead a claim on, as the programs of the agency do."""
    with stage.database.begin() as connection:
        assert steps.take(connection, claim.id, state)


def queued(stage: Stage, claim: ClaimRecord) -> int:
    """Rows for the agency of a claim."""
    with stage.database.begin() as connection:
        query = text("SELECT count(*) FROM deposit_row WHERE claim_id = :id")
        counted: int = connection.execute(query, {"id": claim.id}).scalar_one()
    return counted


async def under_review(stage: Stage) -> ClaimRecord:
    claim = await claims.open_claim(stage)
    await claims.until(stage, claim, ClaimState.UNDER_REVIEW)
    return claim


async def agreed_and_accepted(stage: Stage) -> str:
    claim = await under_review(stage)
    assert reviewed.agree(stage.database, claim, an_agent(stage.database)) == "done"
    await claims.look(stage, claim)
    await stage.until(lambda: queued(stage, claim) == 1)
    for state in (ClaimState.HANDED, ClaimState.ACCEPTED):
        take(stage, claim, state)
        await claims.look(stage, claim)
    assert await claims.end(stage, claim) == ClaimState.ACCEPTED
    return claim_process(claim.subject)


async def refused(stage: Stage) -> str:
    claim = await under_review(stage)
    assert reviewed.refuse(stage.database, claim, an_agent(stage.database)) == "done"
    await claims.look(stage, claim)
    assert await claims.end(stage, claim) == ClaimState.REFUSED
    return claim_process(claim.subject)


async def agreed_in_vain(stage: Stage) -> str:
    claim, agent = await under_review(stage), an_agent(stage.database)
    assert reviewed.agree(stage.database, claim, agent) == "done"
    reviewed.end_delegations(stage.database, agent)
    await claims.look(stage, claim)
    await claims.until(stage, claim, ClaimState.UNDER_REVIEW)
    assert reviewed.agree(stage.database, claim, an_agent(stage.database)) == "done"
    await claims.look(stage, claim)
    await stage.until(lambda: queued(stage, claim) == 1)
    for state in (ClaimState.HANDED, ClaimState.REJECTED):
        with stage.database.begin() as connection:
            if state is ClaimState.HANDED:
                assert steps.take(connection, claim.id, state)
            else:
                assert ends.end(connection, claim.id, state, EMPLOYER)
        await claims.look(stage, claim)
    assert await claims.end(stage, claim) == ClaimState.REJECTED
    return claim_process(claim.subject)


async def held_then_cancelled(stage: Stage) -> str:
    claim = await claims.open_claim(stage, **builders.missing_opinion())
    await stage.until(lambda: claims.mails(stage, claim) == ["held-opinion"])
    with stage.database.begin() as connection:
        assert ends.end(connection, claim.id, ClaimState.VOID, EMPLOYER)
    await claims.look(stage, claim)
    assert await claims.end(stage, claim) == ClaimState.VOID
    return claim_process(claim.subject)


PATHS = (agreed_and_accepted, refused, agreed_in_vain, held_then_cancelled)


def of_process(stage: Stage, process: str) -> ClaimRecord:
    return claims.of_subject(stage, process.partition(":")[2])


async def test_a_claim_is_agreed_signed_handed_over_and_accepted(stage: Stage) -> None:
    claim = of_process(stage, await agreed_and_accepted(stage))
    assert story(stage, claim) == ALL_THE_WAY
    assert kinds(stage, claim) == ["claim", "claim_receipt"]
    assert "claim_accepted" in claims.mails(stage, claim)
    assert builders.balances(stage.database, claim.reference)["accepted"] == (7.0, claim.allowance_cents)
    assert builders.broken(stage.database) == []


async def test_a_refusal_is_signed_and_gives_the_hours_back(stage: Stage) -> None:
    claim = of_process(stage, await refused(stage))
    assert story(stage, claim) == ["claim_received", "claim_controlled", "claim_refusal_registered", "claim_refused"]
    assert kinds(stage, claim) == ["claim_receipt", "claim_refusal"]
    assert builders.entitlement(stage.database, claim.reference).admitted_hours == 0
    assert builders.differences(stage.database) == ()
    assert builders.broken(stage.database) == []


async def test_nothing_is_signed_under_a_delegation_that_ended_and_an_agent_agrees_again(stage: Stage) -> None:
    claim = of_process(stage, await agreed_in_vain(stage))
    assert story(stage, claim)[2:5] == ["claim_agreed", "claim_agreement_lapsed", "claim_agreed"]
    assert reviewed.count_visas(stage.database, claim) == 2
    assert kinds(stage, claim) == ["claim", "claim_receipt"]
    assert "claim_rejected" in claims.mails(stage, claim)
    assert builders.broken(stage.database) == []


async def test_a_held_claim_that_is_cancelled_ends(stage: Stage) -> None:
    claim = of_process(stage, await held_then_cancelled(stage))
    assert story(stage, claim) == ["claim_received", "claim_held", "claim_voided"]
    assert builders.differences(stage.database) == ()


async def test_a_standing_instruction_agrees_to_a_claim_without_a_signal_and_it_is_signed(stage: Stage) -> None:
    agent = an_agent(stage.database)
    reviewed.instruct(stage.database, agent)
    claim = await claims.open_claim(stage)
    await stage.until(lambda: queued(stage, claim) == 1)
    assert story(stage, claim) == ALL_THE_WAY[:4]
    with stage.database.begin() as connection:
        waiting = [each.kind for each in outbox.list_waiting(connection, 100) if each.workflow_id.startswith("claim:")]
    assert waiting == ["start"], "its own process needs no message"


async def test_a_refusal_under_a_delegation_that_ended_is_not_signed(stage: Stage) -> None:
    claim, agent = await under_review(stage), an_agent(stage.database)
    assert reviewed.refuse(stage.database, claim, agent) == "done"
    reviewed.end_delegations(stage.database, agent)
    await claims.look(stage, claim)
    await stage.until(lambda: "claim_refusal_lapsed" in story(stage, claim))
    await claims.until(stage, claim, ClaimState.UNDER_REVIEW)
    assert "claim_refusal" not in kinds(stage, claim)
    assert builders.broken(stage.database) == []


async def test_a_signer_that_is_away_parks_the_signature_and_a_replacement_ends_the_wait(stage: Stage) -> None:
    claim = await under_review(stage)
    stage.documents.broken = "signer"
    assert reviewed.agree(stage.database, claim, an_agent(stage.database)) == "done"
    await claims.look(stage, claim)
    await stage.until(lambda: bool(stage.incidents(claim.subject)))
    second = builders.claim(stage.database, claim.reference, replaces=claim.id)
    stage.documents.broken = ""
    await claims.look(stage, claim)
    assert await claims.end(stage, claim) == ClaimState.REPLACED
    assert stage.incidents(claim.subject) == []
    assert second.version == 2
    assert builders.broken(stage.database) == []


async def test_without_the_agencys_certificate_nothing_is_signed_and_operators_see_why(stage: Stage) -> None:
    claim = await under_review(stage)
    stage.nominal.broken = True
    assert reviewed.agree(stage.database, claim, an_agent(stage.database)) == "done"
    await claims.look(stage, claim)
    await stage.until(lambda: bool(stage.incidents(claim.subject)))
    assert claims.now(stage, claim).state == ClaimState.AGREED
    stage.nominal.broken = False
    await stage.advance(claim.subject, minutes=6)
    await stage.until(lambda: queued(stage, claim) == 1)
    assert stage.incidents(claim.subject) == []


async def test_a_signature_that_was_parked_is_made_once_the_signer_is_back(stage: Stage) -> None:
    claim = await under_review(stage)
    stage.documents.broken = "timestamp"
    assert reviewed.agree(stage.database, claim, an_agent(stage.database)) == "done"
    await claims.look(stage, claim)
    await stage.until(lambda: bool(stage.incidents(claim.subject)))
    assert claims.now(stage, claim).state == ClaimState.AGREED
    stage.documents.broken = ""
    await stage.advance(claim.subject, minutes=6)
    await stage.until(lambda: queued(stage, claim) == 1)
    assert story(stage, claim)[-1] == "incident_closed"


async def test_a_signed_claim_waits_while_something_holds_its_case(stage: Stage) -> None:
    claim = await under_review(stage)
    with stage.database.begin() as connection:
        assert holds.hold(connection, claim.reference, HoldReason.EVIDENCE)
    assert reviewed.agree(stage.database, claim, an_agent(stage.database)) == "done"
    await claims.look(stage, claim)
    await claims.until(stage, claim, ClaimState.SIGNED)
    assert queued(stage, claim) == 0
    with stage.database.begin() as connection:
        assert holds.release(connection, claim.reference, HoldReason.EVIDENCE)
    await claims.look(stage, claim)
    await stage.until(lambda: queued(stage, claim) == 1)


async def agreed_beforehand_and_parked(stage: Stage) -> ClaimRecord:
    """A claim that an instruction agreed to, which cannot be signed meanwhile."""
    reviewed.instruct(stage.database, an_agent(stage.database))
    stage.nominal.broken = True
    claim = await claims.open_claim(stage)
    await stage.until(lambda: bool(stage.incidents(claim.subject)))
    assert claims.now(stage, claim).state == ClaimState.AGREED
    return claim


async def signed_by_an_agent(stage: Stage, claim: ClaimRecord) -> None:
    """Have an agent agree to a claim that came back to its review."""
    await claims.until(stage, claim, ClaimState.UNDER_REVIEW)
    assert reviewed.agree(stage.database, claim, an_agent(stage.database)) == "done"
    await claims.look(stage, claim)
    await stage.until(lambda: queued(stage, claim) == 1)
    assert builders.broken(stage.database) == []


async def test_a_signal_of_the_case_before_the_signature_ends_what_an_instruction_agreed_to(stage: Stage) -> None:
    claim = await agreed_beforehand_and_parked(stage)
    reviewed.signal_case(stage.database, claim.reference, "Avis du CSE non transmis dans le délai.")
    stage.nominal.broken = False
    await claims.handle(stage, claim).signal("resume")
    await claims.until(stage, claim, ClaimState.UNDER_REVIEW)
    assert claims.now(stage, claim).signals == (ClaimSignal.CASE,)
    await signed_by_an_agent(stage, claim)


async def test_a_claim_of_another_establishment_ends_what_an_instruction_agreed_to(stage: Stage) -> None:
    first = await agreed_beforehand_and_parked(stage)
    second = await claims.open_claim(stage)
    await claims.until(stage, second, ClaimState.UNDER_REVIEW)
    await claims.until(stage, first, ClaimState.UNDER_REVIEW)
    assert claims.now(stage, first).signals == (ClaimSignal.OTHER_ESTABLISHMENT,)
    stage.nominal.broken = False
    await claims.look(stage, first)
    await signed_by_an_agent(stage, first)
    assert "claim_signalled" in story(stage, first)


async def test_a_claim_that_the_agency_never_answers_ends_once_two_operators_settle_it(stage: Stage) -> None:
    claim = await under_review(stage)
    assert reviewed.agree(stage.database, claim, an_agent(stage.database)) == "done"
    await claims.look(stage, claim)
    await stage.until(lambda: queued(stage, claim) == 1)
    agency.unanswered_twice(stage.database, claim)
    await claims.look(stage, claim)
    agency.done_by_two(stage.database, "reject_claim", claim.id)
    await claims.look(stage, claim)
    assert await claims.end(stage, claim) == ClaimState.REJECTED
    assert story(stage, claim)[-1] == "claim_rejected"
    assert claims.mails(stage, claim).count("claim_rejected") == 1
    with stage.database.begin() as connection:
        waiting = {each.workflow_id for each in outbox.list_waiting(connection, 99)}
    assert claim_process(claim.subject) not in waiting
    assert builders.differences(stage.database) == ()
    assert builders.broken(stage.database) == []
