"""Revocation data of our signers: fetched once for a while, without holding anybody when authorities are silent."""

import time
from base64 import b64decode
from pathlib import Path

import pytest

from activities.signing import published, revocations
from activities.signing.revocations import RevocationCache, Revocations
from local.authorities import prepare
from local.ports import free_port


def test_it_is_fetched_once_for_a_while(authority_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trust = authority_folder / "trust"
    cache, signers = RevocationCache(trust), published.read(trust)
    first = cache.get(signers)
    assert first.crls or first.ocsps
    monkeypatch.setattr(revocations, "fetch", None)
    assert cache.get(signers) is first


def test_authorities_that_say_nothing_hold_nobody_for_long(
    tmp_path: Path, silent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revocations, "PATIENCE", 1.0)
    prepare(tmp_path, silent)
    began = time.monotonic()
    found = RevocationCache(tmp_path / "trust").get(published.read(tmp_path / "trust"))
    assert time.monotonic() - began < 4
    assert found.ocsps == ()


def test_authorities_that_refuse_the_connection_are_asked_again_soon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(tmp_path, f"http://127.0.0.1:{free_port()}")
    cache, signers = RevocationCache(tmp_path / "trust"), published.read(tmp_path / "trust")
    monkeypatch.setattr(revocations, "SOON", 0.0)
    first = cache.get(signers)
    assert first == Revocations()
    assert cache.get(signers) is not first


def test_a_list_too_long_for_an_examination_is_left_out_and_the_rest_serves(
    authority_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust = authority_folder / "trust"
    whole = RevocationCache(trust).get(published.read(trust))
    longest = max(len(b64decode(each)) for each in (*whole.crls, *whole.ocsps))
    monkeypatch.setattr(revocations, "MAX_BYTES", longest - 1)
    kept = RevocationCache(trust).get(published.read(trust))
    sizes = [len(b64decode(each)) for each in (*kept.crls, *kept.ocsps)]
    assert sizes
    assert sum(sizes) < longest


@pytest.mark.parametrize(
    ("answers", "lists", "kept"),
    [((9, 2), (3, 9), (2, 3)), ((6,), (3, 9), (3,)), ((2,), (9, 3), (2, 3)), ((), (9,), ())],
)
def test_what_is_too_long_leaves_room_for_what_is_not(
    answers: tuple[int, ...], lists: tuple[int, ...], kept: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revocations, "MAX_BYTES", 5)
    found = revocations._bounded([b"a" * each for each in answers], [b"l" * each for each in lists])
    assert tuple(len(b64decode(each)) for each in (*found.ocsps, *found.crls)) == kept
