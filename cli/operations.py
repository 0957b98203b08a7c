"""What an operator does from the command line: read incidents, resume processes, erase histories."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from pydantic import ValidationError
from sqlalchemy import Connection
from temporalio.client import Client
from temporalio.service import RPCError

from cli.environment import connect_engine, current_settings, open_register
from cli.terminal import CommandError, ExitCode, say
from models.bodies.operator import ExceptionBody, ExceptionKind
from models.engine.names import subject_of
from models.errors import Conflict, Unknown
from models.identifiers import REFERENCE
from models.store.cases import documents
from models.store.database import Database
from models.store.journal.events import Actor
from models.store.operations import exceptional_acts, incidents
from models.store.operations.incidents import IncidentRecord

Result = TypeVar("Result")
OPERATOR = Actor(role="operator")


def open_incidents() -> list[dict[str, object]]:
    """Incidents still open, oldest first, in the form of `GET /incidents`."""
    with open_register(current_settings()) as database, database.begin() as connection:
        return [_incident(each) for each in incidents.list_open(connection)]


def _incident(incident: IncidentRecord) -> dict[str, object]:
    fields = incident.model_dump(mode="json", exclude={"workflow_id", "closed_at"})
    return {"process": incident.workflow_id, "subject": subject_of(incident.workflow_id)} | fields


def resume(subject: str, reason: str) -> list[dict[str, object]]:
    """Ask that a parked case, draft or channel try again; raises `CommandError` when nothing is parked."""
    with open_register(current_settings()) as database, database.begin() as connection:
        parked = incidents.list_of_subject(connection, subject_from(subject))
        if not parked:
            raise CommandError(ExitCode.NEGATIVE, "Rien n’est en attente sous cette référence.")
        for each in parked:
            _request_exceptional_act(connection, "resume", each.id, reason)
        return [_incident(each) for each in parked]


def erase(reference: str, reason: str) -> str:
    """Ask that the key of a closed case be destroyed, so that its history becomes unreadable; raises `CommandError`."""
    subject = subject_from(reference)
    with open_register(current_settings()) as database, database.begin() as connection:
        _request_exceptional_act(connection, "erase", subject, reason)
    return subject


def _request_exceptional_act(connection: Connection, kind: ExceptionKind, subject: str, reason: str) -> None:
    """Ask for an exceptional act; under the development profile, which has one operator, approve it as well."""
    try:
        body = ExceptionBody(kind=kind, subject=subject, reason=reason)
        act = exceptional_acts.request(connection, body, OPERATOR)
        if current_settings().profile == "development":
            exceptional_acts.approve(connection, act.id, OPERATOR, alone=True)
        else:
            say(f"Un exploitant doit l’approuver : acte {act.id}.")
    except ValidationError as wrong:
        raise CommandError(ExitCode.MISUSE, "Donnez une raison d’au moins trois lettres.") from wrong
    except Unknown as unknown:
        raise CommandError(ExitCode.NEGATIVE, "Aucun dossier ne porte cette référence.") from unknown
    except Conflict as conflict:
        raise CommandError(ExitCode.NEGATIVE, conflict.detail) from conflict


def find_registered_case(digest: str) -> str | None:
    """The case whose register holds a document of this SHA-256, or None; raises `CommandError`."""
    with open_register(current_settings()) as database, database.begin() as connection:
        return documents.find_case_of_digest(connection, digest)


def with_engine(work: Callable[[Database, Client], Awaitable[Result]]) -> Result:
    """Do something with the register and the engine; raises `CommandError` when either does not answer."""
    settings = current_settings()
    with open_register(settings) as database:

        async def run() -> Result:
            return await work(database, await connect_engine(settings, database))

        try:
            return asyncio.run(run())
        except (RPCError, ConnectionError) as away:
            raise CommandError(ExitCode.MISSING, "Le moteur ne répond pas (Temporal).") from away


def subject_from(argument: str) -> str:
    """The reference of a case (9 or 11 characters), the id of a draft, or the name of a channel."""
    reference = argument.strip().upper()
    return reference[:9] if REFERENCE.fullmatch(reference) else argument.strip().lower()
