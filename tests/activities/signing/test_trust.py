"""The throw-away authorities: created quickly, persistent, and safe to move."""

import stat
import time
from pathlib import Path

import pytest
from asn1crypto import pem, x509

from local.authorities import main, prepare, timestamp_urls


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("authorities")


def certificate(path: Path) -> x509.Certificate:
    _, _, der = pem.unarmor(path.read_bytes())
    return x509.Certificate.load(der)


def test_a_move_keeps_keys_and_anchor_and_renames_the_services(folder: Path) -> None:
    prepare(folder, "http://127.0.0.1:9001")
    kept = [folder / "trust" / "root.pem", *sorted((folder / "keys").glob("*.pem"))]
    before = [path.read_bytes() for path in kept]
    started = time.process_time()
    prepare(folder, "http://127.0.0.1:9002")
    assert time.process_time() - started < 2
    assert [path.read_bytes() for path in kept] == before
    assert certificate(folder / "seal" / "certificate.pem").ocsp_urls == ["http://127.0.0.1:9002/essai/ocsp/issuing"]


def test_keys_are_readable_by_their_owner_alone(folder: Path) -> None:
    prepare(folder, "http://127.0.0.1:9001")
    secrets = [*folder.rglob("key.pem"), *(folder / "keys").glob("*.pem")]
    assert secrets
    assert {stat.S_IMODE(path.stat().st_mode) for path in secrets} == {0o600}


def test_signers_have_keys_of_the_one_star_level_and_may_commit(folder: Path) -> None:
    prepare(folder, "http://127.0.0.1:9001")
    for owner in ("seal", "signatories/director", "signatories/delegate"):
        found = certificate(folder / owner / "certificate.pem")
        assert (found.public_key.algorithm, found.public_key.bit_size) == ("rsa", 3072)
        assert "non_repudiation" in found.key_usage_value.native


def test_the_two_time_stamp_addresses_are_told() -> None:
    assert timestamp_urls("http://a:1") == ("http://a:1/tsa/first", "http://a:1/tsa/second")


@pytest.mark.parametrize("arguments", [[], ["serve"], ["serve", "folder"], ["serve", "folder", "port"]])
def test_wrong_use_is_told_apart(arguments: list[str]) -> None:
    assert main(arguments) == 2
