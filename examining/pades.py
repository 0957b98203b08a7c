"""One signed PDF: its form, its integrity, the standard's verdict (ETSI EN 319 102-1), and what this service adds."""

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from typing import Final

from asn1crypto import cms, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate, AdESPassed, AdESSubIndic
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation.ades import (
    AdESLTAValidationResult,
    AdESWithTimeValidationResult,
    ades_lta_validation,
    ades_with_time_validation,
)
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.policy_decl import PdfSignatureValidationSpec
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel

from examining import offline
from examining.trust import STRONG_DIGESTS, Trust, covers, is_strong, may_sign_documents
from models.examination.shapes import MAX_CLOCK_SKEW, Level, Problem

MAX_REVISIONS: Final = 60
"""Revisions of a file; an archive gains two each time that it is renewed, every few years."""
_INDICATIONS: Final[dict[AdESSubIndic, Problem]] = {
    AdESFailure.REVOKED: "revoked",
    AdESIndeterminate.REVOKED_NO_POE: "revoked",
    AdESIndeterminate.REVOKED_CA_NO_POE: "authority-revoked",
    AdESFailure.NOT_YET_VALID: "out-of-date",
    AdESIndeterminate.NOT_YET_VALID: "out-of-date",
    AdESIndeterminate.EXPIRED: "out-of-date",
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: "out-of-date",
    AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED: "out-of-date",
    AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND: "unknown-authority",
    AdESIndeterminate.NO_SIGNING_CERTIFICATE_FOUND: "unknown-authority",
    AdESIndeterminate.CERTIFICATE_CHAIN_GENERAL_FAILURE: "revocation-unknown",
    AdESIndeterminate.REVOCATION_OUT_OF_BOUNDS_NO_POE: "revocation-unknown",
    AdESIndeterminate.TRY_LATER: "revocation-unknown",
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE: "weak",
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE: "weak",
    AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE: "usage",
    AdESIndeterminate.TIMESTAMP_ORDER_FAILURE: "order",
}


class NotOneSignature(Exception):
    """The file has no signature, or several."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem: Problem = problem


class SignedPdf:
    """A PDF with one signature; raises `NotOneSignature`, and almost anything for a file that is none."""

    def __init__(self, pdf: bytes, trust: Trust) -> None:
        if pdf.count(b"startxref") > MAX_REVISIONS:
            raise ValueError("revisions")
        self._pdf = pdf
        self._trust = trust
        self.reader = PdfFileReader(BytesIO(pdf))
        signatures = self.reader.embedded_regular_signatures
        if len(signatures) != 1:
            raise NotOneSignature("several-signatures" if signatures else "unsigned")
        self._signature: EmbeddedPdfSignature = signatures[0]
        self._signature.compute_integrity_info()
        self._stamps = self.reader.embedded_timestamp_signatures
        self._result = offline.run(self._validated())

    @property
    def certificate(self) -> x509.Certificate:
        """The signer's."""
        return self._signature.signer_cert

    @property
    def signed_at(self) -> datetime:
        """The instant of the time-stamp; without one, that of the judgement."""
        return self._result.best_signature_time

    @property
    def level(self) -> Level:
        """The level that the document's form claims; a problem says so when it does not hold."""
        if self._stamps:
            return "B-LTA"
        if "/DSS" in self.reader.root:
            return "B-LT"
        return "B-T" if self._stamped_at() else "B-B"

    async def _validated(self) -> AdESWithTimeValidationResult:
        """The standard's verdict: with its archive time-stamps when there are, else with its own alone."""
        policy, timing = self._trust.policy(), self._trust.timing
        if self._stamps:
            return await ades_lta_validation(self._signature, PdfSignatureValidationSpec(policy), timing_info=timing)
        return await ades_with_time_validation(
            self._signature.signed_data,
            policy,
            timing_info=timing,
            raw_digest=self._signature.compute_digest(),
            extra_status_kwargs=self._signature.summarise_integrity_info(),
            status_cls=PdfSignatureStatus,
        )

    def damage(self) -> Problem | None:
        """What was changed since the signature; None for an intact document."""
        status = self._result.api_status
        if status is None or not (status.intact and status.valid):
            return "altered"
        if status.coverage < SignatureCoverageLevel.ENTIRE_REVISION or not self._is_canonical():
            return "not-covered"
        if status.modification_level is None or status.modification_level > ModificationLevel.LTA_UPDATES:
            return "modified"
        result = self._result
        if isinstance(result, AdESLTAValidationResult) and result.oldest_evidence_record_timestamp is None:
            return "archive-stamp"
        last = self.reader.embedded_signatures[-1]
        if last.evaluate_signature_coverage() != SignatureCoverageLevel.ENTIRE_FILE:
            return "added-after"
        return None

    def doubts(self) -> Iterator[Problem]:
        """Why the signature of an intact document is not accepted."""
        result, signer = self._result, self.certificate
        if result.ades_subindic != AdESPassed.OK:
            foreign = result.ades_subindic == AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE and may_sign_documents(signer)
            yield "timestamp" if foreign else _INDICATIONS.get(result.ades_subindic, "not-verified")
        stamped_at = self._stamped_at()
        if stamped_at is None:
            yield "no-timestamp"
        elif result.ades_subindic == AdESPassed.OK and not self._is_stamp_good():
            yield "timestamp"
        elif stamped_at > self._trust.at + MAX_CLOCK_SKEW:
            yield "future"
        else:
            yield from self._doubts_of_time(stamped_at)
        digest = self._signature.signer_info["digest_algorithm"]["algorithm"].native
        if digest not in STRONG_DIGESTS or not all(map(is_strong, self._path())):
            yield "weak"
        if not may_sign_documents(signer):
            yield "usage"

    def _doubts_of_time(self, stamped_at: datetime) -> Iterator[Problem]:
        """The standard leaves the end of a certificate to its caller; authorities forget what has ended."""
        if not all(covers(each, stamped_at) for each in self._path()):
            yield "out-of-date"
            return
        result = self._result
        proved_at = result.oldest_evidence_record_timestamp if isinstance(result, AdESLTAValidationResult) else None
        if not covers(self.certificate, proved_at or self._trust.at):
            yield "ended-since"

    def _path(self) -> list[x509.Certificate]:
        """The certificates from the signer's up, without the anchor, whose end is decided by whoever trusts it."""
        path = self._result.api_status.validation_path if self._result.api_status else None
        return [self.certificate, *(path.iter_certs(include_root=False) if path else ())]

    def _stamped_at(self) -> datetime | None:
        """The instant that the time-stamp claims; None without one."""
        for attribute in self._signature.signer_info["unsigned_attrs"]:
            if attribute["type"].native == "signature_time_stamp_token":
                token = attribute["values"][0]["content"]["encap_content_info"]["content"].parsed
                instant: datetime = token["gen_time"].native
                return instant
        return None

    def _is_stamp_good(self) -> bool:
        """Whether the time-stamp is over this signature, of an authority under the anchors, valid at that time."""
        status = self._result.api_status
        stamp = status.timestamp_validity if status else None
        if stamp is None or not (stamp.valid and stamp.intact):
            return False
        usage = stamp.signing_cert.extended_key_usage_value
        purposes = usage.native if usage is not None else []
        good = (
            stamp.validation_path is not None
            and covers(stamp.signing_cert, stamp.timestamp)
            and is_strong(stamp.signing_cert)
        )
        return good and purposes == ["time_stamping"]

    def _is_canonical(self) -> bool:
        """Whether the gap that each signature leaves in the file holds it and zeros, nothing else.

        What remains open to a change without effect: version numbers and algorithm names that the CMS envelope of
        the last time-stamp repeats outside its signed part. The register's digest covers them too.
        """
        for signature in self.reader.embedded_signatures:
            _, start, end, _ = (int(bound) for bound in signature.byte_range)
            gap = self._pdf[start:end]
            der = cms.ContentInfo.load(signature.pkcs7_content).dump()
            if gap != b"<" + der.hex().upper().encode().ljust(len(gap) - 2, b"0") + b">":
                return False
        return True
