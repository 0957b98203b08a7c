"""Seals: each stored document is signed once, over its whole content, by a valid certificate, and time-stamped.

Parses with `asn1crypto` and verifies with `cryptography`, without the product's own verification.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final, LiteralString

import psycopg
from asn1crypto import cms, pem, x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

HOUR: Final = timedelta(hours=1)
"""The register's clock may be minutes wrong; false time-stamps are further away."""
RANGE: Final = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")


KEPT: Final = (
    "SELECT 'document', id FROM document UNION ALL SELECT 'enrolment', id FROM enrolment WHERE receipt IS NOT NULL"
    " ORDER BY 1, 2"
)
READ: Final[Mapping[str, LiteralString]] = {
    "document": "SELECT reference, kind, bytes FROM document WHERE id = %s",
    "enrolment": "SELECT siret, 'enrolment_receipt', receipt FROM enrolment WHERE id = %s",
}


class Wrong(Exception):
    """A fault of a signature."""


def findings(session: psycopg.Connection, trust: Path) -> Iterator[str]:
    """Yield every stored document whose signature is invalid."""
    _, _, der = pem.unarmor((trust / "root.pem").read_bytes())
    root = x509.Certificate.load(der)
    first = session.execute("SELECT min(created_at), clock_timestamp() FROM account").fetchone()
    assert first is not None
    for table, document in session.execute(KEPT).fetchall():
        row = session.execute(READ[table], [document]).fetchone()
        assert row is not None
        try:
            stamped_at = _check(bytes(row[2]), root)
            if not first[0] - HOUR <= stamped_at <= first[1] + HOUR:
                raise Wrong(f"is stamped at {stamped_at}, when nothing was signed")
        except (Wrong, ValueError, KeyError, IndexError, TypeError, StopIteration, InvalidSignature) as wrong:
            yield f"{row[0]} has a {row[1]} whose seal does not hold: {type(wrong).__name__} {wrong}"


def _check(pdf: bytes, root: x509.Certificate) -> datetime:
    """Return the time of the time-stamp; raises `Wrong` and the libraries' errors."""
    ranges = RANGE.findall(pdf)
    if len(ranges) != 1:
        raise Wrong(f"is signed {len(ranges)} times")
    before, until, after, rest = map(int, ranges[0])
    if before != 0 or after + rest != len(pdf):
        raise Wrong("is not covered whole")
    signed = cms.ContentInfo.load(bytes.fromhex(pdf[until + 1 : after - 1].decode()))["content"]
    signer = _signed_by(signed, sha256(pdf[:until] + pdf[after:]).digest(), root)
    token = next(
        each["values"][0]
        for each in signed["signer_infos"][0]["unsigned_attrs"]
        if each["type"].native == "signature_time_stamp_token"
    )
    content = token["content"]["encap_content_info"]["content"]
    _signed_by(token["content"], sha256(content.contents).digest(), root)
    stamp = content.parsed
    if (
        stamp["message_imprint"]["hashed_message"].native
        != sha256(signed["signer_infos"][0]["signature"].native).digest()
    ):
        raise Wrong("bears the time-stamp of something else")
    at: datetime = stamp["gen_time"].native
    if not signer.not_valid_before <= at <= signer.not_valid_after:
        raise Wrong("is signed by a certificate that was out of date")
    return at


def _signed_by(signed: cms.SignedData, digest: bytes, root: x509.Certificate) -> x509.Certificate:
    """Return who signed this digest, with a chain to the root."""
    info = signed["signer_infos"][0]
    said = {each["type"].native: each["values"][0].native for each in info["signed_attrs"]}
    if said["message_digest"] != digest:
        raise Wrong("signs something else")
    known = [each.chosen for each in signed["certificates"]]
    named = info["sid"].chosen
    signer = next(
        c
        for c in known
        if (c.issuer.dump(), c.serial_number) == (named["issuer"].dump(), named["serial_number"].native)
    )
    _verify(signer, info["signature"].native, info["signed_attrs"].untag().dump())
    subject = signer
    while subject.issuer.dump() != root.subject.dump():
        above = next(c for c in known if c.subject.dump() == subject.issuer.dump())
        _verify(above, subject.signature, subject["tbs_certificate"].dump())
        subject = above
    _verify(root, subject.signature, subject["tbs_certificate"].dump())
    return signer


def _verify(by: x509.Certificate, signature: bytes, over: bytes) -> None:
    key = load_der_public_key(by.public_key.dump())
    if isinstance(key, RSAPublicKey):
        key.verify(signature, over, PKCS1v15(), SHA256())
    elif isinstance(key, EllipticCurvePublicKey):
        key.verify(signature, over, ECDSA(SHA256()))
    else:
        raise Wrong("is signed with an unknown kind of key")
