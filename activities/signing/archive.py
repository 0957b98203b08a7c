"""Archives that outlive an installation: documents, and a signed extract of the register that lists them.

The extract is one JSON object: `extract` lists documents, `signature` is a detached CMS (base64) of the seal,
time-stamped, over the canonical form of `extract` (sorted members, no spaces, UTF-8); `evidence` holds the revocation
data of that instant, which proves later that its certificate was good then.
"""

import asyncio
import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Self

from activities.signing import published
from activities.signing.keys import DIGEST, load_signer
from activities.signing.revocations import fetch
from activities.signing.sign import archive
from activities.signing.timestamp import FailoverTimeStamper
from models.messages.verification import ArchivedDocument


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
        evidence, _ = asyncio.run(fetch(published.read(self._trust), self._trust))
        extract = {"extract": listed, "signature": signature, "evidence": asdict(evidence)}
        return json.dumps(extract, ensure_ascii=False, indent=1).encode()


def _canonical(listed: object) -> bytes:
    return json.dumps(listed, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
