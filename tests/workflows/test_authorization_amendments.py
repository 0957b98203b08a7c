"""The process of an amendment is that of a request; its parent's waits for the claims of the period as amended."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from temporalio.client import WorkflowUpdateFailedError

from law.calendar import midnight
from models.engine.names import authorization_id
from models.labels import DocumentKind, Outcome
from models.messages.case import Ref
from models.store.agency.channels import AMENDMENTS
from models.store.cases import documents
from models.store.claims import records
from models.store.journal import outbox
from tests import bank_changes
from tests.amendments import amend
from tests.cases import DEPARTMENT
from tests.models.store.claims.builders import claim, differences
from tests.workflows.conftest import Stage

FORFEITED_AT = midnight(date(2027, 10, 1), DEPARTMENT)
"""When the claims of a period that ends on 31 March 2027 are out of time."""


def attested(stage: Stage, reference: str) -> str | None:
    """The number that the attestation of a case bears, once there is one."""
    with stage.database.begin() as connection:
        found = documents.find(connection, reference, DocumentKind.ATTESTATION)
    return found.number if found else None


async def test_an_amendment_has_its_own_receipt_silence_attestation_and_hand_over(stage: Stage) -> None:
    reference = await stage.open()
    await stage.advance(reference, days=20)
    await stage.until(lambda: attested(stage, reference) is not None)
    claim(stage.database, reference)
    amendment = amend(stage.database, reference, hours=Decimal(15_000), end_on=date(2027, 3, 31))
    await stage.start(amendment)
    await stage.advance(amendment, days=20)
    await stage.until(lambda: attested(stage, amendment) == amendment)
    assert stage.request(amendment).outcome is Outcome.TACIT
    assert stage.event_types(amendment) == ["request_received", "authorization_tacitly_granted"]

    def raised() -> bool:
        with stage.database.begin() as connection:
            entitlement = records.find_entitlement(connection, reference)
        return entitlement is not None and entitlement.authorised_hours == Decimal(15_000)

    await stage.until(raised)
    with stage.database.begin() as connection:
        waiting = [each.workflow_id for each in outbox.list_waiting(connection, 100)]
    assert f"deposit:{AMENDMENTS}" in waiting
    assert differences(stage.database) == ()


async def test_an_authorization_stays_open_until_claims_of_the_amended_period_are_out_of_time(stage: Stage) -> None:
    reference = await stage.open()
    await stage.advance(reference, days=30)
    amendment = amend(stage.database, reference, end_on=date(2027, 3, 31))
    await stage.start(amendment)
    await stage.send_update("decide", amendment, stage.grant(amendment))
    await stage.clockwork.advance_to(reference, FORFEITED_AT - timedelta(hours=1))
    assert stage.request(reference).closed_at is None
    await stage.advance(reference, hours=2)
    await stage.handle(reference).result()
    closed_at = stage.request(reference).closed_at
    assert closed_at is not None
    assert closed_at >= FORFEITED_AT
    assert authorization_id(amendment) != authorization_id(reference)


async def test_a_change_of_account_is_acknowledged_then_decided_by_the_process_of_its_authorization(
    stage: Stage,
) -> None:
    reference = await stage.open()
    await stage.advance(reference, days=20)
    number = bank_changes.ask(stage.database, reference)
    await stage.send_update("change_account", reference, number)
    assert kept(stage, reference, DocumentKind.BANK_CHANGE_RECEIPT, number)
    assert not kept(stage, reference, DocumentKind.BANK_CHANGE_DECISION, number)
    bank_changes.decide(stage.database, reference, number)
    await stage.send_update("change_account", reference, f"{number}/B-{number}")
    assert kept(stage, reference, DocumentKind.BANK_CHANGE_DECISION, number)
    ref = Ref(reference="034ZZZZ01", id=number)
    with pytest.raises(WorkflowUpdateFailedError):
        await stage.handle(reference).execute_update("change_account", ref, id="elsewhere")


def kept(stage: Stage, reference: str, kind: DocumentKind, number: str) -> bool:
    with stage.database.begin() as connection:
        return documents.find(connection, reference, kind, f"bank/{number}") is not None
