"""A password is the same however a system writes its letters, is never trimmed, and hashes of before still open."""

import unicodedata

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from starter.auth.passwords import check_chosen, hashed, is_of_prepared, matches
from starter.http.problems import InvalidRequest

CHOSEN = "Café-crème-été"
OTHER_FORMS = [
    unicodedata.normalize("NFD", CHOSEN),
    unicodedata.normalize("NFC", CHOSEN),
    CHOSEN.replace("-", "\uff0d"),
]
OLD = PasswordHash((Argon2Hasher(),)).hash


@pytest.mark.parametrize("typed", OTHER_FORMS, ids=ascii)
def test_a_password_opens_from_any_system(typed: str) -> None:
    assert matches(typed, hashed(CHOSEN))
    assert matches(CHOSEN, hashed(typed))


def test_a_password_is_never_trimmed() -> None:
    assert matches(" de trois mots ", hashed(" de trois mots "))
    assert not matches("de trois mots", hashed(" de trois mots "))
    assert not matches(" de trois mots ", hashed("de trois mots"))
    assert matches("deux\u00a0mots\u3000et trois", hashed("deux mots et trois"))


@pytest.mark.parametrize("typed", [*OTHER_FORMS[:2], f" {CHOSEN} "], ids=ascii)
def test_a_hash_of_before_opens_for_what_was_typed_then(typed: str) -> None:
    stored = OLD(typed.strip())
    assert matches(typed, stored)
    assert not matches("Cafe-creme-ete", stored)
    assert (is_of_prepared(stored), is_of_prepared(hashed(typed)), is_of_prepared(None)) == (False, True, False)


def test_nothing_opens_an_account_without_a_password() -> None:
    assert not matches("personne n’a ce mot de passe", None)


@pytest.mark.parametrize(
    ("chosen", "code"),
    [
        (" " * 12, "password-blank"),
        ("\u00a0\u200b" * 8, "password-blank"),
        ("\u3164" * 12, "password-blank"),
        ("\u2800" * 12, "password-blank"),
        ("\uffa0\u115f\u17b4 " * 4, "password-blank"),
        ("\U0001d159" * 12, "password-blank"),
        ("onze signes", "password-length"),
        (unicodedata.normalize("NFD", "é" * 6), "password-length"),
        ("x" * 201, "password-length"),
        ("douze\tsignes", "password-control"),
        ("douze\x1b signes", "password-control"),
    ],
    ids=ascii,
)
def test_a_password_that_shows_nothing_or_is_too_short_is_refused(chosen: str, code: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        check_chosen(chosen)
    assert [(each.pointer, each.code) for each in refused.value.faults] == [("/password", code)]


@pytest.mark.parametrize("chosen", ["douze signes", " " + "x" * 11, "é" * 12, "🙂" * 12, "密码" * 6])
def test_other_passwords_may_be_chosen(chosen: str) -> None:
    check_chosen(chosen)
