"""Credentials leave within the hour; operators are alerted before it ends, and a breach is measured after it."""

from datetime import timedelta

import pytest

from models.engine.kinds.enrolment import ENROLMENT, launch_enrolment
from models.engine.names import enrolment_id
from models.mailed_codes import activation_code, canonical
from models.messages.case import Ref
from models.store.operations import incidents
from models.store.people import activations, enrolments, mail_queue, notices
from models.store.people.enrolments import EnrolmentRecord
from starter.engine import EngineClient
from tests.cases import ask_to_enrol, master_key
from tests.workflows.conftest import Stage
from workflows.parts import running_acts

NO_PAUSE = timedelta()


@pytest.fixture(autouse=True)
def parks_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken acts park at their first failure, so that these tests wait for no back-off."""
    monkeypatch.setattr(running_acts, "RETRIES_BEFORE_PARKING", running_acts.ONE_ATTEMPT)


def now(stage: Stage, siret: str) -> EnrolmentRecord:
    with stage.database.begin() as connection:
        return enrolments.get_last(connection, siret)


def delay(stage: Stage, siret: str) -> timedelta:
    record = now(stage, siret)
    assert record.sent_at
    return record.sent_at - record.requested_at


def open_incidents(stage: Stage, siret: str) -> list[str]:
    with stage.database.begin() as connection:
        return sorted(each.part for each in incidents.list_of_subject(connection, siret))


async def until_sent(stage: Stage, siret: str) -> None:
    await stage.until(lambda: now(stage, siret).sent_at is not None)


async def activate(stage: Stage, enrolment: EnrolmentRecord, version: int = 1) -> None:
    code = canonical(activation_code(master_key(), enrolment.id, version))
    with stage.database.begin() as connection:
        assert activations.activate(connection, code, None)
    await send_update(stage, "complete", enrolment, enrolment.id)


async def send_update(stage: Stage, update: str, enrolment: EnrolmentRecord, subject: str) -> None:
    handle = stage.client.get_workflow_handle(enrolment.process)
    await handle.execute_update(update, Ref(reference=enrolment.siret, id=subject), id=f"{update}:{subject}")


async def ended(stage: Stage, siret: str) -> str:
    result = await stage.client.get_workflow_handle(now(stage, siret).process).result()
    return str(result["status"])


async def test_credentials_leave_at_once_and_activation_ends_the_process(stage: Stage) -> None:
    enrolment = await stage.enrol()
    await until_sent(stage, enrolment.siret)
    assert delay(stage, enrolment.siret) < timedelta(seconds=30)
    await activate(stage, enrolment)
    assert await ended(stage, enrolment.siret) == "activated"
    event_types = stage.event_types(enrolment.siret)
    assert event_types[0] == "enrolment_requested"
    assert {"credentials_issued", "credentials_sent", "enrolment_activated"} <= set(event_types)
    assert now(stage, enrolment.siret).receipt_sha256


async def test_a_mail_server_away_for_forty_minutes_costs_nobody_the_hour(stage: Stage) -> None:
    stage.mails.broken = True
    enrolment = await stage.enrol()
    await stage.until(lambda: "mail" in open_incidents(stage, enrolment.siret))
    await stage.advance(enrolment.siret, minutes=40)
    stage.mails.broken = False
    await stage.advance(enrolment.siret, minutes=6)
    await until_sent(stage, enrolment.siret)
    assert delay(stage, enrolment.siret) < timedelta(minutes=60)
    assert "credentials_alerted" not in stage.event_types(enrolment.siret)
    await stage.until(lambda: open_incidents(stage, enrolment.siret) == [])


async def test_away_for_seventy_minutes_operators_are_alerted_at_fifty_five_and_the_breach_is_measured(
    stage: Stage,
) -> None:
    stage.mails.broken = True
    enrolment = await stage.enrol()
    await stage.until(lambda: "mail" in open_incidents(stage, enrolment.siret))
    await stage.advance(enrolment.siret, minutes=54)
    assert "credentials_alerted" not in stage.event_types(enrolment.siret)
    await stage.advance(enrolment.siret, minutes=1, seconds=30)
    await stage.until(lambda: "delay" in open_incidents(stage, enrolment.siret))
    assert "credentials_overdue" not in stage.event_types(enrolment.siret)
    await stage.advance(enrolment.siret, minutes=5)
    await stage.until(lambda: "credentials_overdue" in stage.event_types(enrolment.siret))
    await stage.advance(enrolment.siret, minutes=10)
    stage.mails.broken = False
    await stage.client.get_workflow_handle(enrolment.process).signal("resume")
    await until_sent(stage, enrolment.siret)
    assert timedelta(minutes=70) < delay(stage, enrolment.siret) < timedelta(minutes=72)
    await stage.until(lambda: open_incidents(stage, enrolment.siret) == [])
    with stage.database.begin() as connection:
        record = enrolments.get_last(connection, enrolment.siret)
    assert record.alerted_at
    assert record.alerted_at - record.requested_at < timedelta(minutes=56)
    assert record.breached_at
    assert stage.event_types(enrolment.siret).count("credentials_sent") == 1


async def test_a_mailbox_that_refuses_opens_no_incident_of_delay(stage: Stage) -> None:
    stage.mails.broken = True
    enrolment = await stage.enrol()
    await stage.until(lambda: "mail" in open_incidents(stage, enrolment.siret))
    with stage.database.begin() as connection:
        for each in notices.list_unsent(connection, enrolment.process):
            notices.defer(connection, each.key)
    await stage.advance(enrolment.siret, minutes=56)
    await stage.until(lambda: "credentials_alerted" in stage.event_types(enrolment.siret))
    await stage.advance(enrolment.siret, minutes=5)
    await stage.until(lambda: "credentials_overdue" in stage.event_types(enrolment.siret))
    assert "delay" not in open_incidents(stage, enrolment.siret)


async def test_credentials_that_wait_for_their_turn_open_no_incident_of_delay(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_queue, "AT_ONCE", 0)
    monkeypatch.setattr(mail_queue, "PACE", timedelta(hours=3))
    enrolment = await stage.enrol()
    await stage.advance(enrolment.siret, minutes=56)
    await stage.until(lambda: "credentials_alerted" in stage.event_types(enrolment.siret))
    await stage.advance(enrolment.siret, minutes=5)
    await stage.until(lambda: "credentials_overdue" in stage.event_types(enrolment.siret))
    assert "delay" not in open_incidents(stage, enrolment.siret)


async def test_credentials_that_nobody_uses_are_reminded_of_then_lapse_and_one_may_enrol_again(
    stage: Stage,
) -> None:
    enrolment = await stage.enrol()
    await until_sent(stage, enrolment.siret)
    await stage.advance(enrolment.siret, days=17)
    assert await ended(stage, enrolment.siret) == "lapsed"
    sent = [key.split("/")[1] for key in stage.mails.sent]
    assert len([key for key in sent if key.startswith("activation-")]) == 3
    assert [key for key in sent if key.startswith("lapsed-")]
    code = canonical(activation_code(master_key(), enrolment.id, 1))
    with stage.database.begin() as connection:
        assert activations.activate(connection, code, None) is None
    second_enrolment = await stage.enrol(siret=enrolment.siret)
    assert second_enrolment.id != enrolment.id
    await until_sent(stage, enrolment.siret)
    await activate(stage, second_enrolment)
    assert await ended(stage, enrolment.siret) == "activated"


async def test_an_enrolment_ends_when_it_lapses_although_no_mail_leaves(stage: Stage) -> None:
    enrolment = await stage.enrol()
    await until_sent(stage, enrolment.siret)
    stage.mails.broken = True
    await stage.advance(enrolment.siret, days=17)
    assert await ended(stage, enrolment.siret) == "lapsed"
    assert open_incidents(stage, enrolment.siret) == []
    stage.mails.broken = False
    again = await stage.enrol(siret=enrolment.siret)
    await until_sent(stage, again.siret)
    assert now(stage, enrolment.siret).id == again.id


async def test_a_mailbox_that_never_answers_holds_the_end_of_nothing(stage: Stage) -> None:
    stage.mails.broken = True
    enrolment = await stage.enrol()
    await stage.until(lambda: "mail" in open_incidents(stage, enrolment.siret))
    await stage.advance(enrolment.siret, days=17)
    assert await ended(stage, enrolment.siret) == "lapsed"
    assert open_incidents(stage, enrolment.siret) == []


async def test_two_enrolments_of_one_establishment_each_have_their_code_hour_and_end(stage: Stage) -> None:
    first = await stage.enrol(email="faute@ateliers-durand.invalid")
    await until_sent(stage, first.siret)
    stage.mails.broken = True
    second = await stage.enrol(siret=first.siret, email="juste@ateliers-durand.invalid")
    assert (second.status, second.process != first.process) == ("open", True)
    await stage.until(lambda: "mail" in open_incidents(stage, first.siret))
    await stage.advance(first.siret, minutes=61)  # the newest open one
    types = stage.event_types(first.siret)
    assert (types.count("enrolment_requested"), types.count("credentials_overdue")) == (2, 1)
    stage.mails.broken = False
    await stage.client.get_workflow_handle(second.process).signal("resume")
    await until_sent(stage, first.siret)
    await activate(stage, second)
    result = await stage.client.get_workflow_handle(second.process).result()
    assert result["status"] == "activated"
    await stage.advance(first.siret, days=17)
    assert (await stage.client.get_workflow_handle(first.process).result())["status"] == "lapsed"
    late = [key for key in stage.mails.sent if key.startswith(first.process)]
    assert [key for key in late if "/lapsed-" in key or "/activation-" in key] == []


async def test_an_enrolment_that_runs_under_the_id_of_its_siret_goes_on_to_its_end(stage: Stage) -> None:
    """As those that began under an earlier release."""
    made = ask_to_enrol(stage.database)
    with stage.database.begin() as connection:
        enrolments.change(connection, made.id, runs_by_siret=True)
        case = enrolments.get_message(connection, made.siret)
    await EngineClient(stage.client).start(ENROLMENT, launch_enrolment(case, made.siret))
    await until_sent(stage, made.siret)
    assert now(stage, made.siret).process == enrolment_id(made.siret)
    beside = await stage.enrol(siret=made.siret, email="autre@ateliers-durand.invalid")
    await stage.until(lambda: now(stage, made.siret).id == beside.id and now(stage, made.siret).sent_at is not None)
    with stage.database.begin() as connection:
        code = canonical(activation_code(master_key(), made.id, 1))
        assert activations.activate(connection, code, None)
    handle = stage.client.get_workflow_handle(enrolment_id(made.siret))
    await handle.execute_update("complete", Ref(reference=made.siret, id=made.id), id="complete")
    assert (await handle.result())["status"] == "activated"
    await stage.advance(made.siret, days=17)
    assert (await stage.client.get_workflow_handle(beside.process).result())["status"] == "lapsed"


async def test_other_credentials_take_the_place_of_the_first_and_live_anew(stage: Stage) -> None:
    enrolment = await stage.enrol()
    await until_sent(stage, enrolment.siret)
    first = now(stage, enrolment.siret)
    await stage.advance(enrolment.siret, days=8)
    with stage.database.begin() as connection:
        activations.resend(connection, enrolment.siret, enrolment.email.upper(), NO_PAUSE)
    await send_update(stage, "resend", enrolment, f"{enrolment.id}/2")
    await stage.until(lambda: len([key for key in stage.mails.sent if "/credentials-" in key]) == 2)
    second = now(stage, enrolment.siret)
    assert second.expires_at
    assert first.expires_at
    assert second.expires_at - first.expires_at == timedelta(days=8)
    with stage.database.begin() as connection:
        old = canonical(activation_code(master_key(), enrolment.id, 1))
        assert activations.activate(connection, old, None) is None
    await stage.advance(enrolment.siret, days=9)
    assert now(stage, enrolment.siret).status == "open"
    await activate(stage, enrolment, version=2)
    assert await ended(stage, enrolment.siret) == "activated"


async def test_an_address_corrected_before_the_mail_left_gets_the_only_mail(stage: Stage) -> None:
    stage.mails.broken = True
    enrolment = await stage.enrol(email="faute@ateliers-durand.invalid")
    await stage.until(lambda: "mail" in open_incidents(stage, enrolment.siret))
    with stage.database.begin() as connection:
        activations.readdress(connection, enrolment.id, "juste@ateliers-durand.invalid", master_key())
    await send_update(stage, "resend", enrolment, f"{enrolment.id}/2")
    with stage.database.begin() as connection:
        (waiting,) = notices.list_unsent(connection, enrolment.process)
    assert (waiting.account.email, waiting.data["version"]) == ("juste@ateliers-durand.invalid", "2")
    stage.mails.broken = False
    await stage.client.get_workflow_handle(enrolment.process).signal("resume")
    await until_sent(stage, enrolment.siret)
    await activate(stage, enrolment, version=2)
    assert await ended(stage, enrolment.siret) == "activated"


async def test_a_receipt_is_sealed_for_whoever_has_shown_that_the_address_is_theirs(stage: Stage) -> None:
    enrolment = await stage.enrol()
    await until_sent(stage, enrolment.siret)
    await stage.advance(enrolment.siret, days=2)
    assert now(stage, enrolment.siret).receipt_sha256 is None
    await activate(stage, enrolment)
    assert await ended(stage, enrolment.siret) == "activated"
    assert now(stage, enrolment.siret).receipt_sha256


async def test_a_seal_that_is_away_parks_the_receipt_and_holds_no_code_up(stage: Stage) -> None:
    stage.documents.broken = "signer"
    enrolment = await stage.enrol()
    await until_sent(stage, enrolment.siret)
    await activate(stage, enrolment)
    await stage.until(lambda: open_incidents(stage, enrolment.siret) == ["signer"])
    assert now(stage, enrolment.siret).receipt_sha256 is None
    stage.documents.broken = ""
    await stage.client.get_workflow_handle(enrolment.process).signal("resume")
    assert await ended(stage, enrolment.siret) == "activated"
    assert now(stage, enrolment.siret).receipt_sha256


async def test_credentials_that_wait_in_the_queue_leave_at_their_turn(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_queue, "AT_ONCE", 0)
    monkeypatch.setattr(mail_queue, "PACE", timedelta(seconds=4))
    enrolment = await stage.enrol()
    await until_sent(stage, enrolment.siret)
    assert timedelta(seconds=4) <= delay(stage, enrolment.siret) < timedelta(minutes=2)
    await activate(stage, enrolment)
    assert await ended(stage, enrolment.siret) == "activated"
