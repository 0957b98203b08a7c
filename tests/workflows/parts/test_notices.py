"""A mailbox that refuses for now holds neither other notices nor the end of anything, and is no incident."""

import pytest

from models.engine.names import authorization_id
from models.store.cases import desistments
from models.store.journal.events import Actor
from models.store.people import notices
from tests.workflows.conftest import Stage
from tests.workflows.test_authorization_other_ends import refused_mailbox


def announce(stage: Stage, reference: str, key: str) -> None:
    account = stage.request(reference).account_id
    with stage.database.begin() as connection:
        notices.announce(connection, authorization_id(reference), "receipt", key, account)


async def test_a_mailbox_that_refuses_for_now_is_tried_again_beside_the_others(stage: Stage) -> None:
    stage.mails.full = "full-box"
    reference = await stage.open()
    announce(stage, reference, "full-box")
    announce(stage, reference, "other-box")
    await stage.advance(reference, days=2)
    await stage.until(lambda: any("other-box" in key for key in stage.mails.sent), seconds=20)
    assert not any("full-box" in key for key in stage.mails.sent)
    assert stage.incidents(reference) == []
    stage.mails.full = None
    await stage.advance(reference, hours=25)
    await stage.until(lambda: any("full-box" in key for key in stage.mails.sent))


async def test_a_case_ends_a_week_after_a_mailbox_that_never_takes_its_last_notice(stage: Stage) -> None:
    process = await refused_mailbox(stage)
    assert not any("full-box" in key for key in stage.mails.sent)
    assert stage.incidents(process.partition(":")[2]) == []


@pytest.mark.slow
async def test_a_case_ends_although_the_mail_server_is_away_for_everybody(stage: Stage) -> None:
    stage.mails.broken = True
    reference = await stage.open()
    await stage.until(lambda: [each.part for each in stage.incidents(reference)] == ["mail"])
    with stage.database.begin() as connection:
        desistments.desist(connection, reference, Actor(role="employer"))
    await stage.send_update("desist", reference)
    await stage.advance(reference, days=8)
    assert (await stage.handle(reference).result()).outcome == "desisted"
    assert stage.incidents(reference) == []
