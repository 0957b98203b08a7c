"""A whole installation on one machine: every real part under one folder, started and stopped together.

    with World(folder) as world:
        world.site, world.postgres.dsn, world.engine.address, world.mail.url …
        world.engine.kill()
        world.engine.start()

A folder may be used again later: it keeps its data, keys and ports. No part outlives the process that started
the world, however that process ends.
"""

import base64
import fcntl
import json
import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TextIO

from local.engine import NAMESPACE, Engine
from local.ports import Ports
from local.postgres import Postgres
from local.processes import Program, ProgramFailed
from local.programs import (
    Agency,
    Authorities,
    Background,
    Companies,
    Doors,
    EnginePages,
    Examining,
    Identities,
    Mail,
    OwnProgram,
)
from models.engine.keys import codec_secret
from models.engine.names import PROCEDURE_QUEUES, READING, VERIFYING, Queue
from models.store.migrate import migrate

PARTNERS: Final = ("postgres", "engine", "pages", "authorities", "mail", "agency", "companies", "identities")
"""The programs that ours depend on."""
CLIENT: Final = "tacite"
"""Client id of the HTTP server at the identity provider."""
FIRMS_CLIENT: Final = "tacite-firms"
"""The same at the provider of firms, which is the same program here: it verifies the claims `siren` and `siret`."""
FIRMS_LEVEL: Final = "verified"
"""Level (`acr`) at which that provider has verified a firm here."""
PROGRAMS: Final = ("examining", "worker", "verifying", "reading", "doors", "relay")
"""Our own programs."""
EVERYTHING: Final = PARTNERS + PROGRAMS
KEY_SETTINGS: Final = frozenset(
    f"TACITE_{name}" for name in ("SEAL", "SIGNATORIES", "TIMESTAMPS", "AGENCY", "AGENCY_KEY", "AGENCY_HOST_KEY")
)
"""Settings of programs that sign or speak to the agency."""


class World:
    """All parts as attributes; `start` runs those of `parts`; `settings` adds `TACITE_` variables.

    `say` is called with a French sentence when a part becomes ready. `durable=False` and `headless=True` are for fast
    tests; `measured=True` gives each program the ports of its metrics, in `measures`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        parts: Iterable[str] = EVERYTHING,
        settings: Mapping[str, str] | None = None,
        say: Callable[[str], None] = lambda line: None,
        durable: bool = True,
        headless: bool = False,
        measured: bool = False,
        host: str = "127.0.0.1",
    ) -> None:
        self.folder = folder.resolve()
        self.parts = tuple(each for each in parts if each != "pages" or not headless)
        self.extra = dict(settings or {})
        self.say = say
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock: TextIO | None = None
        ports = Ports(self.folder / "ports.json")
        self.http_port = ports["doors"]
        self.http = f"127.0.0.1:{self.http_port}"
        self.site = f"http://{host}:{self.http_port}"
        self.master_key = self.folder / "master.key"
        self.blind_key = self.folder / "blind.key"
        self.postgres = Postgres(self.folder / "postgres", ports["postgres"], durable=durable)
        self.engine = Engine(self.folder / "engine", ports["engine"], ports["ui"], headless=headless)
        self.pages = EnginePages(self.folder / "pages", ports["pages"], ports["ui"])
        self.authorities = Authorities(self.folder / "authorities", ports["authorities"])
        self.mail = Mail(self.folder / "mail", ports["smtp"], ports["mail"])
        self.anchors = self.folder / "anchors"
        self.anchors.mkdir(exist_ok=True)
        self.agency = Agency(self.folder / "agency", ports["agency"])
        self.companies = Companies(self.folder / "companies", ports["companies"])
        self.identities = Identities(self.folder / "identities", ports["identities"])
        names = ("worker", "library", "relay") if measured else ()
        self.measures = {name: f"127.0.0.1:{ports[f'{name}-measures']}" for name in names}
        self.examiner = f"127.0.0.1:{ports['examining']}"
        self._make_programs(self.folder / "programs", ports)

    def _make_programs(self, logs: Path, ports: Ports) -> None:
        """Make our own programs, whose settings name the parts made before."""
        address = {"TACITE_EXAMINING": self.examiner}
        self.examining: OwnProgram = Examining(
            "Examen des fichiers", "examining", logs, ports["examining"], settings=lambda: address
        )
        self.worker: OwnProgram = Background("Exécutant", "worker", logs, settings=self._worker_settings)
        self.verifying: OwnProgram = Background(
            "Vérification", "worker", logs / "verifying", settings=lambda: self.environment_of(VERIFYING)
        )
        self.reading: OwnProgram = Background(
            "Lecture", "worker", logs / "reading", settings=lambda: self.environment_of(READING)
        )
        self.doors: OwnProgram = Doors("Guichet", "starter", logs, ports["doors"], settings=lambda: self.environment)
        self.relay: OwnProgram = Background("Relais", "starter.relay", logs, settings=self._relay_settings)

    @property
    def _by_name(self) -> dict[str, Program]:
        return {
            "postgres": self.postgres,
            "engine": self.engine,
            "pages": self.pages,
            "authorities": self.authorities,
            "mail": self.mail,
            "agency": self.agency,
            "companies": self.companies,
            "identities": self.identities,
            "examining": self.examining,
            "worker": self.worker,
            "verifying": self.verifying,
            "reading": self.reading,
            "doors": self.doors,
            "relay": self.relay,
        }

    @property
    def engine_pages(self) -> str:
        """Address of the engine's pages, their buttons disabled where `pages` runs; empty for a headless engine."""
        return self.pages.url if "pages" in self.parts else self.engine.ui

    @property
    def environment(self) -> dict[str, str]:
        """Settings of our programs, known once PostgreSQL has run."""
        authorities = self.authorities
        timestamps = [f"{authorities.url}/tsa/{name}" for name in ("first", "second")]
        return {
            "TACITE_PROFILE": "development",
            "TACITE_SITE": self.site,
            "TACITE_HTTP": self.http,
            "TACITE_DATABASE": self.postgres.dsn,
            "TACITE_ENGINE": self.engine.address,
            "TACITE_ENGINE_UI": self.engine_pages,
            "TACITE_NAMESPACE": NAMESPACE,
            "TACITE_MASTER_KEY": str(self.master_key),
            "TACITE_BLIND_KEY": str(self.blind_key),
            "TACITE_TRUST": str(authorities.folder / "trust"),
            "TACITE_SEAL": str(authorities.folder / "seal"),
            "TACITE_SIGNATORIES": str(authorities.folder / "signatories"),
            "TACITE_TIMESTAMPS": json.dumps(timestamps),
            "TACITE_MAIL": self.mail.address,
            "TACITE_AGENCY": self.agency.address,
            "TACITE_AGENCY_KEY": str(self.agency.client_key),
            "TACITE_AGENCY_HOST_KEY": str(self.agency.host_key),
            "TACITE_AGENCY_CERTIFICATE": str(self.agency.certificate),
            "TACITE_ANCHORS": self.anchors.as_uri(),
            "TACITE_LETTERS": str(self.folder / "letters"),
            **self.companies.settings,
            "TACITE_EXAMINING": self.examiner,
            "TACITE_OIDC_ISSUER": self.identities.address,
            "TACITE_OIDC_CLIENT": CLIENT,
            "TACITE_OIDC_SECRET": str(self.identities.secret),
            "TACITE_FIRMS_ISSUER": self.identities.address,
            "TACITE_FIRMS_CLIENT": FIRMS_CLIENT,
            "TACITE_FIRMS_SECRET": str(self.identities.secret),
            "TACITE_FIRMS_LEVELS": json.dumps([FIRMS_LEVEL]),
            "TACITE_FIRMS_VERIFIED_CLAIMS": json.dumps(["siren", "siret"]),
        } | self.extra

    def environment_of(self, *queues: Queue) -> dict[str, str]:
        """Settings of a worker that serves these queues; where files that others send come in, it has no such key."""
        names = frozenset[str]() if set(queues) <= set(PROCEDURE_QUEUES) else KEY_SETTINGS
        kept = {name: value for name, value in self.environment.items() if name not in names}
        return kept | {"TACITE_QUEUES": json.dumps(queues)}

    def _worker_settings(self) -> dict[str, str]:
        variables = {"TACITE_METRICS": "worker", "TACITE_ENGINE_METRICS": "library"}
        return self.environment | {name: self.measures.get(program, "") for name, program in variables.items()}

    def _relay_settings(self) -> dict[str, str]:
        return self.environment | {"TACITE_METRICS": self.measures.get("relay", "")}

    def start(self) -> None:
        """Start the partners and migrate the register, then start our programs; all or nothing."""
        self._lock = _lock_folder(self.folder)
        _make_key(self.master_key)
        _make_key(self.blind_key)
        if "doors" in self.parts:
            self.engine.codec = f"{self.site}/api/v1/codec/{codec_secret(self.master_key)}"
        try:
            self._run(PARTNERS)
            self._run(PROGRAMS)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop our programs, then what they depend on; say which of them had to be killed.

        Raises `ProgramFailed`, once all others have stopped, when even that did not end one.
        """
        left: list[str] = []
        for parts in (PROGRAMS, PARTNERS):
            with ThreadPoolExecutor(len(parts)) as together:
                left += filter(None, together.map(self._stop, parts))
        if self._lock is not None:
            self._lock.close()
        if left:
            raise ProgramFailed("\n".join(left))

    def _stop(self, part: str) -> str:
        """Stop one part; returns why it still runs, or nothing."""
        program = self._by_name[part]
        try:
            if program.stop():
                self.say(f"{program.name} : tué, ne s’était pas arrêté en {program.stop_timeout:.0f} s")
        except ProgramFailed as failed:
            return str(failed)
        return ""

    def __enter__(self) -> Self:
        """Start; all `parts` are ready inside the block."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def _run(self, parts: Sequence[str]) -> None:
        chosen = [part for part in parts if part in self.parts]
        began = time.monotonic()
        with ThreadPoolExecutor(len(parts)) as together:
            waiting = {together.submit(self._start, part): self._by_name[part] for part in chosen}
            for done in as_completed(waiting):
                done.result()
                seconds = f"{time.monotonic() - began:.1f}".replace(".", ",")
                self.say(f"{waiting[done].name} : prêt en {seconds} s")

    def _start(self, part: str) -> None:
        self._by_name[part].start()
        if part == "postgres":
            migrate(self.postgres.dsn)


def _lock_folder(folder: Path) -> TextIO:
    """Lock the folder until the file is closed or we die, so that two worlds never share it."""
    lock = (folder / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise ProgramFailed(f"Le dossier {folder} sert déjà à un autre Tacite.") from None
    return lock


def _make_key(file: Path) -> None:
    """Write 32 random bytes in base64 to a private file, unless it exists."""
    if not file.exists():
        draft = file.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text(base64.b64encode(secrets.token_bytes(32)).decode())
        draft.rename(file)
