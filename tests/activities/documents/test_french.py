"""French typography of values: days, instants, numbers, and what a font cannot show."""

import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from structlog.testing import capture_logs

from activities.documents.french import UNPRINTABLE, bound, day, instant, legible
from law.texts import count_in_french, deadline_in_french, named_end_in_french, number_in_french

PARIS = ZoneInfo("Europe/Paris")


def plain(text: str) -> str:
    """The same text with ordinary spaces."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("value", "expected"), [(date(2026, 12, 1), "1er décembre 2026"), (date(2027, 2, 28), "28 février 2027")]
)
def test_the_first_of_a_month_is_an_ordinal(value: date, expected: str) -> None:
    assert plain(day(value)) == expected


@pytest.mark.parametrize(
    ("value", "name", "expected"),
    [
        (
            datetime(2026, 12, 1, tzinfo=PARIS),
            "heure de Paris",
            "1er décembre 2026 à 0 h 00 min 00 s, heure de Paris (UTC+1)",
        ),
        (
            datetime(2026, 7, 14, 14, 3, 9, tzinfo=PARIS),
            "heure de Paris",
            "14 juillet 2026 à 14 h 03 min 09 s, heure de Paris (UTC+2)",
        ),
        (
            datetime(2026, 1, 2, tzinfo=ZoneInfo("America/Martinique")),
            "heure de la Martinique",
            "2 janvier 2026 à 0 h 00 min 00 s, heure de la Martinique (UTC−4)",
        ),
        (
            datetime(2026, 1, 2, tzinfo=timezone(timedelta(hours=-9, minutes=-30))),
            "heure des Marquises",
            "2 janvier 2026 à 0 h 00 min 00 s, heure des Marquises (UTC−9:30)",
        ),
        (
            datetime(2026, 1, 2, tzinfo=UTC),
            "temps universel",
            "2 janvier 2026 à 0 h 00 min 00 s, temps universel (UTC+0)",
        ),
    ],
)
def test_an_instant_names_its_hour_and_its_offset(value: datetime, name: str, expected: str) -> None:
    assert plain(instant(value, name)) == expected


def test_the_two_hours_of_the_autumn_night_are_told_apart() -> None:
    first = datetime(2026, 10, 25, 2, 30, tzinfo=PARIS)
    assert "(UTC+2)" in instant(first, "heure de Paris")
    assert "(UTC+1)" in instant(first.replace(fold=1), "heure de Paris")


def test_a_naive_instant_is_never_printed() -> None:
    with pytest.raises(ValueError, match="aware"):
        instant(datetime(2026, 1, 1), "heure de Paris")  # noqa: DTZ001


@pytest.mark.parametrize(
    ("value", "expected"),
    [(Decimal("12000"), "12 000"), (Decimal("1607.50"), "1 607,5"), (Decimal("0.05"), "0,05"), (42, "42")],
)
def test_numbers_have_a_comma_and_thousands_apart(value: Decimal | int, expected: str) -> None:
    assert plain(number_in_french(value)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, "0 salarié"),
        (1, "1 salarié"),
        (Decimal("1.5"), "1,5 salarié"),
        (2, "2 salariés"),
        (1200, "1 200 salariés"),
    ],
)
def test_what_is_counted_is_plural_from_two_on(value: Decimal | int, expected: str) -> None:
    assert plain(count_in_french(value, "salarié")) == expected


def test_text_keeps_what_can_be_shown_and_marks_what_cannot() -> None:
    assert legible("L’HAŸ-LES-ROSES, œuvre, Łódź, Ωμέγα, Жук, 12 €") == "L’HAŸ-LES-ROSES, œuvre, Łódź, Ωμέγα, Жук, 12 €"
    assert legible("a🙂b中") == f"a{UNPRINTABLE}b{UNPRINTABLE}"
    assert legible("a\u202eb\u0000c\u200bd\ud800e") == "abcde"
    assert legible(unicodedata.normalize("NFD", "é")) == "é"


def test_common_signs_are_printed_as_they_are() -> None:
    text = "effectif ≥ 50, baisse ≤ 10 %, recul de −12 %, ≠ ≈ ⅓ ½ 10² 1ᵉʳ √ ∞ ∑ ✓ ☐"
    assert legible(text) == text
    assert legible("insuﬃsant, « ﬁn »") == "insuffisant, « fin »"


def test_what_is_lost_of_a_text_of_before_is_logged() -> None:
    with capture_logs() as logs:
        assert legible("中 □ a") == "□ □ a"
    assert [(each["event"], each["count"]) for each in logs] == [("signs_not_printed", 1)]


@pytest.mark.parametrize(
    ("at", "deadline", "end"),
    [
        (
            datetime(2026, 12, 14, tzinfo=PARIS),
            "au plus tard le 13 décembre 2026 à minuit (heure de Paris)",
            "13 décembre 2026 à minuit (heure de Paris)",
        ),
        (
            datetime(2020, 4, 17, 14, 3, 9, tzinfo=PARIS),
            "avant le 17 avril 2020 à 14 h 03 min 09 s (heure de Paris)",
            "17 avril 2020 à 14 h 03 min 09 s (heure de Paris)",
        ),
    ],
)
def test_an_instant_that_is_too_late_is_said_as_the_last_day_at_midnight(at: datetime, deadline: str, end: str) -> None:
    assert plain(deadline_in_french(at, "heure de Paris")) == deadline
    assert plain(named_end_in_french(at, "heure de Paris")) == end
    assert plain(deadline_in_french(at)) == deadline.removesuffix(" (heure de Paris)")


@pytest.mark.parametrize("whole", ["12 novembre 2026", "n° 034AQHV02", "heure de La Réunion", "« Sinistre »"])
def test_what_belongs_together_stays_on_one_line(whole: str) -> None:
    assert " " not in bound(f"{whole}, dit-on").partition(",")[0]
