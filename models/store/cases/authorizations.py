"""What a case authorizes: its terms as granted, expressly or by silence, and as amended since."""

from sqlalchemy import Connection

from law.decision import Terms
from models.store.cases import amendments, requests
from models.store.cases.records import RequestRecord


class NotAuthorized(Exception):
    """The case has no authorization that stands."""


def get(connection: Connection, reference: str) -> tuple[RequestRecord, Terms]:
    """Return a case and the terms in force of its authorization; raises `Unknown` and `NotAuthorized`."""
    case = requests.get(connection, reference)
    terms = amendments.find_in_force(connection, reference)
    if terms is None:
        raise NotAuthorized(reference)
    return case, terms
