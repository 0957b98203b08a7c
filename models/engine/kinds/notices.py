"""The processes that send notices belonging to no other process: about an establishment or an account."""

from typing import Final

from sqlalchemy import Connection

from models.engine.kinds.enrolment import link_to_enrolment
from models.engine.names import account_process, announcement_id
from models.engine.process_kind import Launch, ProcessKind
from models.messages.acts import Process
from models.store.people import accounts, enrolments
from models.store.people.notices import Notice

SUMMARY: Final = "Avis par courriel"
CODE_PAGES: Final = {
    "password_code": "/password",
    "invitation": "/invitation",
    "mandate_offered": "/invitation",
}
"""Kind of notice about an account → page where its code is used."""


def _link_to_account(notice: Notice, account: str, code: str) -> str:
    return f"{CODE_PAGES[notice.kind]}?code={code}" if notice.kind in CODE_PAGES else "/sign-in"


def launch_announcement(subject: str) -> Launch:
    """Describe the process of notices about an establishment (by its SIRET)."""
    return Launch(subject, Process(id=announcement_id(subject)), SUMMARY)


def _load_announcement(connection: Connection, subject: str) -> Launch:
    return launch_announcement(subject)


def _load_account(connection: Connection, account: str) -> Launch:
    return Launch(account, Process(id=account_process(account)), SUMMARY)


ANNOUNCEMENT: Final = ProcessKind(
    workflow="Announcement",
    prefix="announcement",
    input=Process,
    load=_load_announcement,
    repeats=True,
    signal="announce",
    hold=enrolments.hold,
    link=link_to_enrolment,
    short_lived=True,
)
"""Lives for seconds."""

ACCOUNT: Final = ProcessKind(
    workflow="Announcement",
    prefix="account",
    input=Process,
    load=_load_account,
    repeats=True,
    signal="announce",
    hold=accounts.hold,
    link=_link_to_account,
    short_lived=True,
)
"""Lives for seconds."""
