"""The amendment (avenant): other terms of an authorization that stands, more hours, employees or another period.

No text names it: the number of an authorization has two digits for it (`034AQHV0201`), and practice asks for it as for
a request. So what is added is judged as a request of that day would be: days added precede their placement or follow
it within the filing window (R. 5122-2, R. 5122-3), and the period changed keeps within the limits of R. 5122-9. What
was authorised already is not judged again. Silence accepts it as it accepts any request (R. 5122-4).

An amendment that is refused, or granted in part, takes nothing away: an authorization is ended by a withdrawal alone
(CRPA, art. L. 242-1), which has another procedure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from law.calendar import local
from law.dated import BeforeFirstText
from law.decision import Terms
from law.duration import period_objections
from law.grounds import Ground
from law.living import LivingRequest, headcount_objections
from law.texts import Objection, Text, objection
from law.window import window_objection

_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AmendmentFacts:
    """What the law needs to know of an amendment.

    `in_force` are the terms of the authorization until now, `asked` those that it would have, as a whole. `headcount`
    is the one declared with the request; `living` are the other requests of the establishment that authorize or may.
    """

    ground: Ground
    department: str
    received_at: datetime
    headcount: int
    in_force: Terms
    asked: Terms
    living: Sequence[LivingRequest] = ()
    law_on: date | None = None

    @property
    def received_on(self) -> date:
        """The local date of reception."""
        return local(self.received_at, self.department).date()


def amendment_objections(facts: AmendmentFacts) -> tuple[Objection, ...]:
    """Return every legal reason why an amendment is inadmissible; raises NaiveInstant and UnknownDepartment."""
    try:
        return tuple(_objections(facts))
    except BeforeFirstText as before:
        return (objection("", "before-first-text", str(before), Text.R_5122_2),)


def _objections(facts: AmendmentFacts) -> Iterator[Objection]:
    asked, in_force = facts.asked, facts.in_force
    if asked == in_force:
        message = "Cet avenant ne change rien : dites ce qui doit changer, période, salariés ou heures."
        yield objection("", "nothing-changed", message, Text.R_5122_2)
    changed = (asked.start_on, asked.end_on) != (in_force.start_on, in_force.end_on)
    if changed and asked.start_on <= asked.end_on:
        yield from _late(facts)
    if changed:
        counted = [each.period for each in facts.living]
        yield from period_objections(
            facts.ground, asked.start_on, asked.end_on, facts.received_on, counted, facts.law_on
        )
    if changed or asked.employees > in_force.employees:
        yield from headcount_objections(facts.headcount, asked.employees, asked.start_on, asked.end_on, facts.living)


def _late(facts: AmendmentFacts) -> Iterator[Objection]:
    """Yield why days that are added, before or after those authorised, are asked for too late."""
    asked, in_force = facts.asked, facts.in_force
    added = {
        "/period/start_on": asked.start_on if asked.start_on < in_force.start_on else None,
        "/period/end_on": max(in_force.end_on + _ONE_DAY, asked.start_on) if asked.end_on > in_force.end_on else None,
    }
    for pointer, first in added.items():
        if first is None:
            continue
        closed = window_objection(facts.ground, first, first, facts.department, facts.received_at, facts.law_on)
        if closed:
            yield replace(closed, pointer=pointer)


def amendment_grant_objections(in_force: Terms, asked: Terms, granted: Terms) -> tuple[Objection, ...]:
    """Return why an amendment cannot be granted so: less than stands already, where less was not asked for."""
    taken = {
        "/period/start_on": granted.start_on > max(in_force.start_on, asked.start_on),
        "/period/end_on": granted.end_on < min(in_force.end_on, asked.end_on),
        "/employees": granted.employees < min(in_force.employees, asked.employees),
        "/hours": granted.hours < min(in_force.hours, asked.hours),
    }
    message = "Un avenant ne reprend rien de ce qui est déjà autorisé : refusez-le, et l’autorisation demeure."
    return tuple(
        objection(at, "less-than-authorised", message, Text.CRPA_L_242_1) for at, less in taken.items() if less
    )
