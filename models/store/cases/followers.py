"""Who follows a case: the agent in charge or their replacement, else the agents of the département."""

from datetime import date

from sqlalchemy import Connection

from law.calendar import local
from models.roles import FOLLOWING
from models.store.cases.records import RequestRecord
from models.store.database import case_now
from models.store.people import accounts, leaves


def list_agents(connection: Connection, request: RequestRecord) -> list[str]:
    """Accounts that follow a case: the agent in charge or their replacement, else every agent of the département."""
    in_charge = request.assigned_to and leaves.find_replacement(
        connection, request.assigned_to, today(connection, request)
    )
    return [in_charge] if in_charge else list_of_roles(connection, request, *FOLLOWING)


def list_of_roles(connection: Connection, request: RequestRecord, *roles: str) -> list[str]:
    """Accounts of these roles in the département of a case: those who are not away or, if all are, everybody."""
    in_charge = [each.id for each in accounts.list_in_charge(connection, request.department, *roles)]
    absent = leaves.find_absent(connection, in_charge, today(connection, request))
    return [each for each in in_charge if each not in absent] or in_charge


def today(connection: Connection, request: RequestRecord) -> date:
    """Return the local day of a case, by its clock."""
    return local(case_now(connection, request.reference), request.department).date()
