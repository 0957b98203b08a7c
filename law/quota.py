"""The annual quota of hours per employee, and the most hours a request can need (R. 5122-6, R. 5122-7).

The quota covers a calendar year (recalled, not verified), by the date of the idle hours; at most 100 of these
hours for the modernisation of installations and buildings, and from 26 March 2020 for the whole of ground 4.
More « dans des cas exceptionnels résultant de la situation particulière de l'entreprise »: by joint decision of the
ministers of employment and of the budget (R. 5122-6) or, for the 100 hours, of the préfet and the director of public
finances (R. 5122-7).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from law.dated import BeforeFirstText, Dated, DatedValue
from law.grounds import Ground
from law.texts import Objection, Reason, Text, because, in_french, number_in_french, objection

_1000: Final = Decimal(1000)
_1607: Final = Decimal(1607)
_100: Final = Decimal(100)
_LEGAL_WEEK: Final = Decimal(35)
_LEGAL_DAY: Final = Decimal(7)

_ANNUAL: Final = Dated(
    "le contingent annuel d’heures",
    DatedValue(date(2013, 7, 1), _1000, Text.R_5122_6, Text.ORDER_2013_QUOTA),
    DatedValue(date(2020, 1, 1), _1607, Text.R_5122_6, Text.ORDER_2020_QUOTA),
    # Doubt: legally 1,000 again from 1 January to 13 May 2021; the order then set the whole year.
    DatedValue(date(2021, 1, 1), _1607, Text.R_5122_6, Text.ORDER_2021_QUOTA),
    DatedValue(date(2022, 1, 1), _1000, Text.R_5122_6, Text.ORDER_2013_QUOTA),
)


@dataclass(frozen=True, slots=True)
class _Transformation:
    """The quota within the quota; `whole_ground`: for the whole of ground 4, or for modernisation works only."""

    hours: Decimal
    whole_ground: bool


_HOURS_OF_A_DAY: Final = 24
_TRANSFORMATION: Final = Dated(
    "le contingent annuel d’heures",
    DatedValue(date(2013, 7, 1), _Transformation(_100, whole_ground=False), Text.R_5122_7, Text.ORDER_2013_QUOTA_2),
    DatedValue(date(2020, 3, 26), _Transformation(_100, whole_ground=True), Text.R_5122_7, Text.DECREE_2020_325_1),
)


class Authority(StrEnum):
    """Who decides, jointly, that an employee may be paid for more hours than a quota."""

    MINISTERS = "ministers"
    PREFECT = "prefect"

    @property
    def label(self) -> str:
        """The authority as people read it."""
        return _AUTHORITIES[self]


_AUTHORITIES: Final = {
    Authority.MINISTERS: "les ministres chargés de l’emploi et du budget",
    Authority.PREFECT: "le préfet et le directeur départemental des finances publiques",
}


class NotCompetent(ValueError):
    """A decision of an authority that cannot allow these hours, or that allows no more; a French sentence."""


@dataclass(frozen=True, slots=True)
class QuotaDecision:
    """A joint decision for one firm and one calendar year: `hours` for each employee in all, and its day.

    `ground` is that of the request that it is about; None for one about all hours of an establishment.
    """

    hours: Decimal
    authority: Authority
    decided_on: date
    ground: Ground | None = None

    @property
    def is_of_ground_4(self) -> bool:
        """Whether it raises the quota of ground 4: about a request on that ground, or by the préfet (R. 5122-7)."""
        return self.ground is Ground.RESTRUCTURING or (self.ground is None and self.authority is Authority.PREFECT)


@dataclass(frozen=True, slots=True)
class Quota:
    """Hours for which one employee may be paid in a calendar year, who may allow more, and why."""

    hours: Decimal
    raised_by: Authority
    why: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class PlausibleHours:
    """The most hours that a request can need; more raises a signal for the agent, never a refusal."""

    maximum: Decimal
    why: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class YearlyLimits:
    """Most hours for which one employee may be paid in a calendar year: in all, and of those of ground 4."""

    hours: Decimal
    transformation: Decimal


def yearly_limits(year: int, decisions: Collection[QuotaDecision] = ()) -> YearlyLimits:
    """Return both quotas of a calendar year, as these decisions raise them; raises BeforeFirstText.

    Hours of ground 4 count within the second where `has_own_quota` says so. It lies within the first, which a decision
    about ground 4 raises too where it allows more.
    """
    last = date(year, 12, 31)
    general, own = _ANNUAL.on(last).value, annual_quota(Ground.RESTRUCTURING, last).hours
    return YearlyLimits(
        max([general, *(each.hours for each in decisions)]),
        max([own, *(each.hours for each in decisions if each.is_of_ground_4)]),
    )


def quota_objections(year: int, decision: QuotaDecision) -> tuple[Objection, ...]:
    """Return why a decision raises no quota of a calendar year."""
    ground = Ground.RESTRUCTURING if decision.is_of_ground_4 else decision.ground or Ground.ECONOMIC_CONDITIONS
    try:
        annual_quota(ground, date(year, 12, 31), decision=decision)
    except BeforeFirstText as before:
        return (objection("/year", "before-first-text", str(before), Text.R_5122_6),)
    except NotCompetent as wrong:
        return (objection("/hours", "quota-not-raised", str(wrong), Text.R_5122_6, Text.R_5122_7),)
    if decision.hours > (hours := (date(year + 1, 1, 1) - date(year, 1, 1)).days * _HOURS_OF_A_DAY):
        text = f"L’année {year} a {hours} heures : vérifiez le nombre d’heures de la décision."
        return (objection("/hours", "quota-too-high", text, Text.R_5122_6),)
    return ()


def has_own_quota(ground: Ground, idle_on: date) -> bool:
    """Whether hours idle on a day count within the quota of ground 4 too; raises BeforeFirstText.

    Before 26 March 2020 only those of modernisation works did, which no request states.
    """
    return ground is Ground.RESTRUCTURING and _TRANSFORMATION.on(idle_on).value.whole_ground


def own_quota_since() -> date:
    """Return the first day whose hours count within the quota of ground 4, whatever the works."""
    return next(each.since for each in _TRANSFORMATION if each.value.whole_ground)


def annual_quota(
    ground: Ground, idle_on: date, *, modernisation: bool = False, decision: QuotaDecision | None = None
) -> Quota:
    """Return the annual quota per employee for hours idle on a day.

    `modernisation`: the works are those of installations and buildings, which mattered before 26 March 2020 and which a
    request does not say. Raises BeforeFirstText, and NotCompetent for a decision that cannot raise the quota.
    """
    quota = _ordinary_quota(ground, idle_on, modernisation=modernisation)
    return quota if decision is None else _raised(quota, decision, _ANNUAL.on(idle_on))


def _ordinary_quota(ground: Ground, idle_on: date, *, modernisation: bool) -> Quota:
    general = _ANNUAL.on(idle_on)
    reason = general.reason("Contingent annuel par salarié.", f"{general.value} heures")
    if ground is not Ground.RESTRUCTURING:
        return Quota(general.value, Authority.MINISTERS, (reason,))
    special = _TRANSFORMATION.on(idle_on)
    hours = f"{special.value.hours} heures"
    if special.value.whole_ground:
        text = "Contingent annuel par salarié propre à ce motif."
    else:
        text = f"Dans la limite de {hours} pour la modernisation des installations et des bâtiments."
        if not modernisation:
            return Quota(general.value, Authority.MINISTERS, (reason, special.reason(text, "selon les travaux")))
    return Quota(special.value.hours, Authority.PREFECT, (special.reason(text, hours),))


def _raised(quota: Quota, decision: QuotaDecision, general: DatedValue[Decimal]) -> Quota:
    """Return the quota that a decision allows. The special one lies within the general one, which ministers raise."""
    if decision.hours <= quota.hours:
        raise NotCompetent(f"Une décision de {number_in_french(decision.hours)} heures n’augmente pas le contingent.")
    if decision.authority is not quota.raised_by and decision.authority is Authority.PREFECT:
        raise NotCompetent(f"Seuls {Authority.MINISTERS.label} autorisent plus de {quota.hours} heures.")
    if decision.authority is Authority.PREFECT and decision.hours > general.value:
        raise NotCompetent(
            f"Au-delà de {general.value} heures, la décision est des ministres ({general.article.value})."
        )
    article = Text.R_5122_7 if decision.authority is Authority.PREFECT else Text.R_5122_6
    text = f"Cas exceptionnel : ont décidé {decision.authority.label}, le {in_french(decision.decided_on)}."
    why = because(article, text, f"{number_in_french(decision.hours)} heures", article)
    return Quota(decision.hours, Authority.MINISTERS, (*quota.why, why))


def plausible_hours(ground: Ground, start_on: date, end_on: date, employees: int) -> PlausibleHours:
    """Return employees × legal weekly hours over the calendar of an inclusive period, within the quota.

    A week counts 7 hours a day, up to 35; each calendar year is capped by its own quota. Raises
    BeforeFirstText.
    """
    each = sum((_hours_of_year(ground, *span) for span in _by_year(start_on, end_on)), Decimal(0))
    legal = because(
        Text.R_5122_6,
        "Durée légale de 35 heures par semaine sur la période, dans la limite du contingent annuel.",
        f"{each} heures par salarié",
        Text.L_3121_27,
    )
    quota = annual_quota(ground, start_on)
    return PlausibleHours(each * employees, (*quota.why, legal))


def _by_year(start_on: date, end_on: date) -> list[tuple[date, date]]:
    years = range(start_on.year, end_on.year + 1)
    return [(max(start_on, date(year, 1, 1)), min(end_on, date(year, 12, 31))) for year in years]


def _hours_of_year(ground: Ground, start_on: date, end_on: date) -> Decimal:
    hours = Decimal(0)
    while start_on <= end_on:
        sunday = start_on + timedelta(days=6 - start_on.weekday())
        days = (min(sunday, end_on) - start_on).days + 1
        hours += min(_LEGAL_WEEK, _LEGAL_DAY * days)
        start_on = sunday + timedelta(days=1)
    # The quota on the last day is that of the year; ground 4 changed within 2020.
    return min(hours, annual_quota(ground, end_on).hours)
