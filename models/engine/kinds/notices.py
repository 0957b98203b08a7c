"""The processes that send notices belonging to no other process: about an establishment or an account."""

from typing import Final

from sqlalchemy import Connection

from models.engine.kinds.authorization import link_to_case
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
    "address_code": "/account/address",
}
"""Kind of notice about an account → page where its code is used."""


ABOUT_CASES: Final = frozenset(
    {
        "message_received",
        "desistment_received",
        "pieces_received",
        "decision_cancelled",
        "completion_again",
        "completion_cancelled",
    }
)
"""Kinds of notice about an account that lead to the case that they name."""


ABOUT_LISTS: Final = frozenset({"daily_digest", "daily_digest_due"})
"""Kinds of notice that lead to the list of requests."""


ABOUT_DESK: Final = frozenset({"new_requests"})
"""Kinds of notice that lead to the desk."""


def _link_to_account(notice: Notice, account: str, code: str) -> str:
    if notice.kind in ABOUT_CASES:
        return link_to_case(notice, notice.data["reference"], code)
    if notice.kind in ABOUT_LISTS:
        return "/requests"
    if notice.kind in ABOUT_DESK:
        return "/desk"
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
