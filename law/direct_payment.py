"""When the agency pays the allowance to the employees themselves, or to who represents them (R. 5122-16).

By decision of the préfet: in safeguard, reorganisation or liquidation, or when the firm has financial difficulties; for
home workers with several employers. Since 29 June 2020 the allowance may also go to the court-appointed representative
or to the AGS, and may be liquidated before the month has ended when the firm cannot pay the indemnities on the usual
day.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from law.dated import Dated, DatedValue
from law.texts import Cited, Objection, Text, in_french, objection


class PaymentGround(Cited):
    """Why the agency pays in the place of the employer."""

    SAFEGUARD = "safeguard", Text.R_5122_16, "Procédure de sauvegarde"
    REORGANISATION = "reorganisation", Text.R_5122_16, "Redressement judiciaire"
    LIQUIDATION = "liquidation", Text.R_5122_16, "Liquidation judiciaire"
    DIFFICULTIES = "difficulties", Text.R_5122_16, "Difficultés financières de l’employeur"
    HOME_WORKERS = "home_workers", Text.R_5122_16, "Travailleurs à domicile de plusieurs employeurs"


class Payee(Cited):
    """To whom an allowance goes."""

    EMPLOYEES = "employees", Text.R_5122_16, "Les salariés"
    TRUSTEE = "trustee", Text.R_5122_16, "Le mandataire judiciaire"
    AGS = "ags", Text.R_5122_16, "L’association pour la gestion du régime de garantie des créances des salariés (AGS)"


@dataclass(frozen=True, slots=True)
class DirectPaymentTerms:
    """To whom the agency may pay on a day, and whether before the month has ended."""

    payees: frozenset[Payee]
    early: bool


_INSOLVENCY: Final = frozenset({PaymentGround.SAFEGUARD, PaymentGround.REORGANISATION, PaymentGround.LIQUIDATION})
_TERMS: Final = Dated(
    "le paiement direct de l’allocation",
    DatedValue(
        date(2013, 7, 1),
        DirectPaymentTerms(frozenset({Payee.EMPLOYEES}), early=False),
        Text.R_5122_16,
        Text.CODE_2013,
    ),
    DatedValue(
        date(2020, 6, 29), DirectPaymentTerms(frozenset(Payee), early=True), Text.R_5122_16, Text.DECREE_2020_794
    ),
)


def direct_payment_terms(decided_on: date) -> DatedValue[DirectPaymentTerms]:
    """Return what may be decided on a local day; raises BeforeFirstText."""
    return _TERMS.on(decided_on)


def direct_payment_objections(
    ground: PaymentGround, payee: Payee, *, early: bool, decided_on: date
) -> tuple[Objection, ...]:
    """Return why a direct payment cannot be decided so on a local day; raises BeforeFirstText."""
    terms = _TERMS.on(decided_on).value
    since = in_french(next(entry.since for entry in _TERMS if entry.value.early))
    found = []
    if payee not in terms.payees:
        text = f"Avant le {since}, l’agence ne pouvait payer que les salariés eux-mêmes."
        found.append(objection("/payee", "payee-not-yet", text, Text.R_5122_16))
    elif payee is not Payee.EMPLOYEES and ground not in _INSOLVENCY:
        text = "Sans procédure collective, il n’y a ni mandataire judiciaire ni garantie de l’AGS : payez les salariés."
        found.append(objection("/payee", "payee-needs-insolvency", text, Text.R_5122_16))
    if early and not terms.early:
        text = f"La liquidation avant la fin du mois n’est possible que depuis le {since}."
        found.append(objection("/early", "early-not-yet", text, Text.R_5122_16))
    return tuple(found)
