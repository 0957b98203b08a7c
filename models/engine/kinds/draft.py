"""The process of a draft."""

from typing import Final

from sqlalchemy import Connection

from models.engine.process_kind import (
    Launch,
    ProcessKind,
    department_in_words,
    in_legal_time,
    shown_attributes,
)
from models.identifiers import UUID
from models.messages.draft import Draft
from models.store.cases import drafts, expected_runs
from models.store.database import draft_now
from models.store.operations.process_subjects import SubjectClock


def launch_draft(draft: Draft) -> Launch:
    """Describe the process of a draft."""
    return Launch(
        draft.id,
        draft,
        f"Brouillon · {department_in_words(draft.department)}",
        f"Brouillon à déposer avant le **{in_legal_time(draft.accepted_until, draft.department)}**.",
        shown_attributes("draft", draft.accepted_until, draft.department),
    )


def _load_draft(connection: Connection, draft: str) -> Launch | None:
    if drafts.get(connection, draft).status != "draft":
        return None
    return launch_draft(drafts.get_draft_message(connection, draft))


DRAFT: Final = ProcessKind(
    workflow="Draft",
    prefix="draft",
    input=Draft,
    load=_load_draft,
    hold=lambda connection, draft: drafts.get(connection, draft, hold=True),
    clock=SubjectClock(
        draft_now,
        drafts.advance,
        lambda connection, draft: drafts.get(connection, draft).department,
    ),
    subject_pattern=UUID,
    link=lambda notice, draft, code: f"/drafts/{draft}",
    expected=expected_runs.EXPECTED_DRAFTS,
)
"""Lives until the draft is filed or its window closes."""
