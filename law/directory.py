"""Départements, their legal time and the service in charge of requests there, by date (R. 5122-2, R. 5122-4).

The préfet of the establishment's département decides. The unit in charge belonged to the DIRECCTE (DIECCTE
overseas) until 31 March 2021; since 1 April 2021 it is a DDETS or DDETS-PP, a unit of the DRIEETS around Paris,
a DEETS overseas (décret n° 2020-1545). Addresses, telephone numbers and e-mail addresses here are fictional and say so.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from law.dated import Dated, DatedValue
from law.departments import (
    GENITIVES,
    INNER_PARIS_REGION,
    METROPOLITAN_ZONE,
    OVERSEAS_ZONES,
    SEATS,
    WITH_POPULATION_PROTECTION,
)
from law.texts import Text


class UnknownDepartment(ValueError):
    """The code does not name a département where a request can be filed; the message is a French sentence."""

    def __init__(self, code: str) -> None:
        # The rejected input is never echoed, because the HTTP API may return this message.
        super().__init__("Département inconnu, codes admis de 01 à 19, 2A, 2B, de 21 à 95 et de 971 à 976.")
        self.code = code


@dataclass(frozen=True, slots=True)
class Department:
    """A département: `code` as people write it, `prefix` the three characters with which references begin."""

    code: str
    name: str
    genitive: str
    prefix: str
    zone: ZoneInfo
    seat: str
    """Town of its préfecture: « Fait à Montpellier »."""

    @property
    def legal_time(self) -> str:
        """Name of its legal time: « heure de Paris », « heure de La Réunion »."""
        return "heure de Paris" if self.zone.key == METROPOLITAN_ZONE else f"heure {self.genitive}"


@dataclass(frozen=True, slots=True)
class Service:
    """The service in charge of requests in a département, as receipts and decisions print it."""

    name: str
    authority: str
    address: str
    phone: str
    email: str
    fictional: bool


def _department(line: str) -> Department:
    code, genitive = line.split(" ", 1)
    name = genitive
    for preposition in ("de l’", "de la ", "du ", "des ", "d’", "de "):
        if genitive.startswith(preposition):
            name = genitive.removeprefix(preposition)
            break
    zone = ZoneInfo(OVERSEAS_ZONES.get(code, METROPOLITAN_ZONE))
    return Department(code, name, genitive, code.zfill(3), zone, _SEATS[code])


_SEATS: Final = dict(line.split(" ", 1) for line in SEATS.splitlines())


DEPARTMENTS: Final = tuple(_department(line) for line in GENITIVES.splitlines())
"""Every département, in the order of the codes."""
LEGAL_TIMES: Final = {each.zone.key: each.legal_time for each in DEPARTMENTS}
"""French name of every legal time, by the zone of IANA that explanations of earlier releases show instead."""
PARIS: Final = "75"
"""Its legal time dates whatever belongs to no département."""

_BY_WRITTEN_FORM: Final = {form: each for each in DEPARTMENTS for form in (each.code, each.prefix)}


def department(code: str) -> Department:
    """Return the département written `75`, `075`, `2A`, `02A`, `2a` or `971`; raises UnknownDepartment."""
    return _written(code)


def _written(code: str) -> Department:
    try:
        return _BY_WRITTEN_FORM[code.upper()]
    except KeyError:
        raise UnknownDepartment(code) from None


@dataclass(frozen=True, slots=True)
class _Names:
    """Names of the services in one period, where `{}` stands for the département (« de l’Ain »)."""

    mainland: str
    with_protection: str
    inner_paris: str
    overseas: str

    def of(self, department: Department) -> str:
        if department.code in OVERSEAS_ZONES:
            return self.overseas.format(department.genitive)
        if department.code in INNER_PARIS_REGION:
            return self.inner_paris.format(department.genitive)
        if department.code in WITH_POPULATION_PROTECTION:
            return self.with_protection.format(department.genitive)
        return self.mainland.format(department.genitive)


# Saint-Pierre-et-Miquelon has its own service (DCSTEP; recalled, not verified); named here like other overseas ones.
_NAMES: Final = Dated(
    "le service compétent",
    DatedValue(
        date(2013, 7, 1),
        _Names(
            mainland="Unité départementale {} de la DIRECCTE",
            with_protection="Unité départementale {} de la DIRECCTE",
            inner_paris="Unité départementale {} de la DIRECCTE",
            overseas="DIECCTE {}",
        ),
        Text.R_5122_4,
        Text.ORDER_2014_DECISION,
    ),
    DatedValue(
        date(2021, 4, 1),
        _Names(
            mainland="DDETS {}",
            with_protection="DDETS-PP {}",
            inner_paris="Unité départementale {} de la DRIEETS",
            overseas="DEETS {}",
        ),
        Text.R_5122_4,
        Text.DECREE_2020_1545,
    ),
)


def service(department: str, on: date) -> Service:
    """Return the service in charge in a département on a day; raises UnknownDepartment, BeforeFirstText."""
    found = _written(department)
    rank = DEPARTMENTS.index(found)
    return Service(
        name=_NAMES.on(on).value.of(found),
        authority=f"Préfet {found.genitive}",
        address=f"1, place de l’Exemple, {found.name} (adresse fictive)",
        # 01 99 00 is the range that the French numbering plan reserves for fiction.
        phone=f"01 99 00 {rank // 100:02d} {rank % 100:02d}",
        email=f"activite-partielle@service-{found.prefix.lower()}.invalid",
        fictional=True,
    )
