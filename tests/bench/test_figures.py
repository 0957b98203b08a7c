"""Figures are judged by their limit, reported with their noise, and compared with the previous run."""

import pytest

from bench.figures import Figure, Runs, Section, quantile
from bench.report import render


def a_figure(*values: float, limit: float | None = None, at_least: bool = False, stated: float = 0.1) -> Figure:
    return Figure(
        name="Things",
        unit="/s",
        values=values,
        limit=limit,
        at_least=at_least,
        bound="Two cores.",
        stated=stated,
    )


def a_section(*figures: Figure, processor: str = "Swift") -> Section:
    return Section(
        family="things",
        title="Things",
        how="Counted.",
        taken_at="2026-11-25 20:00 UTC",
        seconds=3.0,
        load=0.1,
        processor=processor,
        speed=(1428.4, 752.0),
        revision="abc1234",
        figures=figures,
    )


@pytest.mark.parametrize(
    ("limit", "at_least", "met"),
    [(10.0, False, True), (9.0, False, False), (10.0, True, True), (11.0, True, False), (None, False, None)],
)
def test_a_limit_is_kept_on_its_side_and_at_its_very_value(
    limit: float | None, at_least: bool, met: bool | None
) -> None:
    assert a_figure(8, 10, 30, limit=limit, at_least=at_least).met is met


def test_noise_is_half_of_what_was_seen_and_never_less_than_was_stated() -> None:
    assert a_figure(8, 10, 16).noise == 4
    assert a_figure(10).noise == pytest.approx(1)


def test_two_runs_agree_within_the_noise_of_both() -> None:
    assert a_figure(10).agrees(a_figure(12))
    assert not a_figure(10).agrees(a_figure(13))


def test_a_quantile_is_a_value_that_was_seen() -> None:
    assert quantile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert quantile([3.0, 1.0, 2.0], 1.0) == 3.0
    assert quantile([], 0.99) == 0.0


def test_a_new_run_pushes_the_last_one_back_and_leaves_other_families_alone() -> None:
    first, second = a_section(a_figure(10)), a_section(a_figure(11))
    other = first.model_copy(update={"family": "others"})
    runs = Runs().with_section(first).with_section(other).with_section(second)
    assert runs.last == {"things": second, "others": other}
    assert runs.before == {"things": first}
    assert Runs.model_validate_json(runs.model_dump_json()) == runs


def test_the_report_says_what_is_missed_why_and_whether_the_run_before_agrees() -> None:
    earlier = a_section(a_figure(20), processor="Slow")
    runs = Runs().with_section(earlier).with_section(a_section(a_figure(10, limit=9)))
    report = render(runs, ("things",))
    assert "**0 limits of 1 are kept.** Missed:\n\n* Things: 10 /s. Two cores." in report
    assert "Swift. One core: 1 428 then 752 RSA-3072 operations a second" in report
    assert "The run before: Slow." in report
    assert "| Things | **10** /s | once | 1 | ≤ 9 | **missed** | 20, **differs** | Two cores. |" in report
