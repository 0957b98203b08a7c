"""What pages load: under an address of their content, kept for ever, light, from nobody else."""

import gzip
import hashlib
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from docs import web_font
from starter.pages.components import assets
from starter.pages.components.assets import STATIC, address, theme

PAGE_BUDGET = 100 * 1024
"""Bytes that one page may transfer, font included (the largest page itself is below 25 KiB)."""
VENDORED = (STATIC / "VENDORED.txt").read_text("utf-8")


def test_what_comes_from_elsewhere_is_the_file_that_is_named_with_its_licence() -> None:
    stated = dict(re.findall(r"(?m)^(?P<digest>[0-9a-f]{64})  (?P<name>\S+)$", VENDORED))
    assert len(stated) == 2
    assert {hashlib.sha256((STATIC / name).read_bytes()).hexdigest(): name for name in stated.values()} == stated
    for licence in re.findall(r"\S+\.LICENSE\.txt", VENDORED):
        assert (STATIC / licence).is_file()


def test_the_font_of_the_pages_has_every_letter_of_that_of_the_documents() -> None:
    made, source = TTFont(web_font.FILE), TTFont(web_font.SOURCE)
    assert made.getBestCmap().keys() == source.getBestCmap().keys()
    assert {ord(each) for each in "ŸœŒÆ«»’€–—…×−≤≥№°²"} <= made.getBestCmap().keys()
    assert [each.axisTag for each in made["fvar"].axes] == ["wght"]
    assert web_font.FILE.stat().st_size < 60 * 1024


def test_the_font_can_be_made_again() -> None:
    assert web_font.web_font() == web_font.FILE.read_bytes()


def test_a_changed_file_has_another_address() -> None:
    style = assets.assets()["tacite.css"]
    assert address("tacite.css") == f"/static/{hashlib.sha256(style.content).hexdigest()[:12]}/tacite.css"
    with pytest.raises(KeyError):
        address("tacite.js")


def test_the_style_sheet_loads_our_font_and_nothing_else() -> None:
    style = assets.assets()["tacite.css"].content.decode()
    assert re.findall(r"url\(([^)]*)\)", style) == [f'"{address("public-sans.woff2")}"']
    assert "@import" not in style


def test_everything_that_a_page_loads_leaves_room_for_the_page() -> None:
    sent = {name: len(each.compressed or each.content) for name, each in assets.assets().items()}
    loaded = ("tacite.css", "public-sans.woff2", "tacite.svg", "favicon.ico", "htmx.min.js", "forms.js")
    assert sum(sent[name] for name in loaded) < PAGE_BUDGET - 25 * 1024


def test_style_and_scripts_are_sent_compressed_and_a_font_as_it_is() -> None:
    style, font = assets.assets()["tacite.css"], assets.assets()["public-sans.woff2"]
    assert style.compressed is not None
    assert gzip.decompress(style.compressed) == style.content
    assert font.compressed is None


def test_style_sheets_are_of_a_size_that_a_reader_can_hold() -> None:
    sheets = sorted((STATIC / "css").glob("*.css"))
    assert len(sheets) > 4
    assert [each.name for each in sheets if len(each.read_text("utf-8").splitlines()) > 300] == []


def test_a_theme_is_the_files_of_a_folder_under_one_address(tmp_path: Path) -> None:
    (tmp_path / "theme.css").write_text("@font-face { src: url(own.woff2) }", "utf-8")
    (tmp_path / "own.woff2").write_bytes(b"wOF2")
    (tmp_path / "notes.md").write_text("not served", "utf-8")
    own = theme(tmp_path)
    assert set(own.files) == {"theme.css", "own.woff2"}
    assert own.address("theme.css") == f"/theme/{own.digest}/theme.css"
    assert own.address("logo.svg") is None


def test_a_theme_without_its_style_sheet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"theme\.css"):
        theme(tmp_path)
