"""Bodies of requests by agents about claims: visas, the refusal of one, standing instructions, quotas raised."""

from decimal import Decimal
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from law.amounts import to_cents
from law.quota import Authority
from law.reasons import CLAIM_BASES
from models.bodies.decision import Reasons, require_reasons
from models.bodies.filing import FileId
from models.bodies.operator import Why
from models.bodies.unit import Departments
from models.identifiers import DECIMAL, Day, Hours, Message, Reference, Siret, plain_decimal

MAX_VISAS: Final = 500
"""Claims that one call agrees to at most; the setting `visa_batch` may allow fewer."""
MAX_DIGEST: Final = 16
"""Characters of what tells signals from others."""
ClaimId = Annotated[str, Field(pattern=r"^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$")]
SignalsDigest = Annotated[str, Field(max_length=MAX_DIGEST)]
"""What tells the signals that a claim was shown with from others."""
Euros = Annotated[
    Decimal,
    BeforeValidator(plain_decimal),
    Field(gt=0, max_digits=12, decimal_places=2),
    WithJsonSchema({"type": "string", "pattern": f"^{DECIMAL.pattern}$", "examples": ["5000", "1250.50"]}),
]


class VisasBody(Message):
    """Claims that an agent agrees to; one named twice counts once."""

    ids: Annotated[tuple[ClaimId, ...], Field(min_length=1, max_length=MAX_VISAS)]
    seen: Annotated[dict[ClaimId, SignalsDigest] | None, Field(max_length=MAX_VISAS)] = None
    """Claim → the `signals_digest` with which it was shown; one that is not in it is agreed to as it is shown now."""


class ClaimRefusalBody(Message):
    """Refus d’une demande d’indemnisation, with its reasons of law and of fact."""

    grounds: Annotated[Reasons, AfterValidator(lambda stated: require_reasons(stated, CLAIM_BASES))]


class InstructionBody(Message):
    """Instruction permanente: claims without a signal that are agreed to beforehand, up to a ceiling of allowance."""

    departments: Departments
    ceiling: Euros
    """Allowance of the claims of one month of a case, over all its parts, in euros, both included."""
    from_on: Day
    to_on: Day

    @model_validator(mode="after")
    def _in_order(self) -> "InstructionBody":
        if self.to_on < self.from_on:
            raise ValueError("L’instruction prend fin avant de commencer.")
        return self

    @property
    def ceiling_cents(self) -> int:
        """The ceiling in cents."""
        return to_cents(self.ceiling)


class QuotaExceptionBody(Message):
    """Dépassement du contingent d’heures (R. 5122-6, R. 5122-7): a joint decision about a case or an establishment."""

    reference: Reference | None = None
    siret: Siret | None = None
    year: Annotated[int, Field(strict=True)]
    """Calendar year of the idle hours."""
    hours: Hours
    """For which each employee may be paid in that year, in all."""
    authority: Authority
    decided_on: Day
    file: FileId
    """The decision itself, a file that the caller sent."""

    @model_validator(mode="after")
    def _about_one(self) -> "QuotaExceptionBody":
        if (self.reference is None) == (self.siret is None):
            raise ValueError("Désignez un dossier par sa référence, ou un établissement par son SIRET.")
        return self


class QuotaEndBody(Message):
    """Why a decision that raises a quota is ended: recorded by mistake, or taken back by its authors."""

    reason: Why
