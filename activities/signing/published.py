"""The published signers: whose certificate signs what, for which départements, from when until when.

`signers.json` lies beside the trust anchors: whoever may change it may change them. It lists every certificate that
ever signed, so that earlier documents stay verifiable.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal

from asn1crypto import x509
from pydantic import ValidationError

from activities.signing.errors import SignersUnpublished, SigningUnavailable
from activities.signing.signatories import EVERYWHERE, signatories
from activities.signing.timestamp import FailoverTimeStamper
from activities.signing.trust import certificates
from law.calendar import local
from models.identifiers import Message
from models.settings import Settings

FILE: Final = "signers.json"
Role = Literal["seal", "signatory", "timestamp"]


class PublishedSigner(Message):
    """One certificate (DER in base64) and what it may sign; both ends of the period are included."""

    role: Role
    name: str
    certificate: str
    from_on: date
    until_on: date | None = None
    departments: tuple[str, ...] = (EVERYWHERE,)

    @property
    def digest(self) -> str:
        """SHA-256 of the certificate."""
        return sha256(b64decode(self.certificate)).hexdigest()

    def in_office(self, on: date) -> bool:
        """Whether it may sign on this day."""
        return self.from_on <= on and (self.until_on is None or on <= self.until_on)

    def ended(self, on: date) -> "PublishedSigner":
        """Return the signer as one that signs nothing after this day."""
        if self.role == "timestamp" or (self.until_on is not None and self.until_on <= on):
            return self
        return self.model_copy(update={"until_on": on})

    def is_competent(self, department: str) -> bool:
        """Whether it may sign for this département."""
        return EVERYWHERE in self.departments or department in self.departments


class PublishedSigners(Message):
    """The content of `signers.json`; `authorities` are the certificates between the signers and the anchors."""

    signers: tuple[PublishedSigner, ...]
    authorities: tuple[str, ...] = ()

    def find(self, digest: str) -> PublishedSigner | None:
        """Return the signer, never a time-stamp authority, with a certificate of this digest."""
        return next((each for each in self.signers if each.digest == digest and each.role != "timestamp"), None)

    def merged_into(self, earlier: "PublishedSigners | None", on: date) -> "PublishedSigners":
        """Return these signers, and those published before whose certificate is no longer in use: it ends on this day.

        Time-stamp authorities change their certificates by themselves, and their tokens say when they were made.
        """
        if earlier is None:
            return self
        mine = {each.certificate for each in self.signers}
        kept = tuple(each.ended(on) for each in earlier.signers if each.certificate not in mine)
        return PublishedSigners(
            signers=kept + self.signers, authorities=tuple(dict.fromkeys(earlier.authorities + self.authorities))
        )


def read(trust: Path) -> PublishedSigners:
    """Return the signers published beside the anchors; raises SignersUnpublished."""
    try:
        return PublishedSigners.model_validate(json.loads((trust / FILE).read_text("utf-8")), strict=False)
    except (OSError, ValueError, ValidationError) as wrong:
        raise SignersUnpublished(f"{FILE} cannot be read: {wrong!r}") from wrong


def publish(trust: Path, settings: Settings) -> PublishedSigners:
    """Write the signers of today, and those published before, beside the anchors; raises SigningUnavailable."""
    earlier = read(trust) if (trust / FILE).exists() else None
    stamps = FailoverTimeStamper(settings.timestamps, settings.trust).certificates()
    try:
        signers = current(settings.seal, settings.signatories, stamps).merged_into(earlier, _last_day_begun())
        draft = (trust / FILE).with_suffix(".new")
        draft.write_text(signers.model_dump_json(indent=2), "utf-8")
        draft.rename(trust / FILE)
    except (OSError, ValueError) as missing:
        raise SigningUnavailable(f"signers cannot be published: {missing!r}") from missing
    return signers


def _last_day_begun() -> date:
    """Return the day of the département where days begin first: what was signed there today stays in time."""
    return local(datetime.now(UTC), "974").date()


def current(seal: Path, persons: Path, stamps: Iterable[x509.Certificate] = ()) -> PublishedSigners:
    """Return the signers of the key folders of this installation; raises SigningUnavailable, OSError, ValueError."""
    sealing, *_ = certificates(seal / "certificate.pem")
    signers = [_signer("seal", sealing)]
    authorities = certificates(seal / "chain.pem")
    for person in signatories(persons):
        signing, *_ = certificates(persons / person.folder / "certificate.pem")
        authorities += certificates(persons / person.folder / "chain.pem")
        stated = {"from_on": person.from_on, "until_on": person.until_on, "departments": person.departments}
        signers.append(_signer("signatory", signing).model_copy(update={"name": person.name, **stated}))
    for each in stamps:
        if each.ca:
            authorities.append(each)
        else:
            signers.append(_signer("timestamp", each))
    return PublishedSigners(signers=tuple(signers), authorities=tuple(dict.fromkeys(map(encoded, authorities))))


def encoded(certificate: x509.Certificate) -> str:
    """Return a certificate as `signers.json` writes it."""
    return b64encode(certificate.dump()).decode()


def _signer(role: Role, certificate: x509.Certificate) -> PublishedSigner:
    name = str(certificate.subject.native.get("common_name", ""))
    since = certificate.not_valid_before.date()
    return PublishedSigner(role=role, name=name, certificate=encoded(certificate), from_on=since)
