"""`tacite up`: run a whole installation on this machine until interrupted."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cli import environment
from cli.terminal import CommandError, ExitCode, answer, say, table
from local import people
from local.caller import Refused
from local.enrolment import NoMail
from local.processes import ProgramFailed
from local.second_loopback import open_second_loopback
from local.stop_signals import stop_signals
from local.world import World
from models.store.database import Database

HOST: Final = "localhost"
"""Name of the site: a browser offers passkeys at a name, not at an address."""
ROLES: Final = {
    "employer": "employeur",
    "agent": "agent",
    "head": "chef d’unité",
    "operator": "exploitant",
    "operator-2": "second exploitant",
    "auditor": "auditeur",
}
"""How the table names each person."""


@contextmanager
def running(folder: Path, *, headless: bool = False, host: str = "127.0.0.1") -> Iterator[World]:
    """A whole world that reports what becomes ready; raises `CommandError` when a part does not start."""
    try:
        with World(folder, say=say, headless=headless, host=host) as world:
            yield world
    except ProgramFailed as failed:
        raise CommandError(ExitCode.MISSING, str(failed)) from failed


def run(folder: Path, *, as_json: bool) -> None:
    """Start everything, print the addresses in one answer, and run until SIGINT or SIGTERM."""
    with (
        stop_signals() as wait,
        running(folder, host=HOST) as world,
        Database(world.postgres.dsn, size=1) as database,
    ):
        second = open_second_loopback(world.http_port)
        facts = _facts(world, _tokens(world, database))
        environment.write(world.folder, world.environment)
        rows = _flat(facts, people.logins(world.site, world.folder))
        answer(facts, table("Tacite est prêt", ("Quoi", "Où"), rows), as_json)
        say("Ctrl-C pour arrêter.")
        wait()
        say("Arrêt…")
        if second is not None:
            second.close()
        environment.remove(world.folder)


def _tokens(world: World, database: Database) -> people.Tokens:
    people.list_all(world.companies, people.at_home())
    try:
        tokens, issuer = world.folder / "tokens.json", world.identities.address
        return people.load_or_open(database, tokens, world.site, world.mail.folder, issuer)
    except (Refused, NoMail) as failed:
        raise CommandError(ExitCode.MISSING, f"L’adhésion de l’employeur d’essai n’a pas abouti : {failed}") from failed


def _facts(world: World, tokens: people.Tokens) -> dict[str, object]:
    return {
        "site": world.site,
        "api": f"{world.site}/api/v1",
        "ui": world.engine_pages,
        "mail": world.mail.url,
        "data": str(world.folder),
        "tokens": tokens.model_dump(),
        "people": people.logins(world.site, world.folder),
    }


def _flat(facts: dict[str, object], logins: dict[str, dict[str, str]]) -> list[tuple[str, str]]:
    """Return what people read: addresses, then how each role enters its page, then tokens for software."""
    tokens = facts["tokens"]
    named = {f"jeton {role}": token for role, token in tokens.items()} if isinstance(tokens, dict) else {}
    places = {name: value for name, value in facts.items() if name not in ("tokens", "people")}
    entered = {ROLES.get(name, name): _entered(each) for name, each in logins.items()}
    return [(name, str(value)) for name, value in (places | entered | named).items()]


def _entered(login: dict[str, str]) -> str:
    if "subject" in login:
        return f"{login['page']} ; sujet « {login['subject']} »"
    return f"{login['page']} ; {login['login']}, mot de passe {login['password'] or 'à redemander'}"
