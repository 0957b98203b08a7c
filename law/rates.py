"""What the State pays of an idle hour: flat amounts, then shares of pay; schemes and sectors as columns (D. 5122-13).

Rows go by the day of the idle hour. Doubt: the decree of March 2020 keys on claims sent from 26 March, for placements
from the 1st.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from law.dated import Dated, DatedValue
from law.directory import department as department_of
from law.smic import MAYOTTE
from law.texts import Text, in_french


class Scheme(StrEnum):
    """Ordinary short-time work, or an agreement of long duration, which is calculated here and claimed elsewhere."""

    AP = "ap"
    APLD = "apld"
    APLD_R = "apld_r"

    @property
    def label(self) -> str:
        """The scheme as people read it."""
        return _SCHEMES[self]


class Sector(StrEnum):
    """What gave a right to other shares than the common ones."""

    GENERAL = "general"
    PROTECTED = "protected"
    PROTECTED_LOSS = "protected_loss"
    CLOSED = "closed"
    SKI = "ski"
    VULNERABLE = "vulnerable"
    CHILDCARE = "childcare"
    CHIDO = "chido"

    @property
    def label(self) -> str:
        """What gave the right, as people read it."""
        return _SECTORS[self]


_SCHEMES: Final = {
    Scheme.AP: "activité partielle",
    Scheme.APLD: "activité partielle de longue durée (APLD)",
    Scheme.APLD_R: "activité partielle de longue durée rebond (APLD-R)",
}
_SECTORS: Final = {
    Sector.GENERAL: "aucun : taux de droit commun",
    Sector.PROTECTED: "secteur protégé (2020 et 2021)",
    Sector.PROTECTED_LOSS: "secteur protégé, forte baisse du chiffre d’affaires (2020 à 2022)",
    Sector.CLOSED: "établissement fermé ou restreint par décision administrative (2020 à 2022)",
    Sector.SKI: "zone de chalandise d’une station de ski (2020 et 2021)",
    Sector.VULNERABLE: "salarié vulnérable (2021 à 2023)",
    Sector.CHILDCARE: "garde d’enfant (2021 et 2022)",
    Sector.CHIDO: "cyclone Chido à Mayotte (2024 et 2025)",
}


class RateUnknown(ValueError):
    """No text gives a rate for this day, or none was read; the message is a French sentence."""


@dataclass(frozen=True, slots=True)
class Flat:
    """Flat hourly amounts in euros, by headcount on 1 January."""

    small: Decimal
    large: Decimal
    small_to: int


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of hourly pay: of the allowance (to the employer) and of the indemnity (to the employee)."""

    allowance: Decimal
    indemnity: Decimal
    raised: bool
    """Whether the raised floor applies."""


Rate = Flat | Shares


def _flat(small: str, large: str) -> Flat:
    # R. 5122-12 said « fewer than 250 », D. 5122-13 « 1 to 250 »: the latter is the one that pays.
    return Flat(Decimal(small), Decimal(large), small_to=250)


def _shares(allowance: str, indemnity: str, *, raised: bool = False) -> Shares:
    return Shares(Decimal(allowance), Decimal(indemnity), raised)


_COMMON: Final = Dated[Rate](
    "le taux de l’allocation",
    DatedValue(date(2013, 7, 1), _flat("7.74", "7.23"), Text.D_5122_13, Text.DECREE_2013_551),
    DatedValue(date(2020, 3, 1), _shares("0.70", "0.70"), Text.D_5122_13, Text.DECREE_2020_325_1),
    DatedValue(date(2020, 6, 1), _shares("0.60", "0.70"), Text.D_5122_13, Text.DECREE_2020_810),
    # Effective days of the ministry: the consolidated code ignores the successive deferrals of 36 % and 60 %.
    DatedValue(date(2021, 6, 1), _shares("0.52", "0.70"), Text.D_5122_13, Text.MINISTRY_2021_06),
    DatedValue(date(2021, 7, 1), _shares("0.36", "0.60"), Text.D_5122_13, Text.MINISTRY_2021_06),
)
# Doubt: the flat amounts may have ended on 1 March 2020 in Mayotte too.
_OF_MAYOTTE: Final = Dated[Rate](
    "le taux de l’allocation à Mayotte",
    DatedValue(date(2018, 11, 7), _flat("5.84", "5.46"), Text.D_5522_87, Text.CODE_2018),
    DatedValue(date(2020, 3, 26), _shares("0.70", "0.70"), Text.D_5522_87, Text.DECREE_2020_325_1),
    DatedValue(date(2020, 6, 1), _shares("0.60", "0.70"), Text.D_5522_87, Text.DECREE_2020_810),
    DatedValue(date(2021, 6, 1), _shares("0.52", "0.70"), Text.D_5522_87, Text.MINISTRY_2021_06),
    DatedValue(date(2021, 7, 1), _shares("0.36", "0.60"), Text.D_5522_87, Text.MINISTRY_2021_06),
)
RATES_READ_ON: Final = date(2026, 3, 11)
"""Day of the page on which the ministry last stated the common shares, which are older (see `law.upkeep`)."""
_70: Final = _shares("0.70", "0.70", raised=True)
_60: Final = _shares("0.60", "0.70", raised=True)
_52: Final = _shares("0.52", "0.70", raised=True)


def _column(*rows: tuple[str, Shares | None, Text]) -> Dated[Shares | None]:
    """Return a column of derogatory shares; None where the common ones apply."""
    entries = (DatedValue(date.fromisoformat(since), shares, Text.D_5122_13, text) for since, shares, text in rows)
    first: DatedValue[Shares | None] = DatedValue(date(2013, 7, 1), None, Text.D_5122_13, Text.DECREE_2013_551)
    return Dated("le taux de l’allocation", first, *entries)


_DEROGATORY: Final = {
    # Recalled: the raised floor still applied at 60 % and 52 % in July and August 2021.
    Sector.PROTECTED: _column(
        ("2020-06-01", _70, Text.DECREE_2020_810),
        ("2021-07-01", _60, Text.MINISTRY_2021_06),
        ("2021-08-01", _52, Text.MINISTRY_2021_06),
        ("2021-09-01", None, Text.MINISTRY_2021_06),
    ),
    Sector.PROTECTED_LOSS: _column(
        ("2020-06-01", _70, Text.DECREE_2020_810),
        ("2022-03-01", None, Text.DECREE_2022_241),
    ),
    Sector.CLOSED: _column(
        ("2020-06-01", _70, Text.DECREE_2020_810),
        ("2022-04-01", None, Text.DECREE_2022_241),
    ),
    Sector.SKI: _column(
        ("2020-12-01", _70, Text.DECREE_2020_1628),
        ("2021-11-01", None, Text.MINISTRY_2021_06),
    ),
    # The decree is of 13 April 2021, for hours idle from the 1st (its notice); before, the share of the firm’s sector.
    Sector.VULNERABLE: _column(
        ("2021-04-01", _70, Text.DECREE_2021_435),
        ("2022-09-01", _60, Text.MINISTRY_2023_02),
        ("2023-02-01", None, Text.MINISTRY_2023_02),
    ),
    Sector.CHILDCARE: _column(
        ("2021-04-01", _70, Text.DECREE_2021_435),
        ("2022-08-01", None, Text.MINISTRY_2023_02),
    ),
    # First to 31 March, then 30 June; the consolidated decree says 30 September 2025.
    Sector.CHIDO: _column(
        ("2024-12-14", _70, Text.DECREE_2025_254),
        ("2025-10-01", None, Text.DECREE_2025_254),
    ),
}
# The 56 % planned for agreements sent from October 2020 never applied (décret n° 2020-1188). Protected sectors had 70 %
# until June 2021, which is not told apart.
_LONG: Final = {
    Scheme.APLD: Dated[Shares | None](
        "le taux de l’APLD",
        DatedValue(date(2020, 7, 1), _60, Text.D_5122_13, Text.DECREE_2020_926),
        DatedValue(date(2027, 1, 1), None, Text.D_5122_13, Text.DECREE_2020_926),
    ),
    Scheme.APLD_R: Dated[Shares | None](
        "le taux de l’APLD rebond", DatedValue(date(2025, 3, 1), _60, Text.D_5122_13, Text.DECREE_2025_338)
    ),
}


def rate(on: date, department: str, scheme: Scheme = Scheme.AP, sector: Sector = Sector.GENERAL) -> DatedValue[Rate]:
    """Return the row of a day; raises RateUnknown, BeforeFirstText and UnknownDepartment."""
    in_mayotte = department_of(department).code == MAYOTTE
    if sector is Sector.CHIDO and not in_mayotte:
        raise RateUnknown("Le régime du cyclone Chido ne vaut qu’à Mayotte.")
    if scheme is not Scheme.AP:
        return _required(_LONG[scheme].on(on), on)
    if has_own_rate(on, sector):
        return _required(_DEROGATORY[sector].on(on), on)
    if in_mayotte and on < _OF_MAYOTTE.first:
        raise RateUnknown(f"Aucun texte lu ne donne l’allocation à Mayotte au {in_french(on)}.")
    return (_OF_MAYOTTE if in_mayotte else _COMMON).on(on)


def has_own_rate(on: date, sector: Sector) -> bool:
    """Whether a sector has shares of its own on a day; elsewhere the common ones apply."""
    return sector is not Sector.GENERAL and _has_shares(sector, on)


def own_rates(first: date, last: date, department: str) -> tuple[Sector, ...]:
    """Return the sectors that have shares of their own on a day of some days; raises UnknownDepartment."""
    in_mayotte = department_of(department).code == MAYOTTE
    of_place = (each for each in _DEROGATORY if in_mayotte or each is not Sector.CHIDO)
    return tuple(each for each in of_place if any(_has_shares(each, day) for day in _starts(each, first, last)))


def _starts(sector: Sector, first: date, last: date) -> list[date]:
    """Return the first of some days, and each other one on which a row of a sector begins."""
    return [first, *(entry.since for entry in _DEROGATORY[sector] if first < entry.since <= last)]


def _has_shares(sector: Sector, on: date) -> bool:
    return _DEROGATORY[sector].on(on).value is not None


def rate_rows() -> tuple[Dated[Rate], ...]:
    """Return both columns of the common rates, for whoever watches that the law is kept up."""
    return _COMMON, _OF_MAYOTTE


def _required(entry: DatedValue[Shares | None], on: date) -> DatedValue[Rate]:
    if entry.value is None:
        raise RateUnknown(f"Ce dispositif ne s’applique plus au {in_french(on)}.")
    return DatedValue(entry.since, entry.value, entry.article, entry.source)


def rate_starts(department: str, scheme: Scheme, sector: Sector) -> frozenset[date]:
    """Return the first day of every row that may apply there; raises UnknownDepartment."""
    common = _OF_MAYOTTE if department_of(department).code == MAYOTTE else _COMMON
    starts = {entry.since for entry in common}
    if scheme is not Scheme.AP:
        starts |= {entry.since for entry in _LONG[scheme]}
    if sector is not Sector.GENERAL:
        starts |= {entry.since for entry in _DEROGATORY[sector]}
    return frozenset(starts)
