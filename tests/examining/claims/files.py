"""Small files of claims: the same people in every format, layout and encoding."""

import json
from collections.abc import Mapping, Sequence
from typing import Final

from examining.claims.reader import Context, read
from examining.claims.warming import workbook
from models.claim_files.fields import Field
from models.claim_files.profile import ImportProfile, ReadingContext
from models.claim_files.verdict import ClaimVerdict

HEADER: Final = (
    *("nir", "nom", "nom_usage", "prenom", "categorie", "mode", "duree_contrat", "semaine"),
    *("heures_travaillees", "heures_chomees", "taux_horaire", "alternance"),
)
ELODIE: Final = ("295109912611193", "Durand", "Martin", "Élodie", "employé", "02", "35")
ANGE: Final = ("253072B07300470", "D’Angeli", "", "Ange-Marie", "agent de maîtrise", "01", "39")
"""Born in Haute-Corse: the key is computed as if 2B were 18."""
ROWS: Final = (
    (*ELODIE, "2021-W26", "7,5", "27,5", "12,30", "non"),
    (*ELODIE, "2021-W25", "0", "35", "12,30", "non"),
    (*ANGE, "2021-W26", "39", "0", "18,1234", "oui"),
)
LINES: Final = (
    "2|2021-06-28|7.5|27.5|295109912611193|Durand|Martin|Élodie|employee|02|35|12.3|0",
    "3|2021-06-21|0|35|295109912611193|Durand|Martin|Élodie|employee|02|35|12.3|0",
    "4|2021-06-28|39|0|253072B07300470|D’Angeli||Ange-Marie|supervisor|01|39|18.1234|1",
)
"""What is read of them."""
WIDE_HEADER: Final = (*HEADER[:7], "S25 trav", "S25 chômées", "S26 trav", "S26 chômées", *HEADER[10:])
TWO_HEADER_ROWS: Final = (
    (*("" for _ in HEADER[:7]), "Semaine 25", "", "Semaine 26", "", "", ""),
    (*HEADER[:7], "Travaillées", "Chômées", "Travaillées", "Chômées", *HEADER[10:]),
)
"""The same table: each week once, above its two columns."""
WIDE_ROWS: Final = (
    (*ELODIE, "0", "35", "7,5", "27,5", "12,30", "non"),
    (*ANGE, "", "", "39", "0", "18,1234", "oui"),
)


def table(rows: Sequence[Sequence[str]] = ROWS, header: Sequence[str] = HEADER, separator: str = ";") -> str:
    """Return a table in text; a value that holds the separator stands between quotation marks."""
    return "".join(f"{separator.join(_quoted(each, separator) for each in row)}\n" for row in (header, *rows))


def _quoted(value: str, separator: str) -> str:
    return f'"{value}"' if separator in value else value


def row(**changes: str) -> tuple[str, ...]:
    """Return one row of which some values, by the name of their column, are others."""
    return tuple(changes.get(name, value) for name, value in zip(HEADER, ROWS[0], strict=True))


def sheet(rows: Sequence[Sequence[str]] = ROWS, header: Sequence[str] = HEADER) -> bytes:
    """Return a workbook."""
    return workbook([list(header), *map(list, rows)])


def objects(rows: Sequence[Sequence[str]] = ROWS) -> str:
    """Return the lines of the contract, in JSON."""
    names = [field.value for field in Field]
    mondays = {"2021-W26": "2021-06-28", "2021-W25": "2021-06-21"}
    lines: list[Mapping[str, str]] = [
        {name: mondays.get(value, value).replace(",", ".") for name, value in zip(names, each, strict=False)}
        for each in rows
    ]
    return json.dumps({"month": "2021-06", "lines": lines})


def reading(
    content: str | bytes,
    *,
    month: str | None = "2021-06",
    profile: ImportProfile | None = None,
    direct: bool = False,
    unlisted: frozenset[Field] = frozenset(),
) -> ClaimVerdict:
    """Read a file."""
    context = ReadingContext(month=month, profile=profile, payee="employees" if direct else "establishment")
    told = Context(reading=context, unlisted=unlisted)
    return read(content.encode() if isinstance(content, str) else content, told)


def codes(verdict: ClaimVerdict) -> list[tuple[str, int, str]]:
    """Return the faults: code, line, column."""
    return [(each.code.value, each.line, each.column) for each in verdict.faults]
