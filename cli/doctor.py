"""`tacite doctor`: check every dependency, and say what to do about each that is missing."""

import asyncio
import json
import shutil
import smtplib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final
from urllib.error import HTTPError
from urllib.parse import unquote, urlsplit
from urllib.request import Request, urlopen

import asyncssh

from cli.http_errors import in_words
from cli.ledger import check_due, check_ledger
from cli.queues import check_queues
from law.upkeep import Notice, Weight, notices
from models.engine.client import connect_as_configured, missing_attributes
from models.engine.keys import BlindKey, MasterKey
from models.examination.client import Examiner
from models.examination.shapes import FILE
from models.identifiers import Message
from models.settings import INSEE_KEY_HEADER, Settings
from models.store.audit import verdicts
from models.store.audit.stamps import MAX_UNSTAMPED
from models.store.database import Database, check_clock, now
from models.store.journal import anchors
from models.store.migrate import is_current
from models.store.operations import measures

MIN_FREE_BYTES: Final = 1 << 30
"""A disk with fewer free bytes is reported as full."""
TIMEOUT_SECONDS: Final = 5

Check = Callable[[], str]
"""Returns what was found, in French; raises when the dependency is missing."""
REMEDIES: Final = {
    "Registre": "démarrez PostgreSQL, vérifiez TACITE_DATABASE.",
    "Migrations": "lancez « tacite migrate ».",
    "Horloge": "remettez l’horloge du serveur PostgreSQL à l’heure avant tout démarrage.",
    "Index des personnes": "rétablissez le fichier de TACITE_BLIND_KEY depuis sa sauvegarde.",
    "Clé maîtresse": "rétablissez le fichier de TACITE_MASTER_KEY depuis sa sauvegarde.",
    "Moteur": "démarrez Temporal, vérifiez TACITE_ENGINE.",
    "Attributs de recherche": "lancez « tacite setup-engine ».",
    "Files du moteur": "démarrez un worker par file (TACITE_QUEUES) ; « verifying » et « reading » ont le leur.",
    "Courriel": "vérifiez TACITE_MAIL et le serveur SMTP.",
    "Agence": "vérifiez TACITE_AGENCY, le réseau et la clé d’hôte épinglée.",
    "Ancrages": "donnez à TACITE_ANCHORS un dossier que n’administre pas qui administre le registre.",
    "Journal": "conservez une copie du registre, lancez « tacite audit --all --anchors DOSSIER » et cherchez qui l’a "
    "modifié ; à défaut, lisez l’historique du processus « chain », qui horodate et audite chaque nuit.",
    "Grand livre": "conservez une copie du registre, lancez « tacite ledger --check », cherchez qui l’a modifié.",
    "Demandes d’indemnisation": "voyez « /claims », état par état, et « /operations » pour ce qui attend l’ASP.",
    "Mesures": "vérifiez TACITE_METRICS et TACITE_ENGINE_METRICS, et que le programme tourne.",
    "Répertoire": "vérifiez TACITE_COMPANIES et TACITE_COMPANIES_KEY ; sans lui les dossiers suivent leur cours.",
    "Recherche d’entreprises": "vérifiez TACITE_COMPANIES_SEARCH ; sans elle les dossiers suivent leur cours.",
    "Traces": "vérifiez TACITE_TRACES et le collecteur ; sans lui rien n’attend.",
    "Fournisseur d’identité": "vérifiez TACITE_OIDC_ISSUER ; sans lui les agents n’ouvrent pas de session.",
    "Fournisseur d’identité des entreprises": "vérifiez TACITE_FIRMS_ISSUER ; sans lui cette preuve n’est pas offerte.",
    "Examen des fichiers": "démarrez « python -m examining », vérifiez TACITE_EXAMINING ; sans lui, aucun fichier.",
    "Lettres": "créez le dossier de TACITE_LETTERS, où écrit le worker de la file « cases ».",
    "Disque": "libérez de l’espace.",
    "Loi": "corrigez la valeur fautive de law/, comme le dit CONTRIBUTING.md.",
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
            found = in_words(str(wrong).partition("\n")[0]) or type(wrong).__name__
            yield Finding(part=part, ok=False, found=found, remedy=REMEDIES.get(part, DEFAULT_REMEDY))


def _checks(settings: Settings) -> Iterator[tuple[str, Check]]:
    yield "Registre", lambda: _with_register(settings, _check_connection)
    yield "Migrations", lambda: _with_register(settings, _check_schema)
    yield "Horloge", lambda: _with_register(settings, _check_clock)
    yield "Clé maîtresse", partial(_check_key, MasterKey, settings.master_key)
    yield "Index des personnes", partial(_check_key, BlindKey, settings.blind_key)
    yield "Moteur", lambda: asyncio.run(_check_engine(settings))
    yield "Attributs de recherche", lambda: asyncio.run(_check_attributes(settings))
    yield "Files du moteur", lambda: asyncio.run(check_queues(settings))
    yield "Courriel", lambda: _check_mail(settings.mail)
    yield "Agence", lambda: asyncio.run(_check_agency(settings))
    yield "Ancrages", lambda: _check_anchors(settings)
    yield "Journal", lambda: _with_register(settings, partial(_check_journal, profile=settings.profile))
    yield "Grand livre", lambda: _with_register(settings, check_ledger)
    yield "Demandes d’indemnisation", lambda: _with_register(settings, check_due)
    for address in filter(None, (settings.metrics, settings.engine_metrics)):
        yield "Mesures", partial(_check_metrics, address)
    yield "Répertoire", lambda: _check_sirene(settings)
    if settings.companies_search:
        yield "Recherche d’entreprises", lambda: _check_http(f"{settings.companies_search}/search?q=355")
    if settings.traces:
        yield "Traces", lambda: _check_http(settings.traces)
    if settings.oidc_issuer:
        yield "Fournisseur d’identité", lambda: _check_provider(settings.oidc_issuer)
    if settings.firms_issuer:
        yield "Fournisseur d’identité des entreprises", lambda: _check_provider(settings.firms_issuer)
    if settings.examining:
        yield "Examen des fichiers", lambda: _check_examining(settings.examining)
    if settings.letters is not None:
        yield "Lettres", partial(_check_letters, settings.letters)
    yield "Disque", lambda: _check_disk(settings.master_key.parent)
    yield from _law_checks(datetime.now(UTC).date())


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


def _check_anchors(settings: Settings) -> str:
    if not settings.anchors:
        if settings.profile == "production":
            raise ValueError("aucune copie ne sort du registre : un ancrage ôté avec ses événements ne se verrait pas")
        return "aucune copie hors du registre"
    folder = Path(unquote(urlsplit(settings.anchors).path))
    if settings.anchors.startswith("file://") and not folder.is_dir():
        raise ValueError(f"{folder} n’est pas un dossier")
    return _with_register(settings, _count_uncopied)


def _count_uncopied(database: Database) -> str:
    with database.begin() as connection:
        return f"{len(anchors.list_uncopied(connection))} ancrage(s) sans copie encore"


def _check_journal(database: Database, profile: str) -> str:
    """Show the verdict of the last night, and examine what is new since, but for the tokens."""
    with database.snapshot() as connection:
        new = verdicts.examine(connection, lambda *_: None, everything=False, offsets=profile == "development")
        last = verdicts.find_last(connection)
        age = now(connection) - last.ended_at if last else timedelta()
        oldest = timedelta(seconds=measures.count_waiting(connection)["unstamped"].oldest)
    for count, first in ((len(each), each[0]) for each in (last.broken if last else (), new.broken) if each):
        raise ValueError(f"{count} constat(s), dont {first.subject} n° {first.seq} : {first.what} ; « tacite audit »")
    if oldest > MAX_UNSTAMPED:
        raise ValueError(f"des événements attendent leur horodatage depuis {oldest.days} jours")
    if age > MAX_UNSTAMPED:
        raise ValueError(f"aucun audit depuis {age.days} jours")
    audited = f"dernier audit il y a {age // timedelta(hours=1)} h" if last else "aucune nuit auditée encore"
    return f"intact ; {audited} ; plus ancien événement à horodater : {oldest // timedelta(hours=1)} h"


def _check_metrics(address: str) -> str:
    host, _, port = address.rpartition(":")
    here = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}/metrics"  # noqa: S104  compared, not listened on
    with urlopen(here, timeout=TIMEOUT_SECONDS) as answer:
        return f"{address} répond, {answer.read().count(b'# HELP')} mesures"


def _check_key(kind: type[MasterKey | BlindKey], file: Path) -> str:
    kind(file)
    return "lisible"


async def _check_engine(settings: Settings) -> str:
    client = await connect_as_configured(settings, None)
    await client.service_client.check_health()
    return "répond"


async def _check_attributes(settings: Settings) -> str:
    if missing := await missing_attributes(await connect_as_configured(settings, None)):
        raise ValueError(f"l’espace « {settings.namespace} » ignore {', '.join(missing)}")
    return f"l’espace « {settings.namespace} » les connaît"


def _check_examining(address: str) -> str:
    if Examiner(address).examine(FILE, b"a;b\n1;2\n").media_type != "text/csv":
        raise ValueError("un tableau d’essai n’est pas reconnu")
    return "répond"


def _check_letters(folder: Path) -> str:
    """The folder itself, or the one in which the first letter makes it."""
    place = folder if folder.exists() else folder.parent
    with TemporaryFile(dir=place):
        return f"{place} accepte l’écriture"


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


def _check_sirene(settings: Settings) -> str:
    """Ask INSEE's API for its own state, under our key."""
    if not settings.companies or settings.companies_key is None:
        return "non configuré : aucun établissement n’est confirmé par l’Insee"
    key = {INSEE_KEY_HEADER: settings.companies_key.read_text("ascii").strip()}
    request = Request(f"{settings.companies.rstrip('/')}/informations", headers=key)  # noqa: S310
    with urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
        if "etatService" not in json.load(answer):
            raise ValueError("ce n’est pas l’API Sirene")
    return "répond, et accepte la clé"


def _check_provider(issuer: str) -> str:
    address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
    with urlopen(address, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
        if json.load(answer).get("issuer") != issuer:
            raise ValueError("il se donne un autre nom que celui de son adresse")
    return "répond"


def _law_checks(on: date) -> Iterator[tuple[str, Check]]:
    found = notices(on)
    yield from (("Loi", partial(_check_law, each)) for each in found)
    if not found:
        yield "Loi", lambda: "valeurs datées à jour"


def _check_law(notice: Notice) -> str:
    """Show what of the law's figures must be looked at; only a contradiction is a fault."""
    if notice.weight is Weight.ERROR:
        raise ValueError(notice.text)
    return notice.text


def _check_disk(folder: Path) -> str:
    free = shutil.disk_usage(folder).free
    if free < MIN_FREE_BYTES:
        raise ValueError(f"{free // (1 << 20)} Mio libres")
    return f"{free // MIN_FREE_BYTES} Gio libres"
