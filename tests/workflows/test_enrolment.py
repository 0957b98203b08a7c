"""Credentials leave within the hour; operators are alerted before its end, and what comes after it is measured."""

from datetime import timedelta

import pytest

from models.engine.names import enrolment_id
from models.mailed_codes import activation_code, canonical
from models.messages.case import Ref
from models.store.operations import incidents
from models.store.people import activations, enrolments, notices
from models.store.people.enrolments import EnrolmentRecord
from tests.cases import master_key
from tests.workflows.conftest import Stage
from workflows.parts import running_acts

NO_PAUSE = timedelta()


@pytest.fixture(autouse=True)
def parks_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is broken parks at its first failure: these tests wait for no back-off."""
    monkeypatch.setattr(running_acts, "RETRIES_BEFORE_PARKING", running_acts.ONE_ATTEMPT)


def now(stage: Stage, siret: str) -> EnrolmentRecord:
    with stage.database.begin() as connection:
        return enrolments.get_last(connection, siret)


def delay(stage: Stage, siret: str) -> timedelta:
    found = now(stage, siret)
    assert found.sent_at
    return found.sent_at - found.requested_at


def open_incidents(stage: Stage, siret: str) -> list[str]:
    with stage.database.begin() as connection:
        return sorted(each.part for each in incidents.list_of_subject(connection, siret))


async def until_sent(stage: Stage, siret: str) -> None:
    await stage.until(lambda: now(stage, siret).sent_at is not None)


async def activate(stage: Stage, made: EnrolmentRecord, version: int = 1) -> None:
    code = canonical(activation_code(master_key(), made.id, version))
    with stage.database.begin() as connection:
        assert activations.activate(connection, code, None)
    await tell(stage, "complete", made.siret, made.id)


async def tell(stage: Stage, update: str, siret: str, subject: str) -> None:
    handle = stage.client.get_workflow_handle(enrolment_id(siret))
    await handle.execute_update(update, Ref(reference=siret, id=subject), id=f"{update}:{subject}")


async def ended(stage: Stage, siret: str) -> str:
    result = await stage.client.get_workflow_handle(enrolment_id(siret)).result()
    return str(result["status"])


async def test_credentials_leave_at_once_and_activation_ends_the_process(stage: Stage) -> None:
    made = await stage.enrol()
    await until_sent(stage, made.siret)
    assert delay(stage, made.siret) < timedelta(seconds=30)
    await activate(stage, made)
    assert await ended(stage, made.siret) == "activated"
    story = stage.story(made.siret)
    assert story[0] == "enrolment_requested"
    assert {"credentials_issued", "credentials_sent", "enrolment_activated"} <= set(story)
    assert now(stage, made.siret).receipt_sha256


async def test_a_mail_server_away_for_forty_minutes_costs_nobody_the_hour(stage: Stage) -> None:
    stage.mails.broken = True
    made = await stage.enrol()
    await stage.until(lambda: "mail" in open_incidents(stage, made.siret))
    await stage.advance(made.siret, minutes=40)
    stage.mails.broken = False
    await stage.advance(made.siret, minutes=6)
    await until_sent(stage, made.siret)
    assert delay(stage, made.siret) < timedelta(minutes=60)
    assert "credentials_alerted" not in stage.story(made.siret)
    await stage.until(lambda: open_incidents(stage, made.siret) == [])


async def test_away_for_seventy_minutes_operators_are_alerted_at_fifty_five_and_the_breach_is_measured(
    stage: Stage,
) -> None:
    stage.mails.broken = True
    made = await stage.enrol()
    await stage.until(lambda: "mail" in open_incidents(stage, made.siret))
    await stage.advance(made.siret, minutes=54)
    assert "credentials_alerted" not in stage.story(made.siret)
    await stage.advance(made.siret, minutes=1, seconds=30)
    await stage.until(lambda: "delay" in open_incidents(stage, made.siret))
    assert "credentials_overdue" not in stage.story(made.siret)
    await stage.advance(made.siret, minutes=5)
    await stage.until(lambda: "credentials_overdue" in stage.story(made.siret))
    await stage.advance(made.siret, minutes=10)
    stage.mails.broken = False
    await stage.client.get_workflow_handle(enrolment_id(made.siret)).signal("resume")
    await until_sent(stage, made.siret)
    assert timedelta(minutes=70) < delay(stage, made.siret) < timedelta(minutes=72)
    await stage.until(lambda: open_incidents(stage, made.siret) == [])
    with stage.database.begin() as connection:
        found = enrolments.get_last(connection, made.siret)
    assert found.alerted_at
    assert found.alerted_at - found.requested_at < timedelta(minutes=56)
    assert found.breached_at
    assert stage.story(made.siret).count("credentials_sent") == 1


async def test_credentials_that_nobody_uses_are_reminded_of_then_lapse_and_one_may_enrol_again(
    stage: Stage,
) -> None:
    made = await stage.enrol()
    await until_sent(stage, made.siret)
    await stage.advance(made.siret, days=17)
    assert await ended(stage, made.siret) == "lapsed"
    sent = [key.split("/")[1] for key in stage.mails.sent]
    assert len([key for key in sent if key.startswith("activation-")]) == 3
    assert [key for key in sent if key.startswith("lapsed-")]
    code = canonical(activation_code(master_key(), made.id, 1))
    with stage.database.begin() as connection:
        assert activations.activate(connection, code, None) is None
    again = await stage.enrol(siret=made.siret)
    assert again.id != made.id
    await until_sent(stage, made.siret)
    await activate(stage, again)
    assert await ended(stage, made.siret) == "activated"


async def test_one_who_enrols_again_while_the_first_process_ends_has_a_process(stage: Stage) -> None:
    """The mail that tells of the end does not leave: the process of the first enrolment is still there."""
    made = await stage.enrol()
    await until_sent(stage, made.siret)
    stage.mails.broken = True
    await stage.advance(made.siret, days=17)
    assert now(stage, made.siret).status == "lapsed"
    again = await stage.enrol(siret=made.siret)
    stage.mails.broken = False
    await stage.client.get_workflow_handle(enrolment_id(made.siret)).signal("resume")
    await until_sent(stage, made.siret)
    assert now(stage, made.siret).id == again.id


async def test_other_credentials_take_the_place_of_the_first_and_live_anew(stage: Stage) -> None:
    made = await stage.enrol()
    await until_sent(stage, made.siret)
    first = now(stage, made.siret)
    await stage.advance(made.siret, days=8)
    with stage.database.begin() as connection:
        activations.resend(connection, made.siret, made.email.upper(), NO_PAUSE)
    await tell(stage, "resend", made.siret, f"{made.id}/2")
    await stage.until(lambda: len([key for key in stage.mails.sent if "/credentials-" in key]) == 2)
    second = now(stage, made.siret)
    assert second.expires_at
    assert first.expires_at
    assert second.expires_at - first.expires_at == timedelta(days=8)
    with stage.database.begin() as connection:
        old = canonical(activation_code(master_key(), made.id, 1))
        assert activations.activate(connection, old, None) is None
    await stage.advance(made.siret, days=9)
    assert now(stage, made.siret).status == "open"
    await activate(stage, made, version=2)
    assert await ended(stage, made.siret) == "activated"


async def test_an_address_corrected_before_the_mail_left_gets_the_only_mail(stage: Stage) -> None:
    stage.mails.broken = True
    made = await stage.enrol(email="faute@ateliers-durand.invalid")
    await stage.until(lambda: "mail" in open_incidents(stage, made.siret))
    with stage.database.begin() as connection:
        activations.readdress(connection, made.id, "juste@ateliers-durand.invalid")
    await tell(stage, "resend", made.siret, f"{made.id}/2")
    with stage.database.begin() as connection:
        (waiting,) = notices.list_unsent(connection, enrolment_id(made.siret))
    assert (waiting.account.email, waiting.data["version"]) == ("juste@ateliers-durand.invalid", "2")
    stage.mails.broken = False
    await stage.client.get_workflow_handle(enrolment_id(made.siret)).signal("resume")
    await until_sent(stage, made.siret)
    await activate(stage, made, version=2)
    assert await ended(stage, made.siret) == "activated"


async def test_a_seal_that_is_away_parks_the_receipt_and_holds_no_code_up(stage: Stage) -> None:
    stage.documents.broken = "signer"
    made = await stage.enrol()
    await until_sent(stage, made.siret)
    await activate(stage, made)
    await stage.until(lambda: open_incidents(stage, made.siret) == ["signer"])
    assert now(stage, made.siret).receipt_sha256 is None
    stage.documents.broken = ""
    await stage.client.get_workflow_handle(enrolment_id(made.siret)).signal("resume")
    assert await ended(stage, made.siret) == "activated"
    assert now(stage, made.siret).receipt_sha256
