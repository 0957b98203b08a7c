"""Faults of each kind put into a right file, one a person, with the line where each must be found."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from local.payrolls import Table
from models.claim_files.faults import FaultCode
from models.claim_files.fields import DIRECT_COLUMNS, Field

MONTH: Final = date(2021, 3, 1)
PERIOD: Final = "2021-03-08..2021-03-31"
"""The first week of the month is outside."""
DIRECT: Final = {
    Field.BIRTH_NAME: "Martin",
    Field.CIVILITY: "Mme",
    Field.BIRTH_DATE: "17/04/1980",
    Field.COMMUNE: "75056",
    Field.ADDRESS: "1, rue de l’Exemple",
    Field.POSTCODE: "75001",
    Field.CITY: "Paris",
    Field.IBAN: "FR7630006000011234567890189",
}


@dataclass
class PlantedRow:
    """The cells of a row by column, and the fault that it must be found with."""

    cells: dict[str, str]
    fault: FaultCode | None = None
    tail: tuple[str, ...] = ()
    """Cells beyond the header."""

    def set(self, field: Field, text: str) -> None:
        """Write a value; of a wide table, hours of the second week."""
        if field in (Field.WORKED, Field.IDLE) and field.label not in self.cells:
            word = "travaillées" if field is Field.WORKED else "chômées"
            self.cells[next(name for name in self.cells if word in name and "15/03" in name)] = text
        else:
            assert field.label in self.cells, field
            self.cells[field.label] = text

    def hours(self, contract: str, worked: str, idle: str) -> None:
        """State a week under a contract of ordinary weekly hours; of a wide table, the other weeks were not idle."""
        for name in self.cells:
            if name.startswith("Heures "):
                self.cells[name] = "0"
        for field, text in (
            (Field.MODE, "02"),
            (Field.CONTRACT_HOURS, contract),
            (Field.WORKED, worked),
            (Field.IDLE, idle),
        ):
            self.set(field, text)


def _setting(field: Field, *texts: str) -> Callable[[PlantedRow, random.Random], None]:
    return lambda row, chosen: row.set(field, chosen.choice(texts))


def _stating(*stated: tuple[str, str, str]) -> Callable[[PlantedRow, random.Random], None]:
    return lambda row, chosen: row.hours(*chosen.choice(stated))


def _wrong_key(row: PlantedRow, chosen: random.Random) -> None:
    nir = row.cells[Field.NIR.label]
    row.set(Field.NIR, f"{nir[:13]}{(int(nir[13:]) + chosen.randrange(1, 96)) % 97 + 1:02}")


def _of_other_length(row: PlantedRow, chosen: random.Random) -> None:
    if chosen.random() < 0.5:
        row.tail = ("en trop",)
    else:
        row.cells.popitem()


def _usual_wage(text: str) -> Callable[[PlantedRow, random.Random], None]:
    def plant(row: PlantedRow, _chosen: random.Random) -> None:
        row.set(Field.APPRENTICE, "")
        row.set(Field.HOURLY_GROSS, text)

    return plant


PLANTS: Final[dict[FaultCode, Callable[[PlantedRow, random.Random], None]]] = {
    FaultCode.NIR_MISSING: _setting(Field.NIR, "", "  "),
    FaultCode.NIR_FORM: _setting(Field.NIR, "26205660000001", "9620566000000", "ABCDEFGHIJKLM", "2620566"),
    FaultCode.NIR_KEY: _wrong_key,
    FaultCode.NIR_TEMPORARY: _setting(Field.NIR, "7620566000000", "862056600000012"),
    FaultCode.NAME_MISSING: _setting(Field.FAMILY_NAME, "", " "),
    FaultCode.NAME_CHARACTERS: _setting(Field.FIRST_NAME, "FranÃ§ois", "AnaÃ¯s", "Zo\x07"),
    FaultCode.CATEGORY_UNKNOWN: _setting(Field.CATEGORY, "X9", "C", "dirigeant de fait"),
    FaultCode.MODE_UNKNOWN: _setting(Field.MODE, "42", "11", "à la carte"),
    FaultCode.WEEK_UNREADABLE: _setting(Field.WEEK, "2021-W77", "31/02/2021", "mardi", ""),
    FaultCode.WEEK_OUTSIDE_MONTH: _setting(Field.WEEK, "2021-W20", "2020-W11", "03/05/2021"),
    FaultCode.WEEK_OUTSIDE_PERIOD: _setting(Field.WEEK, "2021-W09", "01/03/2021"),
    FaultCode.HOURS_NOT_A_NUMBER: _setting(Field.IDLE, "sept", "7,5,0", "#VALEUR!"),
    FaultCode.HOURS_NEGATIVE: _setting(Field.WORKED, "-7", "-0,5"),
    FaultCode.HOURS_TOO_PRECISE: _setting(Field.IDLE, "7,125", "0,001"),
    FaultCode.HOURS_ABOVE_CALENDAR: _stating(("35", "100", "80"), ("35", "169", "0"), ("28", "30", "20")),
    FaultCode.IDLE_ABOVE_PAYABLE: _stating(("35", "0", "36"), ("28", "20", "8,01"), ("39", "0", "39,5")),
    FaultCode.ABOVE_LEGAL_WEEK: _stating(("39", "0", "39"), ("37", "10", "26"), ("48", "12", "23,01")),
    FaultCode.CONTRACT_HOURS: _setting(Field.CONTRACT_HOURS, "", "0", "48,5", "151,67"),
    FaultCode.WAGE_MISSING: _setting(Field.HOURLY_GROSS, ""),
    FaultCode.WAGE_BELOW_SMIC: _usual_wage("10,24"),
    FaultCode.WAGE_OUTLIER: _usual_wage("1554,58"),
    FaultCode.IBAN: _setting(Field.IBAN, "FR7630006000011234567890188", "FR76", "RIB"),
    FaultCode.LINE_LENGTH: _of_other_length,
    FaultCode.WEEK_TWICE: lambda row, _: None,
    FaultCode.NIR_TWO_NAMES: _setting(Field.FAMILY_NAME, "Personne", "Quelqu’un"),
}
"""How a row gets each kind; the last two contradict another row of the same person."""
OF_WEEKS: Final = {FaultCode.WEEK_UNREADABLE, FaultCode.WEEK_OUTSIDE_MONTH, FaultCode.WEEK_OUTSIDE_PERIOD}
"""Kinds that a wide table cannot have in a row: its weeks are in the header."""


def planted(table: Table, kinds: Sequence[FaultCode], each: int, seed: int) -> tuple[Table, set[tuple[int, FaultCode]]]:
    """Return a table with `each` faults of every kind, a person each, and where they are, by line of the file.

    Rows get the columns of a direct payment, whose list alone holds an IBAN.
    """
    chosen = random.Random(seed)
    header = (*table.header, *(field.label for field in DIRECT_COLUMNS))
    rows = [PlantedRow(dict(zip(header, (*row, *DIRECT.values()), strict=True))) for row in table.rows]
    people = _by_person(rows)
    assert len(people) >= len(kinds) * each
    for kind, rows_of_person in zip([kind for kind in kinds for _ in range(each)], people, strict=False):
        _plant(kind, rows_of_person, rows, chosen)
    wanted = {(line, row.fault) for line, row in enumerate(rows, start=2) if row.fault is not None}
    return Table(header, [[*row.cells.values(), *row.tail] for row in rows]), wanted


def _by_person(rows: Sequence[PlantedRow]) -> list[list[PlantedRow]]:
    people: dict[str, list[PlantedRow]] = {}
    for row in rows:
        people.setdefault(row.cells[Field.NIR.label], []).append(row)
    return list(people.values())


def _plant(kind: FaultCode, person: list[PlantedRow], rows: list[PlantedRow], chosen: random.Random) -> None:
    row = chosen.choice(person[1:] or person)
    if kind is FaultCode.WEEK_TWICE or (kind is FaultCode.NIR_TWO_NAMES and len(person) == 1):
        copy = PlantedRow(dict(row.cells))
        rows.insert(next(at for at, each in enumerate(rows) if each is row) + 1, copy)
        row = copy
    PLANTS[kind](row, chosen)
    row.fault = kind
