"""Verification of a document: judged by the program `examining`, then by who may sign what, where and when.

Nothing of a file is parsed here, and nothing that a file says is repeated: sentences are ours, and the signer's name
is the published one.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from pydantic import JsonValue

from activities.signing import published
from activities.signing.errors import SignersUnpublished, SigningUnavailable
from activities.signing.problems import SENTENCES
from activities.signing.published import PublishedSigner, encoded
from activities.signing.revocations import RevocationCache, Revocations
from activities.signing.trust import anchors
from law.calendar import local
from law.directory import PARIS, UnknownDepartment, department
from models.examination.client import Examiner
from models.examination.shapes import EXTRACT, SIGNATURE, SignatureContext, SignatureVerdict
from models.labels import DocumentKind
from models.messages.verification import TOO_LARGE, UNREGISTERED, Verification

IsRegistered = Callable[[str], str | None]
"""SHA-256 of a document → reference of its case, or None when the register does not know it."""
DECISIONS: Final = frozenset(
    {
        DocumentKind.GRANT,
        DocumentKind.PARTIAL_GRANT,
        DocumentKind.REFUSAL,
        DocumentKind.CLAIM,
        DocumentKind.CLAIM_REFUSAL,
    }
)
"""What a person signs; the seal is on everything else."""
UNKNOWN_SIGNER: Final = "Ce certificat n’est pas l’un de ceux que ce service publie : il n’a pas signé pour lui."
UNKNOWN_KIND: Final = "Ce document n’est d’aucune des sortes que ce service établit."
NOT_THE_SEAL: Final = "Un document de cette sorte porte le cachet du service, pas la signature d’une personne."
NOT_A_PERSON: Final = "Une décision porte la signature d’une personne habilitée, pas le cachet du service."
OUT_OF_OFFICE: Final = "Le signataire n’était pas en fonction au jour de la signature."
OTHER_DEPARTMENT: Final = "Le signataire n’était pas habilité à signer pour ce département."
_VOUCHED_FOR: Final = frozenset({"revocation-unknown", "ended-since"})
"""What the register answers for: it checked the certificate before it published these very bytes."""


class Unusable(Exception):
    """What was given cannot be used to verify; a French sentence."""


class ExtractNotTrusted(Unusable):
    """The extract cannot be read, was altered, or is not sealed by this service."""


class DocumentTooLarge(Unusable):
    """The file is larger than any document of this service."""


def clock() -> datetime:
    """Return the instant of a judgement."""
    return datetime.now(UTC)


def check_trust(folder: Path) -> None:
    """Raise Unusable unless a folder holds anchors and names the published signers."""
    try:
        anchors(folder)
        published.read(folder)
    except SignersUnpublished as missing:
        sentence = f"{folder} ne contient aucune liste lisible des signataires publiés (signers.json)."
        raise Unusable(sentence) from missing
    except SigningUnavailable as missing:
        raise Unusable(f"{folder} ne contient aucune autorité lisible.") from missing


class Judge:
    """Verifies documents against the anchors and the published signers of a folder; safe for threads."""

    def __init__(self, trust: Path, examiner: Examiner, *, online: bool) -> None:
        self._trust = trust
        self._examiner = examiner
        self._revocations = RevocationCache(trust) if online else None

    def verify(self, pdf: bytes, is_registered: IsRegistered | None = None) -> Verification:
        """Judge a document; no file makes it raise.

        Raises SigningUnavailable, ExaminerUnavailable, DocumentTooLarge.
        """
        if len(pdf) > SIGNATURE.max_bytes:
            raise DocumentTooLarge(TOO_LARGE)
        known = is_registered(sha256(pdf).hexdigest()) if is_registered else None
        verdict = self._examiner.examine(SIGNATURE, pdf, self._context())
        judged = self._judge(verdict, vouched=known is not None)
        if is_registered is None:
            return judged
        if known is None:
            problems = (*judged.problems, UNREGISTERED)
            unknown = {"valid": False, "registered": False, "case_reference": None, "problems": problems}
            return judged.model_copy(update=unknown)
        return judged.model_copy(update={"registered": True, "case_reference": known})

    def extract(self, content: bytes) -> IsRegistered:
        """Return digest → reference of an extract sealed by this service; raises ExtractNotTrusted."""

        def find(digest: str) -> str | None:
            verdict = self._examiner.examine(EXTRACT, content, self._context(digest))
            if verdict.problems == ("unreadable",):
                raise ExtractNotTrusted("L’extrait du registre est illisible.")
            if verdict.problems or verdict.signed_at is None:
                raise ExtractNotTrusted(f"L’extrait du registre n’est pas digne de foi. {_sentence(verdict)}".strip())
            signer = published.read(self._trust).find(verdict.certificate)
            if signer is None or signer.role != "seal" or not signer.in_office(local(verdict.signed_at, PARIS).date()):
                raise ExtractNotTrusted("L’extrait du registre n’est pas scellé par ce service.")
            return verdict.reference or None

        if len(content) > EXTRACT.max_bytes:
            raise ExtractNotTrusted("L’extrait du registre est trop volumineux.")
        find("")
        return find

    def _context(self, digest: str = "") -> dict[str, JsonValue]:
        signers = published.read(self._trust)
        fetched = self._revocations.get(signers) if self._revocations else Revocations()
        context = SignatureContext(
            anchors=tuple(encoded(each) for each in anchors(self._trust)),
            certificates=signers.authorities + tuple(each.certificate for each in signers.signers),
            crls=fetched.crls,
            ocsps=fetched.ocsps,
            at=clock(),
            sha256=digest,
        )
        dumped: dict[str, JsonValue] = context.model_dump(mode="json")
        return dumped

    def _judge(self, verdict: SignatureVerdict, *, vouched: bool) -> Verification:
        signer = published.read(self._trust).find(verdict.certificate)
        codes = [code for code in verdict.problems if not (vouched and code in _VOUCHED_FOR)]
        problems = [SENTENCES[code] for code in codes]
        if verdict.integrity and signer is None and "unknown-authority" not in codes:
            problems.append(UNKNOWN_SIGNER)
        authority = _department(verdict.reference)
        signed_at = local(verdict.signed_at, authority) if verdict.signed_at else None
        if not problems and signer and signed_at and not (vouched and not verdict.kind):
            problems += _authority_problems(signer, verdict, authority, signed_at)
        valid = not problems
        return Verification(
            valid=valid,
            level=verdict.level,
            signer=signer.name if signer else None,
            signed_at=signed_at if valid else None,
            integrity=verdict.integrity,
            case_reference=verdict.reference or None if valid else None,
            problems=tuple(problems),
        )


def _authority_problems(
    signer: PublishedSigner, verdict: SignatureVerdict, authority: str, signed_at: datetime
) -> list[str]:
    """Say why this signer could not sign this document, there and then."""
    if verdict.kind not in set(DocumentKind):
        return [UNKNOWN_KIND]
    problems = []
    decision = verdict.kind in DECISIONS
    if decision and signer.role != "signatory":
        problems.append(NOT_A_PERSON)
    if not decision and signer.role != "seal":
        problems.append(NOT_THE_SEAL)
    if not signer.in_office(signed_at.date()):
        problems.append(OUT_OF_OFFICE)
    if not signer.is_competent(authority):
        problems.append(OTHER_DEPARTMENT)
    return problems


def _department(reference: str) -> str:
    """Return the département of a case; an enrolment, whose reference is a SIRET, counts as Paris."""
    if len(reference) == 14:
        return PARIS
    try:
        return department(reference[:3]).code
    except UnknownDepartment:
        return PARIS


def _sentence(verdict: SignatureVerdict) -> str:
    return SENTENCES[verdict.problems[0]] if verdict.problems else ""
