"""A certificate's revocation is checked before it signs: a revoked one does not sign; without an answer it does."""

from pathlib import Path

import pytest

from activities.signing import certificate_status
from activities.signing.certificate_status import CertificateStatus
from activities.signing.errors import CertificateRevoked, SignerUnavailable
from activities.signing.keys import load_signer
from local.authorities import prepare


@pytest.fixture
def revoked(authority_folder: Path) -> Path:
    """The file whose presence marks the certificates as revoked."""
    return authority_folder / "revoke"


def test_a_revoked_certificate_signs_nothing_until_it_is_put_back(authority_folder: Path, revoked: Path) -> None:
    asked, seal = CertificateStatus(authority_folder / "trust"), load_signer(authority_folder / "seal")
    revoked.touch()
    try:
        for _ in range(2):
            with pytest.raises(CertificateRevoked, match=r"révoqué le \d\d/\d\d/20"):
                asked.check(seal)
    finally:
        revoked.unlink()
    asked.check(seal)


def test_good_news_is_kept_for_a_while(authority_folder: Path, revoked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 1_000.0
    monkeypatch.setattr(certificate_status, "monotonic", lambda: moment)
    asked, seal = CertificateStatus(authority_folder / "trust"), load_signer(authority_folder / "seal")
    asked.check(seal)
    revoked.touch()
    try:
        moment += certificate_status.STATUS_LIFETIME - 1
        asked.check(seal)
        moment += 1
        with pytest.raises(CertificateRevoked):
            asked.check(seal)
    finally:
        revoked.unlink()


def test_an_authority_that_is_away_stops_nobody(tmp_path: Path) -> None:
    prepare(tmp_path, "http://127.0.0.1:9")
    CertificateStatus(tmp_path / "trust").check(load_signer(tmp_path / "seal"))


def test_an_authority_that_says_nothing_stops_nobody(
    tmp_path: Path, silent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(certificate_status, "AUTHORITY_TIMEOUT", 0.2)
    prepare(tmp_path, silent)
    CertificateStatus(tmp_path / "trust").check(load_signer(tmp_path / "seal"))


def test_a_certificate_of_another_authority_signs_nothing(authority_folder: Path, tmp_path: Path) -> None:
    prepare(tmp_path, "http://127.0.0.1:9")
    with pytest.raises(SignerUnavailable, match="certificat refusé"):
        CertificateStatus(tmp_path / "trust").check(load_signer(authority_folder / "seal"))
