"""The token of an anchor is judged years later: what it stamps, by whom, when."""

import asyncio
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from asn1crypto import keys, pem, tsp
from certomancer.services import TimeStamper

from activities.signing.timestamp import FailoverTimeStamper
from activities.signing.tokens import token_check
from activities.signing.trust import certificates

DIGEST = sha256(b"ce que la nuit horodate").digest()


def now() -> datetime:
    return datetime.now(UTC)


def a_token(timestamps: FailoverTimeStamper) -> bytes:
    return bytes(asyncio.run(timestamps.async_timestamp(DIGEST, "sha256")).dump())


def test_a_token_of_a_known_authority_on_the_digest_is_right(
    authority_folder: Path, timestamps: FailoverTimeStamper
) -> None:
    token = a_token(timestamps)
    assert token_check(authority_folder / "trust")(token, DIGEST, now()) is None


@pytest.mark.parametrize(
    ("digest", "late", "what"),
    [
        (sha256(b"autre").digest(), timedelta(), "une autre empreinte"),
        (DIGEST, timedelta(minutes=6), "loin de l’instant"),
        (DIGEST, timedelta(days=-400), "loin de l’instant"),
    ],
    ids=["digest", "minutes", "days"],
)
def test_a_token_on_something_else_or_of_another_day_is_wrong(
    authority_folder: Path, timestamps: FailoverTimeStamper, digest: bytes, late: timedelta, what: str
) -> None:
    token = a_token(timestamps)
    assert what in (token_check(authority_folder / "trust")(token, digest, now() + late) or "")


WRONG = {
    "imprint": "une autre empreinte",
    "hour": "loin de l’instant",
    "signature": "la signature",
    "stranger": "autorité d’horodatage reconnue",
    "noise": "illisible",
}


@pytest.mark.parametrize("told", WRONG)
def test_a_false_token_is_wrong(authority_folder: Path, told: str) -> None:
    request = tsp.TimeStampReq(
        {
            "version": 1,
            "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": DIGEST},
            "cert_req": True,
        }
    )
    base = (authority_folder / "base_url").read_text("utf-8")
    asked = Request(f"{base}/tsa/first", request.dump(), {"Content-Type": "application/timestamp-query"})
    control = authority_folder / f"{told}-first"
    control.touch()
    try:
        with urlopen(asked) as answer:
            content = answer.read()
    finally:
        control.unlink()
    token = content if told == "noise" else tsp.TimeStampResp.load(content)["time_stamp_token"].dump()
    assert WRONG[told] in (token_check(authority_folder / "trust")(token, DIGEST, now()) or "")


def test_a_token_by_a_certificate_that_is_not_for_time_stamps_is_wrong(authority_folder: Path) -> None:
    seal = authority_folder / "seal"
    _, _, key = pem.unarmor((seal / "key.pem").read_bytes())
    [certificate] = certificates(seal / "certificate.pem")
    stamper = TimeStamper(certificate, keys.PrivateKeyInfo.load(key), certs_to_embed=certificates(seal / "chain.pem"))
    request = tsp.TimeStampReq(
        {
            "version": 1,
            "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": DIGEST},
            "cert_req": True,
        }
    )
    token = stamper.request_tsa_response(request)["time_stamp_token"].dump()
    assert "autorité d’horodatage reconnue" in (token_check(authority_folder / "trust")(token, DIGEST, now()) or "")
