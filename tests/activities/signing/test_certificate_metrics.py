"""What signing will need later is measured now, and its alerts fire."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from prometheus_client import CollectorRegistry, generate_latest

from activities.signing.certificate_metrics import CertificateMetrics
from local.authorities import timestamp_urls
from local.programs import Authorities
from models.settings import Settings
from tests.alerting import firing, samples


def a_certificate(folder: Path, days: float) -> None:
    """A certificate that expires `days` from now."""
    key, name, now = ec.generate_private_key(ec.SECP256R1()), x509.Name([]), datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    dated = builder.not_valid_before(now - timedelta(days=90)).not_valid_after(now + timedelta(days=days))
    folder.mkdir()
    (folder / "certificate.pem").write_bytes(dated.sign(key, SHA256()).public_bytes(Encoding.PEM))


def in_office(folder: Path, **until: str | None) -> None:
    """Signatories, each with an end date."""
    people = [
        {"id": id, "name": id, "quality": "Directeur", "departments": ["*"], "from_on": "2020-01-01"}
        | {"until_on": day, "delegation": None, "folder": id}
        for id, day in until.items()
    ]
    (folder / "signatories.json").write_text(json.dumps(people), "utf-8")


@pytest.fixture
def chosen(tmp_path: Path, authorities: Authorities) -> Settings:
    stated = {name: tmp_path / name for name in ("master_key", "blind_key", "seal", "signatories")}
    stated["trust"] = authorities.folder / "trust"
    (tmp_path / "signatories").mkdir()
    urls = timestamp_urls(authorities.url)
    return Settings.model_validate(
        stated | {"database": "postgresql://", "agency": tmp_path.as_uri(), "timestamps": urls}
    )


async def seen(chosen: Settings) -> str:
    """The metrics of one round of the watch."""
    measured = CollectorRegistry()
    await CertificateMetrics(chosen, measured).measure()
    return generate_latest(measured).decode()


async def test_certificates_near_their_end(chosen: Settings, tmp_path: Path) -> None:
    a_certificate(chosen.seal, days=400)
    for name, days in (("director", 300), ("delegate", 20), ("former", -5)):
        a_certificate(chosen.signatories / name, days)
    in_office(chosen.signatories, director=None, former="2021-01-01")
    well = await seen(chosen)
    assert firing(tmp_path, well, well) == {"RelaisAbsent"}
    in_office(chosen.signatories, director=None, delegate="2099-01-01", former="2021-01-01")
    soon = await seen(chosen)
    assert firing(tmp_path, soon, soon) == {"RelaisAbsent", "CertificatÀRenouveler"}
    (chosen.seal / "certificate.pem").unlink()
    gone = await seen(chosen)
    assert firing(tmp_path, gone, gone) == {"RelaisAbsent", "CertificatÀRenouveler", "CertificatAchevé"}


async def test_a_certificate_that_was_revoked(chosen: Settings, authorities: Authorities, tmp_path: Path) -> None:
    keys = {"seal": authorities.folder / "seal", "signatories": authorities.folder / "signatories"}
    real = chosen.model_copy(update=keys)
    assert "CertificatRévoqué" not in firing(tmp_path, well := await seen(real), well)
    with authorities.fault("revoke"):
        taken_back = await seen(real)
    assert "CertificatRévoqué" in firing(tmp_path, well, taken_back)
    named = samples(taken_back)
    assert named['tacite_certificate_revoked{holder="seal"}'] == 1
    assert named['tacite_certificate_revoked{holder="signatories"}'] == 1


async def test_authorities_that_do_not_answer(chosen: Settings, authorities: Authorities, tmp_path: Path) -> None:
    with authorities.fault("refuse-second"):
        one = await seen(chosen)
        with authorities.fault("refuse-first"):
            none = await seen(chosen)
    assert samples(one)['tacite_timestamp_authority_up{rank="1"}'] == 1
    assert "HorodatageMuet" in firing(tmp_path, one, one, minutes=35)
    assert "AucunHorodatage" not in firing(tmp_path, one, one, minutes=35)
    assert "AucunHorodatage" in firing(tmp_path, one, none)
