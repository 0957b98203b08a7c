"""What is measured of claim files: memory, what was invented, and whether every form gives the same cents."""

from bench.claim_files_figures import MIB, Checked, Measured, build_figures

RIGHT = Checked(people=100, hours="3500.00", allowance="30000.00", indemnity="34000.00", wrong=0, lines=500)


def a_file(name: str = "long", result: Checked = RIGHT, peak: int = 200 * MIB) -> Measured:
    return Measured(name, result, seconds=(2.0, 4.0), plain_seconds=(0.1, 0.1), peak=peak)


def missed(*files: Measured) -> list[str]:
    return [each.name for each in build_figures(files) if each.met is False]


def test_lines_a_second_stand_beside_the_plain_reading() -> None:
    rate, ratio, *_ = build_figures([a_file()])
    assert (rate.values, rate.beside) == ((250.0, 125.0), "plain read-and-split 5 000/s")
    assert ratio.values == (20.0, 40.0)


def test_each_limit_is_missed_by_what_it_forbids() -> None:
    assert missed(a_file(), a_file("wide")) == []
    assert missed(a_file(), a_file("wide", peak=301 * MIB)) == ["Peak memory of the costliest file"]
    assert missed(a_file(result=RIGHT._replace(wrong=1))) == ["Errors and warnings invented in right files"]
    other = a_file("wide", RIGHT._replace(allowance="30000.01"))
    assert missed(a_file(), other) == ["Forms of the same claim that give other people, hours or cents"]
