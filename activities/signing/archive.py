"""Archives that outlive an installation: documents, and a signed extract of the register that lists them.

The extract is one JSON object: `extract` lists documents, `signature` is a detached CMS (base64) of the seal,
time-stamped, over the canonical form of `extract` (sorted members, no spaces, UTF-8).
"""

import asyncio
import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

from asn1crypto import cms, x509
from pydantic import TypeAdapter
from pyhanko.sign.validation.generic_cms import async_validate_detached_cms
from pyhanko_certvalidator import ValidationContext

from activities.signing.errors import SigningUnavailable
from activities.signing.keys import DIGEST, load_signer
from activities.signing.sign import archive
from activities.signing.timestamp import FailoverTimeStamper
from activities.signing.trust import anchors
from models.messages.verification import ArchivedDocument

_DOCUMENTS = TypeAdapter(tuple[ArchivedDocument, ...])


class ExtractNotTrusted(Exception):
    """The extract cannot be read, was altered, or is not sealed by a recognised authority; a French sentence."""


class Archiver:
    """The seal, the time-stamp authorities and the anchors with which documents are archived."""

    def __init__(self, trust: Path, seal: Path, timestamps: tuple[str, ...]) -> None:
        self._trust = trust
        self._seal = seal
        self._timestamps = FailoverTimeStamper(timestamps, trust)

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Self:
        """Build the archiver of an installation from its variables `TACITE_…`."""
        trust, seal = (Path(environment[f"TACITE_{name}"]) for name in ("TRUST", "SEAL"))
        return cls(trust, seal, tuple(json.loads(environment["TACITE_TIMESTAMPS"])))

    def archive(self, pdf: bytes) -> bytes:
        """Return the document at level B-LTA; raises like `activities.signing.sign.archive`."""
        return archive(pdf, self._trust, self._timestamps)

    def extract(self, documents: Sequence[ArchivedDocument]) -> bytes:
        """Return the signed list of documents; raises SignerUnavailable, TimestampUnavailable."""
        listed = [document.model_dump() for document in documents]
        signer = load_signer(self._seal)
        sealing = signer.async_sign_general_data(_canonical(listed), DIGEST, timestamper=self._timestamps)
        signature = b64encode(asyncio.run(sealing).dump()).decode()
        return json.dumps({"extract": listed, "signature": signature}, ensure_ascii=False, indent=1).encode()


def open_extract(file: Path, trust: Path) -> Callable[[str], str | None]:
    """Return digest → reference of an extract sealed under the anchors of `trust`; raises ExtractNotTrusted.

    Judged offline: whether the certificate of the seal was revoked since is not looked up.
    """
    try:
        read = json.loads(file.read_bytes())
        documents = _DOCUMENTS.validate_python(read["extract"])
        signed = cms.ContentInfo.load(b64decode(read["signature"], validate=True))["content"]
        trusted = asyncio.run(_is_trusted(signed, _canonical(read["extract"]), anchors(trust)))
    except SigningUnavailable:  # the anchors are unusable, not the file
        raise
    # The file is untrusted: parsers of JSON and ASN.1 fail on a damaged one with almost any error.
    except Exception as wrong:
        raise ExtractNotTrusted("L’extrait du registre est illisible.") from wrong
    if not trusted:
        raise ExtractNotTrusted("L’extrait du registre a été altéré ou n’est pas d’une autorité reconnue.")
    known = {digest: each.reference for each in documents for digest in (each.sha256, each.archived_sha256)}
    return known.get


async def _is_trusted(signed: cms.SignedData, content: bytes, roots: list[x509.Certificate]) -> bool:
    context = ValidationContext(trust_roots=roots, allow_fetching=False)
    status = await async_validate_detached_cms(content, signed, context, context)
    return bool(status.bottom_line)


def _canonical(listed: object) -> bytes:
    return json.dumps(listed, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
