"""What is odd in a request without being refused: said to the employer before filing, and to the agent after it."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple, Self

from law.accounts import is_usual
from law.dated import BeforeFirstText
from law.grounds import Ground
from law.quota import plausible_hours
from law.request import remote_period
from law.texts import count_in_french, number_in_french
from models.bodies.filing import Substance
from models.identifiers import compact
from models.labels import FilingSignal

COUNTRY_LETTERS: Final = 2
"""Letters with which an IBAN names the country of its bank."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a request that can be compared with each other and with the calendar."""

    ground: Ground
    start_on: date
    end_on: date
    headcount: int
    employees: int
    hours: Decimal

    @classmethod
    def of(cls, stated: Substance) -> Self:
        """Return the figures of a request."""
        return cls(
            ground=stated.ground,
            start_on=stated.period.start_on,
            end_on=stated.period.end_on,
            headcount=stated.headcount,
            employees=stated.employees,
            hours=stated.hours,
        )


class Odd(NamedTuple):
    """Something to confirm: its signal, and a sentence with the figures that were stated."""

    signal: FilingSignal
    told: str


def odd_figures(figures: Figures, received_on: date) -> tuple[Odd, ...]:
    """Return what is odd in the figures of a request received on a day; nothing for days before the first text."""
    found = []
    if figures.employees > figures.headcount:
        told = f"Vous indiquez {_people(figures.employees)} pour un effectif de {number_in_french(figures.headcount)}."
        found.append(Odd(FilingSignal.EMPLOYEES_ABOVE_HEADCOUNT, told))
    with suppress(BeforeFirstText):
        most = plausible_hours(figures.ground, figures.start_on, figures.end_on, figures.employees).maximum
        if figures.end_on >= figures.start_on and figures.hours > most:
            told = (
                f"Vous demandez {number_in_french(figures.hours)} heures. Pour {_people(figures.employees)}, le "
                f"calendrier de la période en permet {number_in_french(most)} au plus."
            )
            found.append(Odd(FilingSignal.HOURS_ABOVE_CALENDAR, told))
    if remote := remote_period(figures.start_on, received_on):
        found.append(Odd(FilingSignal.REMOTE_PERIOD, remote.text))
    return tuple(found)


def odd_account(iban: str) -> tuple[Odd, ...]:
    """Return what is odd in a bank account, its IBAN as a person wrote it."""
    if is_usual(compact(iban, "IBAN")[:COUNTRY_LETTERS]):
        return ()
    return (Odd(FilingSignal.FOREIGN_ACCOUNT, FilingSignal.FOREIGN_ACCOUNT.label),)


def _people(count: int) -> str:
    return count_in_french(count, "salarié")
