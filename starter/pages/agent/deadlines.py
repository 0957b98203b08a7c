"""What silence will do to a case, when, and how much time is left, as agents read it."""

from datetime import datetime
from typing import Final, NamedTuple

from law.texts import end_in_french
from models.labels import Outcome

MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
SOON: Final = 3 * DAY
"""Seconds before silence from which a case stands out."""
STOPPED: Final = "Délai arrêté jusqu’à la réception des pièces demandées."


class Deadline(NamedTuple):
    """What becomes of a case if nobody decides."""

    sentence: str
    until: str
    """Last moment for a notified decision; empty when none runs."""
    left: str
    """Time left, in words; empty when no delay runs."""
    soon: bool


def deadline(tacit_at: datetime | None, seconds_left: float | None, outcome: Outcome | None) -> Deadline:
    """Return the deadline of a case; `tacit_at` is in the legal time of its département."""
    if outcome is not None:
        return Deadline(outcome.label, "", "", soon=False)
    if tacit_at is None or seconds_left is None:
        return Deadline(STOPPED, "", "", soon=False)
    until = end_in_french(tacit_at)
    sentence = f"Sans décision notifiée au plus tard le {until}, la demande est acceptée implicitement."
    return Deadline(sentence, until, time_left(seconds_left), soon=seconds_left < SOON)


def time_left(seconds: float) -> str:
    """Write how much time is left, rounded down: « il reste 14 jours », « il reste 5 h »."""
    for unit, one, several in ((DAY, "jour", "jours"), (HOUR, "heure", "heures"), (MINUTE, "minute", "minutes")):
        whole = int(seconds // unit)
        if whole:
            return f"il reste {whole} {one if whole == 1 else several}"
    return "il reste moins d’une minute" if seconds > 0 else "délai expiré"
