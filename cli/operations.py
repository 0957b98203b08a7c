"""What an operator does from the command line: read incidents, resume processes, erase histories."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from pydantic import TypeAdapter
from rich.table import Table
from sqlalchemy import Connection
from temporalio.client import Client
from temporalio.service import RPCError

from cli.environment import OPERATOR, connect_engine, current_settings, open_register
from cli.terminal import CommandError, ExitCode, say, table, validated
from law.calendar import local
from law.directory import PARIS
from law.texts import instant_in_french
from models.bodies.operator import ExceptionBody, ExceptionKind
from models.errors import Conflict, Unknown
from models.identifiers import find_claim, find_reference
from models.labels import Part
from models.remedies import remedy
from models.store.cases import documents
from models.store.database import Database
from models.store.operations import exceptional_acts, incidents
from models.store.operations.incidents import IncidentRecord

Result = TypeVar("Result")


def open_incidents() -> list[dict[str, object]]:
    """Incidents still open, oldest first, in the form of `GET /incidents`."""
    with open_register(current_settings()) as database, database.begin() as connection:
        return [_incident(each) for each in incidents.list_open(connection)]


def _incident(incident: IncidentRecord) -> dict[str, object]:
    fields = incident.model_dump(mode="json", exclude={"workflow_id", "closed_at", "siret"})
    return {"process": incident.workflow_id, "subject": incident.subject} | fields


def in_words(open_now: Sequence[Mapping[str, object]]) -> Table | str:
    """Return the same for a person: since when, in Paris, on what each waits, and what to do."""
    if not open_now:
        return "Aucun incident."
    headings = ("Processus", "Acte", "Service", "Depuis", "Que faire")
    return table("Incidents", headings, [_row(each) for each in open_now])


def _row(incident: Mapping[str, object]) -> tuple[object, ...]:
    part, opened_at = str(incident["part"]), datetime.fromisoformat(str(incident["opened_at"]))
    since = instant_in_french(local(opened_at, PARIS))
    return incident["process"], incident["act"], Part.labels().get(part, part), since, remedy(part)


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
    body = validated(TypeAdapter(ExceptionBody), {"kind": kind, "subject": subject, "reason": reason})
    try:
        act = exceptional_acts.request(connection, body, OPERATOR)
        if current_settings().profile == "development":
            exceptional_acts.approve(connection, act.id, OPERATOR, alone=True)
        else:
            say(f"Un exploitant doit l’approuver : acte {act.id}.")
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
    """The reference of a case (9 or 11 characters), a claim, the id of a draft, or the name of a channel."""
    return find_reference(argument) or find_claim(argument) or argument.strip().lower()
