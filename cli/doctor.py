"""`tacite doctor`: every dependency asked, and for each that is missing what to do about it."""

import asyncio
import json
import shutil
import smtplib
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from functools import partial
from http.client import HTTPException
from pathlib import Path
from typing import Final
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

import asyncssh
from sqlalchemy.exc import SQLAlchemyError
from temporalio.service import RPCError

from models.engine.client import missing_attributes, reach
from models.engine.keys import MasterKey
from models.identifiers import Message
from models.settings import Settings
from models.store.database import ClockWentBack, Database, check_clock
from models.store.journal import anchors
from models.store.migrate import is_current
from models.store.operations import measures

MIN_FREE_BYTES: Final = 1 << 30
"""Bytes free below which a disk is called full."""
SECONDS_TO_ANSWER: Final = 5
MAX_UNSTAMPED: Final = timedelta(days=2)
"""After which a nightly time-stamp has failed more than once."""

Trial = Callable[[], str]
BROKEN: Final = (
    *(OSError, ValueError, RuntimeError, LookupError, HTTPException),
    *(SQLAlchemyError, RPCError, ClockWentBack, asyncssh.Error),
)

REMEDIES: Final = {
    "Registre": "démarrez PostgreSQL, vérifiez TACITE_DATABASE.",
    "Migrations": "lancez « tacite migrate ».",
    "Horloge": "remettez l’horloge du serveur PostgreSQL à l’heure avant tout démarrage.",
    "Clé maîtresse": "rétablissez le fichier de TACITE_MASTER_KEY depuis sa sauvegarde.",
    "Moteur": "démarrez Temporal, vérifiez TACITE_ENGINE.",
    "Attributs de recherche": "lancez « tacite setup-engine ».",
    "Courriel": "vérifiez TACITE_MAIL et le serveur SMTP.",
    "Agence": "vérifiez TACITE_AGENCY, le réseau et la clé d’hôte épinglée.",
    "Journal": "conservez une copie du registre et cherchez qui l’a modifié ; à défaut, lisez l’historique du "
    "processus « chain », qui horodate chaque nuit.",
    "Mesures": "vérifiez TACITE_METRICS et TACITE_ENGINE_METRICS, et que le programme tourne.",
    "Répertoire": "vérifiez TACITE_COMPANIES ; sans lui les dossiers suivent leur cours.",
    "Traces": "vérifiez TACITE_TRACES et le collecteur ; sans lui rien n’attend.",
    "Fournisseur d’identité": "vérifiez TACITE_OIDC_ISSUER ; sans lui les agents n’ouvrent pas de session.",
    "Disque": "libérez de l’espace.",
    "Cachet": "renouvelez ou remplacez ce que contient le dossier de TACITE_SEAL, sous une autorité de TACITE_TRUST.",
    "Signataires": "renouvelez ou remplacez les clés de TACITE_SIGNATORIES, et tenez signatories.json à jour.",
}
OTHERWISE: Final = "vérifiez les chemins et adresses de TACITE_TRUST et de TACITE_TIMESTAMPS."


class Finding(Message):
    """One dependency: whether it is there, what was found, what to do."""

    part: str
    ok: bool
    found: str
    remedy: str | None


def examine(settings: Settings, of_signing: Iterable[tuple[str, Trial]]) -> Iterator[Finding]:
    """Ask every dependency in turn; `of_signing` are the trials that need the keys."""
    for part, trial in (*_trials(settings), *of_signing):
        try:
            yield Finding(part=part, ok=True, found=trial(), remedy=None)
        except BROKEN as wrong:
            found = str(wrong).partition("\n")[0] or type(wrong).__name__
            yield Finding(part=part, ok=False, found=found, remedy=REMEDIES.get(part, OTHERWISE))


def _trials(settings: Settings) -> Iterator[tuple[str, Trial]]:
    yield "Registre", lambda: _in_register(settings, lambda database: _alive(database))
    yield "Migrations", lambda: _in_register(settings, _migrated)
    yield "Horloge", lambda: _in_register(settings, _on_time)
    yield "Clé maîtresse", lambda: _readable(settings.master_key)
    yield "Moteur", lambda: asyncio.run(_engine(settings))
    yield "Attributs de recherche", lambda: asyncio.run(_attributes(settings))
    yield "Courriel", lambda: _mail(settings.mail)
    yield "Agence", lambda: asyncio.run(_agency(settings))
    yield "Journal", lambda: _in_register(settings, _stamped)
    for address in filter(None, (settings.metrics, settings.engine_metrics)):
        yield "Mesures", partial(_measured, address)
    if settings.companies:
        yield "Répertoire", lambda: _answering(settings.companies)
    if settings.traces:
        yield "Traces", lambda: _answering(settings.traces)
    if settings.oidc_issuer:
        yield "Fournisseur d’identité", lambda: _provider(settings.oidc_issuer)
    yield "Disque", lambda: _space(settings.master_key.parent)


def _in_register(settings: Settings, trial: Callable[[Database], str]) -> str:
    with Database(settings.database, size=1) as database:
        return trial(database)


def _alive(database: Database) -> str:
    with database.begin():
        return "répond"


def _migrated(database: Database) -> str:
    with database.begin() as connection:
        if not is_current(connection):
            raise ValueError("le schéma n’est pas à la version de ce code")
    return "à jour"


def _on_time(database: Database) -> str:
    with database.begin() as connection:
        check_clock(connection)
    return "n’a pas reculé"


def _stamped(database: Database) -> str:
    with database.begin() as connection:
        changed = anchors.broken(connection)
        oldest = timedelta(seconds=measures.waiting(connection)["unstamped"].oldest)
    if changed:
        raise ValueError(f"des événements ont changé avant la position {changed[0]}")
    if oldest > MAX_UNSTAMPED:
        raise ValueError(f"des événements attendent leur horodatage depuis {oldest.days} jours")
    return f"intact ; plus ancien événement à horodater : {oldest // timedelta(hours=1)} h"


def _measured(address: str) -> str:
    host, _, port = address.rpartition(":")
    here = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}/metrics"  # noqa: S104 what is listened on
    with urlopen(here, timeout=SECONDS_TO_ANSWER) as answer:
        return f"{address} répond, {answer.read().count(b'# HELP')} mesures"


def _readable(file: Path) -> str:
    MasterKey(file)
    return "lisible"


async def _engine(settings: Settings) -> str:
    client = await reach(settings, None)
    await client.service_client.check_health()
    return "répond"


async def _attributes(settings: Settings) -> str:
    if missing := await missing_attributes(await reach(settings, None)):
        raise ValueError(f"l’espace « {settings.namespace} » ignore {', '.join(missing)}")
    return f"l’espace « {settings.namespace} » les connaît"


def _mail(address: str) -> str:
    url = urlsplit(address)
    if url.hostname is None:
        raise ValueError("adresse illisible")
    secure = smtplib.SMTP_SSL if url.scheme == "smtps" else smtplib.SMTP
    with secure(url.hostname, url.port or 0, timeout=SECONDS_TO_ANSWER) as server:
        server.noop()
    return "répond"


async def _agency(settings: Settings) -> str:
    url = urlsplit(settings.agency)
    if url.scheme == "file":
        return f"dossier de cette machine, {len(list(Path(url.path).iterdir()))} fichier(s)"
    if settings.agency_key is None or settings.agency_host_key is None:
        raise ValueError("clés absentes")
    pinned = asyncssh.read_public_key(str(settings.agency_host_key))
    async with (
        asyncio.timeout(SECONDS_TO_ANSWER),
        asyncssh.connect(
            url.hostname or "",
            url.port or 22,
            username=url.username,
            client_keys=[str(settings.agency_key)],
            known_hosts=([pinned], [], []),
            config=None,
            agent_path=None,
        ),
    ):
        return "répond, sous la clé d’hôte épinglée"


def _answering(address: str) -> str:
    try:
        urlopen(address, timeout=SECONDS_TO_ANSWER).close()  # noqa: S310
    except HTTPError as answered:  # it is asked about nothing in particular: a refusal is an answer
        with answered:
            if answered.code >= 500:
                raise
    return "répond"


def _provider(issuer: str) -> str:
    address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
    with urlopen(address, timeout=SECONDS_TO_ANSWER) as answer:  # noqa: S310
        if json.load(answer).get("issuer") != issuer:
            raise ValueError("il se donne un autre nom que TACITE_OIDC_ISSUER")
    return "répond"


def _space(folder: Path) -> str:
    free = shutil.disk_usage(folder).free
    if free < MIN_FREE_BYTES:
        raise ValueError(f"{free // (1 << 20)} Mio libres")
    return f"{free // MIN_FREE_BYTES} Gio libres"
