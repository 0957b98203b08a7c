"""The indemnity of an idle hour, paid by the employer to the employee (R. 5122-18, L. 5122-5).

It is a share of gross pay, and with the wage at least the minimum monthly pay (L. 3232-1 and following). The employer
bears the complement: here by the hour, up to the published net SMIC, or own pay if lower. Doubt: for part-timers and
temporary workers the text says SMIC, practice and press the net SMIC.
"""

from datetime import date
from decimal import Decimal
from typing import Final

from law.amounts import euros_in_french, share_in_french, to_the_cent
from law.apprentices import apprentice_rule
from law.dated import Dated, DatedValue
from law.floors import floors
from law.pay import PaidHour
from law.rates import Scheme
from law.texts import Reason, Text, because
from law.work_time import LEGAL_WEEK

# The indemnity had no ceiling before 2021.
_CAPPED: Final = Dated(
    "le plafond de l’indemnité",
    DatedValue(date(2013, 7, 1), value=False, article=Text.R_5122_18, source=Text.DECREE_2013_551),
    DatedValue(date(2021, 1, 1), value=True, article=Text.R_5122_18, source=Text.DECREE_2020_1786),
)


def indemnity(hour: PaidHour) -> tuple[Decimal, tuple[Reason, ...]]:
    """Return the indemnity of one hour in euros, by the common rules, and why; raises BeforeFirstText."""
    capped = _CAPPED.on(hour.on)
    # Agreements of long duration had the ceiling from their first text on.
    is_capped = capped.value or hour.where.scheme is not Scheme.AP
    base = min(hour.gross, hour.ceiling) if is_capped else hour.gross
    amount = to_the_cent(hour.shares.indemnity * base)
    text = f"Indemnité de {share_in_french(hour.shares.indemnity)} de {hour.in_french(base)}."
    why = [because(Text.R_5122_18, text, euros_in_french(amount), capped.source)]
    minimum = _minimum(hour)
    if minimum is not None and amount < minimum.value:
        amount = minimum.value
        why.append(minimum.reason("L’employeur garantit la rémunération minimale, à l’heure.", euros_in_french(amount)))
    if minimum is None and not hour.below_smic:
        text = "Aucun texte lu ne donne la rémunération minimale de ce jour, que l’employeur garantit aussi."
        why.append(because(Text.L_3232_1, text, "inconnue", Text.NET_SMIC))
    return amount, tuple(why)


def _minimum(hour: PaidHour) -> DatedValue[Decimal] | None:
    entry = floors(hour.on, hour.where.department)
    if hour.below_smic or entry.value.raised is None:
        return None
    contract = hour.pay.contract_hours
    part_time = contract is not None and contract < LEGAL_WEEK.on(hour.on).value
    article = Text.R_5122_18 if part_time else Text.L_3232_1
    return DatedValue(entry.since, min(entry.value.raised, to_the_cent(hour.gross)), article, Text.NET_SMIC)


def of_apprentice(
    hour: PaidHour, allowance: Decimal, indemnity: Decimal
) -> tuple[Decimal, Decimal, tuple[Reason, ...]]:
    """Return allowance and indemnity of an apprentice’s hour, from those of the common rules, and what differs."""
    entry = apprentice_rule(hour.on)
    why: list[Reason] = []
    if hour.below_smic and entry.value.own_pay:
        allowance = indemnity = to_the_cent(hour.gross)
        text = "Rémunéré moins que le SMIC, un alternant conserve sa rémunération, remboursée à l’employeur."
        why.append(entry.reason(text, euros_in_french(indemnity)))
    elif entry.value.at_least_smic and indemnity < hour.smic <= hour.gross:
        indemnity = hour.smic
        why.append(entry.reason("L’indemnité d’un alternant n’est pas inférieure au SMIC.", euros_in_french(indemnity)))
    if allowance > indemnity or (entry.value.reimbursed and allowance != indemnity):
        allowance = indemnity
        why.append(entry.reason("L’allocation est celle de l’indemnité d’un alternant.", euros_in_french(allowance)))
    return allowance, indemnity, tuple(why)
