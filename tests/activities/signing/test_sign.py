"""Signing: levels, standards, failover, the error of each broken part, and verification by other software."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Self

import pytest
from asn1crypto import cms
from pyhanko.pdf_utils.reader import PdfFileReader

from activities.documents.render import render
from activities.signing.errors import (
    DocumentNotSignable,
    RevocationUnavailable,
    SignerNotTrusted,
    SignerUnavailable,
    TimestampUnavailable,
)
from activities.signing.keys import load_signer
from activities.signing.sign import archive, sign
from activities.signing.timestamp import FailoverTimeStamper
from local.authorities import prepare, timestamp_urls
from local.false_timestamps import LIES
from tests.activities.documents.examples import AT, a_grant, every_document
from tests.judging import verify
from tests.verapdf import violations


@contextmanager
def away(authority_folder: Path, *services: str) -> Iterator[None]:
    """Run the block while time-stamp services answer 503."""
    faults = [authority_folder / f"refuse-{service}" for service in services]
    for fault in faults:
        fault.touch()
    try:
        yield
    finally:
        for fault in faults:
            fault.unlink()


def stamped_by(pdf: bytes) -> str:
    """Common name of the authority that time-stamped the signature."""
    (signature,) = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures
    for attribute in signature.signer_info["unsigned_attrs"]:
        if attribute["type"].native == "signature_time_stamp_token":
            certificate = attribute["values"][0]["content"]["certificates"][0].chosen
            return str(certificate.subject.native["common_name"])
    raise AssertionError("no time-stamp")


def test_every_kind_stays_pdf_a_3a_and_pdf_ua_1_once_signed_and_once_archived(
    authority_folder: Path, timestamps: FailoverTimeStamper
) -> None:
    seal = load_signer(authority_folder / "seal")
    for kind, letter in every_document().items():
        signed = sign(render(letter, AT), seal, timestamps, reason="Essai")
        kept = archive(signed, authority_folder / "trust", timestamps)
        assert (violations(signed), violations(kept)) == ([], []), kind


def test_verapdf_sees_the_trap_of_the_missing_last_newline(
    authority_folder: Path, timestamps: FailoverTimeStamper
) -> None:
    trapped = render(a_grant(), AT).rstrip(b"\n")
    signed = sign(trapped, load_signer(authority_folder / "seal"), timestamps, reason="Essai")
    assert any("6.1.9" in violation for violation in violations(signed))


def test_a_decision_carries_the_signature_of_the_person(
    authority_folder: Path, timestamps: FailoverTimeStamper
) -> None:
    director = load_signer(authority_folder / "signatories" / "director")
    signed = sign(render(a_grant(), AT), director, timestamps, reason="Décision")
    found = verify(signed, authority_folder / "trust", online=True)
    assert (found.valid, found.level, found.signer) == (True, "B-T", "Marc Olivier")


def test_the_second_authority_stamps_when_the_first_is_away(
    authority_folder: Path, timestamps: FailoverTimeStamper, sealed: bytes
) -> None:
    assert stamped_by(sealed) == "Horodatage d’essai n° 1"
    with away(authority_folder, "first"):
        seal = load_signer(authority_folder / "seal")
        again = sign(render(every_document()["receipt"], AT), seal, timestamps, reason="Essai")
    assert stamped_by(again) == "Horodatage d’essai n° 2"
    with away(authority_folder, "first"):
        assert verify(archive(again, authority_folder / "trust", timestamps), authority_folder / "trust").valid


def test_both_authorities_away_is_a_matter_of_waiting(
    authority_folder: Path, timestamps: FailoverTimeStamper, sealed: bytes
) -> None:
    seal = load_signer(authority_folder / "seal")
    with away(authority_folder, "first", "second"):
        with pytest.raises(TimestampUnavailable, match=r"first.*second"):
            sign(render(a_grant(), AT), seal, timestamps, reason="Essai")
        with pytest.raises(TimestampUnavailable):
            archive(sealed, authority_folder / "trust", timestamps)


def test_an_authority_that_answers_nonsense_or_not_at_all_is_passed_over(
    authority_folder: Path, tmp_path: Path
) -> None:
    first, second = timestamp_urls((authority_folder / "base_url").read_text("utf-8"))
    nonsense = first.replace("/tsa/first", "/essai/crls/root/latest.crl")
    stamper = FailoverTimeStamper((nonsense, "http://127.0.0.1:9/", second), authority_folder / "trust")
    signed = sign(render(a_grant(), AT), load_signer(authority_folder / "seal"), stamper, reason="Essai")
    assert stamped_by(signed) == "Horodatage d’essai n° 2"


@pytest.mark.parametrize("told", LIES)
async def test_an_authority_that_lies_is_passed_over(
    told: str, authority_folder: Path, timestamps: FailoverTimeStamper
) -> None:
    digest = sha256(b"document").digest()
    (authority_folder / f"{told}-first").touch()
    try:
        token = await timestamps.async_timestamp(digest, "sha256")
    finally:
        (authority_folder / f"{told}-first").unlink()
    certificate = token["content"]["certificates"][0].chosen
    assert certificate.subject.native["common_name"] == "Horodatage d’essai n° 2"


async def test_no_lie_is_taken_for_want_of_a_better_answer(
    authority_folder: Path, timestamps: FailoverTimeStamper
) -> None:
    with away(authority_folder, "second"):
        (authority_folder / "imprint-first").touch()
        try:
            with pytest.raises(TimestampUnavailable, match="does not stamp what was asked"):
                await timestamps.async_timestamp(sha256(b"document").digest(), "sha256")
        finally:
            (authority_folder / "imprint-first").unlink()


def test_no_authority_configured_is_said(authority_folder: Path) -> None:
    with pytest.raises(TimestampUnavailable, match="no time-stamp authority is configured"):
        sign(
            render(a_grant(), AT),
            load_signer(authority_folder / "seal"),
            FailoverTimeStamper((), authority_folder / "trust"),
            reason="Essai",
        )


def test_what_is_not_a_pdf_is_refused_for_good(authority_folder: Path, timestamps: FailoverTimeStamper) -> None:
    with pytest.raises(DocumentNotSignable):
        sign(b"bonjour", load_signer(authority_folder / "seal"), timestamps, reason="Essai")
    with pytest.raises(DocumentNotSignable, match="0 found"):
        archive(render(a_grant(), AT), authority_folder / "trust", timestamps)


def test_a_document_is_signed_once(authority_folder: Path, timestamps: FailoverTimeStamper, sealed: bytes) -> None:
    with pytest.raises(DocumentNotSignable, match="already"):
        sign(sealed, load_signer(authority_folder / "seal"), timestamps, reason="Essai")


def test_an_archived_document_can_be_stamped_again(
    authority_folder: Path, timestamps: FailoverTimeStamper, archived: bytes
) -> None:
    again = archive(archived, authority_folder / "trust", timestamps)
    assert len(PdfFileReader(BytesIO(again)).embedded_timestamp_signatures) == 2
    assert verify(again, authority_folder / "trust").valid
    assert violations(again) == []


def test_archiving_refuses_a_revoked_signer(authority_folder: Path, timestamps: FailoverTimeStamper) -> None:
    former = load_signer(authority_folder / "signatories" / "former")
    signed = sign(render(a_grant(), AT), former, timestamps, reason="Essai")
    with pytest.raises(SignerNotTrusted, match="revoked"):
        archive(signed, authority_folder / "trust", timestamps)


@pytest.mark.parametrize("address", ["nothing listens", "nobody answers"])
def test_archiving_waits_for_revocation_data(
    address: str, tmp_path: Path, silent: str, timestamps: FailoverTimeStamper
) -> None:
    prepare(tmp_path, silent if address == "nobody answers" else "http://127.0.0.1:9")
    signed = sign(render(a_grant(), AT), load_signer(tmp_path / "seal"), timestamps, reason="Essai")
    with pytest.raises(RevocationUnavailable):
        archive(signed, tmp_path / "trust", timestamps)


def test_openssl_accepts_the_signature_and_the_time_stamp(
    authority_folder: Path, sealed: bytes, tmp_path: Path
) -> None:
    (signature,) = PdfFileReader(BytesIO(sealed)).embedded_regular_signatures
    start, gap, rest, length = (int(bound) for bound in signature.byte_range)
    (tmp_path / "signed").write_bytes(sealed[start:gap] + sealed[rest : rest + length])
    content = cms.ContentInfo.load(signature.pkcs7_content)
    (tmp_path / "cms").write_bytes(content.dump())
    (tmp_path / "value").write_bytes(signature.signer_info["signature"].native)
    token = signature.signer_info["unsigned_attrs"][0]["values"][0]
    (tmp_path / "token").write_bytes(token.dump())
    root = str(authority_folder / "trust" / "root.pem")
    cms_check = "cms -verify -binary -inform DER -in cms -content signed -purpose any -out checked -CAfile"
    stamp_check = "ts -verify -data value -in token -token_in -CAfile"
    for check in (cms_check, stamp_check):
        command = ["openssl", *check.split(), root]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("missing", ["certificate.pem", "chain.pem", "key.pem"])
def test_a_key_folder_with_a_hole_is_a_matter_of_waiting(tmp_path: Path, missing: str) -> None:
    prepare(tmp_path, "http://127.0.0.1:9")
    (tmp_path / "seal" / missing).unlink()
    with pytest.raises(SignerUnavailable, match="seal"):
        load_signer(tmp_path / "seal")


def test_a_key_that_is_not_a_key_is_said(tmp_path: Path) -> None:
    prepare(tmp_path, "http://127.0.0.1:9")
    (tmp_path / "seal" / "key.pem").write_text("bonjour")
    with pytest.raises(SignerUnavailable):
        load_signer(tmp_path / "seal")
    (tmp_path / "seal" / "pkcs11.json").write_text(json.dumps({"module": "nowhere.so"}))
    with pytest.raises(SignerUnavailable):
        load_signer(tmp_path / "seal")


def test_a_key_of_another_certificate_does_not_sign(tmp_path: Path) -> None:
    prepare(tmp_path, "http://127.0.0.1:9")
    another = (tmp_path / "signatories" / "director" / "key.pem").read_bytes()
    (tmp_path / "seal" / "key.pem").write_bytes(another)
    with pytest.raises(SignerUnavailable, match="not that of the certificate"):
        load_signer(tmp_path / "seal")


def test_a_renewed_certificate_is_read_without_a_restart(
    authority_folder: Path, timestamps: FailoverTimeStamper, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal = load_signer(authority_folder / "seal")

    class Later(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls(2100, 1, 1, tzinfo=tz)

    monkeypatch.setattr("activities.signing.sign.datetime", Later)
    with pytest.raises(SignerUnavailable, match="out of date"):
        sign(render(a_grant(), AT), seal, timestamps, reason="Essai")
    assert load_signer(authority_folder / "seal") is not seal
