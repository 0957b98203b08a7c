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
from local.postgres import Postgres
from local.processes import Program, ProgramFailed, free_port
from local.programs import Agency, Authorities, Background, Companies, Doors, Identities, Mail, OwnProgram
from models.engine.keys import codec_secret
from models.store.migrate import migrate

PARTNERS: Final = ("postgres", "engine", "authorities", "mail", "agency", "companies", "identities")
"""The programs that ours depend on."""
CLIENT: Final = "tacite"
"""Client id of the HTTP server at the identity provider."""
PROGRAMS: Final = ("worker", "doors", "relay")
"""Our own programs."""
EVERYTHING: Final = PARTNERS + PROGRAMS


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
    ) -> None:
        self.folder = folder.resolve()
        self.parts = tuple(parts)
        self.extra = dict(settings or {})
        self.say = say
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock: TextIO | None = None
        ports = Ports(self.folder / "ports.json")
        self.http_port = ports["doors"]
        self.http = f"127.0.0.1:{self.http_port}"
        self.site = f"http://{self.http}"
        self.master_key = self.folder / "master.key"
        self.postgres = Postgres(self.folder / "postgres", ports["postgres"], durable=durable)
        self.engine = Engine(self.folder / "engine", ports["engine"], ports["ui"], headless=headless)
        self.authorities = Authorities(self.folder / "authorities", ports["authorities"])
        self.mail = Mail(self.folder / "mail", ports["smtp"], ports["mail"])
        self.agency = Agency(self.folder / "agency", ports["agency"])
        self.companies = Companies(self.folder / "companies", ports["companies"])
        self.identities = Identities(self.folder / "identities", ports["identities"])
        logs = self.folder / "programs"
        names = ("worker", "library", "relay") if measured else ()
        self.measures = {name: f"127.0.0.1:{ports[f'{name}-measures']}" for name in names}
        self.worker: OwnProgram = Background("Exécutant", "worker", logs, settings=self._worker_settings)
        self.doors: OwnProgram = Doors("Guichet", "starter", logs, ports["doors"], settings=lambda: self.environment)
        self.relay: OwnProgram = Background("Relais", "starter.relay", logs, settings=self._relay_settings)

    @property
    def _by_name(self) -> dict[str, Program]:
        return {
            "postgres": self.postgres,
            "engine": self.engine,
            "authorities": self.authorities,
            "mail": self.mail,
            "agency": self.agency,
            "companies": self.companies,
            "identities": self.identities,
            "worker": self.worker,
            "doors": self.doors,
            "relay": self.relay,
        }

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
            "TACITE_NAMESPACE": NAMESPACE,
            "TACITE_MASTER_KEY": str(self.master_key),
            "TACITE_TRUST": str(authorities.folder / "trust"),
            "TACITE_SEAL": str(authorities.folder / "seal"),
            "TACITE_SIGNATORIES": str(authorities.folder / "signatories"),
            "TACITE_TIMESTAMPS": json.dumps(timestamps),
            "TACITE_MAIL": self.mail.address,
            "TACITE_AGENCY": self.agency.address,
            "TACITE_AGENCY_KEY": str(self.agency.client_key),
            "TACITE_AGENCY_HOST_KEY": str(self.agency.host_key),
            "TACITE_COMPANIES": self.companies.address,
            "TACITE_OIDC_ISSUER": self.identities.address,
            "TACITE_OIDC_CLIENT": CLIENT,
            "TACITE_OIDC_SECRET": str(self.identities.secret),
        } | self.extra

    def _worker_settings(self) -> dict[str, str]:
        variables = {"TACITE_METRICS": "worker", "TACITE_ENGINE_METRICS": "library"}
        return self.environment | {name: self.measures.get(program, "") for name, program in variables.items()}

    def _relay_settings(self) -> dict[str, str]:
        return self.environment | {"TACITE_METRICS": self.measures.get("relay", "")}

    def start(self) -> None:
        """Start the partners and migrate the register, then start our programs; all or nothing."""
        self._lock = _lock_folder(self.folder)
        _make_master_key(self.master_key)
        if "doors" in self.parts:
            self.engine.codec = f"{self.site}/api/v1/codec/{codec_secret(self.master_key)}"
        try:
            self._run(PARTNERS)
            self._run(PROGRAMS)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop our programs, then what they depend on."""
        for parts in (PROGRAMS, PARTNERS):
            with ThreadPoolExecutor(len(parts)) as together:
                list(together.map(lambda part: self._by_name[part].stop(), parts))
        if self._lock is not None:
            self._lock.close()

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


class Ports:
    """Loopback ports by name, the same at every start, because mails and certificates contain them."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._known: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}

    def __getitem__(self, name: str) -> int:
        if name not in self._known:
            self._known[name] = free_port()
            self._file.write_text(json.dumps(self._known))
        return self._known[name]


def _lock_folder(folder: Path) -> TextIO:
    """Lock the folder until the file is closed or we die, so that two worlds never share it."""
    lock = (folder / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise ProgramFailed(f"le dossier {folder} sert déjà à un autre Tacite") from None
    return lock


def _make_master_key(file: Path) -> None:
    """Write 32 random bytes in base64 to a private file, unless it exists."""
    if not file.exists():
        draft = file.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text(base64.b64encode(secrets.token_bytes(32)).decode())
        draft.rename(file)
