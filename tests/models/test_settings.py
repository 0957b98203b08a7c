"""The settings: what is refused at start, and what a secret may contain."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from models.engine.names import QUEUES
from models.settings import Settings

NEEDED = {
    "DATABASE": "postgresql://nowhere",
    "MASTER_KEY": "x",
    "TRUST": "x",
    "SEAL": "x",
    "SIGNATORIES": "x",
    "TIMESTAMPS": "[]",
    "AGENCY": "file:///x",
}


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in NEEDED.items():
        monkeypatch.setenv(f"TACITE_{name}", value)


def test_a_worker_serves_every_queue_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().queues == QUEUES
    monkeypatch.setenv("TACITE_QUEUES", '["signing"]')
    assert Settings().queues == ("signing",)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("QUEUES", "[]"),
        ("QUEUES", '["letters"]'),
        ("LAW_ON", "2020-04-15"),
        ("AGENCY", "sftp://tacite@agency:22/depot"),
        ("ENGINE_KEY", "client_key"),
        ("COMPANIES", "companies:9000"),
        ("MAIL", "mail.example:25"),
        ("OIDC_ISSUER", "https://identities.example"),
        ("ENGINE_CERTIFICATE", "client_certificate"),
    ],
)
def test_what_cannot_work_is_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"TACITE_{name}", value)
    with pytest.raises(ValidationError):
        Settings()


def test_a_provider_of_identities_is_spoken_to_in_secret_in_production(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = {"OIDC_CLIENT": "tacite", "OIDC_SECRET": "secret", "OIDC_ISSUER": "http://identities.example"}
    for name, value in told.items():
        monkeypatch.setenv(f"TACITE_{name}", value)
    with pytest.raises(ValidationError, match="https"):
        Settings()
    monkeypatch.setenv("TACITE_OIDC_ISSUER", "https://identities.example")
    with pytest.raises(ValidationError, match="ACR"):
        Settings()
    monkeypatch.setenv("TACITE_OIDC_ACR", '["eidas2"]')
    assert Settings().oidc_issuer


def test_the_address_of_the_register_may_be_a_secret_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TACITE_DATABASE")
    (tmp_path / "tacite_database").write_text("postgresql://secret\n")
    read = Settings(_secrets_dir=tmp_path)
    assert read.database == "postgresql://secret"
    assert "postgresql" not in repr(read)
