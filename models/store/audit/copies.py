"""Copies of anchors outside the register: one file each, written once, and the comparison with what stands here.

Whoever owns the database can rewrite events, chain and anchors together, or remove the last of them; the copies say
what was there. A copy lists the digest of each event, so that a changed one is found at its place.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pydantic import ValidationError
from sqlalchemy import Connection, text

from models.identifiers import Instant, Message
from models.store.audit.findings import ANCHORS, JOURNAL, Findings
from models.store.journal import anchors
from models.store.journal.anchors import BEFORE_ALL, StampedAnchor

PREFIX: Final = "ancre-"


class AnchorCopy(Message):
    """One anchor as its file holds it; digests and token are base64."""

    number: int
    after: int
    """Position after which its events begin."""
    upto: int
    previous: str
    digest: str
    token: str
    stamped_at: Instant
    events: tuple[tuple[int, str], ...]
    """Position and digest of each event."""


def write(connection: Connection, number: int) -> tuple[str, bytes] | None:
    """Return the name and content of an anchor's copy, always the same bytes; None when there is no such anchor."""
    found = anchors.find(connection, number)
    if found is None:
        return None
    before = anchors.find_before(connection, found.upto) or BEFORE_ALL
    covered = anchors.event_digests(connection, before.upto, found.upto)
    copy = AnchorCopy(
        number=number,
        after=before.upto,
        upto=found.upto,
        previous=_encoded(before.digest),
        digest=_encoded(found.digest),
        token=_encoded(found.token),
        stamped_at=found.stamped_at,
        events=tuple((position, _encoded(digest)) for position, digest in covered),
    )
    content = json.dumps(copy.model_dump(mode="json"), separators=(",", ":"), sort_keys=True)
    return name(found), content.encode() + b"\n"


def name(stamped: StampedAnchor) -> str:
    """Return the name of a copy's file: in order of number, with the day of the stamp (UTC)."""
    return f"{PREFIX}{stamped.number:06}-{stamped.stamped_at:%Y-%m-%d}.json"


def check(connection: Connection, folder: Path, after: int, findings: Findings) -> None:
    """Compare every copy of later positions with the register; raises OSError when the folder cannot be read."""
    seen = 0
    for file in sorted(each for each in folder.iterdir() if each.name.startswith(PREFIX) and each.suffix == ".json"):
        copy = _read(file)
        if copy is None:
            findings.add(ANCHORS, 0, f"la copie {file.name} est illisible")
            continue
        if copy.number > seen + 1:
            findings.notes.append(f"Aucune copie des ancrages {seen + 1} à {copy.number - 1} dans ce dossier.")
        seen = copy.number
        if copy.upto > after:
            _compare(connection, copy, findings)
    last = anchors.find_last(connection)
    if last and last.number > seen:
        findings.notes.append(f"Aucune copie des ancrages {seen + 1} à {last.number} dans ce dossier.")


def _read(file: Path) -> AnchorCopy | None:
    try:
        return AnchorCopy.model_validate_json(file.read_bytes())
    except (ValidationError, UnicodeDecodeError):
        return None


def _compare(connection: Connection, copy: AnchorCopy, findings: Findings) -> None:
    here = anchors.find(connection, copy.number)
    if here is None:
        findings.add(ANCHORS, copy.number, f"l’ancrage du {copy.stamped_at:%d/%m/%Y} a été ôté du registre")
    elif (_encoded(here.digest), here.upto) != (copy.digest, copy.upto):
        findings.add(ANCHORS, copy.number, "l’ancrage n’est plus celui de sa copie hors du registre")
    elif _encoded(here.token) != copy.token:
        findings.add(ANCHORS, copy.number, "le jeton d’horodatage n’est plus celui de la copie hors du registre")
    for position, what in _differing(connection, copy):
        subject, seq = _place(connection, position)
        findings.add(subject, seq, what)


def _differing(connection: Connection, copy: AnchorCopy) -> Iterator[tuple[int, str]]:
    """Yield the positions whose event was changed, removed or inserted since the copy was made."""
    here = dict(anchors.event_digests(connection, copy.after, copy.upto))
    for position, digest in copy.events:
        now = here.pop(position, None)
        if now is None:
            yield position, f"l’événement de la position {position}, que la copie de l’ancrage connaît, a disparu"
        elif now != b64decode(digest):
            yield position, "l’événement n’est plus celui que connaît la copie de l’ancrage hors du registre"
    for position in here:
        yield position, "l’événement a été ajouté après l’ancrage : sa copie hors du registre ne le connaît pas"


def _place(connection: Connection, position: int) -> tuple[str, int]:
    row = connection.execute(_AT, {"position": position}).first()
    return (row.subject, row.seq) if row else (JOURNAL, position)


_AT = text("SELECT subject, seq FROM event WHERE position = :position")


def _encoded(content: bytes) -> str:
    return b64encode(content).decode()
