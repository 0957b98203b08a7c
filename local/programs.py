"""The Python programs of a world on one machine: ours, and those that play our partners."""

import os
import secrets
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from local.company_documents import Known
from local.ports import listening
from local.processes import Program, answers


class Service(Program):
    """`python -m module arguments`, working in `folder`, on its ports; ready when all of them listen."""

    def __init__(self, name: str, module: str, folder: Path, *ports: int) -> None:
        super().__init__(name, folder / f"{module.rpartition('.')[2]}.log")
        self.module = module
        self.folder = folder
        self._ports = ports

    def ports(self) -> list[int]:
        """Where it listens."""
        return list(self._ports)

    def command(self) -> list[str]:
        """The module with its folder and its ports."""
        return [sys.executable, "-m", self.module, str(self.folder), *map(str, self._ports)]

    def environment(self) -> dict[str, str]:
        """As any program's; the log is written at once."""
        return super().environment() | {"PYTHONUNBUFFERED": "1"}

    def ready(self) -> bool:
        """Whether all ports listen."""
        return all(listening(port) for port in self._ports)

    @contextmanager
    def fault(self, name: str, content: str = "") -> Iterator[None]:
        """Switch on the fault `name` (listed in the docstring of its module) for the time of the block."""
        control = self.folder / name
        control.write_text(content, "utf-8")
        try:
            yield
        finally:
            control.unlink()


class Authorities(Service):
    """Seal, signatories, time-stamps, revocation; faults `revoke`, `refuse-first`, `refuse-second` and `lies`."""

    def __init__(self, folder: Path, port: int) -> None:
        super().__init__("Autorités d’essai", "local.authorities", folder, port)
        self.url = f"http://127.0.0.1:{port}"

    def command(self) -> list[str]:
        """The module's `serve`, which makes what is missing first."""
        return [sys.executable, "-m", self.module, "serve", str(self.folder), *map(str, self._ports)]


class Mail(Service):
    """The mailbox: `address` takes messages, `url` shows them; faults `refuse` and `greylist`."""

    def __init__(self, folder: Path, smtp_port: int, http_port: int) -> None:
        super().__init__("Boîte aux lettres", "local.mail", folder, smtp_port, http_port)
        self.address = f"smtp://127.0.0.1:{smtp_port}"
        self.url = f"http://127.0.0.1:{http_port}"


class Agency(Service):
    """The agency's SFTP server: our files arrive in `deposits`, its answers wait in `answers`.

    Faults `refuse` and `cut`, and the orders of `local.agency_answers`.
    """

    def __init__(self, folder: Path, port: int) -> None:
        super().__init__("Agence de paiement", "local.agency", folder, port)
        self.address = f"sftp://tacite@127.0.0.1:{port}/depot"
        self.deposits = folder / "files" / "depot"
        self.answers = folder / "files" / "retrait"
        self.client_key = folder / "client_key"
        self.host_key = folder / "host_key.pub"
        self.certificate = folder / "certificate.pem"


class Companies(Service):
    """The register of establishments: Sirene at `address` under `key`, the public search at `search`.

    `describe` says what both answer about an establishment. Faults `refuse`, `slow`, `malformed`, `huge` and `spent`,
    of both or of one of them (`refuse-sirene`), and `limited`.
    """

    def __init__(self, folder: Path, port: int) -> None:
        super().__init__("Répertoire d’établissements", "local.companies", folder, port)
        self.search = f"http://127.0.0.1:{port}"
        self.address = f"{self.search}/api-sirene/3.11"
        self.key = folder / "key"
        folder.mkdir(parents=True, exist_ok=True)
        if not self.key.exists():
            self.key.touch(mode=0o600)
            self.key.write_text(secrets.token_urlsafe(24), "ascii")

    def describe(self, known: Known) -> None:
        """Set what is known about an establishment."""
        (self.folder / f"{known.siret}.json").write_text(known.model_dump_json(), "utf-8")

    def answer(self, siret: str, content: bytes) -> None:
        """Set byte by byte what both answer about an establishment."""
        (self.folder / f"{siret}.raw").write_bytes(content)

    @property
    def settings(self) -> dict[str, str]:
        """Variables of a program that asks both."""
        return {
            "TACITE_COMPANIES": self.address,
            "TACITE_COMPANIES_KEY": str(self.key),
            "TACITE_COMPANIES_SEARCH": self.search,
        }


class EnginePages(Service):
    """The engine's pages at `url`, whose buttons that end or change a process are disabled."""

    def __init__(self, folder: Path, port: int, engine_port: int) -> None:
        super().__init__("Pages du moteur", "local.engine_pages", folder, port)
        self.url = f"http://127.0.0.1:{port}"
        self._engine_port = engine_port

    def command(self) -> list[str]:
        """Its port, and that of the engine's own pages."""
        return [*super().command(), str(self._engine_port)]


class Identities(Service):
    """The identity provider at `address`, where anybody may sign in as anyone; fault `refuse`."""

    def __init__(self, folder: Path, port: int) -> None:
        super().__init__("Fournisseur d’identité", "local.identities", folder, port)
        self.secret = folder / "client_secret"
        self.address = f"http://127.0.0.1:{port}"


class OwnProgram(Service):
    """One of our own programs, whose settings are known once its dependencies run."""

    def __init__(
        self, name: str, module: str, folder: Path, *ports: int, settings: Callable[[], Mapping[str, str]]
    ) -> None:
        super().__init__(name, module, folder, *ports)
        self._settings = settings

    def command(self) -> list[str]:
        """The module alone: everything is in its environment."""
        return [sys.executable, "-m", self.module]

    def environment(self) -> dict[str, str]:
        """`TACITE_…` as this world has them."""
        return super().environment() | dict(self._settings())


class Doors(OwnProgram):
    """The HTTP server; ready when their health check answers."""

    def ready(self) -> bool:
        """Whether `/api/v1/health` answers 200."""
        return answers(f"http://127.0.0.1:{self._ports[0]}/api/v1/health")


class Examining(OwnProgram):
    """The program that judges files; ready when it listens. It gets nothing of our environment but the path."""

    def environment(self) -> dict[str, str]:
        """Where it listens, and where programs are: it refuses to start with any setting of the others."""
        return {"PATH": os.environ.get("PATH", ""), "PYTHONUNBUFFERED": "1"} | dict(self._settings())


class Background(OwnProgram):
    """A program without a port: it logs `<module>_ready` once it works."""

    def ready(self) -> bool:
        """Whether its log says so."""
        return self.logged(f"{self.module.rpartition('.')[2]}_ready")
