"""The process of a request for authorization."""

from typing import Final

from sqlalchemy import Connection
from temporalio.common import SearchAttributePair

from law.directory import UnknownDepartment, department
from models.engine.names import RULE
from models.engine.process_kind import (
    Launch,
    ProcessKind,
    department_in_words,
    in_legal_time,
    shown_attributes,
)
from models.identifiers import REFERENCE, is_amendment
from models.messages.case import Case
from models.store.cases import expected_runs, requests
from models.store.database import case_now
from models.store.operations.process_subjects import SubjectClock
from models.store.people.notices import Notice


def launch_authorization(case: Case) -> Launch:
    """Describe the process of a request."""
    until = in_legal_time(case.receipt.tacit_acceptance_at, case.department)
    return Launch(
        case.reference,
        case,
        f"{case.reference} · {department_in_words(case.department)}",
        f"Demande **{case.reference}**, règle : {case.receipt.rule.label}.\n\n"
        f"Sans décision notifiée, acceptation implicite le **{until}**.",
        shown_attributes(
            "under_review",
            case.receipt.tacit_acceptance_at,
            case.department,
            SearchAttributePair(RULE, case.receipt.rule.value),
        ),
    )


def _load_authorization(connection: Connection, reference: str) -> Launch | None:
    if requests.get(connection, reference).closed_at is not None:
        return None
    return launch_authorization(requests.get_case(connection, reference))


def _department_of_reference(reference: str) -> str | None:
    try:
        return department(reference[:3]).code
    except UnknownDepartment:
        return None


def link_to_case(notice: Notice, reference: str, code: str) -> str:
    """Return the page of a case, for an employer or an agent."""
    desk = "" if notice.account.role == "employer" else "/desk"
    return f"{desk}/requests/{reference}"


def name_in_mails(reference: str) -> str:
    """Return what a mail calls a case: its reference, with what it is if it amends another."""
    return f"{reference} (avenant)" if is_amendment(reference) else reference


AUTHORIZATION: Final = ProcessKind(
    workflow="Authorization",
    prefix="authorization",
    input=Case,
    load=_load_authorization,
    hold=lambda connection, reference: requests.get(connection, reference, hold=True),
    clock=SubjectClock(
        case_now,
        requests.advance,
        lambda connection, reference: requests.get(connection, reference).department,
    ),
    subject_pattern=REFERENCE,
    department=_department_of_reference,
    link=link_to_case,
    name=name_in_mails,
    expected=expected_runs.EXPECTED_CASES,
    owed=expected_runs.OWED_BY_CASES,
    reserve=expected_runs.reserve_references,
)
"""Lives from the filing to the forfeiture of the last claim."""
