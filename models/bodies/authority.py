"""Bodies about the authority over an establishment: a code that came by letter, an agent's validation, a printing."""

from typing import Annotated

from pydantic import Field

from models.bodies.operator import Why
from models.identifiers import UUID, Message, Reference
from models.mailed_codes import Code


class ProofBody(Message):
    """The code of a letter."""

    code: Code


class ValidationBody(Message):
    """Why an agent knows that an account may speak for an establishment; which one, if several wait."""

    reason: Why
    account: Annotated[str, Field(pattern=f"^{UUID.pattern}$")] | None = None
    """Id of the account."""
    request: Reference | None = None
    """Reference of a request that the account filed, instead of its id."""


class PrintingBody(Message):
    """Why a letter is printed again; not needed the first time."""

    reason: Why | None = None
