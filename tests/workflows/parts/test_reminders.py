"""Reminders sent before an instant: numbered from the earliest, none where nothing is awaited."""

from datetime import UTC, date, datetime, timedelta

from law.silence import Rule
from models.messages.case import Receipt, Reminder
from models.messages.draft import Draft
from workflows.parts import reminders

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
RECEIPT = Receipt(
    version=1,
    received_at=AT,
    rule=Rule.DAYS_15,
    last_day_on=date(2026, 12, 7),
    tacit_acceptance_at=datetime(2026, 12, 7, 23, tzinfo=UTC),
)


def ranked(made: list[Reminder], subject: str, kind: str) -> list[datetime]:
    """The instants of reminders, which are of one subject and kind, and numbered in their order."""
    assert [(each.subject, each.kind, each.rung) for each in made] == [
        (subject, kind, rank) for rank in range(len(made))
    ]
    instants = [each.instant for each in made if each.instant]
    assert instants == sorted(instants)
    return instants


def test_reminders_of_silence_come_before_it() -> None:
    instants = ranked(reminders.before_silence("034AQHV02", "34", RECEIPT), "034AQHV02", "silence")
    assert instants
    assert all(AT < each < RECEIPT.tacit_acceptance_at for each in instants)


def test_the_last_reminder_of_an_opinion_is_due_once_its_limit_has_passed() -> None:
    due_on = date(2027, 1, 22)
    instants = ranked(reminders.before_opinion("034AQHV02", "34", due_on, AT), "034AQHV02", "opinion")
    assert instants[-1] == datetime(2027, 1, 22, 23, tzinfo=UTC)
    assert all(each < instants[-1] - timedelta(days=1) for each in instants[:-1])


def test_reminders_of_a_draft_stop_before_its_window_ends() -> None:
    closes_at = AT + timedelta(days=30)
    draft = Draft(id="d", department="34", closes_at=closes_at, accepted_until=closes_at)
    assert all(each < closes_at for each in ranked(reminders.before_lapse(draft, AT), "d", "draft"))
    assert reminders.before_lapse(draft, closes_at) == []
