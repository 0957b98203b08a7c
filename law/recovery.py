"""What is given back, on which ground and within how long (R. 5122-10); until when an authorization is withdrawn."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from law.calendar import add_months
from law.dated import Dated, DatedValue
from law.texts import Reason, Text, in_french


class RecoveryGround(StrEnum):
    """Why sums paid are asked back."""

    OVERPAYMENT = "overpayment"
    COMMITMENTS = "commitments"
    CONDITIONS = "conditions"


@dataclass(frozen=True, slots=True)
class Terms:
    """Grounds of a day, the least days to repay (None: no text gives any), and whether sums may be waived."""

    grounds: frozenset[RecoveryGround]
    least_days: int | None
    waiver: bool


_TERMS: Final = Dated(
    "le reversement de l’allocation",
    DatedValue(
        date(2013, 7, 1),
        Terms(frozenset({RecoveryGround.COMMITMENTS}), least_days=None, waiver=True),
        Text.R_5122_10,
        Text.CODE_2013,
    ),
    DatedValue(
        date(2020, 6, 29),
        Terms(frozenset({RecoveryGround.COMMITMENTS, RecoveryGround.OVERPAYMENT}), least_days=30, waiver=True),
        Text.R_5122_10,
        Text.DECREE_2020_794,
    ),
    DatedValue(
        date(2022, 12, 29), Terms(frozenset(RecoveryGround), 30, waiver=True), Text.R_5122_10, Text.DECREE_2022_1665
    ),
)
# « L'administration ne peut abroger ou retirer une décision créatrice de droits (…) que si elle est illégale et si
# l'abrogation ou le retrait intervient dans le délai de quatre mois suivant la prise de cette décision » (CRPA
# L. 242-1). Obtained by fraud, at any time (L. 241-2). Before that code: four months for an express decision by
# case-law, two for an implicit acceptance by the act of 2000. Recalled: the code applies to decisions born from 1 June
# 2016.
_MONTHS_TO_WITHDRAW: Final = Dated(
    "le retrait d’une autorisation",
    DatedValue(date(2013, 7, 1), 4, Text.CASE_LAW_WITHDRAWAL, Text.CASE_LAW_WITHDRAWAL),
    DatedValue(date(2016, 6, 1), 4, Text.CRPA_L_242_1, Text.CRPA_L_242_1),
)
_MONTHS_IF_TACIT: Final = Dated(
    "le retrait d’une autorisation implicite",
    DatedValue(date(2013, 7, 1), 2, Text.LAW_2000_321, Text.LAW_2000_321),
    DatedValue(date(2016, 6, 1), 4, Text.CRPA_L_242_1, Text.CRPA_L_242_1),
)
_DAYS_TO_OBSERVE: Final = Dated(
    "les observations avant un retrait",
    DatedValue(date(2013, 7, 1), 15, Text.LAW_2000_321_24, Text.PRACTICE_HEARING),
    DatedValue(date(2016, 1, 1), 15, Text.CRPA_L_122_1, Text.PRACTICE_HEARING),
)


@dataclass(frozen=True, slots=True)
class WithdrawalLimit:
    """The last day to withdraw an authorization that is illegal; None with fraud. And why."""

    last_day_on: date | None
    why: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Instalment:
    """A part of a sum to give back, in cents, and the last day to pay it."""

    due_on: date
    cents: int


def recovery_terms(decided_on: date) -> DatedValue[Terms]:
    """Return the rules of an order of a day; raises BeforeFirstText."""
    return _TERMS.on(decided_on)


def earliest_term(decided_on: date) -> date:
    """Return the earliest day on which repayment may be due; raises BeforeFirstText."""
    return decided_on + timedelta(days=recovery_terms(decided_on).value.least_days or 0)


def instalments(cents: int, count: int, first_on: date) -> tuple[Instalment, ...]:
    """Divide a sum into monthly parts that differ by a cent at most, the greater ones first; they make up the whole.

    `count` is at least 1 and at most `cents`: nobody is asked for nothing.
    """
    least, greater = divmod(cents, count)
    if least == 0:
        raise ValueError("there are more instalments than cents")
    return tuple(Instalment(add_months(first_on, n), least + (n < greater)) for n in range(count))


def earliest_withdrawal(proposed_on: date) -> date:
    """Return the earliest day to decide a withdrawal that was proposed to the employer on a day, who is heard first.

    « Après que la personne intéressée a été mise à même de présenter des observations » (CRPA L. 122-1): the text gives
    no number of days.
    """
    return proposed_on + timedelta(days=_DAYS_TO_OBSERVE.on(proposed_on).value)


def withdrawal_limit(born_on: date, *, fraud: bool = False, tacit: bool = False) -> WithdrawalLimit:
    """Return until when an authorization born on a local day may be withdrawn; raises BeforeFirstText."""
    if fraud:
        text = "Une décision obtenue par fraude peut être retirée à tout moment."
        return WithdrawalLimit(None, (Reason(Text.CRPA_L_241_2, text, "sans limite", Text.CRPA_L_241_2),))
    entry = (_MONTHS_IF_TACIT if tacit else _MONTHS_TO_WITHDRAW).on(born_on)
    last_day = add_months(born_on, entry.value)
    text = f"Une décision illégale peut être retirée dans les {entry.value} mois de sa naissance."
    return WithdrawalLimit(last_day, (entry.reason(text, f"jusqu’au {in_french(last_day)}"),))
