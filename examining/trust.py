"""The policy under which a signature is judged: anchors and revocation data of the context, no network."""

from base64 import b64decode
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from asn1crypto import crl, ocsp, x509
from pydantic import JsonValue
from pyhanko.sign.validation.policy_decl import (
    CertificateFetchingRule,
    LocalKnowledge,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy, FreshnessReqType
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer

from examining.kinds import WrongContext
from models.examination.shapes import SignatureContext

_AGE_OF_STAMP_DATA: Final = timedelta(days=30 * 365)
"""What an archive time-stamp proves is past: the state of its authority on that day is what counts."""
_OFFLINE: Final = RevocationInfoGatheringSpec(
    RevinfoOnlineFetchingRule.LOCAL_ONLY, certificate_fetching_rule=CertificateFetchingRule.NEVER_FETCH
)
MIN_RSA_BITS: Final = 2048
STRONG_DIGESTS: Final = frozenset({"sha256", "sha384", "sha512"})


class Trust:
    """A context, parsed once; raises `WrongContext`."""

    def __init__(self, stated: Mapping[str, JsonValue]) -> None:
        try:
            self._parse(SignatureContext.model_validate(stated, strict=False))
        except (ValueError, TypeError) as wrong:
            raise WrongContext from wrong

    def _parse(self, context: SignatureContext) -> None:
        self.at: datetime = context.at
        self.sha256 = context.sha256
        self.anchors = [x509.Certificate.load(b64decode(each)) for each in context.anchors]
        self.certificates = [x509.Certificate.load(b64decode(each)) for each in context.certificates]
        self.crls = [crl.CertificateList.load(b64decode(each)) for each in context.crls]
        self.ocsps = [ocsp.OCSPResponse.load(b64decode(each)) for each in context.ocsps]

    @property
    def timing(self) -> ValidationTimingInfo:
        """The instant of the judgement, for the library."""
        return ValidationTimingInfo(self.at, self.at, False)

    def policy(self) -> SignatureValidationSpec:
        """The rules for a signature and for its time-stamps."""
        roots = SimpleTrustManager.build(trust_roots=self.anchors)
        stamps = CertRevTrustPolicy(
            REQUIRE_REVINFO, _AGE_OF_STAMP_DATA, FreshnessReqType.MAX_DIFF_REVOCATION_VALIDATION
        )
        responses = [each for response in self.ocsps for each in OCSPContainer.load_multi(response)]
        return SignatureValidationSpec(
            CertValidationPolicySpec(roots, CertRevTrustPolicy(REQUIRE_REVINFO)),
            _OFFLINE,
            ts_cert_validation_policy=CertValidationPolicySpec(roots, stamps),
            local_knowledge=LocalKnowledge(
                known_ocsps=responses,
                known_crls=[CRLContainer(each) for each in self.crls],
                known_certs=self.certificates,
            ),
        )


def is_strong(certificate: x509.Certificate) -> bool:
    """Whether its key and the signature over it are what is still admitted."""
    key = certificate.public_key
    if key.algorithm == "rsa" and key.bit_size < MIN_RSA_BITS:
        return False
    return bool(certificate.hash_algo in STRONG_DIGESTS)


def may_sign_documents(certificate: x509.Certificate) -> bool:
    """Whether it says that it is for signatures, and is no authority's."""
    usage = certificate.key_usage_value
    constraints = certificate.basic_constraints_value
    allowed = usage is not None and bool({"digital_signature", "non_repudiation"} & usage.native)
    return allowed and not (constraints is not None and constraints["ca"].native)


def covers(certificate: x509.Certificate, instant: datetime) -> bool:
    """Whether a certificate was valid at an instant, both ends included."""
    return bool(certificate.not_valid_before <= instant <= certificate.not_valid_after)
