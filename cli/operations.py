"""What an operator does from the command line: accounts, incidents, time (in development), erasure."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection
from temporalio.client import Client
from temporalio.service import RPCError

from cli.environment import current, engine, register
from cli.terminal import Code, Ended, say
from law.calendar import local
from local import people
from local.time_travel import Clockwork
from models.bodies.exceptional_act import ExceptionBody, Kind
from models.engine.names import subject_of
from models.errors import Conflict, Unknown
from models.identifiers import REFERENCE, Department, Siret
from models.roles import AGENTS, named
from models.store.cases import documents, drafts, requests
from models.store.database import Database
from models.store.journal.events import Actor
from models.store.operations import exceptional_acts, incidents
from models.store.operations.incidents import IncidentRecord
from models.store.people import enrolments
from models.store.people.accounts import Establishment

Found = TypeVar("Found")
OPERATOR = Actor(role="operator")
SIRET = re.compile(r"\d{14}", re.ASCII)
DRAFT = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")


def create_account(
    role: str, sirets: Sequence[str], departments: Sequence[str], name: str, email: str, address: str
) -> str:
    """Open an account and return its token; raises `Ended`.

    An employer covers SIRETs, all of one département (75 unless said); agents and heads cover départements.
    """
    if role == "employer" and not sirets:
        raise Ended(Code.MISUSE, "Un compte d’employeur demande au moins un --siret.")
    charged = named(role) in AGENTS
    if charged and not departments:
        raise Ended(Code.MISUSE, "Un compte d’agent ou de chef demande au moins un --department.")
    if role == "employer" and len(departments) > 1:
        raise Ended(Code.MISUSE, "Créez un compte d’employeur à la fois par département.")
    codes = _valid(TypeAdapter(list[Department]), departments)
    covered = _valid(TypeAdapter(list[Siret]), sirets)
    place = codes[0] if codes else "75"
    places = [Establishment(siret=siret, department=place, name=name, address=address) for siret in covered]
    settings = current()
    trial = settings.profile == "development"
    with register(settings) as opened:
        of_agent = codes if charged else ()
        of_employer = places if role == "employer" else ()
        return people.create(
            opened,
            role,
            name,
            email,
            places=of_employer,
            departments=of_agent,
            delegation=people.in_development(role, of_agent) if trial else None,
        )


def _valid(adapter: TypeAdapter[list[str]], values: Sequence[str]) -> list[str]:
    try:
        return adapter.validate_python(list(values))
    except ValidationError as wrong:
        sentences = {each["msg"].removeprefix("Value error, ") for each in wrong.errors()}
        raise Ended(Code.MISUSE, " ".join(sorted(sentences))) from wrong


def open_incidents() -> list[dict[str, object]]:
    """Incidents still open, the oldest first, as the door tells them."""
    with register(current()) as opened, opened.begin() as connection:
        return [_told(each) for each in incidents.list_open(connection)]


def _told(found: IncidentRecord) -> dict[str, object]:
    told = found.model_dump(mode="json", exclude={"workflow_id", "closed_at"})
    return {"process": found.workflow_id, "subject": subject_of(found.workflow_id)} | told


def resume(subject: str, reason: str) -> list[dict[str, object]]:
    """Ask that a parked case, draft or channel try again; raises `Ended` when nothing is parked."""
    with register(current()) as opened, opened.begin() as connection:
        parked = incidents.list_of_subject(connection, subject_from(subject))
        if not parked:
            raise Ended(Code.NEGATIVE, "Rien n’est en attente sous cette référence.")
        for each in parked:
            _exceptionally(connection, "resume", each.id, reason)
        return [_told(each) for each in parked]


def _exceptionally(connection: Connection, kind: Kind, subject: str, reason: str) -> None:
    """Ask for an exceptional act; in development the command line is itself the second pair of eyes; raises `Ended`."""
    try:
        body = ExceptionBody(kind=kind, subject=subject, reason=reason)
        asked = exceptional_acts.ask(connection, body, OPERATOR)
        if current().profile == "development":
            exceptional_acts.approve(connection, asked.id, OPERATOR, alone=True)
        else:
            say(f"Un exploitant doit l’approuver : acte {asked.id}.")
    except ValidationError as wrong:
        raise Ended(Code.MISUSE, "Donnez une raison d’au moins trois lettres.") from wrong
    except Unknown as unknown:
        raise Ended(Code.NEGATIVE, "Aucun dossier ne porte cette référence.") from unknown
    except Conflict as early:
        raise Ended(Code.NEGATIVE, early.detail) from early


def registered(digest: str) -> str | None:
    """The case whose register holds a document of this SHA-256, or None; raises `Ended`."""
    with register(current()) as opened, opened.begin() as connection:
        return documents.find_case_of_digest(connection, digest)


def with_engine(work: Callable[[Database, Client], Awaitable[Found]]) -> Found:
    """Do something with the register and the engine; raises `Ended` when either does not answer."""
    settings = current()
    with register(settings) as opened:

        async def done() -> Found:
            return await work(opened, await engine(settings, opened))

        try:
            return asyncio.run(done())
        except (RPCError, ConnectionError) as away:
            raise Ended(Code.MISSING, "Le moteur ne répond pas (Temporal).") from away


def subject_from(written: str) -> str:
    """The reference of a case (9 or 11 characters), the id of a draft, or the name of a channel."""
    reference = written.strip().upper()
    return reference[:9] if REFERENCE.fullmatch(reference) else written.strip().lower()


def advance(written: str, by: timedelta) -> datetime:
    """Let time pass for a case, a draft or an enrolment; returns its new local time; raises `Ended`."""
    settings = current()
    if settings.profile != "development":
        raise Ended(Code.MISUSE, "Le temps n’avance à la main que sous le profil de développement.")
    subject = subject_from(written)
    with register(settings) as opened:
        department = _department_of(opened, subject)

        async def moved() -> datetime:
            client = await engine(settings, opened)
            return await Clockwork(opened, client).advance(subject, by)

        try:
            return local(asyncio.run(moved()), department)
        except RPCError as away:
            sentence = "Le moteur ne connaît pas encore ce dossier : le relais et l’exécutant tournent-ils ?"
            raise Ended(Code.MISSING, sentence) from away


def _department_of(opened: Database, subject: str) -> str:
    try:
        with opened.begin() as connection:
            if REFERENCE.fullmatch(subject):
                return requests.get(connection, subject).department
            if SIRET.fullmatch(subject):
                return enrolments.get_last(connection, subject).department
            if DRAFT.fullmatch(subject):
                return drafts.get(connection, subject).department
    except Unknown as unknown:
        raise Ended(
            Code.NEGATIVE, "Aucun dossier, brouillon ni adhésion ne porte cette référence."
        ) from unknown
    raise Ended(
        Code.MISUSE, "Donnez une référence de 9 caractères, un SIRET ou l’identifiant d’un brouillon."
    )


def erase(written: str, reason: str) -> str:
    """Ask that the key of a closed case be destroyed, so that its history cannot be read any more; raises `Ended`."""
    subject = subject_from(written)
    with register(current()) as opened, opened.begin() as connection:
        _exceptionally(connection, "erase", subject, reason)
    return subject
