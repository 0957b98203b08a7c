"""Where a link may lead."""

import pytest
from pikepdf import Dictionary, Name, String

from examining.pdf_links import is_file, is_web


@pytest.mark.parametrize("address", ["", "https://a.fr", "HTTP://A.FR", "mailto:a@b.fr", "www.a.fr", "a@b.fr", "#p2"])
def test_the_web_and_persons(address: str) -> None:
    assert is_web(String(address))
    assert not is_file(String(address))


@pytest.mark.parametrize("address", ["file:///C:/a.docx", "a.pdf", "../a.exe", "//a/b", "C:/a", "www.", "cmd.exe"])
def test_files(address: str) -> None:
    assert is_file(String(address))
    assert not is_web(String(address))


@pytest.mark.parametrize(
    "address", [String("javascript:a"), String("data:text/html,a"), String("\u0001javascript:a"), Name.a]
)
def test_neither(address: object) -> None:
    assert not is_web(address)
    assert not is_file(address)


def test_the_base_of_addresses() -> None:
    assert is_web(Dictionary(Base=String("https://a.fr")))
    assert is_file(Dictionary(Base=String("file:///a")))
