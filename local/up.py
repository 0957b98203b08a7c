"""`tacite up`: run a whole installation on this machine until interrupted."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli import environment
from cli.terminal import CommandError, ExitCode, answer, say, table
from local import people
from local.caller import Refused
from local.enrolment import NoMail
from local.processes import ProgramFailed
from local.world import World
from models.store.database import Database


@contextmanager
def running(folder: Path, *, headless: bool = False) -> Iterator[World]:
    """A whole world that reports what becomes ready; raises `CommandError` when a part does not start."""
    try:
        with World(folder, say=say, headless=headless) as world:
            yield world
    except ProgramFailed as failed:
        raise CommandError(ExitCode.MISSING, str(failed)) from failed


def run(folder: Path, *, as_json: bool) -> None:
    """Start everything, print the addresses in one answer, and run until SIGINT or SIGTERM."""
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: ended.set())
    with running(folder) as world, Database(world.postgres.dsn, size=1) as database:
        facts = _facts(world, _tokens(world, database))
        environment.write(world.folder, world.environment)
        rows = [(name, str(value)) for name, value in _flat(facts).items()]
        answer(facts, table("Tacite est prêt", ("Quoi", "Où"), rows), as_json)
        say("Ctrl-C pour arrêter.")
        ended.wait()
        say("Arrêt…")
        environment.remove(world.folder)


def _tokens(world: World, database: Database) -> people.Tokens:
    try:
        tokens, issuer = world.folder / "tokens.json", world.identities.address
        return people.load_or_open(database, tokens, world.site, world.mail.folder, issuer)
    except (Refused, NoMail) as failed:
        raise CommandError(ExitCode.MISSING, f"L’adhésion de l’employeur d’essai n’a pas abouti : {failed}") from failed


def _facts(world: World, tokens: people.Tokens) -> dict[str, object]:
    return {
        "site": world.site,
        "api": f"{world.site}/api/v1",
        "ui": world.engine.ui,
        "mail": world.mail.url,
        "data": str(world.folder),
        "tokens": tokens.model_dump(),
    }


def _flat(facts: dict[str, object]) -> dict[str, object]:
    tokens = facts["tokens"]
    named = {f"jeton {role}": token for role, token in tokens.items()} if isinstance(tokens, dict) else {}
    return {name: value for name, value in facts.items() if name != "tokens"} | named
