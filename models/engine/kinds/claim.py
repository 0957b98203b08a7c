"""The process of one version of a claim; it keeps the clock of its case."""

from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from law.calendar import midnight
from models.claim_labels import claimed_month
from models.engine.process_kind import Launch, ProcessKind, department_in_words, shown_attributes
from models.errors import Unknown
from models.identifiers import CLAIM_SUBJECT
from models.labels import DocumentKind
from models.messages.claim import ENDED, MonthlyClaim
from models.store.cases import requests
from models.store.claims import expected_runs, records, versions
from models.store.claims.records import ClaimRecord
from models.store.database import case_now
from models.store.operations.process_subjects import SubjectClock
from models.store.people.notices import Notice


def launch_claim(claim: MonthlyClaim) -> Launch:
    """Describe the process of a claim."""
    month = claimed_month(claim.month, claim.part, claim.version)
    return Launch(
        claim.subject,
        claim,
        f"{claim.reference} · {month} · {department_in_words(claim.department)}",
        f"Demande d’indemnisation de **{claim_in_words(claim.subject)}**.",
        shown_attributes(
            expected_runs.STATUS, midnight(claim.due_on + timedelta(days=1), claim.department), claim.department
        ),
    )


def claim_in_words(subject: str) -> str:
    """Name a claim in French: « avril 2021, version 2, dossier 034AQHV02 »."""
    reference, month, part, version = subject.split(":")
    return f"{claimed_month(date.fromisoformat(f'{month}-01'), int(part), int(version))}, dossier {reference}"


def _load(connection: Connection, subject: str) -> Launch | None:
    claim = _get(connection, subject)
    if claim.state in ENDED and _is_acknowledged(connection, claim):
        return None
    department = requests.get(connection, claim.reference).department
    stated = claim.model_dump(include={"reference", "id", "month", "part", "version", "received_at", "due_on"})
    return launch_claim(MonthlyClaim.model_validate(stated | {"department": department}))


def _is_acknowledged(connection: Connection, claim: ClaimRecord) -> bool:
    """Whether a claim has its receipt: one that was replaced before its process could start is owed it all the same."""
    return any(each.kind == DocumentKind.CLAIM_RECEIPT for each in versions.list_documents(connection, claim.id))


def _get(connection: Connection, subject: str) -> ClaimRecord:
    """Return the version of a subject; raises `Unknown`."""
    found = records.find_by_subject(connection, subject)
    if found is None:
        raise Unknown(subject)
    return found


def _now(connection: Connection, subject: str) -> datetime:
    return case_now(connection, _case_of(subject))


def _case_of(subject: str) -> str:
    return subject.partition(":")[0]


def _link(notice: Notice, subject: str, code: str) -> str:
    """Return the page of its month and part, which shows every version of it."""
    reference, month, part, _ = subject.split(":")
    return f"/requests/{reference}/claims/{month}" + (f"?part={part}" if part != "1" else "")


CLAIM: Final = ProcessKind(
    workflow="Claim",
    prefix="claim",
    input=MonthlyClaim,
    load=_load,
    hold=lambda connection, subject: records.hold(connection, _get(connection, subject).id),
    journal=lambda connection, subject: _get(connection, subject).chain,
    clock=SubjectClock(
        _now,
        lambda connection, subject, by: requests.advance(connection, _case_of(subject), by),
        lambda connection, subject: requests.get(connection, _case_of(subject)).department,
    ),
    subject_pattern=CLAIM_SUBJECT,
    name=claim_in_words,
    link=_link,
    expected=expected_runs.EXPECTED_CLAIMS,
)
"""Lives from the admission to the answer of the agency, or to the end of the claim."""
