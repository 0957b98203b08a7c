"""The installation that a command works on: by the variables `TACITE_…`, else the one that `tacite up` runs here."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pydantic import ValidationError
from sqlalchemy.exc import InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from temporalio.client import Client
from temporalio.service import RPCError

from cli.terminal import CommandError, ExitCode
from models.engine.client import connect_as_configured
from models.engine.keys import MasterKey
from models.settings import SECRETS, Settings, wrong_variables
from models.store.database import Database
from models.store.journal.events import Actor
from models.store.journal.keys import StoredKeys

DEFAULT_FOLDER = Path(".tacite")
"""Data of `tacite up`, unless `TACITE_DATA` names another folder."""
FILE = "environment"
OPERATOR: Final = Actor(role="operator")
"""Who acts at the command line, as events and the access log name them."""


def write(folder: Path, environment: Mapping[str, str]) -> None:
    """Write the variables of a running world to its folder; the file is private, because they hold a password."""
    file = folder / FILE
    file.touch(mode=0o600)
    quoted = {name: value.replace("\\", "\\\\").replace("'", "\\'") for name, value in environment.items()}
    file.write_text("".join(f"{name}='{value}'\n" for name, value in quoted.items()), "utf-8")


def remove(folder: Path) -> None:
    """Remove the variables of a world that has stopped."""
    (folder / FILE).unlink(missing_ok=True)


def data_folder() -> Path:
    """Where the world of this machine keeps its data: `TACITE_DATA`, or `.tacite` in the current folder."""
    return Path(os.environ.get("TACITE_DATA", DEFAULT_FOLDER))


def current_settings() -> Settings:
    """Settings of the installation at hand; raises `CommandError` when there is none or they are wrong."""
    file = data_folder() / FILE
    given = "TACITE_DATABASE" in os.environ or (SECRETS / "tacite_database").exists()
    if not given and not file.exists():
        hint = "donnez les variables TACITE_…, ou lancez « tacite up » sur un poste de développement"
        raise CommandError(ExitCode.MISSING, f"Aucun Tacite ici : {hint}.")
    try:
        return Settings(_env_file=None if given else file)
    except ValidationError as wrong:
        raise CommandError(
            ExitCode.MISUSE, f"Configuration incomplète ou fausse : {', '.join(wrong_variables(wrong))}."
        ) from wrong


@contextmanager
def open_register(settings: Settings) -> Iterator[Database]:
    """Open the register; raises `CommandError` when it does not answer or its schema is out of date."""
    try:
        with Database(settings.database, size=2) as database:
            yield database
    except (OperationalError, InterfaceError, PoolExhausted) as away:
        raise CommandError(ExitCode.MISSING, "Le registre ne répond pas (PostgreSQL).") from away
    except ProgrammingError as old:
        raise CommandError(
            ExitCode.MISSING, "Le registre n’est pas à la version de ce code : « tacite migrate »."
        ) from old


async def connect_engine(settings: Settings, database: Database) -> Client:
    """Connect to the engine; raises `CommandError` when it does not answer."""
    try:
        keys = StoredKeys(database, MasterKey(settings.master_key))
        return await connect_as_configured(settings, keys)
    except (RPCError, RuntimeError) as away:
        raise CommandError(ExitCode.MISSING, "Le moteur ne répond pas (Temporal).") from away
    except OSError as unreadable:
        raise CommandError(ExitCode.MISSING, f"La clé maîtresse est illisible : {settings.master_key}.") from unreadable
