"""Instants as a calendar file (RFC 5545): one event each, with an alarm a day before; lines folded at 75 bytes."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final, NamedTuple

MAX_LINE_BYTES: Final = 75
UTC_FORMAT: Final = "%Y%m%dT%H%M%SZ"


class CalendarEvent(NamedTuple):
    """One event; its `uid` is the same each time the file is made."""

    uid: str
    at: datetime
    summary: str
    description: str


def calendar_file(uid: str, at: datetime, stamped_at: datetime, summary: str, description: str) -> str:
    """Return a calendar of one event at an instant; `stamped_at` is when it was made."""
    return calendar([CalendarEvent(uid, at, summary, description)], stamped_at)


def calendar(events: Iterable[CalendarEvent], stamped_at: datetime) -> str:
    """Return a calendar of some events; `stamped_at` is when it was made."""
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tacite//Echeances//FR")
    lines = (line for event in events for line in _event(event, stamped_at))
    return "".join(f"{_folded(line)}\r\n" for line in (*head, *lines, "END:VCALENDAR"))


def _event(event: CalendarEvent, stamped_at: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"DTSTAMP:{stamped_at.astimezone(UTC):{UTC_FORMAT}}"
    yield f"DTSTART:{event.at.astimezone(UTC):{UTC_FORMAT}}"
    yield f"SUMMARY:{_escaped(event.summary)}"
    yield f"DESCRIPTION:{_escaped(event.description)}"
    yield "TRANSP:TRANSPARENT"
    yield "BEGIN:VALARM"
    yield "ACTION:DISPLAY"
    yield f"DESCRIPTION:{_escaped(event.summary)}"
    yield "TRIGGER:-P1D"
    yield "END:VALARM"
    yield "END:VEVENT"


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
