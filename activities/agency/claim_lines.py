"""A claim as a row of a file for the paying agency: totals and digests, nobody’s name."""

from typing import Final

from activities.agency.layout import Fields, RowLayout, day, decimal, holder
from law.amounts import of_cents
from models.store.agency.claim_rows import ClaimRow

NOMINAL_SUFFIX: Final = ".p7m"


def nominal_name(sha256: str) -> str:
    """Name a nominal file by its digest: a repeated put is the same file."""
    return sha256 + NOMINAL_SUFFIX


def _fields(row: ClaimRow) -> Fields:
    return {
        "cleLigne": row.key,
        "siret": row.siret,
        "numAutorisation": row.number,
        "moisIndemnise": f"{row.month:%m/%Y}",
        "numPartie": row.part,
        "numVersion": row.version,
        "dateDebut": day(row.first_on),
        "dateFin": day(row.last_on),
        "nbSalaries": row.people,
        "nbHeures": decimal(row.hours),
        "montantAllocation": _euros(row.allowance_cents),
        "partEtat": _euros(row.state_cents),
        "partUnedic": _euros(row.unedic_cents),
        "iban": row.iban,
        "titulaireCompte": holder(row.holder, row.number),
        "empreinteDocument": row.sha256,
        "empreinteNominatif": row.nominal_sha256,
    }


def _digests(row: ClaimRow) -> list[Fields]:
    return [
        {"document": f"{row.number}_{row.month:%Y%m}_{row.part}_{row.version}.pdf", "sha256": row.sha256},
        {"document": nominal_name(row.nominal_sha256), "sha256": row.nominal_sha256},
    ]


def _euros(cents: int) -> str:
    return decimal(of_cents(cents))


_PAID: Final = (
    *("cleLigne", "siret", "numAutorisation", "moisIndemnise", "numPartie", "numVersion", "nbSalaries", "nbHeures"),
    *("montantAllocation", "partEtat", "partUnedic", "iban", "titulaireCompte"),
    *("empreinteDocument", "empreinteNominatif"),
)
CLAIM_LINES: Final = RowLayout(_fields, _digests, _PAID)
