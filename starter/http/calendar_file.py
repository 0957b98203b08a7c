"""An instant as a calendar file (RFC 5545): one event, lines folded at 75 bytes."""

from datetime import UTC, datetime
from typing import Final

MAX_LINE_BYTES: Final = 75
UTC_FORMAT: Final = "%Y%m%dT%H%M%SZ"


def calendar_file(uid: str, at: datetime, stamped_at: datetime, summary: str, description: str) -> str:
    """Return a calendar of one event at an instant; `stamped_at` is when it was computed."""
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Tacite//Echeances//FR",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{stamped_at.astimezone(UTC):{UTC_FORMAT}}",
        f"DTSTART:{at.astimezone(UTC):{UTC_FORMAT}}",
        f"SUMMARY:{_escaped(summary)}",
        f"DESCRIPTION:{_escaped(description)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _escaped(text: str) -> str:
    for special, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(special, written)
    return text


def _folded(line: str) -> str:
    """Fold between characters, never inside one."""
    pieces, size = [""], 0
    for character in line:
        width = len(character.encode())
        if size + width > MAX_LINE_BYTES:
            pieces.append(" ")
            size = 1
        pieces[-1] += character
        size += width
    return "\r\n".join(pieces)
