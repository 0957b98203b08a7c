"""The tools of these tests: axe is the one that is named, and finds what is wrong."""

from tests.browser.screens import digest, vendored


def test_axe_is_the_one_that_is_named() -> None:
    assert {name: digest(name) for name in vendored()} == vendored()
