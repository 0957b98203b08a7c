"""Whoever may write appends an event, as every program does: the audit tells one that cannot come where it is."""

from pathlib import Path

import pytest

from activities.documents.acts import StoredDocumentActs
from activities.register import StoredRegisterActs
from activities.signing.acts import DocumentSigner
from models.store.database import Database, now
from models.store.journal import events
from tests.activities.evidence import Cases, a_full_register, audit
from tests.activities.tampering_guards import FORGED_EVENTS


@pytest.fixture
def cases(database: Database, papers: StoredDocumentActs, acts: StoredRegisterActs, tmp_path: Path) -> Cases:
    return a_full_register(database, papers, acts, tmp_path)


def test_an_event_that_cannot_come_where_it_is_is_told_with_its_place(
    database: Database, cases: Cases, signing: DocumentSigner
) -> None:
    forged, named = list[tuple[str, int, str]](), cases._asdict()
    with database.begin() as connection:
        for case, kinds in FORGED_EVENTS.items():
            forged += [
                (named[case], events.append(connection, named[case], kind, now(connection)), kind) for kind in kinds
            ]
    told = audit(database, signing).broken
    assert [(each.subject, each.seq) for each in told] == [(subject, seq) for subject, seq, _ in sorted(forged)]
    assert all(f"« {kind} »" in each.what for each, (_, _, kind) in zip(told, sorted(forged), strict=True))
