"""Where no line breaks, long numbers in groups, and what people typed, which comes back as it was."""

import pytest

from starter.pages.components.typography import bound, coded, iban_in_groups, siret_in_groups


def shown(html: str) -> str:
    """The same page with its non-breaking spaces in sight."""
    return html.replace("\N{NO-BREAK SPACE}", "_")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("R. 5122-4 : « oui » n° 2019 5 %", "R._5122-4_: «_oui_» n°_2019 5_%"),
        ("du 1er décembre 2026 au 28 février", "du 1er_décembre_2026 au 28_février"),
        ("à minuit (heure de La Réunion)", "à minuit (heure_de_La Réunion)"),
        ("il reste 30 jours pour 18 salariés, 12 000 h", "il reste 30_jours pour 18_salariés, 12 000_h"),
        ("rien à tenir ensemble ici", "rien à tenir ensemble ici"),
    ],
)
def test_no_line_breaks_where_french_admits_none(text: str, expected: str) -> None:
    assert shown(bound(f"<p>{text}</p>")) == f"<p>{expected}</p>"


@pytest.mark.parametrize(
    "html",
    [
        '<input name="reason" value="Crue du 2 mars : 12 jours">',
        '<textarea id="reason">Crue du 2 mars : 12 jours\n« fermé »</textarea>',
    ],
)
def test_what_was_typed_comes_back_as_it_was(html: str) -> None:
    assert bound(html) == html


def test_long_numbers_are_read_in_groups() -> None:
    assert shown(siret_in_groups("00000005900014")) == "000_000_059_00014"
    assert shown(iban_in_groups("FR1420041010050500013M02606")) == "FR14_2004_1010_0505_0001_3M02_606"


def test_names_between_backticks_are_code_and_everything_else_is_escaped() -> None:
    assert coded("`draft` & <b>") == "<code>draft</code> &amp; &lt;b&gt;"
