"""A file of a claim, as a payroll program gives it: lines of employees and weeks, or what is wrong with them."""

from collections.abc import Mapping
from typing import Final

from pydantic import JsonValue, ValidationError

from examining.claims import reader, warming
from examining.kinds import WrongContext
from models.claim_files.verdict import CLAIM, ClaimVerdict

KIND: Final = CLAIM


def examine(content: bytes, context: Mapping[str, JsonValue]) -> ClaimVerdict:
    """Read a file."""
    try:
        told = reader.Context.model_validate(context)
    except ValidationError as wrong:
        raise WrongContext from wrong
    return reader.read(content, told)


def warm() -> None:
    """Read a file of each format, layout and encoding: what libraries load late is loaded then."""
    for content, context in warming.samples():
        reader.read(content, context)
