"""A DSN (déclaration sociale nominative): who was idle in the month, for how many hours, under which contract.

It has no split by week: it prefills a claim and checks its total. A claim is that of one establishment and month: what
the file holds of others is told, and not counted.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, NamedTuple

from examining.claims import dsn_people, people
from examining.claims.dsn_people import (
    CONTRACT_NUMBER,
    CONTRACT_START,
    DEVICE,
    FAMILY_NAME,
    FIRST_NAMES,
    MODE,
    NIC,
    NIR,
    NTT,
    PAY_END,
    PAY_HOURS,
    PCS,
    QUOTITY,
    UNIT,
    USAGE_NAME,
    Contract,
    MonthHours,
    Person,
)
from examining.claims.numbers import hours
from examining.claims.outcome import Outcome
from examining.claims.refused import FileRefused
from models.claim_files.discretion import masked
from models.claim_files.faults import FaultCode
from models.claim_files.refusals import RefusalCode
from models.claim_files.verdict import SEPARATOR

APPRENTICES: Final = frozenset({"61", "64", "65", "81"})
"""Devices of rubric 40.008: contract of professionalisation, the three of apprenticeship."""
HOURS_UNIT: Final = "10"
_MONTHLY: Final = Decimal(60)
"""Hours of a contract above which they are those of a month."""
_WEEKS_OF_A_MONTH: Final = Decimal(52) / 12


class Idle(NamedTuple):
    """A contract of a person that has hours idle."""

    person: Person
    contract: Contract


def read(text: str, outcome: Outcome, month: date | None = None, siret: str | None = None) -> None:
    """Read the people of a DSN who have hours idle in a month of an establishment; raises `FileRefused`.

    Without them, the month is the one declared and the establishment the only one that has such hours.
    """
    everybody = [
        Idle(each, contract) for each in dsn_people.people(text) for contract in each.contracts if contract.idle
    ]
    if not everybody:
        raise FileRefused(RefusalCode.DSN_NOBODY)
    siret = _establishment(everybody, siret, outcome)
    of_establishment = [each for each in everybody if each.person.declaration.siret == siret]
    month = month or _month(of_establishment)
    left = [
        (each, of, idle)
        for each in _merged(of_establishment)
        for of, idle in each.contract.idle.items()
        if idle.is_left
    ]
    _refuse_nobody({of for _, of, _ in left}, month, {each.person.declaration.siret for each in everybody} - {siret})
    for each, of, idle in left:
        if idle.period:
            outcome.signal(FaultCode.HOURS_OF_SEVERAL_MONTHS, idle.period.line, PAY_END, idle.period.told)
        if of == month:
            _person(each, month, idle, outcome)
        else:
            told = "" if idle.wrong[0] else f"{of:%m/%Y} : {_plain(idle.total).replace('.', ',')} h"
            outcome.signal(FaultCode.HOURS_OF_ANOTHER_MONTH, idle.line, PAY_HOURS, told or f"{of:%m/%Y}")


def _refuse_nobody(months: set[date], month: date, others: set[str]) -> None:
    """Raise `FileRefused` if the establishment has no hours of the month: what it, or others, have is listed."""
    if months and month not in months:
        raise FileRefused(RefusalCode.DSN_OTHER_MONTH, 0, [f"{each:%m/%Y}" for each in sorted(months)])
    if not months:
        raise FileRefused(RefusalCode.DSN_OTHER_ESTABLISHMENT if others else RefusalCode.DSN_NOBODY, 0, sorted(others))


def _establishment(everybody: Sequence[Idle], siret: str | None, outcome: Outcome) -> str:
    """Return the establishment to read, and note the others; raises `FileRefused` where it cannot be told."""
    lines = dict[str, int]()
    for each in everybody:
        lines.setdefault(each.person.declaration.siret, each.person.declaration.line)
    if siret is None and len(lines) > 1:
        raise FileRefused(RefusalCode.DSN_ESTABLISHMENTS, 0, lines)
    if siret is not None and siret not in lines:
        raise FileRefused(RefusalCode.DSN_OTHER_ESTABLISHMENT, 0, filter(None, lines))
    chosen = siret or next(iter(lines))
    for other, line in lines.items():
        if other != chosen:
            outcome.signal(FaultCode.HOURS_OF_ANOTHER_ESTABLISHMENT, line, NIC, other)
    return chosen


def _month(of_establishment: Sequence[Idle]) -> date:
    """Return the only month declared, or of the hours where none is; raises `FileRefused` for several."""
    declared = {each.person.declaration.month for each in of_establishment} - {None}
    months = declared or {month for each in of_establishment for month in each.contract.idle}
    if len(months) > 1:
        raise FileRefused(RefusalCode.DSN_MONTHS, 0, [f"{month:%m/%Y}" for month in sorted(filter(None, months))])
    return next(filter(None, months))


def _merged(found: Sequence[Idle]) -> list[Idle]:
    """Add up the hours of a contract that several declarations state: a later month puts an earlier one right.

    Raises `FileRefused` for one that stands twice in a declaration: its hours would count twice.
    """
    merged, declared = dict[tuple[str, ...], Idle](), set[tuple[date | None, tuple[str, ...]]]()
    for each in found:
        key = _key(each)
        if (each.person.declaration.month, key) in declared:
            raise FileRefused(RefusalCode.DSN_BROKEN, each.person.line)
        declared.add((each.person.declaration.month, key))
        known = merged.setdefault(key, each)
        if known is not each:
            for month, idle in each.contract.idle.items():
                known.contract.idle.setdefault(month, MonthHours(idle.line)).add_up(idle)
    return [*merged.values()]


def _key(idle: Idle) -> tuple[str, ...]:
    """Return what tells a contract from others; that of a person without a valid number is like no other."""
    person, contract = idle
    nir = people.nir(person.values.get(NIR, ""))
    place = (str(person.line), str(person.contracts.index(contract))) if nir.fault else ()
    return (nir.text, *(contract.values.get(each, "") for each in (CONTRACT_START, CONTRACT_NUMBER)), *place)


def _person(found: Idle, month: date, idle: MonthHours, outcome: Outcome) -> None:
    """Keep a person with hours idle, or note what is wrong."""
    person, contract = found
    outcome.count(person.line)
    nir = people.nir(person.values.get(NIR, ""))
    names = [people.name(person.values.get(rubric, "")) for rubric in (FAMILY_NAME, USAGE_NAME, FIRST_NAMES)]
    category = people.category(contract.values.get(PCS, ""))
    mode = people.mode(contract.values.get(MODE, ""))
    faults = [
        *_wrong_identity(person, nir, names),
        (None if category else FaultCode.CATEGORY_UNKNOWN, PCS, contract.values.get(PCS, "")),
        (None if mode else FaultCode.MODE_UNKNOWN, MODE, contract.values.get(MODE, "")),
        (idle.fault[0], PAY_HOURS, idle.fault[1]),
    ]
    for code, rubric, written in faults:
        if code is not None:
            outcome.fault(code, person.line, rubric, written)
    if all(code is None for code, _, _ in faults):
        apprentice = "1" if contract.values.get(DEVICE) in APPRENTICES else "0"
        stated = (nir.text, *(each.text for each in names), category or "", mode or "", _weekly(contract), apprentice)
        outcome.keep(SEPARATOR.join((str(person.line), month.isoformat(), _plain(idle.total), *stated)))


def _wrong_identity(
    person: Person, nir: people.Value, names: Sequence[people.Value]
) -> Iterator[tuple[FaultCode | None, str, str]]:
    """Yield what is wrong with the number and the names; the usage name alone may be missing."""
    has_ntt = nir.fault is FaultCode.NIR_MISSING and person.values.get(NTT)
    family, usage, first = names
    yield FaultCode.NIR_TEMPORARY if has_ntt else nir.fault, NIR, masked(person.values.get(NIR, ""))
    yield family.fault or (None if family.text else FaultCode.NAME_MISSING), FAMILY_NAME, ""
    yield usage.fault, USAGE_NAME, ""
    yield first.fault or (None if first.text else FaultCode.NAME_MISSING), FIRST_NAMES, ""


def _weekly(contract: Contract) -> str:
    """Return the hours a week of a contract that counts hours; nothing for one that counts days."""
    quotity = hours(contract.values.get(QUOTITY, ""))
    if contract.values.get(UNIT, HOURS_UNIT) != HOURS_UNIT or not quotity.text:
        return ""
    of_contract = Decimal(quotity.text)
    if of_contract > _MONTHLY:
        of_contract = (of_contract / _WEEKS_OF_A_MONTH).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return _plain(of_contract)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
