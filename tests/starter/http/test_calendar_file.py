"""A calendar file (RFC 5545): one event in UTC, escaped, folded at 75 bytes between characters."""

from datetime import UTC, datetime, timedelta, timezone

from starter.http.calendar_file import MAX_LINE_BYTES, calendar_file

AT = datetime(2026, 12, 8, tzinfo=timezone(timedelta(hours=1)))
STAMPED_AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def test_an_instant_is_one_event_in_universal_time() -> None:
    lines = calendar_file("034AQHV02", AT, STAMPED_AT, "Acceptation", "Silence").split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "DTSTART:20261207T230000Z" in lines
    assert "DTSTAMP:20261122T093000Z" in lines
    assert lines.count("BEGIN:VEVENT") == 1


def test_the_event_has_an_alarm_a_day_before() -> None:
    lines = calendar_file("034AQHV02", AT, STAMPED_AT, "Acceptation", "Silence").split("\r\n")
    alarm = lines[lines.index("BEGIN:VALARM") : lines.index("END:VALARM")]
    assert alarm == ["BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:Acceptation", "TRIGGER:-P1D"]
    assert lines.index("END:VALARM") < lines.index("END:VEVENT")


def test_separators_and_line_ends_are_escaped() -> None:
    written = calendar_file("1", AT, STAMPED_AT, "a\\b;c,d", "un\ndeux")
    assert "SUMMARY:a\\\\b\\;c\\,d\r\n" in written
    assert "DESCRIPTION:un\\ndeux\r\n" in written


def test_a_long_line_is_folded_between_characters() -> None:
    description = "échéance " * 40
    written = calendar_file("1", AT, STAMPED_AT, "", description)
    lines = written.encode().split(b"\r\n")
    assert max(map(len, lines)) <= MAX_LINE_BYTES
    assert all(line.decode() for line in lines if line)
    assert f"DESCRIPTION:{description}" in written.replace("\r\n ", "")
