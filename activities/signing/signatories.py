"""Who may sign decisions for a département on a day: the director, or a person with a recorded delegation.

The operator maintains `signatories.json` beside one key folder for each person. It is read at each use: a delegation
that ends today must not sign tomorrow only because a process is still running.
"""

import json
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from activities.signing.errors import SignatoryNotAllowed, SignerUnavailable
from models.identifiers import Message

EVERYWHERE = "*"
"""Stands for every département in `departments`."""


class Signatory(Message):
    """A person who may sign, from `from_on` to `until_on` included (None: until further notice)."""

    id: str
    name: str
    quality: str
    departments: tuple[str, ...]
    from_on: date
    until_on: date | None
    delegation: str | None
    """Act of delegation, in French; None for the director."""
    folder: str
    """Key folder, beside `signatories.json`."""

    def may_sign(self, department: str, on: date) -> bool:
        """Whether the person may sign for this département on this day."""
        return self.in_office(on) and (EVERYWHERE in self.departments or department in self.departments)

    def in_office(self, on: date) -> bool:
        """Whether the person may sign anywhere on this day."""
        return self.from_on <= on and (self.until_on is None or on <= self.until_on)


_ALL = TypeAdapter(tuple[Signatory, ...])


def signatories(folder: Path) -> tuple[Signatory, ...]:
    """Return everyone recorded, in the operator's order; raises SignerUnavailable when the record is unreadable."""
    try:
        return _ALL.validate_python(json.loads((folder / "signatories.json").read_text("utf-8")), strict=False)
    except (OSError, ValueError, ValidationError) as wrong:
        raise SignerUnavailable(f"signatories.json cannot be read: {wrong!r}") from wrong


def allowed(folder: Path, department: str, on: date) -> tuple[Signatory, ...]:
    """Return those who may sign for a département on a day, in order of preference; may be empty."""
    return tuple(each for each in signatories(folder) if each.may_sign(department, on))


def signatory(folder: Path, signatory_id: str, department: str, on: date) -> Signatory:
    """Return the person of this id if allowed to sign here today; raises SignatoryNotAllowed."""
    for each in signatories(folder):
        if each.id == signatory_id and each.may_sign(department, on):
            return each
        if each.id == signatory_id:
            raise SignatoryNotAllowed(f"{each.name} ne peut pas signer pour ce département à cette date.")
    raise SignatoryNotAllowed("Ce signataire n’est pas enregistré.")
