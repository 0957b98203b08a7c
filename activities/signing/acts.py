"""From a composed document to signed bytes: rendered, then sealed by the service or signed by a person."""

import asyncio
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Self

from pyhanko.sign.signers.pdf_cms import Signer

from activities.documents.contents import Content
from activities.documents.kinds import KINDS
from activities.documents.render import render
from activities.signing.certificate_status import CertificateStatus
from activities.signing.errors import SignatoryNotAllowed
from activities.signing.identity import names_agree, refuse_another
from activities.signing.keys import load_signer
from activities.signing.sign import sign
from activities.signing.signatories import Signatory, allowed, signatory
from activities.signing.timestamp import FailoverTimeStamper
from models.settings import Settings


@dataclass(frozen=True)
class DocumentSigner:
    """The keys of this installation: its seal, its signatories, its time-stamp authorities, its anchors."""

    seal_folder: Path
    signatories: Path
    trust: Path
    timestamps: tuple[str, ...]
    _stamper: FailoverTimeStamper = field(init=False, repr=False)
    _certificate_status: CertificateStatus = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_stamper", FailoverTimeStamper(self.timestamps, self.trust))
        object.__setattr__(self, "_certificate_status", CertificateStatus(self.trust))

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Build it from the environment."""
        return cls(settings.seal, settings.signatories, settings.trust, settings.timestamps)

    def signatory(self, department: str, on: date, certificate: str | None = None, decider: str = "") -> Signatory:
        """Who signs a decision: the holder of this certificate; without one, the decider, else the first allowed.

        Raises SignatoryNotAllowed.
        """
        if certificate is not None:
            return signatory(self.signatories, certificate, department, on)
        may_sign = allowed(self.signatories, department, on)
        if not may_sign:
            raise SignatoryNotAllowed("Personne ne peut signer pour ce département à cette date.")
        return next((each for each in may_sign if names_agree(each.name, decider)), may_sign[0])

    def may_sign(self, certificate: str, department: str, on: date) -> bool:
        """Whether the holder of a certificate may sign for a département on a day; raises SignerUnavailable."""
        try:
            signatory(self.signatories, certificate, department, on)
        except SignatoryNotAllowed:
            return False
        return True

    def seal(self, content: Content, at: datetime) -> bytes:
        """Render a document and seal it with the service's certificate (B-T)."""
        return self._signed(content, at, load_signer(self.seal_folder))

    def sign(self, content: Content, at: datetime, signatory: Signatory, decider: str) -> bytes:
        """Render a decision and sign it with the certificate of a person (B-T), who is the one who decided.

        Raises SignatoryNotAllowed.
        """
        signer = load_signer(self.signatories / signatory.folder)
        refuse_another(signer.signing_cert, signatory.name, decider)
        return self._signed(content, at, signer)

    def stamp(self, digest: bytes) -> bytes:
        """Return a time-stamp token (RFC 3161, DER) on a SHA-256 digest; raises TimestampUnavailable."""
        token = asyncio.run(self._stamper.async_timestamp(digest, "sha256"))
        return bytes(token.dump())

    def _signed(self, content: Content, at: datetime, signer: Signer) -> bytes:
        self._certificate_status.check(signer)
        return sign(render(content, at), signer, self._stamper, reason=KINDS[content.kind].signing_reason)
