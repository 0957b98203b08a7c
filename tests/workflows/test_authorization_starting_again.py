"""A case restarted from the register, at any stage, does what remains and nothing twice."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.service import RPCError

from models.bodies.filing import Opinion
from models.engine.names import CASES, authorization_id
from models.engine.processes import OWED
from models.messages.case import Ref
from models.store.cases import files, opinions, requests
from models.store.journal.events import Actor
from models.store.operations import expected_processes
from tests.workflows.conftest import Stage
from workflows.authorization import AuthorizationWorkflow


async def restart_process(stage: Stage, reference: str) -> None:
    """Replace its process by a new one, deliver what it is owed, then have it check the register, as the relay does."""
    process = authorization_id(reference)
    with stage.database.begin() as connection:
        case = requests.get_case(connection, reference)
        owed = [each for each in expected_processes.list_owed(connection, OWED) if each.process == process]
    await stage.client.start_workflow(
        AuthorizationWorkflow.run,
        case,
        id=process,
        task_queue=CASES,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        id_conflict_policy=WorkflowIDConflictPolicy.TERMINATE_EXISTING,
    )
    for kind, subject in (*((each.kind, each.subject) for each in owed), ("complete", "")):
        ref = Ref(reference=reference, id=subject)
        with suppress(RPCError):  # it may have ended after an earlier update
            await stage.handle(reference).execute_update(kind, ref, id=f"{kind}:{subject} again")


def column_values(stage: Stage, table: str, column: str) -> list[str]:
    """The values of a column, in order."""
    with stage.database.begin() as connection:
        rows = connection.exec_driver_sql(f"SELECT {column} FROM {table} ORDER BY 1")
        return [str(value) for value in rows.scalars()]


async def until_documents_are(stage: Stage, *kinds: str) -> None:
    """Wait until exactly these documents exist, each once."""
    await stage.until(lambda: column_values(stage, "document", "kind") == sorted(kinds))


async def test_before_its_instant_it_waits_for_the_same_instant(stage: Stage) -> None:
    reference = await stage.open()
    due = stage.request(reference).deadline_at
    await until_documents_are(stage, "receipt")
    await stage.advance(reference, days=12)
    await restart_process(stage, reference)
    await stage.advance(reference, days=4)
    record = stage.request(reference)
    assert (record.outcome, record.effect_at) == ("tacit", due)
    await until_documents_are(stage, "attestation", "receipt")


async def test_after_its_instant_it_is_accepted_as_of_that_instant(stage: Stage) -> None:
    reference = await stage.open()
    due = stage.request(reference).deadline_at
    await stage.handle(reference).terminate()
    with stage.database.begin() as connection:
        requests.advance(connection, reference, timedelta(days=20))
    await restart_process(stage, reference)
    record = stage.request(reference)
    assert (record.outcome, record.effect_at) == ("tacit", due)
    await until_documents_are(stage, "attestation", "receipt")


async def test_what_was_attested_and_handed_over_is_so_once_and_ends_at_forfeiture(stage: Stage) -> None:
    reference = await stage.open(headcount=60, works_council={"pending": True})
    await stage.advance(reference, days=70)
    await until_documents_are(stage, "attestation", "receipt")
    notice_keys = column_values(stage, "notice", "key")
    assert sum("inform_council" in key for key in notice_keys) == 1
    await restart_process(stage, reference)
    await stage.advance(reference, days=700)
    assert (await stage.handle(reference).result()).outcome == "tacit"
    await until_documents_are(stage, "attestation", "receipt")
    assert column_values(stage, "deposit_row", "reference") == [reference]
    assert column_values(stage, "notice", "key") == notice_keys
    assert len(stage.mails.sent) == len(set(stage.mails.sent))
    assert stage.event_types(reference).count("case_closed") == 1


@pytest.mark.slow
async def test_an_acceptance_that_was_not_attested_is_attested(stage: Stage) -> None:
    reference = await stage.open()
    await until_documents_are(stage, "receipt")
    stage.documents.broken = "signer"
    await stage.advance(reference, days=17)
    await stage.until(lambda: bool(stage.incidents(reference)))
    stage.documents.broken = ""
    await restart_process(stage, reference)
    await until_documents_are(stage, "attestation", "receipt")
    await stage.until(lambda: column_values(stage, "deposit_row", "reference") == [reference])


async def test_a_decision_that_nobody_heard_of_is_notified(stage: Stage) -> None:
    reference = await stage.open()
    stage.refuse(reference)
    await restart_process(stage, reference)
    assert stage.request(reference).outcome == "refused"
    await stage.handle(reference).result()
    assert stage.event_types(reference).count("decision_notified") == 1


async def test_a_notified_decision_stands_before_its_instant_and_after(stage: Stage) -> None:
    reference = await stage.open()
    await stage.send_update("decide", reference, stage.grant(reference))
    notified_at = stage.request(reference).notified_at
    await restart_process(stage, reference)
    await stage.advance(reference, days=20)
    record = stage.request(reference)
    assert (record.outcome, record.effect_at) == ("granted", notified_at)
    await until_documents_are(stage, "grant", "receipt")
    await stage.until(lambda: column_values(stage, "deposit_row", "reference") == [reference])


async def test_a_stopped_clock_stays_stopped_and_both_are_told_once_when_the_limit_passes(
    stage: Stage,
) -> None:
    reference = await stage.open()
    await stage.send_update("request_completion", reference, stage.request_pieces(reference, days=3))
    await restart_process(stage, reference)
    await stage.advance(reference, days=60)
    await restart_process(stage, reference)
    await stage.advance(reference, days=1)
    record = stage.request(reference)
    assert (record.status, record.outcome) == ("awaiting_completion", None)
    await stage.until(lambda: sum("completion-" in key for key in stage.mails.sent) == 2)
    receipt = stage.supply_pieces(reference)
    await restart_process(stage, reference)
    await until_documents_are(stage, "completion_receipt", "completion_request", "receipt")
    await stage.advance(reference, days=17)
    assert stage.request(reference).effect_at == receipt.tacit_acceptance_at


async def test_an_opinion_that_came_is_not_missed(stage: Stage) -> None:
    reference = await stage.open(headcount=60, works_council={"pending": True})
    with stage.database.begin() as connection:
        account = requests.get(connection, reference).account_id
        file = files.add(connection, account, "application/pdf", b"%PDF").id
        given = Opinion(opinion="favourable", given_on=date(2026, 11, 20), file=file)
        opinions.supply(connection, reference, given, Actor(role="employer", account_id=account))
    await restart_process(stage, reference)
    await stage.advance(reference, days=100)
    assert opinions.LATE not in stage.request(reference).signals
