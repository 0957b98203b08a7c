"""What an employer says once of the files of its payroll program: a name, a version, columns and codes.

It is kept in clear and meant for no personal data: numbers are refused, but nothing tells a name from a code.
"""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, field_validator
from pydantic import Field as Constraint
from pydantic_core import PydanticCustomError

from models.claim_files.discretion import discreet
from models.claim_files.fields import DIRECT_COLUMNS, Category, Field
from models.claim_files.plain import normalised

MAX_ENTRIES: Final = 200
IGNORED: Final = "ignored"
"""In `headers`: a column that is not read."""
OF_ONE_PERSON: Final = frozenset({Field.NIR, Field.FAMILY_NAME, Field.USAGE_NAME, Field.FIRST_NAME, *DIRECT_COLUMNS})
"""Fields that no two people share: no profile gives their value."""
NUMBERS: Final = "Un profil d’import ne contient ni numéro de sécurité sociale ni IBAN : retirez-les."
PERSONAL: Final = (
    "La même valeur ne peut pas être donnée à tous les salariés pour leur NIR, leur nom ou leur paiement : retirez-la."
)
_Written = Annotated[str, Constraint(min_length=1, max_length=100)]
_Mode = Annotated[str, Constraint(pattern=r"^(0[1-9]|10)$")]


class ImportProfile(BaseModel):
    """Columns and codes of one payroll program, beside those that are recognised without it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Constraint(min_length=1, max_length=80)]
    version: Annotated[int, Constraint(ge=1, le=10_000)] = 1
    headers: Annotated[dict[_Written, Field | Literal["ignored"]], Constraint(max_length=MAX_ENTRIES)] = {}
    """Header as the file writes it → what it holds, or `ignored`."""
    categories: Annotated[dict[_Written, Category], Constraint(max_length=MAX_ENTRIES)] = {}
    """Their code → ours: `{"C": "executive"}`."""
    modes: Annotated[dict[_Written, _Mode], Constraint(max_length=MAX_ENTRIES)] = {}
    """Their code → that of the DSN: `{"H": "02"}`."""
    constants: Annotated[dict[Field, _Written], Constraint(max_length=MAX_ENTRIES)] = {}
    """Value of a column that their files do not have, for all lines: `{"mode": "02", "contract_hours": "35"}`."""

    @field_validator("name", "headers", "categories", "modes", "constants")
    @classmethod
    def _without_numbers(cls, stated: str | dict[str, str]) -> str | dict[str, str]:
        """Refuse a whole member: the place of an error would repeat its key."""
        written = [stated] if isinstance(stated, str) else [*map(str, stated), *map(str, stated.values())]
        if any(discreet(each) != each for each in written):
            raise _refused("personal-number", NUMBERS)
        return stated

    @field_validator("constants")
    @classmethod
    def _of_everyone(cls, stated: dict[Field, str]) -> dict[Field, str]:
        if not OF_ONE_PERSON.isdisjoint(stated):
            raise _refused("personal-constant", PERSONAL)
        return stated


def is_ambiguous(stated: Mapping[str, str]) -> bool:
    """Whether two headers or codes that are read alike (« C », « c ») mean two things.

    No rule of `ImportProfile`: one that was kept before stays readable, and its last entry counts.
    """
    meanings: dict[str, str] = {}
    return any(meanings.setdefault(normalised(each), of) != of for each, of in stated.items())


def merged(known: Mapping[str, str], stated: Mapping[str, str]) -> dict[str, str]:
    """Return what was said of headers or codes with what is said now, which takes the place of what is read alike."""
    again = set(map(normalised, stated))
    return {each: of for each, of in distinct(known).items() if normalised(each) not in again} | dict(stated)


def distinct(known: Mapping[str, str]) -> dict[str, str]:
    """Return the last of the headers or codes that are read alike, which is the one that counts."""
    last = {normalised(each): each for each in known}
    return {each: of for each, of in known.items() if last[normalised(each)] == each}


def _refused(code: str, message: str) -> PydanticCustomError:
    return PydanticCustomError("text_refused", "{message}", {"code": code, "message": message})


class ReadingContext(BaseModel):
    """What the reader is told of the claim beside the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    month: Annotated[str, Constraint(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")] | None = None
    """Month claimed: gives « S26 » its year, and chooses among the months of a DSN."""
    siret: Annotated[str, Constraint(pattern=r"^\d{14}$")] | None = None
    """Establishment of the claim: chooses among those of a DSN."""
    payee: Literal["establishment", "employees"] = "establishment"
    """Whom the agency pays, which determines the list of data (R. 5122-21)."""
    profile: ImportProfile | None = None
