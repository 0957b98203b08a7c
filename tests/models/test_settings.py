"""The settings: what is refused at start, and what a secret may contain."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from models.engine.names import PROCEDURE_QUEUES, READING, VERIFYING, Queue
from models.settings import Settings, wrong_variables

NEEDED = {
    "DATABASE": "postgresql://nowhere",
    "MASTER_KEY": "x",
    "BLIND_KEY": "x",
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


def test_a_worker_serves_the_procedure_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().queues == PROCEDURE_QUEUES
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
        ("COMPANIES", "https://companies.example"),
        ("COMPANIES_SEARCH", "companies:9000"),
        ("COMPANIES_SEARCH", "http://companies.example"),
        ("MAIL", "mail.example:25"),
        ("OIDC_ISSUER", "https://identities.example"),
        ("ENGINE_CERTIFICATE", "client_certificate"),
    ],
)
def test_what_cannot_work_is_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"TACITE_{name}", value)
    with pytest.raises(ValidationError):
        Settings()


@pytest.mark.parametrize("given", ["SEAL", "SIGNATORIES", "AGENCY_KEY"])
@pytest.mark.parametrize("queue", [VERIFYING, READING])
def test_a_worker_of_files_that_others_send_is_refused_any_key(
    queue: Queue, given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SEAL", "SIGNATORIES", "TIMESTAMPS", "AGENCY"):
        monkeypatch.delenv(f"TACITE_{name}")
    monkeypatch.setenv("TACITE_QUEUES", f'["{queue}"]')
    with pytest.raises(ValidationError, match="TACITE_EXAMINING"):
        Settings()
    monkeypatch.setenv("TACITE_EXAMINING", "unix:/x")
    assert Settings().queues == (queue,)
    monkeypatch.setenv(f"TACITE_{given}", "x")
    with pytest.raises(ValidationError, match=f"TACITE_{given}"):
        Settings()


@pytest.mark.parametrize(("queue", "other"), [(VERIFYING, "cases"), ("cases", READING), (VERIFYING, READING)])
def test_files_that_others_send_have_a_worker_of_their_own(
    queue: str, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TACITE_QUEUES", f'["{queue}", "{other}"]')
    with pytest.raises(ValidationError, match="TACITE_QUEUES"):
        Settings()


@pytest.mark.parametrize(("queue", "name"), [("signing", "SEAL"), ("signing", "TIMESTAMPS"), ("agency", "AGENCY")])
def test_what_a_queue_needs_is_required_of_its_worker_only(
    queue: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(f"TACITE_{name}")
    monkeypatch.setenv("TACITE_QUEUES", f'["{queue}"]')
    with pytest.raises(ValidationError) as wrong:
        Settings()
    assert wrong_variables(wrong.value) == [f"TACITE_{name}"]
    monkeypatch.setenv("TACITE_QUEUES", '["cases"]')
    assert Settings()


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


@pytest.mark.parametrize("address", ["http://127.0.0.1:9000", "http://[::1]:9000/oidc", "http://localhost"])
def test_a_partner_on_this_machine_may_do_without_tls(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"OIDC_CLIENT": "tacite", "OIDC_SECRET": "secret", "OIDC_ACR": '["eidas2"]', "OIDC_ISSUER": address}
    for name, value in told.items():
        monkeypatch.setenv(f"TACITE_{name}", value)
    assert Settings().oidc_issuer == address
    for elsewhere in ("http://127.0.0.1.evil.example", "http://localhost.example", "http://127.0.0.1@evil.example"):
        monkeypatch.setenv("TACITE_OIDC_ISSUER", elsewhere)
        with pytest.raises(ValidationError, match="https"):
            Settings()


def test_the_address_of_the_register_may_be_a_secret_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TACITE_DATABASE")
    (tmp_path / "tacite_database").write_text("postgresql://secret\n")
    read = Settings(_secrets_dir=tmp_path)
    assert read.database == "postgresql://secret"
    assert "postgresql" not in repr(read)
