"""`tacite doctor`: check every dependency, and say what to do about each that is missing."""

import asyncio
import json
import shutil
import smtplib
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

import asyncssh

from models.engine.client import connect_as_configured, missing_attributes
from models.engine.keys import MasterKey
from models.identifiers import Message
from models.settings import Settings
from models.store.database import Database, check_clock
from models.store.journal import anchors
from models.store.migrate import is_current
from models.store.operations import measures

MIN_FREE_BYTES: Final = 1 << 30
"""A disk with fewer free bytes is reported as full."""
TIMEOUT_SECONDS: Final = 5
MAX_UNSTAMPED: Final = timedelta(days=2)
"""Older events mean that the nightly time-stamp has failed more than once."""

Check = Callable[[], str]
"""Returns what was found, in French; raises when the dependency is missing."""
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
DEFAULT_REMEDY: Final = "vérifiez les chemins et adresses de TACITE_TRUST et de TACITE_TIMESTAMPS."


class Finding(Message):
    """One dependency: whether it is there, what was found, what to do."""

    part: str
    ok: bool
    found: str
    remedy: str | None


def examine(settings: Settings, signing_checks: Iterable[tuple[str, Check]]) -> Iterator[Finding]:
    """Check every dependency in turn; `signing_checks` are those that need the keys."""
    for part, check in (*_checks(settings), *signing_checks):
        try:
            yield Finding(part=part, ok=True, found=check(), remedy=None)
        except Exception as wrong:  # noqa: BLE001  whatever is wrong with a dependency, the others are still checked
            found = str(wrong).partition("\n")[0] or type(wrong).__name__
            yield Finding(part=part, ok=False, found=found, remedy=REMEDIES.get(part, DEFAULT_REMEDY))


def _checks(settings: Settings) -> Iterator[tuple[str, Check]]:
    yield "Registre", lambda: _with_register(settings, _check_connection)
    yield "Migrations", lambda: _with_register(settings, _check_schema)
    yield "Horloge", lambda: _with_register(settings, _check_clock)
    yield "Clé maîtresse", lambda: _check_master_key(settings.master_key)
    yield "Moteur", lambda: asyncio.run(_check_engine(settings))
    yield "Attributs de recherche", lambda: asyncio.run(_check_attributes(settings))
    yield "Courriel", lambda: _check_mail(settings.mail)
    yield "Agence", lambda: asyncio.run(_check_agency(settings))
    yield "Journal", lambda: _with_register(settings, _check_journal)
    for address in filter(None, (settings.metrics, settings.engine_metrics)):
        yield "Mesures", partial(_check_metrics, address)
    if settings.companies:
        yield "Répertoire", lambda: _check_http(settings.companies)
    if settings.traces:
        yield "Traces", lambda: _check_http(settings.traces)
    if settings.oidc_issuer:
        yield "Fournisseur d’identité", lambda: _check_provider(settings.oidc_issuer)
    yield "Disque", lambda: _check_disk(settings.master_key.parent)


def _with_register(settings: Settings, check: Callable[[Database], str]) -> str:
    with Database(settings.database, size=1) as database:
        return check(database)


def _check_connection(database: Database) -> str:
    with database.begin():
        return "répond"


def _check_schema(database: Database) -> str:
    with database.begin() as connection:
        if not is_current(connection):
            raise ValueError("le schéma n’est pas à la version de ce code")
    return "à jour"


def _check_clock(database: Database) -> str:
    with database.begin() as connection:
        check_clock(connection)
    return "n’a pas reculé"


def _check_journal(database: Database) -> str:
    with database.begin() as connection:
        changed = anchors.list_broken(connection)
        oldest = timedelta(seconds=measures.count_waiting(connection)["unstamped"].oldest)
    if changed:
        raise ValueError(f"des événements ont changé avant la position {changed[0]}")
    if oldest > MAX_UNSTAMPED:
        raise ValueError(f"des événements attendent leur horodatage depuis {oldest.days} jours")
    return f"intact ; plus ancien événement à horodater : {oldest // timedelta(hours=1)} h"


def _check_metrics(address: str) -> str:
    host, _, port = address.rpartition(":")
    here = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}/metrics"  # noqa: S104  compared, not listened on
    with urlopen(here, timeout=TIMEOUT_SECONDS) as answer:
        return f"{address} répond, {answer.read().count(b'# HELP')} mesures"


def _check_master_key(file: Path) -> str:
    MasterKey(file)
    return "lisible"


async def _check_engine(settings: Settings) -> str:
    client = await connect_as_configured(settings, None)
    await client.service_client.check_health()
    return "répond"


async def _check_attributes(settings: Settings) -> str:
    if missing := await missing_attributes(await connect_as_configured(settings, None)):
        raise ValueError(f"l’espace « {settings.namespace} » ignore {', '.join(missing)}")
    return f"l’espace « {settings.namespace} » les connaît"


def _check_mail(address: str) -> str:
    url = urlsplit(address)
    if url.hostname is None:
        raise ValueError("adresse illisible")
    secure = smtplib.SMTP_SSL if url.scheme == "smtps" else smtplib.SMTP
    with secure(url.hostname, url.port or 0, timeout=TIMEOUT_SECONDS) as server:
        server.noop()
    return "répond"


async def _check_agency(settings: Settings) -> str:
    url = urlsplit(settings.agency)
    if url.scheme == "file":
        return f"dossier de cette machine, {len(list(Path(url.path).iterdir()))} fichier(s)"
    if settings.agency_key is None or settings.agency_host_key is None:
        raise ValueError("clés absentes")
    pinned = asyncssh.read_public_key(str(settings.agency_host_key))
    async with (
        asyncio.timeout(TIMEOUT_SECONDS),
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


def _check_http(address: str) -> str:
    try:
        urlopen(address, timeout=TIMEOUT_SECONDS).close()  # noqa: S310
    except HTTPError as answered:  # the request means nothing to it: a refusal proves that it is there
        with answered:
            if answered.code >= 500:
                raise
    return "répond"


def _check_provider(issuer: str) -> str:
    address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
    with urlopen(address, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
        if json.load(answer).get("issuer") != issuer:
            raise ValueError("il se donne un autre nom que TACITE_OIDC_ISSUER")
    return "répond"


def _check_disk(folder: Path) -> str:
    free = shutil.disk_usage(folder).free
    if free < MIN_FREE_BYTES:
        raise ValueError(f"{free // (1 << 20)} Mio libres")
    return f"{free // MIN_FREE_BYTES} Gio libres"
