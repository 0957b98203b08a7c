"""`tacite agency`: how long a queue takes to reach the paying agency, and what the next files would hold."""

from collections.abc import Callable, Sequence
from typing import Final

from rich.console import Group, RenderableType

from cli.environment import current_settings, open_register
from cli.terminal import CommandError, ExitCode, answer, table
from law.calendar import local
from law.directory import PARIS
from law.texts import instant_in_french, number_in_french
from models.agency_window import USUAL_HOURS, Window, queue
from models.messages.deposit import ChannelPreview
from models.settings import Settings
from models.store.database import Database

CAP: Final = 700
"""Rows of a file where no installation says otherwise: the agency’s other exchanges take no more."""
CHANNELS: Final = {
    "authorizations": "Autorisations",
    "amendments": "Avenants",
    "claims": "Demandes d’indemnisation",
}


Previewer = Callable[[Database, Settings], Sequence[ChannelPreview]]


def show(rows: int | None, *, dry: bool, as_json: bool, preview: Previewer) -> int:
    """Print how long some rows take, or what the next files would hold; returns the exit code."""
    if (rows is None) is not dry:
        raise CommandError(
            ExitCode.MISUSE, "Donnez un nombre de lignes par --rows, ou --dry pour les prochains fichiers."
        )
    if rows is None:
        return _dry(preview, as_json=as_json)
    if rows < 1:
        raise CommandError(ExitCode.MISUSE, "--rows est un nombre de lignes, à partir de 1.")
    cap, window, usual = _caps()
    found = queue(rows, cap, window)
    facts = {"rows": rows, "rows_per_file": cap, "hours": list(window.hours), "files_per_hour": window.files}
    facts |= {"usual_hours": usual, **found._asdict()}
    answer(facts, _in_words(rows, cap, window, usual=usual), as_json)
    return ExitCode.DONE


def _caps() -> tuple[int, Window, bool]:
    """Return the cap and the hours of the installation at hand, else those of the agency’s other exchanges."""
    try:
        settings = current_settings()
    except CommandError as missing:
        if missing.code != ExitCode.MISSING:
            raise
        return CAP, Window(USUAL_HOURS, 1), True
    if not settings.agency_window:
        return settings.agency_rows, Window(USUAL_HOURS, settings.agency_files), True
    return settings.agency_rows, settings.window, False


def _in_words(rows: int, cap: int, window: Window, *, usual: bool) -> str:
    found = queue(rows, cap, window)
    source = "heures habituelles de l’ASP" if usual else "heures réglées ici"
    days = (
        f"{found.working_days} jour{'s' if found.working_days > 1 else ''} ouvré{'s' if found.working_days > 1 else ''}"
    )
    hours = ", ".join(f"{each} h" for each in window.hours)
    return (
        f"{number_in_french(rows)} lignes : {number_in_french(found.files)} fichiers de {cap} lignes au plus, "
        f"{number_in_french(found.rows_a_day)} lignes par jour ({source} : {hours}). {days}."
    )


def _dry(preview: Previewer, *, as_json: bool) -> int:
    settings = current_settings()
    with open_register(settings) as database:
        found = preview(database, settings)
    answer({"channels": [each.model_dump(mode="json") for each in found]}, Group(_channels(found)), as_json)
    return ExitCode.DONE


def _channels(found: Sequence[ChannelPreview]) -> RenderableType:
    headings = ("Flux", "État", "En attente", "Prochain fichier", "Octets", "À retenir")
    return table("Prochains fichiers", headings, [_row(each) for each in found])


def _row(each: ChannelPreview) -> tuple[object, ...]:
    size = (f"{each.next.rows} lignes", each.next.bytes) if each.next else ("aucun", "")
    return (CHANNELS[each.name], _state(each), each.waiting, *size, ", ".join(each.changed))


def _state(each: ChannelPreview) -> str:
    until = f" jusqu’au {instant_in_french(local(each.opens_at, PARIS))}" if each.opens_at else ""
    if each.frozen:
        return f"gelé{until}"
    return f"fermé{until}" if until else "ouvert"
