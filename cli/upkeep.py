"""`make check-law`: print what of the dated figures of the law must be looked at; it fails on a contradiction only."""

import sys
from datetime import UTC, date, datetime

from cli.terminal import ExitCode, say
from law.upkeep import Weight, notices

HEADINGS = {Weight.WARNING: "à revoir", Weight.ERROR: "ERREUR"}


def check(on: date) -> int:
    """Print the notices of a day; returns the exit code."""
    found = notices(on)
    for each in found:
        say(f"{HEADINGS[each.weight]} : {each.text}")
    if not found:
        say("Les valeurs datées de la loi sont à jour.")
    return ExitCode.NEGATIVE if any(each.weight is Weight.ERROR for each in found) else ExitCode.DONE


if __name__ == "__main__":
    sys.exit(check(datetime.now(UTC).date()))
