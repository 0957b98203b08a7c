"""Refusals of an admission: a valid claim at the wrong moment (HTTP 409), with the French sentence that says why."""

from collections.abc import Sequence
from typing import Final, Literal

Refusal = Literal[
    "not-authorized",
    "outside-period",
    "forfeited",
    "claim-stands",
    "already-handed",
    "employees-exceeded",
    "hours-exceeded",
    "quota-exceeded",
]
MAX_SHOWN: Final = 20
"""Lines that a sentence names; `lines` has all of them."""


class AdmissionRefused(Exception):
    """A claim is not admitted, and nothing of it counts. `lines` are those of the people concerned, if it is theirs."""

    def __init__(self, slug: Refusal, detail: str, lines: Sequence[int] = ()) -> None:
        super().__init__(detail)
        self.slug = slug
        self.detail = detail
        self.lines = tuple(lines)


def quota_exceeded(what: str, lines: Sequence[int]) -> AdmissionRefused:
    """Return the refusal of lines beyond a quota or the limit of a week, said in French."""
    detail = f"Avec les autres demandes de l’établissement, cette demande dépasse {what}."
    return AdmissionRefused("quota-exceeded", detail, lines)


def name_lines(lines: Sequence[int], total: int = 0) -> str:
    """Name lines in a French sentence: « ligne 3 », « lignes 3, 8 et 12 », « lignes 1, 2… et 14 autres ».

    `total` counts them, if it is more than are listed.
    """
    total = total or len(lines)
    if total == 1:
        return f"ligne {lines[0]}"
    if total > MAX_SHOWN:
        shown = ", ".join(map(str, lines[:MAX_SHOWN]))
        return f"lignes {shown} et {total - MAX_SHOWN} autres"
    return f"lignes {', '.join(map(str, lines[:-1]))} et {lines[-1]}"
