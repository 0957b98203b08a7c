"""Mails that tell agents what came: new requests, once a day and agent; the last piece of a case that they follow."""

from typing import Final

from sqlalchemy import Connection

from models.engine.names import account_process
from models.roles import FOLLOWING
from models.store.cases import followers
from models.store.cases.records import RequestRecord
from models.store.journal import outbox
from models.store.people import notices

NEW_REQUESTS: Final = "new_requests"
PIECES_RECEIVED: Final = "pieces_received"


def announce_request(connection: Connection, case: RequestRecord) -> None:
    """Tell each agent of its département that a request came, unless one of the same day was told already."""
    if case.outcome is None and case.assigned_to is None:
        day = followers.today(connection, case).isoformat()
        agents = followers.list_of_roles(connection, case, *FOLLOWING)
        _announce(connection, agents, NEW_REQUESTS, f"{NEW_REQUESTS}/{day}")


def announce_pieces(connection: Connection, case: RequestRecord, completion_id: str) -> None:
    """Tell whoever follows a case that its last piece came, so that the whole delay runs again."""
    agents = followers.list_agents(connection, case)
    _announce(connection, agents, PIECES_RECEIVED, f"{PIECES_RECEIVED}/{completion_id}", reference=case.reference)


def _announce(connection: Connection, agents: list[str], kind: str, key: str, **data: str) -> None:
    for each in agents:
        process = account_process(each)
        if notices.announce(connection, process, kind, key, each, **data):
            outbox.enqueue(connection, process, "announce")
