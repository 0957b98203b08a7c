"""Desistment, late opinions, information of the council, and the privacy of histories."""

import pytest
from temporalio.client import WorkflowFailureError

from models.bodies.filing import Opinion
from models.engine.names import authorization_id
from models.store.cases import desistments, files, opinions
from models.store.journal import keys
from models.store.journal.events import Actor
from models.store.journal.keys import StoredKeys
from models.store.people import notices
from tests.cases import SENTINELS, master_key
from tests.workflows.conftest import Stage

PENDING = {"headcount": 60, "works_council": {"pending": True}}


async def refused_mailbox(stage: Stage) -> str:
    """A case whose receipt its mailbox refuses for now, to the end."""
    stage.mails.full = "full-box"
    reference = await stage.open()
    process, account = authorization_id(reference), stage.request(reference).account_id
    with stage.database.begin() as connection:
        notices.announce(connection, process, "receipt", "full-box", account)
        desistments.desist(connection, reference, Actor(role="employer"))
    await stage.send_update("desist", reference)
    await stage.advance(reference, days=8)
    assert (await stage.handle(reference).result()).outcome == "desisted"
    return process


PATHS = (refused_mailbox,)


async def test_a_desistment_ends_the_case_at_once(stage: Stage) -> None:
    reference = await stage.open()
    with stage.database.begin() as connection:
        desistments.desist(connection, reference, Actor(role="employer"))
    await stage.send_update("desist", reference)
    ended = await stage.handle(reference).result()
    assert ended.outcome == "desisted"
    assert stage.request(reference).status == "desisted"
    assert "authorization_tacitly_granted" not in stage.event_types(reference)


@pytest.mark.slow
async def test_a_receipt_sealed_after_the_desistment_is_still_told_of(stage: Stage) -> None:
    stage.documents.broken = "signer"
    reference = await stage.open()
    process = authorization_id(reference)
    await stage.until(lambda: bool(stage.incidents(reference)))
    account = stage.request(reference).account_id
    with stage.database.begin() as connection:
        desistments.desist(connection, reference, Actor(role="employer"))
    await stage.send_update("desist", reference)
    with stage.database.begin() as connection:
        notices.announce(connection, process, "receipt", "receipt-", account)
    stage.documents.broken = ""
    await stage.handle(reference).signal("resume")
    await stage.handle(reference).result()
    assert stage.mails.sent == [f"{process}/receipt-/{account}"]


async def test_an_opinion_that_does_not_follow_in_two_months_is_flagged(stage: Stage) -> None:
    reference = await stage.open(**PENDING)
    await stage.advance(reference, days=70)
    await stage.until(lambda: any("opinion-3" in key for key in stage.mails.sent))
    assert [key.split("/")[1][:9] for key in stage.mails.sent if "opinion-" in key] == [
        f"opinion-{rank}" for rank in range(4)
    ]
    assert stage.request(reference).signals
    assert stage.request(reference).status == "tacitly_authorized"


async def test_an_opinion_that_follows_ends_its_reminders(stage: Stage) -> None:
    reference = await stage.open(**PENDING)
    account = stage.request(reference).account_id
    with stage.database.begin() as connection:
        file = files.add(connection, account, "application/pdf", b"%PDF-1.7")
        given = Opinion.model_validate({"opinion": "favourable", "given_on": "2026-11-20", "file": file.id})
        opinions.supply(connection, reference, given, Actor(role="employer", account_id=account))
    await stage.send_update("supply_opinion", reference)
    await stage.advance(reference, days=70)
    assert not [key for key in stage.mails.sent if "opinion-" in key]
    assert "works_council_opinion_received" in stage.event_types(reference)


async def test_the_employer_is_reminded_to_inform_the_council(stage: Stage) -> None:
    reference = await stage.open(**PENDING)
    await stage.send_update("decide", reference, stage.grant(reference))
    await stage.advance(reference, days=16)
    await stage.until(lambda: any("inform_council-" in key for key in stage.mails.sent))


async def test_a_history_holds_nothing_nominal_and_is_erased_with_its_key(stage: Stage) -> None:
    reference = await stage.open()
    await stage.send_update("decide", reference, stage.refuse(reference))
    handle = stage.handle(reference)
    await handle.result()
    raw = (await handle.fetch_history()).to_json()
    assert "binary/tacite" in raw.replace("YmluYXJ5L3RhY2l0ZQ==", "binary/tacite")
    assert not [each for each in SENTINELS if each in raw]
    with stage.database.begin() as connection:
        keys.destroy(connection, reference)
    stage.forget_keys()
    with pytest.raises((WorkflowFailureError, RuntimeError, ValueError)):
        await handle.result()
    assert await StoredKeys(stage.database, master_key()).key("draft:other")
    assert stage.request(reference).status == "refused"


async def test_the_key_of_an_open_case_cannot_be_destroyed(stage: Stage) -> None:
    reference = await stage.open()
    with stage.database.begin() as connection, pytest.raises(Exception, match="n’est pas clos"):
        keys.destroy(connection, reference)
