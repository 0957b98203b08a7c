"""`tacite advance`: let time pass for one case, draft or enrolment (development profile only)."""

import asyncio
import re
from datetime import datetime, timedelta

from temporalio.service import RPCError

from cli.environment import connect_engine, current_settings, open_register
from cli.operations import subject_from
from cli.terminal import CommandError, ExitCode
from law.calendar import local
from local.time_travel import TimeTravel
from models.engine.processes import find_kind_of_subject
from models.errors import Unknown
from models.store.database import Database

DURATION = re.compile(r"(\d{1,6})([dhms])", re.ASCII)
UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


def duration(text: str) -> timedelta:
    """Parse a duration written `15d`, `36h`, `90m` or `45s`; raises `CommandError`."""
    match = DURATION.fullmatch(text)
    if match is None:
        raise CommandError(ExitCode.MISUSE, "Écrivez la durée ainsi : 15d (jours), 36h, 90m ou 45s.")
    return timedelta(**{UNITS[match[2]]: int(match[1])})


def advance(argument: str, by: timedelta) -> datetime:
    """Let time pass for a case, a draft or an enrolment; returns its new local time; raises `CommandError`."""
    settings = current_settings()
    if settings.profile != "development":
        raise CommandError(ExitCode.MISUSE, "Le temps n’avance à la main que sous le profil de développement.")
    subject = subject_from(argument)
    with open_register(settings) as database:
        department = _department(database, subject)

        async def run() -> datetime:
            client = await connect_engine(settings, database)
            return await TimeTravel(database, client).advance(subject, by)

        try:
            return local(asyncio.run(run()), department)
        except RPCError as away:
            sentence = "Le moteur ne connaît pas encore ce dossier : le relais et l’exécutant tournent-ils ?"
            raise CommandError(ExitCode.MISSING, sentence) from away


def _department(database: Database, subject: str) -> str:
    kind = find_kind_of_subject(subject)
    if kind is None or kind.clock is None:
        sentence = "Donnez une référence de 9 caractères, une demande d’indemnisation, un SIRET ou un brouillon."
        raise CommandError(ExitCode.MISUSE, sentence)
    try:
        with database.begin() as connection:
            own = kind.resolve(connection, subject) if kind.resolve else subject
            return kind.clock.department(connection, own)
    except Unknown as unknown:
        sentence = "Aucun dossier, brouillon ni adhésion ne porte cette référence."
        raise CommandError(ExitCode.NEGATIVE, sentence) from unknown
