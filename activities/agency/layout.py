"""One file for the paying agency, in its habits: an envelope, numbered rows, French fields, one line of JSON.

The format of this channel is not public: it follows the agency's other exchanges. Dates are DD/MM/YYYY, decimals
have a comma, names are capitals without accents, `codeTraitement` and `libelleTraitement` are left to the answer.

Choice: a deposit is one file, for two puts would not be one act. It holds one row an authorization and, after the
rows, the detached list of the SHA-256 of their signed PDF, which the answer must quote. The PDF themselves stay
in the register: with them no file would keep within the agency's size.
"""

import json
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

from law.calendar import local
from models.store.agency.rows import Row

CREATION: Final = "C"
"""Movement of a first transmission; amendments (M) are never mixed with it."""
MEASURE: Final = "ACTIVITE_PARTIELLE"
_OPENING: Final = b'{"msgInformatif":null,"telId":null,"lignesTelechargement":['
_BETWEEN: Final = b'],"empreintes":['
_CLOSING: Final = b"]}\n"
_DEPARTMENT: Final = 3
"""Characters of a reference that name the département."""


class RowTooLarge(ValueError):
    """One row alone is more than a file may hold."""


class AgencyFile(NamedTuple):
    """The bytes of a file and how many of the rows offered are in it."""

    content: bytes
    rows: int


def name(prefix: str, second: datetime) -> str:
    """Name a file by its second: `TACITE_DA_20261122091530.json` (UTC)."""
    return f"{prefix}{second.astimezone(UTC):%Y%m%d%H%M%S}.json"


def lay_out(rows: Sequence[Row], most_rows: int, most_bytes: int) -> AgencyFile:
    """Put as many of the first rows as both caps allow in one file; raises RowTooLarge when not even one fits."""
    lines: list[bytes] = []
    digests: list[bytes] = []
    size = len(_OPENING) + len(_BETWEEN) + len(_CLOSING)
    for number, row in enumerate(rows[:most_rows], start=1):
        line, digest = _json(_line(number, row)), _json(_digest(number, row))
        size += len(line) + len(digest) + (2 if lines else 0)
        if size > most_bytes:
            break
        lines.append(line)
        digests.append(digest)
    if rows and not lines:
        raise RowTooLarge(f"a row is larger than {most_bytes} bytes")
    content = _OPENING + b",".join(lines) + _BETWEEN + b",".join(digests) + _CLOSING
    return AgencyFile(content, len(lines))


def _line(number: int, row: Row) -> dict[str, object]:
    born_at = local(row.effect_at, row.reference[:_DEPARTMENT])
    return {
        "numLigne": number,
        "typeMouvement": CREATION,
        "cleLigne": row.key,
        "mesure": MEASURE,
        "siret": row.siret,
        "numAutorisation": row.number,
        "natureDecision": "TACITE" if row.tacit else "EXPRESSE",
        "dateEffet": f"{born_at:%d/%m/%Y}",
        "heureEffet": f"{born_at:%H:%M:%S}",
        "motifRecours": row.ground.code,
        "dateDebut": _day(row.start_on),
        "dateFin": _day(row.end_on),
        "nbSalaries": row.employees,
        "nbHeures": f"{row.hours:.2f}".replace(".", ","),
        "iban": row.iban,
        "titulaireCompte": _capitals(row.holder),
        "empreinteDocument": row.sha256,
        "codeTraitement": None,
        "libelleTraitement": None,
    }


def _digest(number: int, row: Row) -> dict[str, object]:
    return {"numLigne": number, "document": f"{row.number}.pdf", "sha256": row.sha256}


def _day(iso: str) -> str:
    year, month, day = iso.split("-")
    return f"{day}/{month}/{year}"


def _capitals(text: str) -> str:
    """Capitals without accents, the only letters that the agency's tables know."""
    opened = text.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae").replace("Æ", "AE").replace("’", "'")
    return unicodedata.normalize("NFKD", opened).encode("ascii", "ignore").decode().upper()


def _json(value: dict[str, object]) -> bytes:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode()
