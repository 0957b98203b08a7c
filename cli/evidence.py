"""`tacite audit`: recompute events, chains, anchors, tokens and rows, and say what is broken and where."""

from collections.abc import Callable
from pathlib import Path

from cli.environment import current_settings, open_register
from cli.terminal import CommandError, ExitCode
from models.store.audit import verdicts
from models.store.audit.findings import Verdict
from models.store.audit.stamps import TokenCheck


def audit(token_check: Callable[[Path], TokenCheck], *, everything: bool, outside: Path | None) -> Verdict:
    """Audit the register of these settings; raises `CommandError` when something that it needs is missing."""
    if outside and not outside.is_dir():
        raise CommandError(ExitCode.MISUSE, f"{outside} n’est pas un dossier.")
    settings = current_settings()
    check = token_check(settings.trust)
    with open_register(settings) as database, database.snapshot() as connection:
        try:
            return verdicts.examine(
                connection,
                check,
                everything=everything,
                offsets=settings.profile == "development",
                outside=outside,
            )
        except OSError as unreadable:
            raise CommandError(ExitCode.MISUSE, f"{outside} est illisible.") from unreadable


def in_words(verdict: Verdict) -> list[list[str]]:
    """Return the rows of a table: place and finding."""
    return [[each.subject, str(each.seq), each.what] for each in verdict.broken]


def summary(verdict: Verdict) -> str:
    """Return what was examined, in French."""
    extent = "Tout le registre" if verdict.everything else "Ce qui est nouveau depuis le dernier audit"
    counted = f"{extent} : {verdict.events} événements, {verdict.anchors} ancrages"
    unstated = f", {verdict.unstated} dossiers ou comptes d’avant, sans empreinte" if verdict.unstated else ""
    state = f"{len(verdict.broken)} constat(s)" if verdict.broken else "intact"
    return f"{counted}{unstated}. {state}."
