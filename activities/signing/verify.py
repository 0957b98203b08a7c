"""Verification of a sealed or signed document: intact, by whom, when, at which level, known to the register.

Archived documents (B-LTA) are judged by what they contain, without network. For the others the revocation data
of the certificates may be fetched; certificates never are, because a file of unknown origin must not choose what
this machine connects to. Nothing that a file holds makes `verify` raise.
"""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Final

from asn1crypto import cms
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation.ades import (
    AdESLTAValidationResult,
    AdESWithTimeValidationResult,
    ades_lta_validation,
    ades_with_time_validation,
)
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.policy_decl import (
    CertificateFetchingRule,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import (
    REQUIRE_REVINFO,
    CertRevTrustPolicy,
    FreshnessReqType,
)
from pyhanko_certvalidator.registry import SimpleTrustManager
from pypdf import PdfReader
from temporalio.exceptions import CancelledError

from activities.signing.problems import french
from activities.signing.trust import anchors
from models.messages.verification import Level, Verification

IsRegistered = Callable[[str], str | None]
"""SHA-256 of a document → reference of its case, or None when the register does not know it."""

ATTACHED: Final = "donnees.json"
_AGE_OF_STAMP_DATA: Final = timedelta(days=30 * 365)
"""What an archive time-stamp proves is past: the state of its authority on that day is what counts."""


def verify(pdf: bytes, trust: Path, is_registered: IsRegistered | None = None, *, online: bool = False) -> Verification:
    """Judge a document against the anchors of `trust`; `online` permits fetching revocation data.

    Raises SigningUnavailable when the anchors cannot be read; no file makes it raise.
    """
    roots = SimpleTrustManager.build(trust_roots=anchors(trust))
    known = is_registered(sha256(pdf).hexdigest()) if is_registered else None
    try:
        judged = _judge_in_time(pdf, roots, online)
    except (
        OSError,
        MemoryError,
        CancelledError,
    ):  # of this machine, or of a worker that stops: not of the file
        raise
    # The file is untrusted: parsers of PDF and ASN.1 fail on a damaged one with almost any error.
    except Exception:  # noqa: BLE001
        judged = Verification(valid=False, problems=("Ce fichier n’est pas un document PDF signé lisible.",))
    return _with_register(judged, known, looked_up=is_registered is not None)


def _judge_in_time(pdf: bytes, roots: SimpleTrustManager, online: bool) -> Verification:
    """Judge without network when an authority does not answer in time."""
    try:
        return _judge(pdf, roots, online)
    except TimeoutError:
        return _judge(pdf, roots, online=False)


def _judge(pdf: bytes, roots: SimpleTrustManager, online: bool) -> Verification:
    reader = PdfFileReader(BytesIO(pdf))
    signatures = reader.embedded_regular_signatures
    if len(signatures) != 1:
        problem = "Ce document porte plusieurs signatures." if signatures else "Ce document n’est pas signé."
        return Verification(valid=False, problems=(problem,))
    signature = signatures[0]
    signature.compute_integrity_info()
    result = asyncio.run(_validated(signature, roots, online))
    damage = _damage(pdf, reader, result)
    doubt = () if result.ades_subindic == AdESPassed.OK else (french(result.ades_subindic),)
    trusted = not damage and not doubt
    level = _level(reader, signature)
    return Verification(
        valid=trusted,
        level=level,
        signer=signature.signer_cert.subject.native.get("common_name"),
        signed_at=result.best_signature_time if trusted and level != "B-B" else None,
        integrity=not damage,
        case_reference=_attached_reference(pdf) if trusted else None,
        problems=damage or doubt,
    )


async def _validated(
    signature: EmbeddedPdfSignature, roots: SimpleTrustManager, online: bool
) -> AdESWithTimeValidationResult:
    """The standard's verdict: with its archive time-stamps when there are, else with its own alone."""
    if signature.reader.embedded_timestamp_signatures:
        return await ades_lta_validation(signature, PdfSignatureValidationSpec(_policy(roots, online=False)))
    return await ades_with_time_validation(
        signature.signed_data,
        _policy(roots, online),
        raw_digest=signature.compute_digest(),
        extra_status_kwargs=signature.summarise_integrity_info(),
        status_cls=PdfSignatureStatus,
    )


def _policy(roots: SimpleTrustManager, online: bool) -> SignatureValidationSpec:
    stamp_data = CertRevTrustPolicy(
        REQUIRE_REVINFO, _AGE_OF_STAMP_DATA, FreshnessReqType.MAX_DIFF_REVOCATION_VALIDATION
    )
    rule = RevinfoOnlineFetchingRule.ALWAYS_FETCH if online else RevinfoOnlineFetchingRule.LOCAL_ONLY
    never = CertificateFetchingRule.NEVER_FETCH
    return SignatureValidationSpec(
        CertValidationPolicySpec(roots, CertRevTrustPolicy(REQUIRE_REVINFO)),
        RevocationInfoGatheringSpec(rule, certificate_fetching_rule=never),
        ts_cert_validation_policy=CertValidationPolicySpec(roots, stamp_data),
    )


def _damage(pdf: bytes, reader: PdfFileReader, result: AdESWithTimeValidationResult) -> tuple[str, ...]:
    """French sentences on what was changed since the signature; empty for an intact document."""
    status = result.api_status
    if status is None or not (status.intact and status.valid):
        return ("Le document ou sa signature a été altéré.",)
    if status.coverage < SignatureCoverageLevel.ENTIRE_REVISION or not _canonical(pdf, reader):
        return ("La signature ne couvre pas tout le document.",)
    if status.modification_level is None or status.modification_level > ModificationLevel.LTA_UPDATES:
        return ("Le document a été modifié après sa signature.",)
    if isinstance(result, AdESLTAValidationResult) and result.oldest_evidence_record_timestamp is None:
        return ("Un horodatage d’archive a été altéré ou n’est pas d’une autorité reconnue.",)
    last = reader.embedded_signatures[-1]
    if last.evaluate_signature_coverage() != SignatureCoverageLevel.ENTIRE_FILE:
        return ("Des données ont été ajoutées après la dernière signature.",)
    return ()


def _canonical(pdf: bytes, reader: PdfFileReader) -> bool:
    """Whether the gap that each signature leaves in the file holds it and zeros, nothing else.

    What remains open to a change without effect: version numbers and algorithm names that the CMS envelope of
    the last time-stamp repeats outside its signed part. The register's digest covers them too.
    """
    for signature in reader.embedded_signatures:
        _, start, end, _ = (int(bound) for bound in signature.byte_range)
        gap = pdf[start:end]
        der = cms.ContentInfo.load(signature.pkcs7_content).dump()
        if gap != b"<" + der.hex().upper().encode().ljust(len(gap) - 2, b"0") + b">":
            return False
    return True


def _level(reader: PdfFileReader, signature: EmbeddedPdfSignature) -> Level:
    """The level that the document's form claims; a problem says so when it does not hold."""
    if reader.embedded_timestamp_signatures:
        return "B-LTA"
    if "/DSS" in reader.root:
        return "B-LT"
    attributes = signature.signer_info["unsigned_attrs"]
    stamped = any(each["type"].native == "signature_time_stamp_token" for each in attributes)
    return "B-T" if stamped else "B-B"


def _attached_reference(pdf: bytes) -> str | None:
    """The case that an authentic document names in its own data; None for a document of another origin."""
    for data in PdfReader(BytesIO(pdf)).attachments.get(ATTACHED, []):
        reference = json.loads(data).get("reference")
        return reference if isinstance(reference, str) else None
    return None


def _with_register(judged: Verification, known: str | None, *, looked_up: bool) -> Verification:
    if not looked_up:
        return judged
    if known is None:
        sentence = "Le registre ne connaît pas ce document."
        return judged.model_copy(update={"registered": False, "problems": (*judged.problems, sentence)})
    return judged.model_copy(update={"registered": True, "case_reference": known})
