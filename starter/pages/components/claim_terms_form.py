"""What forms of claims ask of the establishment beside a file or a grid, and how they are read."""

from collections.abc import Mapping
from typing import Final

from pydantic import TypeAdapter

from law.rates import Sector
from law.texts import in_french
from models.bodies.claim import ClaimTerms
from starter.http.request_body import read
from starter.pages.components.claim_words import Stating
from starter.services.claim_terms import TermChoices

NAMES: Final = ("sector", "structural", "holidays_worked")
YES, NO = "yes", "no"
_ADAPTER: Final = TypeAdapter(ClaimTerms)


def asked(choices: TermChoices) -> dict[str, object]:
    """Return what the template `claim_terms.html` asks of a month."""
    return {
        "sectors": [(each.value, each.label) for each in choices.sectors],
        "structural": choices.structural,
        "holidays": ", ".join(map(in_french, choices.holidays)),
    }


def typed(stated: Stating) -> dict[str, str]:
    """Return the fields of what was said before."""
    fields = {} if stated.sector is Sector.GENERAL else {"sector": stated.sector.value}
    fields |= {"structural": YES} if stated.structural else {}
    if stated.holidays_worked is not None:
        fields["holidays_worked"] = YES if stated.holidays_worked else NO
    return fields


def members(fields: Mapping[str, str]) -> dict[str, object]:
    """Return what a form says, as members of a body; what is left empty says nothing."""
    stated: dict[str, object] = {name: fields[name] for name in ("sector", "holidays_worked") if fields.get(name)}
    return stated | ({"structural": True} if "structural" in fields else {})


def terms(fields: Mapping[str, str]) -> ClaimTerms:
    """Return what a form says beside a file; raises `InvalidRequest`."""
    return read(_ADAPTER, members(fields))
