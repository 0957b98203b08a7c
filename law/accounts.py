"""Bank accounts to which an allowance is paid: any of the single euro payments area (SEPA).

Regulation (EU) 260/2012, article 9, 2: who pays by credit transfer may not say in which member state the account of
the payee must be held, provided that it can be reached. The countries and their first day are those of the European
Payments Council (EPC409-09, « EPC list of countries and territories included in the SEPA schemes’ geographical
scope »); a country is named by the first letters of its IBAN, so territories whose IBAN bear another country’s letters
(Guernsey, Jersey and Man: GB; Guadeloupe, Martinique, Guyane, La Réunion, Mayotte: FR) are that country here.
"""

from datetime import date
from typing import Final

_FIRST_DAYS: Final = (
    (
        date(2008, 1, 28),
        "AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MT NL NO PL PT RO SE SI SK",
    ),
    (date(2014, 2, 1), "SM"),
    (date(2019, 3, 1), "AD VA"),
    (date(2025, 10, 5), "AL MD ME MK"),
    (date(2026, 5, 1), "RS"),
)
# Doubt: Croatia (2013), Gibraltar, Monaco and Switzerland joined within the first years, before the first day of any
# rule of ours, and Serbia's first day is read as the month announced (May 2026): no request of ours depends on it.
SEPA_SINCE: Final = {country: since for since, countries in _FIRST_DAYS for country in countries.split()}
"""First letters of an IBAN → first day on which transfers in euros reach its accounts."""
USUAL: Final = frozenset({"FR", "MC"})
"""Where the account of an employer is usually held: elsewhere is something for the agent to look at, no more."""


def is_reachable(country: str) -> bool:
    """Whether an account of a country can be paid; the zone only grows, and payment follows the request."""
    return country in SEPA_SINCE


def is_usual(country: str) -> bool:
    """Whether an account of a country needs no look of an agent."""
    return country in USUAL
