"""What an idle hour is worth: the allowance paid to the employer, beside the indemnity of the employee.

« Le taux horaire de l'allocation d'activité partielle » (D. 5122-13) is a share of pay within 4.5 SMIC and at least a
floor; a flat amount before March 2020. Pay is the gross hourly base of paid leave (L. 3141-24, II), which the employer
states.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from law.amounts import euros_in_french, share_in_french, to_the_cent
from law.dated import DatedValue
from law.floors import APLD_2020, floors
from law.indemnity import indemnity, of_apprentice
from law.pay import CEILING, Circumstances, PaidHour, Pay
from law.rates import Flat, Rate, RateUnknown, Scheme, Sector, has_own_rate, rate
from law.texts import Reason, Text, because, in_french, number_in_french

_INDEMNITY_2013: Final = Decimal("0.70")
_APLD_RAISED_FROM: Final = date(2021, 1, 1)


class HeadcountNeeded(ValueError):
    """The flat amounts depend on the headcount, which was not stated; the message is a French sentence."""


@dataclass(frozen=True, slots=True)
class HourlyAmounts:
    """Allowance and indemnity of one hour in euros, rounded to the cent, and why."""

    allowance: Decimal
    indemnity: Decimal
    why: tuple[Reason, ...]


def hourly_amounts(on: date, pay: Pay, where: Circumstances) -> HourlyAmounts:
    """Return what an hour idle on a day is worth.

    Raises RateUnknown where no rate was read, HeadcountNeeded, BeforeFirstText and UnknownDepartment.
    """
    entry, gross = rate(on, where.department, where.scheme, where.sector), pay.hourly(on, where.department)
    if isinstance(entry.value, Flat):
        found = _flat(entry, entry.value, gross, pay, where)
    else:
        found = _share(PaidHour(on, gross, pay, where, entry, entry.value))
    return replace(found, why=(*_without_own_rate(on, where, entry), *found.why))


def _without_own_rate(on: date, where: Circumstances, entry: DatedValue[Rate]) -> tuple[Reason, ...]:
    """Say that a sector was stated which has no rate of its own on that day."""
    if where.sector is Sector.GENERAL or has_own_rate(on, where.sector):
        return ()
    return (entry.reason("Le taux particulier indiqué ne s’applique pas à ces jours.", Sector.GENERAL.label),)


def _flat(entry: DatedValue[Rate], flat: Flat, gross: Decimal, pay: Pay, where: Circumstances) -> HourlyAmounts:
    if where.headcount is None:
        raise HeadcountNeeded("Indiquez l’effectif au 1er janvier : l’allocation en dépendait.")
    small = where.headcount <= flat.small_to
    amount = flat.small if small else flat.large
    size = f"jusqu’à {flat.small_to} salariés" if small else f"au-delà de {flat.small_to} salariés"
    why = [entry.reason(f"Allocation forfaitaire par heure, {size}.", euros_in_french(amount))]
    if pay.smic_share is not None and gross < amount:
        amount = gross
        why.append(entry.reason("Dans la limite d’une rémunération qui est une part du SMIC.", euros_in_french(gross)))
    paid = to_the_cent(_INDEMNITY_2013 * gross)
    text = f"Indemnité de {share_in_french(_INDEMNITY_2013)} de {euros_in_french(gross)}."
    why.append(because(Text.R_5122_18, text, euros_in_french(paid), Text.DECREE_2013_551))
    if pay.apprentice and paid < amount:
        amount = paid
        why.append(because(Text.R_5122_18, "L’allocation ne dépasse pas l’indemnité d’un apprenti.", *_2013(paid)))
    return HourlyAmounts(amount, paid, tuple(why))


def _2013(amount: Decimal) -> tuple[str, Text]:
    return euros_in_french(amount), Text.DECREE_2013_551


def _share(hour: PaidHour) -> HourlyAmounts:
    allowance, why = _allowance(hour)
    paid, more = indemnity(hour)
    why += more
    if hour.pay.is_of_apprentice:
        allowance, paid, different = of_apprentice(hour, allowance, paid)
        why += different
    return HourlyAmounts(allowance, paid, why)


def _allowance(hour: PaidHour) -> tuple[Decimal, tuple[Reason, ...]]:
    base = min(hour.gross, hour.ceiling)
    amount, floor = to_the_cent(hour.shares.allowance * base), _floor(hour)
    text = f"Allocation de {share_in_french(hour.shares.allowance)} de {hour.in_french(base)}."
    why = [hour.entry.reason(text, euros_in_french(amount))]
    if base < hour.gross:
        limit = f"La rémunération compte dans la limite de {number_in_french(CEILING)} SMIC horaires."
        why.insert(0, hour.entry.reason(limit, hour.in_french(base)))
    if amount < floor.value and not hour.below_smic:
        amount = floor.value
        why.append(floor.reason("L’allocation n’est pas inférieure à ce plancher.", euros_in_french(amount)))
    return amount, tuple(why)


def _floor(hour: PaidHour) -> DatedValue[Decimal]:
    if hour.where.scheme is Scheme.APLD and hour.on < _APLD_RAISED_FROM:
        return APLD_2020
    entry = floors(hour.on, hour.where.department)
    value = entry.value.raised if hour.shares.raised else entry.value.ordinary
    if value is None:
        raise RateUnknown(f"Aucun texte lu ne donne le plancher de l’allocation au {in_french(hour.on)}.")
    return DatedValue(entry.since, value, entry.article, entry.source)
