"""An answer that is an error is told in French, whichever library writes it."""

import pytest

from cli.http_errors import in_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("HTTP Error 503: Service Unavailable", "répond 503 (service indisponible)"),
        ("503, message='Service Unavailable', url='http://x/y'", "répond 503 (service indisponible)"),
        ("adresse : 418, message='Teapot', url=URL('x')", "adresse : répond 418"),
        ("certificat absent", "certificat absent"),
    ],
)
def test_an_error_of_http_is_told_in_french(text: str, words: str) -> None:
    assert in_words(text) == words
