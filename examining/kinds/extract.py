"""A signed extract of the register: sealed when, by which certificate, and whether it lists a document.

`extract` lists documents, `signature` is a detached CMS over its canonical form, `evidence` holds the revocation data
of that day: an extract is judged as of the instant of its time-stamp.
"""

import json
from base64 import b64decode
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from asn1crypto import cms, crl, ocsp
from pydantic import JsonValue
from pyhanko.sign.validation.generic_cms import async_validate_detached_cms
from pyhanko.sign.validation.status import StandardCMSSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import ValidationError

from examining import offline
from examining.trust import STRONG_DIGESTS, Trust, covers, is_strong, may_sign_documents
from models.examination.shapes import EXTRACT, MAX_CLOCK_SKEW, Problem, SignatureVerdict

KIND: Final = EXTRACT
EVIDENCE_SKEW: Final = timedelta(minutes=10)
"""Revocation data is fetched just after the time-stamp that it serves."""


def examine(content: bytes, context: Mapping[str, JsonValue]) -> SignatureVerdict:
    """Judge an extract."""
    trust = Trust(context)
    read = json.loads(content)
    signed = cms.ContentInfo.load(b64decode(read["signature"], validate=True))["content"]
    status = offline.run(_validated(signed, canonical(read["extract"]), read.get("evidence", {}), trust))
    problem = status if isinstance(status, str) else None
    if isinstance(status, str):
        return SignatureVerdict(problems=(problem,) if problem else ())
    return SignatureVerdict(
        integrity=True,
        certificate=status.signing_cert.sha256.hex(),
        signed_at=status.timestamp_validity.timestamp if status.timestamp_validity else None,
        reference=_reference(read["extract"], trust.sha256),
    )


def canonical(listed: object) -> bytes:
    """Return what is signed: sorted members, no spaces, UTF-8."""
    return json.dumps(listed, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def warm() -> None:
    """Nothing more than a signature needs."""


async def _validated(
    signed: cms.SignedData, content: bytes, evidence: Mapping[str, list[str]], trust: Trust
) -> StandardCMSSignatureStatus | Problem:
    """Return the status of the signature as of its time-stamp, or what is wrong with it."""
    info = signed["signer_infos"][0]
    stamps = [each["values"] for each in info["unsigned_attrs"] if each["type"].native == "signature_time_stamp_token"]
    if len(signed["signer_infos"]) != 1 or not stamps:
        return "no-timestamp" if not stamps else "several-signatures"
    at = stamps[0][0]["content"]["encap_content_info"]["content"].parsed["gen_time"].native
    if at > trust.at + MAX_CLOCK_SKEW:
        return "future"
    lists = [crl.CertificateList.load(b64decode(each)) for each in evidence.get("crls", ())]
    answers = [ocsp.OCSPResponse.load(b64decode(each)) for each in evidence.get("ocsps", ())]
    lists, answers = [*lists, *trust.crls], [*answers, *trust.ocsps]
    if not (lists or answers):
        return "revocation-unknown"
    context = ValidationContext(
        trust_roots=trust.anchors,
        other_certs=trust.certificates,
        allow_fetching=False,
        moment=at,
        crls=lists,
        ocsps=answers,
        revocation_mode="require",
        time_tolerance=EVIDENCE_SKEW,
    )
    try:
        status = await async_validate_detached_cms(content, signed, context, context)
    except ValidationError:
        return "not-verified"
    return _problem(status, info) or status


def _problem(status: StandardCMSSignatureStatus, info: cms.SignerInfo) -> Problem | None:
    stamp, signer = status.timestamp_validity, status.signing_cert
    if not (status.intact and status.valid):
        return "altered"
    if status.revoked:
        return "revoked"
    if stamp is None or not (stamp.valid and stamp.intact and stamp.trusted):
        return "timestamp"
    if not covers(signer, stamp.timestamp):
        return "out-of-date"
    if not status.trusted:
        return "unknown-authority" if status.validation_path is None else "revocation-unknown"
    if info["digest_algorithm"]["algorithm"].native not in STRONG_DIGESTS or not is_strong(signer):
        return "weak"
    return None if may_sign_documents(signer) else "usage"


def _reference(listed: list[Mapping[str, str]], sha256: str) -> str:
    known = {each[name]: each["reference"] for each in listed for name in ("sha256", "archived_sha256")}
    return known.get(sha256, "")
