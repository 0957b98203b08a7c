"""An agent decides: in time it is the outcome; too late it is void, and the acceptance stands."""

import asyncio
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError

from models.labels import Outcome
from models.messages.case import DocumentRef, Notified, Void
from tests.fakes import PlainDocuments
from tests.workflows.conftest import Stage


async def test_a_grant_is_signed_then_notified_then_handed_over(stage: Stage) -> None:
    reference = await stage.open()
    publication = await stage.send_update("decide", reference, stage.grant(reference))
    assert publication == {
        "kind": "notified",
        "outcome": "granted",
        "at": publication["at"],
        "limit_at": None,
    }
    record = stage.request(reference)
    assert (record.status, record.outcome) == ("authorized", "granted")
    assert record.notified_at == record.effect_at == Notified.model_validate(publication).at
    assert stage.event_types(reference)[-3:] == [
        "decision_registered",
        "decision_signed",
        "decision_notified",
    ]
    await stage.until(lambda: _rows(stage) == 1)


def _rows(stage: Stage) -> int:
    with stage.database.begin() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM deposit_row").scalar_one())


async def test_a_refusal_ends_the_case_and_nothing_is_handed_over(stage: Stage) -> None:
    reference = await stage.open()
    await stage.send_update("decide", reference, stage.refuse(reference))
    ended = await stage.handle(reference).result()
    assert ended.outcome == "refused"
    assert stage.request(reference).status == "refused"
    assert _rows(stage) == 0


async def test_the_same_update_sent_twice_is_one_notification(stage: Stage) -> None:
    reference = await stage.open()
    decision = stage.grant(reference)
    first, second = await asyncio.gather(*(stage.send_update("decide", reference, decision) for _ in range(2)))
    assert first == second
    assert stage.event_types(reference).count("decision_notified") == 1


@pytest.mark.slow
async def test_a_decision_that_cannot_be_signed_in_time_is_void_and_the_clock_goes_on(stage: Stage) -> None:
    reference = await stage.open()
    await stage.until(lambda: "receipt_issued" in stage.event_types(reference) or bool(_documents(stage)))
    stage.documents.broken = "timestamp"
    deciding = asyncio.create_task(stage.send_update("decide", reference, stage.refuse(reference)))
    await stage.until(lambda: bool(stage.incidents(reference)))
    assert stage.incidents(reference)[0].part == "timestamp"
    await stage.advance(reference, days=17)
    record = stage.request(reference)
    assert (record.outcome, record.effect_at) == ("tacit", record.deadline_at)
    stage.documents.broken = ""
    await stage.handle(reference).signal("resume")
    assert Void.model_validate(await deciding) == Void(standing=Outcome.TACIT)
    await stage.until(lambda: "void_notice" in _documents(stage))
    assert {"receipt", "attestation", "refusal", "void_notice"} == set(_documents(stage))
    await stage.until(lambda: not stage.incidents(reference))
    assert "decision_voided" in stage.event_types(reference)


def _documents(stage: Stage) -> list[str]:
    with stage.database.begin() as connection:
        return list(connection.exec_driver_sql("SELECT kind FROM document ORDER BY signed_at").scalars())


@pytest.mark.slow
async def test_mails_that_cannot_leave_park_alone(stage: Stage) -> None:
    stage.mails.broken = True
    reference = await stage.open(headcount=60, works_council={"pending": True})
    await stage.send_update("decide", reference, stage.grant(reference))
    await stage.until(lambda: bool(stage.incidents(reference)))
    assert [each.part for each in stage.incidents(reference)] == ["mail"]
    assert stage.request(reference).status == "authorized"
    stage.mails.broken = False
    await stage.handle(reference).signal("resume")
    await stage.until(lambda: not stage.incidents(reference))
    assert any("decision_notified" in key or "D1" in key for key in stage.mails.sent)
    assert {"incident_opened", "incident_closed"} <= set(stage.event_types(reference))


@pytest.mark.slow
async def test_what_waited_for_the_register_goes_on_as_soon_as_it_is_back(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, failures = PlainDocuments._keep, iter(range(4))

    def fail_first(documents: PlainDocuments, *arguments: Any, **options: Any) -> DocumentRef:
        if next(failures, None) is not None:
            raise ApplicationError("away", type="register")
        return keep(documents, *arguments, **options)

    monkeypatch.setattr(PlainDocuments, "_keep", fail_first)
    reference = await stage.open()
    await stage.until(lambda: "incident_closed" in stage.event_types(reference))
    assert _documents(stage) == ["receipt"]


async def test_a_message_for_another_case_is_refused(stage: Stage) -> None:
    mine, other = await stage.open(), await stage.open()
    with pytest.raises(Exception, match="Workflow update failed"):
        await stage.handle(mine).execute_update("decide", {"reference": other, "id": "D1"})
