"""What an employer sends of the claim of a month: lines, or the id of a file that was read."""

import re
from datetime import date
from typing import Annotated, Final, Self

from pydantic import AfterValidator, Field, JsonValue, WithJsonSchema, model_validator

from law.rates import Sector
from models.claim_files.fields import Category
from models.claim_files.fields import Field as Column
from models.identifiers import UUID, Message

MAX_LINES: Final = 1_000
"""Lines of one body; a longer claim is sent as a file."""
MAX_PART: Final = 99
MONTH: Final = re.compile(r"20\d\d-(0[1-9]|1[0-2])", re.ASCII)


def _month(value: str) -> str:
    if not MONTH.fullmatch(value):
        raise ValueError("Écrivez ce mois ainsi : « 2021-03 ».")
    return value


Month = Annotated[str, AfterValidator(_month), Field(examples=["2021-03"])]
Part = Annotated[int, Field(ge=1, le=MAX_PART)]
_SCHEMA: Final[dict[str, object]] = {
    "type": "object",
    "description": "Un salarié, du lundi au dimanche. Les nombres s’écrivent comme dans un fichier : 7,5, 7.5 ou 7h30.",
    "properties": {
        **{each.value: {"type": ["string", "number", "boolean", "null"]} for each in Column},
        "category": {"type": "string", "enum": [*Category.labels()]},
        "week": {"type": "string", "description": "Son lundi.", "examples": ["2021-03-08"]},
    },
    "required": ["nir", "family_name", "first_name", "category", "mode", "contract_hours", "week", "worked", "idle"],
}
Line = Annotated[dict[str, JsonValue], WithJsonSchema(_SCHEMA)]
"""Read by the program that reads files, so that a line has the same faults in a body as in a file."""


class ClaimTerms(Message):
    """What an employer says of the establishment beside a file of a claim: its amounts depend on it."""

    structural: bool = False
    sector: Sector = Sector.GENERAL
    holidays_worked: bool | None = None


class ClaimBody(Message):
    """The claim of a month: lines or an upload; what is said of the establishment goes with lines."""

    month: Month
    part: Part = 1
    upload: Annotated[str, Field(pattern=f"^{UUID.pattern}$")] | None = None
    lines: Annotated[tuple[Line, ...], Field(min_length=1, max_length=MAX_LINES)] | None = None
    monthly_reimbursement: bool = False
    replaces: Annotated[str, Field(pattern=f"^{UUID.pattern}$")] | None = None
    structural: bool | None = None
    sector: Sector | None = None
    holidays_worked: bool | None = None
    reference_months: Annotated[int, Field(ge=1, le=36)] | None = None

    @property
    def month_on(self) -> date:
        """Its first day."""
        return date.fromisoformat(f"{self.month}-01")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.lines is None) == (self.upload is None):
            raise ValueError("Envoyez des lignes, ou un fichier lu : l’un des deux.")
        if self.upload is not None and {"structural", "sector", "holidays_worked"} & self.model_fields_set:
            raise ValueError("Le secteur, les heures structurelles et les jours fériés sont dits à l’envoi du fichier.")
        return self
