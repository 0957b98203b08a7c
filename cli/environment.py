"""Which Tacite a command speaks to: the variables `TACITE_…`, else the one that `tacite up` runs here."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy.exc import InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from temporalio.client import Client
from temporalio.service import RPCError

from cli.terminal import Code, Ended
from models.engine.client import reach
from models.engine.keys import MasterKey
from models.settings import SECRETS, Settings, wrong_variables
from models.store.database import Database
from models.store.journal.keys import StoredKeys

FOLDER = Path(".tacite")
"""Data of `tacite up`, unless said otherwise."""
FILE = "environment"


def write(folder: Path, environment: Mapping[str, str]) -> None:
    """Leave the variables of a running world in its folder, for our eyes only: they hold a password."""
    file = folder / FILE
    file.touch(mode=0o600)
    quoted = {name: value.replace("\\", "\\\\").replace("'", "\\'") for name, value in environment.items()}
    file.write_text("".join(f"{name}='{value}'\n" for name, value in quoted.items()), "utf-8")


def forget(folder: Path) -> None:
    """The world of this folder has stopped."""
    (folder / FILE).unlink(missing_ok=True)


def folder() -> Path:
    """Where the world of this machine keeps its data: `TACITE_DATA`, or `.tacite` here."""
    return Path(os.environ.get("TACITE_DATA", FOLDER))


def current() -> Settings:
    """Settings of the Tacite at hand; raises `Ended` when there is none or they are wrong."""
    file = folder() / FILE
    given = "TACITE_DATABASE" in os.environ or (SECRETS / "tacite_database").exists()
    if not given and not file.exists():
        hint = "donnez les variables TACITE_…, ou lancez « tacite up » sur un poste de développement"
        raise Ended(Code.MISSING, f"Aucun Tacite ici : {hint}.")
    try:
        return Settings(_env_file=None if given else file)
    except ValidationError as wrong:
        raise Ended(
            Code.MISUSE, f"Configuration incomplète ou fausse : {', '.join(wrong_variables(wrong))}."
        ) from wrong


@contextmanager
def register(settings: Settings) -> Iterator[Database]:
    """The register of a Tacite; raises `Ended` when it does not answer or lacks its tables."""
    try:
        with Database(settings.database, size=2) as opened:
            yield opened
    except (OperationalError, InterfaceError, PoolExhausted) as away:
        raise Ended(Code.MISSING, "Le registre ne répond pas (PostgreSQL).") from away
    except ProgrammingError as old:
        raise Ended(
            Code.MISSING, "Le registre n’est pas à la version de ce code : « tacite migrate »."
        ) from old


async def engine(settings: Settings, opened: Database) -> Client:
    """A client of the engine; raises `Ended` when it does not answer."""
    try:
        keys = StoredKeys(opened, MasterKey(settings.master_key))
        return await reach(settings, keys)
    except (RPCError, RuntimeError) as away:
        raise Ended(Code.MISSING, "Le moteur ne répond pas (Temporal).") from away
    except OSError as unreadable:
        raise Ended(Code.MISSING, f"La clé maîtresse est illisible : {settings.master_key}.") from unreadable
