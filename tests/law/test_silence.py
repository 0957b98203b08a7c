"""Silence: the instant at which it counts as acceptance."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.calendar import NaiveInstant, midnight
from law.dated import BeforeFirstText
from law.directory import DEPARTMENTS, UnknownDepartment
from law.silence import Rule, silence

CODES = st.sampled_from([each.code for each in DEPARTMENTS])
INSTANTS = st.datetimes(datetime(2013, 7, 2), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("received", "code", "rule", "last_day", "acceptance"),
    [
        # first day of the first text
        ("2013-07-01T00:00:00+02:00", "75", "15_days", "2013-07-16", "2013-07-17T00:00:00+02:00"),
        # both sides of each change of rule
        ("2020-03-25T23:59:59+01:00", "75", "15_days", "2020-04-09", "2020-04-10T00:00:00+02:00"),
        ("2020-03-26T00:00:00+01:00", "75", "2_days", "2020-03-28", "2020-03-29T00:00:00+01:00"),
        ("2020-03-28T23:59:59+01:00", "75", "2_days", "2020-03-30", "2020-03-31T00:00:00+02:00"),
        ("2020-03-29T00:00:00+01:00", "75", "48_hours", "2020-03-31", "2020-03-31T01:00:00+02:00"),
        ("2020-09-30T23:59:59+02:00", "75", "48_hours", "2020-10-02", "2020-10-02T23:59:59+02:00"),
        ("2020-10-01T00:00:00+02:00", "75", "15_days", "2020-10-16", "2020-10-17T00:00:00+02:00"),
        # month ends and leap days
        ("2016-02-14T10:00:00+01:00", "75", "15_days", "2016-02-29", "2016-03-01T00:00:00+01:00"),
        ("2020-02-13T10:00:00+01:00", "75", "15_days", "2020-02-28", "2020-02-29T00:00:00+01:00"),
        ("2023-02-13T10:00:00+01:00", "75", "15_days", "2023-02-28", "2023-03-01T00:00:00+01:00"),
        ("2024-02-29T10:00:00+01:00", "75", "15_days", "2024-03-15", "2024-03-16T00:00:00+01:00"),
        ("2026-12-20T10:00:00+01:00", "75", "15_days", "2027-01-04", "2027-01-05T00:00:00+01:00"),
        # the end does not roll over a weekend: 25 December 2026 and Saturday 26 are days like others
        ("2026-12-10T10:00:00+01:00", "75", "15_days", "2026-12-25", "2026-12-26T00:00:00+01:00"),
        # both DST nights, counted on local dates
        ("2026-03-20T10:00:00+01:00", "75", "15_days", "2026-04-04", "2026-04-05T00:00:00+02:00"),
        ("2026-10-20T10:00:00+02:00", "75", "15_days", "2026-11-04", "2026-11-05T00:00:00+01:00"),
        ("2026-10-25T02:30:00+02:00", "75", "15_days", "2026-11-09", "2026-11-10T00:00:00+01:00"),
        # overseas, on the other side of midnight
        ("2026-06-01T22:30:00+00:00", "75", "15_days", "2026-06-17", "2026-06-18T00:00:00+02:00"),
        ("2026-06-01T22:30:00+00:00", "974", "15_days", "2026-06-17", "2026-06-18T00:00:00+04:00"),
        ("2026-06-01T21:30:00+00:00", "976", "15_days", "2026-06-17", "2026-06-18T00:00:00+03:00"),
        ("2026-06-02T03:30:00+00:00", "971", "15_days", "2026-06-16", "2026-06-17T00:00:00-04:00"),
        ("2020-09-30T22:30:00+02:00", "974", "15_days", "2020-10-16", "2020-10-17T00:00:00+04:00"),
        ("2020-10-01T05:00:00+02:00", "971", "48_hours", "2020-10-02", "2020-10-02T23:00:00-04:00"),
    ],
)
def test_worked_deadlines(received: str, code: str, rule: str, last_day: str, acceptance: str) -> None:
    found = silence(datetime.fromisoformat(received), code)
    assert found.rule == rule
    assert found.last_day_on == date.fromisoformat(last_day)
    assert found.tacit_acceptance_at.isoformat() == acceptance


@pytest.mark.parametrize(
    ("received", "acceptance"),
    [
        ("2026-03-28T12:00:00+01:00", "2026-03-30T13:00:00+02:00"),
        ("2026-10-24T12:00:00+02:00", "2026-10-26T11:00:00+01:00"),
    ],
)
def test_48_hours_pass_in_real_time_over_both_dst_nights(received: str, acceptance: str) -> None:
    found = silence(datetime.fromisoformat(received), "75", law_on=date(2020, 4, 15))
    assert found.tacit_acceptance_at.isoformat() == acceptance


def test_the_reception_is_local_and_truncated_to_the_second() -> None:
    found = silence(datetime(2026, 1, 1, 12, 0, 0, 999_999, tzinfo=UTC), "2a")
    assert found.received_at.isoformat() == "2026-01-01T13:00:00+01:00"


def test_every_written_form_of_a_departement_gives_the_same_deadline() -> None:
    at = datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert silence(at, "2A") == silence(at, "02A") == silence(at, "2a")


def test_naive_instants_unknown_departements_and_days_before_the_first_text_are_refused() -> None:
    with pytest.raises(NaiveInstant):
        silence(datetime(2026, 1, 1), "75")  # noqa: DTZ001
    with pytest.raises(UnknownDepartment):
        silence(datetime(2026, 1, 1, tzinfo=UTC), "20")
    with pytest.raises(BeforeFirstText):
        silence(datetime(2013, 6, 30, 21, 59, 59, tzinfo=UTC), "75")
    with pytest.raises(BeforeFirstText):
        silence(datetime(2026, 1, 1, tzinfo=UTC), "75", law_on=date(2013, 6, 30))


@given(INSTANTS, CODES)
def test_silence_comes_after_reception_and_its_rule_decides_how(instant: datetime, code: str) -> None:
    found = silence(instant, code)
    assert found.received_at <= instant < found.tacit_acceptance_at
    if found.rule is Rule.HOURS_48:
        elapsed = found.tacit_acceptance_at.astimezone(UTC) - found.received_at.astimezone(UTC)
        assert elapsed == timedelta(hours=48)
        assert found.last_day_on == found.tacit_acceptance_at.date()
        decree = midnight(found.received_at.date() + timedelta(days=3), code)
        assert found.tacit_acceptance_at <= decree
    else:
        assert found.tacit_acceptance_at == midnight(found.last_day_on + timedelta(days=1), code)


@given(st.lists(INSTANTS, min_size=2, max_size=2), CODES, st.sampled_from([None, date(2020, 3, 27)]))
def test_a_later_reception_never_falls_due_earlier_within_a_rule(
    instants: list[datetime], code: str, law_on: date | None
) -> None:
    first, second = (silence(at, code, law_on) for at in sorted(instants))
    if first.rule is second.rule:
        assert first.tacit_acceptance_at <= second.tacit_acceptance_at


@pytest.mark.parametrize(
    ("law_on", "rule", "acceptance"),
    [
        (date(2020, 3, 28), "2_days", "2026-11-25T00:00:00+01:00"),
        (date(2020, 4, 10), "48_hours", "2026-11-24T10:00:00+01:00"),
        (date(2014, 1, 1), "15_days", "2026-12-08T00:00:00+01:00"),
    ],
)
def test_training_takes_the_rule_of_another_day_and_keeps_real_instants(
    law_on: date, rule: str, acceptance: str
) -> None:
    found = silence(datetime(2026, 11, 22, 9, tzinfo=UTC), "75", law_on)
    assert (found.rule, found.tacit_acceptance_at.isoformat()) == (rule, acceptance)
    assert found.why[0].source == "profil de formation"


def test_the_explanation_names_article_value_and_source_of_each_step() -> None:
    why = silence(datetime(2026, 12, 1, 9, tzinfo=UTC), "75").why
    assert all(each.article and each.text.endswith(".") and each.value and each.source for each in why)
    assert (why[0].article, why[0].value, why[0].source) == (
        "R. 5122-4",
        "15 jours calendaires",
        "décret n° 2020-1188, art. 2",
    )
    assert why[-1].value.replace("\u00a0", " ") == "17 décembre 2026 à 0 h 00 min 00 s"
