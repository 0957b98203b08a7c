"""The process of an enrolment: one at a time for an establishment, several over the years."""

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


def launch_enrolment(enrolment: Enrolment) -> Launch:
    """Describe the process of an enrolment."""
    return Launch(
        enrolment.siret,
        enrolment,
        f"Adhésion · {department_in_words(enrolment.department)}",
        f"Identifiants à envoyer au plus tard le **{in_legal_time(enrolment.due_at, enrolment.department)}**.",
        shown_attributes("enrolling", enrolment.due_at, enrolment.department),
    )


def _load_enrolment(connection: Connection, siret: str) -> Launch | None:
    if enrolments.get_last(connection, siret).status != "open":
        return None
    return launch_enrolment(enrolments.get_message(connection, siret))


def link_to_enrolment(notice: Notice, siret: str, code: str) -> str:
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
    hold=enrolments.hold,
    clock=SubjectClock(
        lambda connection, siret: enrolments.now(connection, enrolments.get_last(connection, siret).id),
        enrolments.advance,
        lambda connection, siret: enrolments.get_last(connection, siret).department,
    ),
    subject_pattern=re.compile(r"\d{14}", re.ASCII),
    link=link_to_enrolment,
    expected=enrolments.EXPECTED_RUNS,
)
"""Lives until the activation code is used or can no longer be used."""
