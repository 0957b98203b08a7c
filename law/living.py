"""Living requests: those of an establishment that authorize or still may (R. 5122-9, I).

A limit that counted decided requests only would let silence accept five requests for one month, or fifteen months
where six are allowed. So every request counts that is under review, granted or tacitly accepted; those refused,
desisted or withdrawn do not. Of one that is granted in part, or amended, what is granted counts.

The text says nothing of two requests for one period. Practice: the employer states that other employees are meant,
and together they are never more than the headcount. At filing that is the one that the request declares: who has hired
since may file. Before money leaves it is the least that any request of the same day declares, or that the register of
establishments lists: a headcount that grows from request to request caps nothing, and a person looks at it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from law.duration import EarlierPeriod, repeated_months
from law.grounds import Ground
from law.texts import Objection, Text, in_french, objection

_ARTICLE: Final = Text.R_5122_9


@dataclass(frozen=True, slots=True)
class LivingRequest:
    """A request that authorizes or may: its period, first and last day included, and its employees."""

    reference: str
    ground: Ground
    start_on: date
    end_on: date
    employees: int
    other_employees: bool = False
    headcount: int | None = None
    """Declared; None where it does not count."""

    @property
    def period(self) -> EarlierPeriod:
        """Its period, as the limits of duration count it."""
        return EarlierPeriod(self.ground, self.start_on, self.end_on)


def overlapping(start_on: date, end_on: date, living: Iterable[LivingRequest]) -> tuple[LivingRequest, ...]:
    """Return the living requests that cover a day of a period, whatever their ground."""
    return tuple(each for each in living if each.start_on <= end_on and start_on <= each.end_on)


def headcount_objections(
    headcount: int, employees: int, start_on: date, end_on: date, living: Sequence[LivingRequest]
) -> tuple[Objection, ...]:
    """Return why a request that overlaps others concerns too many employees on some day of its period.

    A request alone is not refused for this: temporary workers may exceed a declared headcount, and the agent is told.
    """
    beside = overlapping(start_on, end_on, living)
    fullest = max(_days(start_on, beside), key=lambda day: _on(day, beside))
    total = employees + _on(fullest, beside)
    if not beside or total <= headcount:
        return ()
    named = ", ".join(each.reference for each in overlapping(fullest, fullest, beside))
    message = (
        f"Avec les demandes de la même période ({named}), {total} salariés seraient concernés le "
        f"{in_french(fullest)}, pour un effectif déclaré de {headcount}."
    )
    return (objection("/employees", "employees-above-headcount", message, _ARTICLE),)


def crowding(own: LivingRequest, others: Sequence[LivingRequest], listed: int | None = None) -> tuple[str, ...]:
    """Return how many employees too many an authorization makes on the worst day that it shares with others.

    Compared with the least headcount declared for that day, or `listed` at most by the register of establishments.
    """
    beside = overlapping(own.start_on, own.end_on, others)
    worst = max((_too_many(day, own, beside, listed) for day in _days(own.start_on, beside)), default=None)
    if worst is None or worst[0] <= 0:
        return ()
    day = worst[1]
    shared = overlapping(day, day, beside)
    total, named = own.employees + _on(day, beside), ", ".join(each.reference for each in shared)
    return (
        f"Avec les autorisations de la même période ({named}), {total} salariés seraient concernés le "
        f"{in_french(day)}, pour un effectif de {total - worst[0]} au plus, déclaré ou donné par le répertoire.",
    )


def _too_many(day: date, own: LivingRequest, beside: Sequence[LivingRequest], listed: int | None) -> tuple[int, date]:
    shared = overlapping(day, day, beside)
    known = [each for each in (listed, own.headcount, *(each.headcount for each in shared)) if each is not None]
    return (own.employees + _on(day, shared) - min(known) if shared and known else 0), day


def _days(start_on: date, beside: Iterable[LivingRequest]) -> set[date]:
    """Return the days of a period on which more requests are under way than on the day before, and its first."""
    return {start_on, *(each.start_on for each in beside if each.start_on > start_on)}


def overlap_in_words(other: LivingRequest) -> str:
    """Say which request covers the same days, and what to state if other employees are meant."""
    return (
        f"La demande {other.reference} couvre déjà des jours de cette période, du {in_french(other.start_on)} au "
        f"{in_french(other.end_on)}. Si la vôtre concerne d’autres salariés, dites-le (« other_employees »)."
    )


def excess(
    own: LivingRequest, filed_on: date, others: Sequence[LivingRequest], listed: int | None = None
) -> tuple[str, ...]:
    """Return, a sentence each, how an acceptance by silence exceeds the limits beside others."""
    repeated = repeated_months(own.ground, own.start_on, own.end_on, filed_on, [each.period for each in others])
    return (*(each.message for each in repeated), *repetitions(own, others, listed))


def repetitions(own: LivingRequest, others: Sequence[LivingRequest], listed: int | None = None) -> tuple[str, ...]:
    """Return, a sentence each, how an authorization pays others' days or employees again."""
    unstated = (
        f"Période déjà autorisée par {each.reference}, sans mention d’autres salariés."
        for each in overlapping(own.start_on, own.end_on, others)
        if not own.other_employees and not each.other_employees
    )
    return (*unstated, *crowding(own, others, listed))


def _on(day: date, living: Iterable[LivingRequest]) -> int:
    return sum(each.employees for each in overlapping(day, day, living))
