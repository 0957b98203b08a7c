"""The request for authorization: what it must contain and when it may be filed (R. 5122-2).

A request states its grounds, the foreseeable period and the number of employees, with the prior opinion of
the works council and, where they are due, commitments. Since 1 October 2014 it is filed online; before, by
any means that gives a certain date.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from law.calendar import add_months, local
from law.commitments import CommitmentKind, commitment_objections, commitments_duty
from law.dated import BeforeFirstText, Dated, DatedValue
from law.duration import EarlierPeriod, period_objections
from law.grounds import Ground, Perimeter
from law.living import LivingRequest, headcount_objections
from law.opinion import OpinionForm, opinion_duty, opinion_objections
from law.texts import Objection, Reason, Text, because, in_french, objection
from law.window import window_objection


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """What the law needs to know of a request, names and bank details left out.

    `start_on` and `end_on` are inclusive; `hours` are those forecast for all employees; `received_at` is
    aware; `earlier` are the periods already authorised for the establishment, `living` its requests that authorize or
    may (`law.living`); `law_on` is for training only.
    """

    ground: Ground
    perimeter: Perimeter
    department: str
    placement_on: date
    start_on: date
    end_on: date
    received_at: datetime
    headcount: int
    employees: int
    hours: Decimal
    opinion: OpinionForm
    opinion_given_on: date | None = None
    commitments: tuple[CommitmentKind, ...] = ()
    commitments_until: tuple[date, ...] = ()
    earlier: tuple[EarlierPeriod, ...] = ()
    living: tuple[LivingRequest, ...] = ()
    other_employees: bool = False
    online: bool = True
    law_on: date | None = None

    @property
    def received_on(self) -> date:
        """The local date of reception."""
        return local(self.received_at, self.department).date()


@dataclass(frozen=True, slots=True)
class Channel:
    """How requests may be filed on a day: online, or by any means with a certain date (paper)."""

    online: bool
    paper: bool
    why: tuple[Reason, ...]


# The online service was announced for 1 July 2014 and opened on 1 October 2014.
_ONLINE: Final = Dated(
    "le dépôt des demandes",
    DatedValue(date(2013, 7, 1), False, Text.R_5122_2, Text.CODE_2013),
    DatedValue(date(2014, 10, 1), True, Text.R_5122_26, Text.DECREE_2014_740),
)


def channel(received_on: date, law_on: date | None = None) -> Channel:
    """Return how a request received on a day had to be filed; raises BeforeFirstText."""
    entry = _ONLINE.on(law_on or received_on)
    value = "dépôt en ligne" if entry.value else "tout moyen donnant date certaine"
    return Channel(entry.value, not entry.value, (entry.reason("La demande est adressée par cette voie.", value),))


def remote_period(start_on: date, received_on: date) -> Reason | None:
    """Return why a period is hardly « prévisible » (R. 5122-2), or None.

    The text gives no limit. R. 5122-9 looks at twelve consecutive months, and no authorization ever lasted longer:
    what begins later than that after the filing is more often a mistyped year than a forecast. A signal only.
    """
    latest_on = add_months(received_on, _FORESEEABLE_MONTHS)
    if start_on <= latest_on:
        return None
    text = f"Période demandée plus de {_FORESEEABLE_MONTHS} mois après le dépôt : est-elle prévisible (R. 5122-2) ?"
    return because(Text.R_5122_2, text, f"après le {in_french(latest_on)}", Text.CODE_2013)


_FORESEEABLE_MONTHS: Final = 12
"""By way of practice. Online a signal, because somebody can still be asked; on paper an objection, see below."""


def paper_period_objection(start_on: date, received_on: date) -> Objection | None:
    """Return why a request received on paper cannot be for a period, or None.

    « La demande précise (…) la période prévisible de sous-activité » (R. 5122-2). Paper was admitted until 30 September
    2014, so what was foreseeable then began by 30 September 2015 and, of six months at most (R. 5122-9), ended by 29
    March 2016. Claims under a request of that time are forfeited four years later (`law.forfeiture`): since 30 March
    2020 a request on paper can have no effect but its attestation, whatever anybody registers. Doubt: the text says
    « prévisible » and gives no limit; a later period is asked for online, where it loses nothing.
    """
    remote = remote_period(start_on, received_on)
    if remote is None:
        return None
    latest = in_french(add_months(received_on, _FORESEEABLE_MONTHS))
    message = (
        f"Une demande reçue sur papier le {in_french(received_on)} ne pouvait pas prévoir une période qui commence "
        f"après le {latest} : une période plus récente se demande en ligne."
    )
    return objection("/period/start_on", "period-not-foreseeable", message, Text.R_5122_2)


def request_objections(facts: RequestFacts) -> tuple[Objection, ...]:
    """Return every legal reason why a request is inadmissible; an empty tuple means that it is admissible.

    Raises NaiveInstant and UnknownDepartment, which are faults of form.
    """
    try:
        return tuple(_objections(facts))
    except BeforeFirstText as before:
        return (objection("", "before-first-text", str(before), Text.R_5122_2),)


def _objections(facts: RequestFacts) -> Iterator[Objection]:
    received_on, law_on = facts.received_on, facts.law_on
    yield from _channel_objections(facts)
    if facts.start_on < facts.placement_on:
        message = "La période demandée ne peut pas commencer avant le placement en activité partielle."
        yield objection("/period/start_on", "period-before-placement", message, Text.R_5122_2)
    closed = window_objection(
        facts.ground, facts.placement_on, facts.start_on, facts.department, facts.received_at, law_on
    )
    if closed:
        yield closed
    counted = [each.period for each in facts.living]
    yield from period_objections(facts.ground, facts.start_on, facts.end_on, received_on, counted, law_on)
    if facts.other_employees:  # otherwise the register names the request that covers the same days
        yield from headcount_objections(facts.headcount, facts.employees, facts.start_on, facts.end_on, facts.living)
    duty = opinion_duty(facts.ground, received_on, facts.headcount, law_on)
    yield from opinion_objections(duty, facts.opinion, facts.opinion_given_on, received_on)
    if commitments_duty(received_on, facts.earlier, law_on).required and not facts.commitments:
        message = "Des engagements sont dus car l’établissement a déjà été autorisé dans les 36 derniers mois."
        yield objection("/commitments", "commitments-missing", message, Text.R_5122_9)
    yield from commitment_objections(facts.commitments_until, facts.end_on)


def _channel_objections(facts: RequestFacts) -> Iterator[Objection]:
    admitted = channel(facts.received_on, facts.law_on)
    if facts.online and not admitted.online:
        message = "Avant le 1er octobre 2014, une demande ne pouvait pas être déposée en ligne."
        yield objection("", "not-yet-online", message, Text.R_5122_26)
    remote = None if facts.online else paper_period_objection(facts.start_on, facts.received_on)
    if remote and admitted.paper:
        yield remote
    if not facts.online and not admitted.paper:
        message = "Depuis le 1er octobre 2014, une demande ne peut être déposée qu’en ligne."
        yield objection("", "online-only", message, Text.R_5122_26)
