"""Contrasts of the colours of the pages, computed, in both schemes (WCAG 1.4.3 and 1.4.11)."""

import re

import pytest

from starter.pages.components.assets import STATIC

TEXT, SHAPE = 4.5, 3.0
COLOURS = (STATIC / "css" / "1-colours.css").read_text("utf-8")
BACKGROUNDS = ("paper", "pale", "good-pale", "doubt-pale", "bad-pale", "info-pale")
PAIRS = [
    *((text, back, TEXT) for text in ("ink", "quiet", "accent", "deep") for back in BACKGROUNDS),
    *((text, back, TEXT) for text in ("good", "doubt", "bad", "info") for back in (f"{text}-pale", "paper", "pale")),
    ("on-accent", "accent", TEXT),
    ("on-accent", "deep", TEXT),
    ("paper", "bad", TEXT),
    *(("edge", back, SHAPE) for back in BACKGROUNDS[:2]),
]
"""Text or shape, background, least contrast."""


def _scheme(name: str) -> dict[str, str]:
    light, _, dark = COLOURS.partition("@media (prefers-color-scheme: dark)")
    own = dict(re.findall(r"--([\w-]+): (#[0-9a-f]+)", light))
    return own | dict(re.findall(r"--([\w-]+): (#[0-9a-f]+)", dark)) if name == "dark" else own


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(each * 2 for each in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_computation_gives_the_known_values() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_and_edges_can_be_told_from_their_background(scheme: str) -> None:
    colours = _scheme(scheme)
    found = [(text, back, contrast(colours[text], colours[back]), least) for text, back, least in PAIRS]
    assert [(text, back, round(has, 2)) for text, back, has, least in found if has < least] == []


def test_the_dark_scheme_replaces_every_colour() -> None:
    light = _scheme("light")
    assert [name for name, value in _scheme("dark").items() if light[name] == value] == []


def test_no_other_style_sheet_has_a_colour_of_its_own() -> None:
    """But those of paper, and white behind a QR code, which must be read by a camera."""
    for sheet in sorted((STATIC / "css").glob("*.css")):
        text = sheet.read_text("utf-8").partition("@media print")[0]
        allowed = 0 if sheet.name != "2-base.css" else 1
        if sheet.name != "1-colours.css":
            assert len(re.findall(r"#[0-9a-f]{3,6}\b|rgba?\(|hsla?\(", text)) == allowed, sheet.name
