"""A draft may be filed until its window closes; then it lapses."""

from datetime import timedelta

import pytest
from temporalio.workflow import Info

from models.engine.names import draft_id
from models.messages.case import Ref
from models.messages.draft import DraftEnd
from models.store.cases import drafts
from models.store.cases.drafts import DraftRecord
from models.store.database import draft_now
from models.store.journal.events import Actor
from models.store.people import notices
from tests.cases import file_a_case
from tests.workflows.conftest import Stage
from tests.workflows.paths import open_draft


def record(stage: Stage, draft: str) -> DraftRecord:
    with stage.database.begin() as connection:
        return drafts.get(connection, draft)


async def test_a_draft_not_filed_in_its_window_lapses_with_a_notice(stage: Stage) -> None:
    draft = await open_draft(stage)
    await stage.advance(draft, days=40)
    ended = DraftEnd.model_validate(await stage.client.get_workflow_handle(draft_id(draft)).result())
    assert ended.status == "lapsed"
    assert record(stage, draft).status == "lapsed"
    assert stage.event_types(draft)[-1] == "draft_lapsed"
    assert [key for key in stage.mails.sent if "/lapsed/" in key]
    assert len([key for key in stage.mails.sent if "/draft-" in key]) == 3


async def test_a_draft_filed_on_its_last_day_ends_as_filed(stage: Stage) -> None:
    draft = await open_draft(stage)
    until = record(stage, draft).accepted_until
    await stage.clockwork.advance_to(draft, until - timedelta(seconds=60))
    reference = file_a_case(stage.database)
    with stage.database.begin() as connection:
        drafts.get_open_for_update(connection, draft)
        drafts.file(connection, draft, reference, draft_now(connection, draft), Actor(role="employer"))
        assert notices.list_unsent(connection, draft_id(draft)) == []
    handle = stage.client.get_workflow_handle(draft_id(draft))
    await handle.execute_update("complete", Ref(reference=draft, id=draft))
    end = DraftEnd.model_validate(await handle.result())
    assert (end.status, end.reference) == ("filed", reference)


async def test_a_deleted_draft_ends_without_a_notice(stage: Stage) -> None:
    draft = await open_draft(stage)
    with stage.database.begin() as connection:
        drafts.get_open_for_update(connection, draft)
        drafts.delete(connection, draft, Actor(role="employer"))
    handle = stage.client.get_workflow_handle(draft_id(draft))
    await handle.execute_update("complete", Ref(reference=draft, id=draft))
    end = DraftEnd.model_validate(await handle.result())
    assert (end.status, end.reference) == ("deleted", None)
    assert stage.mails.sent == []


async def test_a_draft_that_is_moved_without_end_goes_on_in_new_runs(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine refuses the 2,001st update of a run, for good; it suggests another run long before."""
    monkeypatch.setattr(Info, "is_continue_as_new_suggested", lambda self: self.get_current_history_length() > 40)
    draft = await open_draft(stage)
    handle = stage.client.get_workflow_handle(draft_id(draft))
    first = (await handle.describe()).run_id
    for _ in range(12):
        await handle.execute_update("complete", Ref(reference=draft, id=draft))
    assert (await handle.describe()).run_id != first
    with stage.database.begin() as connection:
        drafts.get_open_for_update(connection, draft)
        drafts.delete(connection, draft, Actor(role="employer"))
    await handle.execute_update("complete", Ref(reference=draft, id=draft))
    end = DraftEnd.model_validate(await handle.result())
    assert end.status == "deleted"
