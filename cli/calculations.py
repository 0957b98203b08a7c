"""What the law answers on the command line: a deadline or a filing window."""

from datetime import date, datetime

from cli.terminal import CommandError, ExitCode, explanation_in_words
from law.calendar import NaiveInstant
from law.dated import BeforeFirstText
from law.directory import UnknownDepartment
from law.grounds import Ground
from law.silence import LegalDelay, silence
from law.texts import in_french, instant_in_french
from law.window import FilingWindow, filing_window


def deadline(received_at: str, department: str) -> LegalDelay:
    """When silence on a request counts as acceptance; raises `CommandError` on a question without an answer."""
    try:
        return silence(datetime.fromisoformat(received_at), department)
    except (NaiveInstant, UnknownDepartment, BeforeFirstText) as wrong:
        raise CommandError(ExitCode.MISUSE, str(wrong)) from wrong
    except (ValueError, OverflowError) as wrong:
        sentence = "Écrivez l’instant de réception ainsi : 2026-12-01T09:30:00+01:00."
        raise CommandError(ExitCode.MISUSE, sentence) from wrong


def window(ground: str, placement_on: str, department: str) -> FilingWindow:
    """Until when a request may be received; raises `CommandError` on a question without an answer."""
    valid_ground = next((each for each in Ground if each == ground), None)
    if valid_ground is None:
        raise CommandError(ExitCode.MISUSE, f"Motif inconnu. Motifs admis : {', '.join(Ground)}.")
    try:
        return filing_window(valid_ground, date.fromisoformat(placement_on), department)
    except (UnknownDepartment, BeforeFirstText) as wrong:
        raise CommandError(ExitCode.MISUSE, str(wrong)) from wrong
    except (ValueError, OverflowError) as wrong:
        raise CommandError(ExitCode.MISUSE, "Écrivez le jour du placement ainsi : 2026-12-01.") from wrong


def deadline_in_words(result: LegalDelay) -> str:
    """The answer as a person reads it."""
    return (
        f"Règle : {result.rule.label}\n"
        f"Dernier jour pour notifier une décision : {in_french(result.last_day_on)}\n"
        f"Acceptation implicite : {instant_in_french(result.tacit_acceptance_at)}\n{explanation_in_words(result.why)}"
    )


def window_in_words(result: FilingWindow) -> str:
    """The answer as a person reads it."""
    lines = f"Hors délai à compter du {instant_in_french(result.closes_at)}\n"
    if result.accepted_until != result.closes_at:
        lines += f"Par tolérance, admise jusqu’au {instant_in_french(result.accepted_until)}\n"
    return lines + explanation_in_words(result.why)
