"""Personal data: which may be kept, who may see which, and for how long (R. 5122-21 to R. 5122-24).

Lists begin on 2 July 2014 and are dated: payslip data, hourly pay among them, were added on 26 March 2020.
Deconcentrated services never see the registration number of a person (NIR), statistics services see no name;
data are kept five years at most, and until final settlement when a claim is disputed.
"""

from datetime import date
from enum import StrEnum
from typing import Final

from law.calendar import add_months
from law.dated import Dated, DatedValue
from law.texts import Reason, Text, because, in_french

_MONTHS_KEPT: Final = 60


class Datum(StrEnum):
    """A kind of personal data; the value is the label that people read."""

    LOGIN = "Identifiants de connexion"
    USAGE_NAME = "Nom d’usage et prénom"
    NIR = "Numéro d’inscription au répertoire"
    CATEGORY = "Catégorie socioprofessionnelle"
    EMPLOYER_IBAN = "Coordonnées bancaires de l’employeur"
    WORK_TIME = "Modalités d’aménagement du temps de travail, heures chômées et indemnisables"
    PAYSLIP = "Données du bulletin de paie (R. 3243-1, 4° à 7°, 10° à 12°, 14° et 16°)"
    TRUSTEE_IBAN = "Coordonnées bancaires du mandataire judiciaire ou de l’AGS"
    FAMILY_NAME = "Nom de famille et civilité"
    BIRTH = "Date et lieu de naissance, code INSEE"
    ADDRESS = "Adresse"
    EMPLOYEE_IBAN = "Coordonnées bancaires du salarié"


class Payment(StrEnum):
    """Whom the agency pays, which determines the list of data."""

    ESTABLISHMENT = "establishment"
    EMPLOYEES = "employees"


class Recipient(StrEnum):
    """A service that may see data."""

    PAYING_AGENCY = "Agence de services et de paiement"
    LOCAL_SERVICES = "Services déconcentrés de l’État"
    STEERING = "Délégation générale à l’emploi et Unédic"
    STATISTICS = "Services statistiques"


_2014: Final = date(2014, 7, 2)
_COMMON: Final = frozenset({Datum.LOGIN, Datum.USAGE_NAME, Datum.NIR, Datum.EMPLOYER_IBAN, Datum.WORK_TIME})
_FOR_ESTABLISHMENT: Final = _COMMON | {Datum.CATEGORY}
_FOR_EMPLOYEES: Final = _COMMON | {
    Datum.FAMILY_NAME,
    Datum.BIRTH,
    Datum.ADDRESS,
    Datum.EMPLOYEE_IBAN,
}
_SUBJECT: Final = "les données personnelles"


def _lists(first: frozenset[Datum]) -> Dated[frozenset[Datum]]:
    with_payslip = first | {Datum.PAYSLIP}
    return Dated(
        _SUBJECT,
        DatedValue(_2014, first, Text.R_5122_21, Text.DECREE_2014_740),
        DatedValue(date(2020, 3, 26), with_payslip, Text.R_5122_21, Text.DECREE_2020_325_1),
        DatedValue(date(2020, 6, 29), with_payslip | {Datum.TRUSTEE_IBAN}, Text.R_5122_21, Text.DECREE_2020_794),
    )


_LISTS: Final = {
    Payment.ESTABLISHMENT: _lists(_FOR_ESTABLISHMENT),
    Payment.EMPLOYEES: _lists(_FOR_EMPLOYEES),
}

_NO_NIR: Final = frozenset({Datum.NIR})
_NO_NAME: Final = frozenset({Datum.FAMILY_NAME, Datum.USAGE_NAME})
_HIDDEN: Final = {
    Recipient.PAYING_AGENCY: Dated[frozenset[Datum]](
        _SUBJECT, DatedValue(_2014, frozenset(), Text.R_5122_22, Text.DECREE_2014_740)
    ),
    Recipient.LOCAL_SERVICES: Dated(_SUBJECT, DatedValue(_2014, _NO_NIR, Text.R_5122_22, Text.DECREE_2014_740)),
    # Doubt: the version of 2024 was not read; the NIR stays hidden until the version of 2025.
    Recipient.STEERING: Dated[frozenset[Datum]](
        _SUBJECT,
        DatedValue(_2014, _NO_NIR, Text.R_5122_22, Text.DECREE_2014_740),
        DatedValue(date(2025, 1, 1), frozenset(), Text.R_5122_22, Text.CODE_2025),
    ),
    # The text lets statistics see the NIR from 2024; this software never shows it to them.
    Recipient.STATISTICS: Dated(_SUBJECT, DatedValue(_2014, _NO_NIR | _NO_NAME, Text.R_5122_23, Text.DECREE_2014_740)),
}


def listed_data(payment: Payment, on: date) -> frozenset[Datum]:
    """Return the personal data that may be kept on a day; raises BeforeFirstText."""
    return _LISTS[payment].on(on).value


def visible_data(recipient: Recipient, payment: Payment, on: date) -> frozenset[Datum]:
    """Return the personal data that a service may see on a day; raises BeforeFirstText."""
    return listed_data(payment, on) - _HIDDEN[recipient].on(on).value


def erase_on(settled_on: date) -> tuple[date, Reason]:
    """Return the first day on which data may no longer be kept, five years after settlement, and why.

    `settled_on` is the day of the last act, or of the final settlement of a disputed claim.
    """
    _LISTS[Payment.ESTABLISHMENT].on(settled_on)
    day = add_months(settled_on, _MONTHS_KEPT)
    text = "Les données sont conservées cinq ans au plus, ou jusqu’au règlement définitif d’un contentieux."
    return day, because(Text.R_5122_24, text, f"effacement le {in_french(day)}", Text.DECREE_2014_740)
