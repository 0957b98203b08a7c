"""The process of an enrolment; an establishment may have several at once. Earlier releases ran one by SIRET."""

import re
from typing import Final

from sqlalchemy import Connection

from models.engine.process_kind import (
    Launch,
    ProcessKind,
    department_in_words,
    in_legal_time,
    shown_attributes,
)
from models.messages.enrolment import Enrolment
from models.store.operations.process_subjects import SubjectClock
from models.store.people import enrolments
from models.store.people.notices import Notice


def launch_enrolment(enrolment: Enrolment, subject: str) -> Launch:
    """Describe the process of an enrolment."""
    return Launch(
        subject,
        enrolment,
        f"Adhésion · {department_in_words(enrolment.department)}",
        f"Identifiants à envoyer au plus tard le **{in_legal_time(enrolment.due_at, enrolment.department)}**.",
        shown_attributes("enrolling", enrolment.due_at, enrolment.department),
    )


def _load_enrolment(connection: Connection, subject: str) -> Launch | None:
    if enrolments.get_of_process(connection, subject).status != "open":
        return None
    return launch_enrolment(enrolments.get_message(connection, subject), subject)


def link_to_enrolment(notice: Notice, subject: str, code: str) -> str:
    """Return the page that a mail about an enrolment links to."""
    if code:
        return f"/activation?code={code}"
    return "/enrolment" if notice.kind == "enrolment_lapsed" else "/"


ENROLMENT: Final = ProcessKind(
    workflow="Enrolment",
    prefix="enrolment",
    input=Enrolment,
    load=_load_enrolment,
    repeats=True,
    signal="enrolled",
    signal_bears_input=True,
    hold=enrolments.hold_process,
    journal=lambda connection, subject: enrolments.get_of_process(connection, subject).siret,
    clock=SubjectClock(
        lambda connection, subject: enrolments.now(connection, enrolments.get_of_process(connection, subject).id),
        enrolments.advance,
        lambda connection, subject: enrolments.get_of_process(connection, subject).department,
    ),
    resolve=lambda connection, siret: enrolments.get_last(connection, siret).process_subject,
    subject_pattern=re.compile(r"[0-9]{14}"),
    link=link_to_enrolment,
    expected=enrolments.EXPECTED_RUNS,
)
"""Lives until the activation code is used or can no longer be used."""
