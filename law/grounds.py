"""Grounds of recourse and forms of the loss of activity (R. 5122-1, L. 5122-1 I).

The five grounds are a closed list: economic conditions, supply of raw materials or energy, exceptional
disaster or weather, transformation of the firm, any other exceptional circumstance. Codes and labels are
those known to its users and to the statistics of the scheme.
"""

from enum import StrEnum
from typing import Self


class Coded(StrEnum):
    """A term of the API contract, with its code and the label that people read."""

    code: int
    label: str

    def __new__(cls, value: str, code: int, label: str) -> Self:
        """Create a member equal to its value, with a code and a label."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.code = code
        member.label = label
        return member

    @classmethod
    def of(cls, value: str) -> Self:
        """Return the member of a value; raises KeyError. (The type checker takes `cls(value)` for `__new__`.)"""
        return {member.value: member for member in cls}[value]


class Ground(Coded):
    """Motif de recours (R. 5122-1)."""

    ECONOMIC_CONDITIONS = "economic_conditions", 1, "Conjoncture économique"
    SUPPLY_DIFFICULTIES = (
        "supply_difficulties",
        2,
        "Difficultés d’approvisionnement en matières premières ou en énergie",
    )
    DISASTER_OR_WEATHER = (
        "disaster_or_weather",
        3,
        "Sinistre ou intempéries de caractère exceptionnel",
    )
    RESTRUCTURING = (
        "restructuring",
        4,
        "Transformation, restructuration ou modernisation de l’entreprise",
    )
    EXCEPTIONAL_CIRCUMSTANCES = (
        "exceptional_circumstances",
        5,
        "Autre circonstance de caractère exceptionnel",
    )


class Perimeter(Coded):
    """Forme de la perte d’activité : réduction ou fermeture, de tout ou partie de l’établissement."""

    FULL_REDUCTION = "full_reduction", 1, "Réduction de l’horaire de tout l’établissement"
    PARTIAL_REDUCTION = (
        "partial_reduction",
        2,
        "Réduction de l’horaire d’une partie de l’établissement",
    )
    FULL_CLOSURE = "full_closure", 3, "Fermeture temporaire de tout l’établissement"
    PARTIAL_CLOSURE = (
        "partial_closure",
        4,
        "Fermeture temporaire d’une partie de l’établissement",
    )

    @property
    def is_closure(self) -> bool:
        """Tell whether work stops entirely where the request applies."""
        return self in (Perimeter.FULL_CLOSURE, Perimeter.PARTIAL_CLOSURE)
