"""What follows an authorization, express or tacit: monthly claims, their forfeiture, refunds and controls.

The employer pays the employees, and claims each month from the agency (R. 5122-5, R. 5122-14). Claims are forfeited
some months after the end of the authorised period (`law.forfeiture`). The préfet may ask for the money back
(R. 5122-10); fraud is punished (L. 5124-1). Documents tell the employer, in this order.
"""

from datetime import date
from typing import Final

from law.dated import Dated, DatedValue
from law.forfeiture import forfeiture
from law.texts import Text, in_french

_CLAIMS: Final = (
    "Vous payez aux salariés l’indemnité d’activité partielle à la date habituelle de la paie, puis vous demandez "
    "chaque mois le versement de l’allocation à l’Agence de services et de paiement (articles R. 5122-5 et R. 5122-14)."
)
_FORFEITURE: Final = (
    "Dernier jour pour demander l’allocation due pour la période autorisée : le {}. Passé ce jour, elle est perdue "
    "(article L. 5122-1)."
)
_REFUND: Final = Dated(
    "le remboursement de l’allocation",
    DatedValue(
        date(2013, 7, 1),
        "Le préfet peut demander le remboursement de l’allocation si vous ne respectez pas, sans motif légitime, les "
        "engagements souscrits (article R. 5122-10).",
        Text.R_5122_10,
        Text.CODE_2013,
    ),
    DatedValue(
        date(2020, 6, 29),
        "Le préfet peut demander le remboursement de l’allocation en cas de trop-perçu, ou si vous ne respectez pas, "
        "sans motif légitime, les engagements souscrits (article R. 5122-10).",
        Text.R_5122_10,
        Text.CODE_2020,
    ),
    DatedValue(
        date(2022, 12, 29),
        "Le préfet peut demander le remboursement de l’allocation en cas de trop-perçu, si les conditions de "
        "l’autorisation n’étaient pas réunies, ou si vous ne respectez pas, sans motif légitime, les engagements "
        "souscrits (article R. 5122-10).",
        Text.R_5122_10,
        Text.CODE_2022_12,
    ),
)
_CONTROLS: Final = (
    "L’administration peut contrôler les heures déclarées : conservez les décomptes du temps de travail. Une fausse "
    "déclaration est punie (article L. 5124-1)."
)


def last_day_to_claim(period_end: date, filed_on: date) -> date:
    """Return the last day on which an hour of the authorised period can be claimed (L. 5122-1, IV)."""
    return forfeiture(period_end, filed_on).last_day_on


def grant_effects(period_end: date, filed_on: date, on: date) -> tuple[str, ...]:
    """Return what an employer is told to do and to know after an authorization, one French sentence or two each.

    `period_end` is the last day authorised, `filed_on` the local day of the request, `on` that of the document.
    Raises BeforeFirstText.
    """
    last = _FORFEITURE.format(in_french(last_day_to_claim(period_end, filed_on)))
    return _CLAIMS, last, _REFUND.on(on).value, _CONTROLS
