"""Files of a claim in every form that is read: CSV, XLSX, JSON, and the DSN of the month."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Final
from xml.sax.saxutils import escape

from law.calendar import add_months
from local.payrolls import PERSON_COLUMNS, Line, Table
from models.claim_files.fields import Category, Field

PCS: Final = {
    Category.WORKER.label: "671a",
    Category.EMPLOYEE.label: "543d",
    Category.TECHNICIAN.label: "473b",
    Category.SUPERVISOR.label: "482a",
    Category.EXECUTIVE.label: "372c",
}
_DAY: Final = timedelta(days=1)
_NUMBERS: Final = frozenset({Field.CONTRACT_HOURS, Field.WORKED, Field.IDLE, Field.HOURLY_GROSS})
_NAMES: Final = {each.label: each.value for each in Field}
_SHEET: Final = '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{}"><sheetData>{}</sheetData></worksheet>'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"


def as_csv(table: Table, separator: str = ";") -> str:
    """Return a table as CSV, with CRLF as programs for Windows write it."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows([table.header, *table.rows])
    return text.getvalue()


def as_json(table: Table) -> bytes:
    """Return a long table as the `lines` of a claim, hours as decimal text."""
    names = [_NAMES[label] for label in table.header]
    return json.dumps({"lines": [_json_line(dict(zip(names, row, strict=True))) for row in table.rows]}).encode()


def _json_line(values: dict[str, str]) -> dict[str, object]:
    line: dict[str, object] = {
        name: value.replace(",", ".") if name in _NUMBERS else value for name, value in values.items() if value
    }
    return line | {"apprentice": values["apprentice"] == "oui"}


def as_xlsx(table: Table) -> bytes:
    """Return a table as the only sheet of a workbook: hours are numbers, everything else is text."""
    numbers = [_is_of_numbers(label) for label in table.header]
    rows = [_xlsx_row(table.header, [False] * len(numbers)), *(_xlsx_row(row, numbers) for row in table.rows)]
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
        "_rels/.rels": _relation(f"{_RELATIONS}/officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
        '<sheet name="Demande" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relation(f"{_RELATIONS}/worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": _SHEET.format(_MAIN, "".join(rows)),
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def as_dsn(lines: Iterable[Line], month: date) -> bytes:
    """Return what a DSN of the month says of these people: contract, mode, hours idle of the month; and what a claim
    may not hold.
    """
    begun, ended = f"{month:%d%m%Y}", f"{add_months(month, 1) - _DAY:%d%m%Y}"
    rubrics = [("S10.G00.00.001", "Paie fictive"), ("S20.G00.05.001", "01"), ("S20.G00.05.005", begun)]
    rubrics += [("S21.G00.06.001", "000000018"), ("S21.G00.11.001", "00010")]
    for person, of_person in groupby(lines, key=lambda line: line.person):
        values, idle = (
            dict(zip(PERSON_COLUMNS, person, strict=True)),
            sum((each.idle for each in of_person), Decimal(0)),
        )
        rubrics += [*_dsn_person(values), *_dsn_contract(values)]
        rubrics += [("S21.G00.50.001", ended), ("S21.G00.50.002", "1950.00")]
        for kind, hours, amount in (("010", "", "1950.00"), ("019", f"{idle:f}", f"{idle * 9:.2f}")):
            pay = [("001", begun), ("002", ended), ("010", "1"), ("011", kind), ("012", hours), ("013", amount)]
            rubrics += [(f"S21.G00.51.{name}", value) for name, value in pay if value]
    rubrics += [("S90.G00.90.001", f"{len(rubrics) + 2}"), ("S90.G00.90.002", "1")]
    return "".join(f"{rubric},'{value}'\r\n" for rubric, value in rubrics).replace("’", "'").encode("latin-1")


def _dsn_person(values: dict[Field, str]) -> list[tuple[str, str]]:
    names = (values[each] for each in (Field.FAMILY_NAME, Field.USAGE_NAME, Field.FIRST_NAME))
    stated = zip(("001", "002", "003", "004"), (values[Field.NIR][:13], *names), strict=True)
    of_no_claim = [("005", "01"), ("006", "17041980"), ("007", "PARIS"), ("008", "1 RUE DE L EXEMPLE")]
    return [(f"S21.G00.30.{name}", value) for name, value in (*stated, *of_no_claim) if value]


def _dsn_contract(values: dict[Field, str]) -> list[tuple[str, str]]:
    stated = {
        "001": "01012019",
        "004": PCS[values[Field.CATEGORY]],
        "006": "EMPLOI FICTIF",
        "007": "01",
        "008": "64" if values[Field.APPRENTICE] else "99",
        "009": "1",
        "011": "10",
        "012": "151.67",
        "013": values[Field.CONTRACT_HOURS].replace(",", "."),
        "078": values[Field.MODE],
    }
    return [(f"S21.G00.40.{name}", value) for name, value in stated.items()]


def _is_of_numbers(label: str) -> bool:
    return label.startswith("Heures") or _NAMES.get(label) in _NUMBERS


def _xlsx_row(values: Sequence[str], numbers: Sequence[bool]) -> str:
    return f"<row>{''.join(map(_xlsx_cell, values, numbers))}</row>"


def _xlsx_cell(value: str, is_number: bool) -> str:
    plain = value.replace(",", ".", 1)
    if is_number and plain.removeprefix("-").replace(".", "", 1).isdecimal():
        return f"<c><v>{plain}</v></c>"
    return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'


def _relation(kind: str, target: str) -> str:
    relation = f'<Relationship Id="r1" Type="{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{relation}</Relationships>'
